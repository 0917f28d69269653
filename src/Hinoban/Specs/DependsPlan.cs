namespace Hinoban.Specs;

/// <summary>
/// What an item needs besides its host and the way there: items by title, all of them or any one. While what it needs fails, its own failure belongs to
/// that problem.
/// </summary>
internal sealed record DependsPlan(ParentsNeeded Needed, IReadOnlyList<string> Titles);

/// <summary>The same as it is written, with places, before it is known what is watched.</summary>
internal sealed record WrittenDepends(SpecPiece Node, ParentsNeeded Needed, IReadOnlyList<SpecScalar> Names)
{
    internal DependsPlan Plan => new(Needed, [.. Names.Select(n => n.Text).Distinct()]);
}
