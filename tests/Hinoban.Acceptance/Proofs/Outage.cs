using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof outage</c>: the relay is away for ten minutes.</summary>
[Collection(TownStories.Name)]
public sealed class Outage
{
    [Fact(Explicit = true)]
    public Task Ten_minutes() => OutageTests.PlayAsync(TimeSpan.FromMinutes(10));
}
