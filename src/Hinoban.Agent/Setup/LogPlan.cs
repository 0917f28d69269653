namespace Hinoban.Agent.Setup;

/// <summary>How a log's bytes are characters.</summary>
internal enum LogEncoding
{
    Utf8,
    EucJp,
    ShiftJis,
}

/// <summary>What is known of a log's lines.</summary>
internal enum LogFormat
{
    /// <summary>Nothing: they are text.</summary>
    Text,

    /// <summary>Common or combined, of Apache or nginx: a line has a status.</summary>
    ApacheAccess,

    /// <summary>Error log of Apache or nginx.</summary>
    ApacheError,
}

/// <summary>How grave a hit is, as the answer writes it.</summary>
internal enum HitLevel
{
    Warning = 1,
    Critical = 2,
}

/// <summary>Logs that are read as they are written: what in them is a hit, and what of it is kept.</summary>
/// <param name="Written">The command as the configuration has it: two plans are one if this is the same.</param>
/// <param name="Files">Full paths, * and ? in the last part; none if <paramref name="Journal"/> is read.</param>
/// <param name="Record">A line that begins a record; null: each line is one.</param>
internal sealed record LogPlan(
    string Written,
    IReadOnlyList<string> Files,
    JournalPlan? Journal,
    LogEncoding Encoding,
    Pattern? Record,
    LogFormat Format,
    IReadOnlyList<LogRulePlan> Rules,
    IReadOnlyList<Pattern> Except,
    CountWithin? Limit,
    int Before,
    int After,
    MaskPlan Mask) : CommandPlan;

/// <summary>What of systemd's journal is read; without units and priority all of it.</summary>
internal sealed record JournalPlan(IReadOnlyList<string> Units, string? Priority);

/// <summary>One kind of hit. A record is one if all that is given here holds.</summary>
/// <param name="Rate">A hit only each time so many records fall into so much time.</param>
internal sealed record LogRulePlan(string Name, Pattern? Regex, StatusRange? Status, HitLevel Level, CountWithin? Rate);

/// <summary>HTTP statuses, both ends included.</summary>
internal readonly record struct StatusRange(int From, int To);

/// <summary>So many within so much time.</summary>
internal sealed record CountWithin(int Count, TimeSpan Within);

/// <summary>What is made illegible before a hit is written anywhere.</summary>
internal sealed record MaskPlan(bool Default, IReadOnlyList<Pattern> Regexes);
