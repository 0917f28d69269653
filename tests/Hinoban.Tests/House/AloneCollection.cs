namespace Hinoban.Tests.House;

/// <summary>Tests that count this process' own children: nothing else may start or end any meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
