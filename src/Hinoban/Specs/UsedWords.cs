using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// Percentages that people write as used or as free, kept as one thing: a Nagios range over what is used, each number with its sign (<c>80%</c>:
/// alert above 80 % used). Pure.
/// </summary>
internal static class UsedWords
{
    private const string Used = "used";
    private const string Free = "free";

    /// <summary><c>80% used</c> or <c>20% free</c>, or a range that is said to be of what is used; null if it is neither.</summary>
    internal static string? Read(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not [var number, Used or Free] || !number.Contains('%', StringComparison.Ordinal)
            || NagiosRange.TryParse(number, out var range, "%") != RangeFault.None)
        {
            return null;
        }

        var used = words[1] == Used ? range : Upper(range) is { } free ? new NagiosRange(0, 100 - free, false) : (NagiosRange?)null;
        return used is { } share && IsShare(share) ? Text(share) : null;
    }

    /// <summary>As it is written back: <c>80% used</c>.</summary>
    internal static string? Written(string? range) => range is null ? null : $"{range} {Used}";

    /// <summary>For a reader, who may think in the other one: <c>80% used (20% free)</c>.</summary>
    internal static string? BothForms(string? range) => range is null ? null
        : UpperOf(range) is { } used ? $"{range} {Used} ({NagiosRange.Show(100 - used)}% {Free})"
        : $"{range} {Used}";

    /// <summary>The number above which it alerts, where it is as simple as that.</summary>
    internal static double? UpperOf(string range) => NagiosRange.TryParse(range, out var read, "%") == RangeFault.None ? Upper(read) : null;

    private static double? Upper(NagiosRange range) => range is { Start: 0, Inside: false } && double.IsFinite(range.End) ? range.End : null;

    // A threshold that can never be crossed is a mistake.
    private static bool IsShare(NagiosRange range) =>
        In(range.Start) && In(range.End) && !(range is { Start: <= 0, End: >= 100 } && !range.Inside);

    private static bool In(double end) => double.IsInfinity(end) || end is >= 0 and <= 100;

    private static string Text(NagiosRange range)
    {
        var start = double.IsNegativeInfinity(range.Start) ? "~:" : range.Start == 0 && double.IsFinite(range.End) ? "" : $"{NagiosRange.Show(range.Start)}%:";
        return $"{(range.Inside ? "@" : "")}{start}{(double.IsPositiveInfinity(range.End) ? "" : $"{NagiosRange.Show(range.End)}%")}";
    }
}
