namespace Hinoban.Checks;

/// <summary>
/// One matching record of a log (ログ検知), as the host's agent tells it; all untrusted. <see cref="Identity"/> is the same whoever reads it and however often, and differs
/// between two equal lines. <see cref="Count"/>: how many records a rate rule counted for it; <see cref="Suppressed"/>: how many more there were than its limit keeps.
/// </summary>
internal sealed record LogHit(
    string Identity,
    string Rule,
    CheckStatus Level,
    DateTimeOffset ReadUtc,
    string Source,
    long Offset,
    string Text,
    IReadOnlyList<string> Before,
    IReadOnlyList<string> After,
    int Count = 1,
    int Suppressed = 0)
{
    /// <summary>Characters in it.</summary>
    internal int Length => Identity.Length + Rule.Length + Source.Length + Text.Length + Before.Sum(l => l.Length) + After.Sum(l => l.Length);
}

/// <summary>What one look read of a log. <see cref="Cursor"/> is where the next one goes on, once <see cref="Hits"/> are safe.</summary>
internal sealed record LogReading(string Cursor, IReadOnlyList<LogHit> Hits)
{
    /// <summary>Hits of one look, at most.</summary>
    internal const int Most = 1000;

    /// <summary>The cursor it began at; null where that is not known. A reading that began elsewhere than reading has come to does not say where to go on.</summary>
    internal string? From { get; init; }

    internal int Length => Cursor.Length + Hits.Sum(h => h.Length);
}
