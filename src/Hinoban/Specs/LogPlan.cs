using System.Globalization;

namespace Hinoban.Specs;

/// <summary>How bad a log hit is, as its rule says.</summary>
internal enum HitLevel : byte
{
    /// <summary>WARNING.</summary>
    Warning = 1,

    /// <summary>CRITICAL.</summary>
    Critical = 2,
}

/// <summary>So many within a time: of matching records one hit (<c>rate</c>), of hits all that are kept one by one (<c>limit</c>).</summary>
internal sealed record LogRatePlan(int Count, TimeSpan Within);

/// <summary>
/// One rule of a log: records that its pattern matches, or access-log lines of its status; either is null. With <see cref="Rate"/> it is hit once each time
/// that many fall within the time.
/// </summary>
internal sealed record LogMatchPlan(string Name, string? Regex, string? Status, LogRatePlan? Rate, HitLevel Level)
{
    /// <summary>As a page or a mail names it in short: the pattern or the status, and how often.</summary>
    internal string Shown => (Regex ?? $"status {Status}")
        + (Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $" ({rate.Count} in {SpecWords.Of(rate.Within)})") : "");
}

/// <summary>Which part of the systemd journal: of these units (empty: of all), at this priority or worse (null: at any).</summary>
internal sealed record LogJournalPlan(IReadOnlyList<string> Units, string? Priority);

/// <summary>What is masked in records before they leave the host: what is personal by common shapes, and what these patterns match.</summary>
internal sealed record LogMaskPlan(bool Usual, IReadOnlyList<string> Regexes);

/// <summary>
/// A log on the host, read by its agent (R48, R76, R77). Its matching records are events: they are told, and never recover by themselves. The look's own state says only
/// whether the log can be read. <see cref="Files"/> or <see cref="Journal"/>.
/// </summary>
internal sealed record LogLookPlan(
    InsideWay Way,
    IReadOnlyList<string> Files,
    LogJournalPlan? Journal,
    string Encoding,
    string? Record,
    string? Format,
    IReadOnlyList<LogMatchPlan> Match,
    IReadOnlyList<string> Except,
    LogRatePlan Limit,
    int Before,
    int After,
    LogMaskPlan Mask) : InsideLookPlan(Way)
{
    internal const string Word = "log";
    internal const string Utf8 = "utf-8";
    internal const string Access = "apache-access";
    internal const string Error = "apache-error";

    internal static LogRatePlan UsualLimit { get; } = new(20, TimeSpan.FromSeconds(60));

    internal static LogMaskPlan UsualMask { get; } = new(true, []);

    internal override string Kind => Word;

    internal override string Thresholds => string.Join(" / ", Match.Select(m => m.Shown));
}
