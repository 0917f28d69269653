using System.Globalization;

namespace Hinoban.Basics;

/// <summary>What is wrong with a text that should be a threshold range.</summary>
internal enum RangeFault : byte
{
    /// <summary>Nothing: it is a range.</summary>
    None,

    /// <summary>Nothing is written, or only <c>@</c> or <c>:</c>.</summary>
    Empty,

    /// <summary>A part is no number.</summary>
    NotANumber,

    /// <summary><c>~</c> stands where it means nothing: alone or after the colon.</summary>
    Tilde,

    /// <summary>More than one colon.</summary>
    Colons,

    /// <summary>The start is above the end.</summary>
    Crossed,
}

/// <summary>
/// A threshold range as the Nagios plugin guidelines write it: <c>10</c>, <c>10:</c>, <c>~:10</c>, <c>10:20</c>, <c>@10:20</c>. Without <c>@</c> a value
/// outside alerts, with it a value inside; both ends belong to the range. A missing end of the range is an infinity. This file depends on nothing.
/// </summary>
internal readonly record struct NagiosRange(double Start, double End, bool Inside)
{
    /// <summary>
    /// Reads a range. <paramref name="unit"/> (such as <c>%</c>) may follow each number and is dropped. As check_http and its kin do, <c>:20</c> is taken
    /// for <c>0:20</c>; what they silently take for something else (<c>10,20</c>, <c>~</c>, an empty text) is refused.
    /// </summary>
    internal static RangeFault TryParse(ReadOnlySpan<char> text, out NagiosRange range, string unit = "")
    {
        range = default;
        var inside = text.StartsWith("@");
        var rest = inside ? text[1..] : text;
        var colon = rest.IndexOf(':');
        var head = colon < 0 ? [] : rest[..colon];
        var tail = rest[(colon + 1)..];
        if (rest.Length == 0 || rest is ":")
        {
            return RangeFault.Empty;
        }

        if (tail.Contains(':'))
        {
            return RangeFault.Colons;
        }

        var (start, end) = (0.0, double.PositiveInfinity);
        if (colon >= 0 && head is "~")
        {
            start = double.NegativeInfinity;
        }
        else if (head.Length > 0 && !Number(head, unit, out start))
        {
            return FaultOf(head);
        }

        if (tail.Length > 0 && !Number(tail, unit, out end))
        {
            return FaultOf(tail);
        }

        range = new NagiosRange(start, end, inside);
        return start > end ? RangeFault.Crossed : RangeFault.None;
    }

    /// <summary>Whether this value is one to alert on.</summary>
    internal bool Alerts(double value) =>
        // No number is inside no range, except the one that has no ends (as the plugins' own comparison has it).
        ((Start <= value && value <= End) || (double.IsNegativeInfinity(Start) && double.IsPositiveInfinity(End))) == Inside;

    /// <summary>The shortest text that reads as this range, for performance data and specifications.</summary>
    public override string ToString()
    {
        var start = double.IsNegativeInfinity(Start) ? "~:" : Start == 0 && !double.IsPositiveInfinity(End) ? "" : $"{Show(Start)}:";
        return $"{(Inside ? "@" : "")}{start}{(double.IsPositiveInfinity(End) ? "" : Show(End))}";
    }

    internal static string Show(double number) => (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);

    private static bool Number(ReadOnlySpan<char> text, string unit, out double number)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var bare = unit.Length > 0 && text.EndsWith(unit, StringComparison.Ordinal) ? text[..^unit.Length] : text;
        // Words such as "Infinity" are numbers to the framework, and a number too great for a double becomes one.
        return double.TryParse(bare, Style, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static RangeFault FaultOf(ReadOnlySpan<char> part) => part is "~" ? RangeFault.Tilde : RangeFault.NotANumber;
}
