using System.Globalization;

namespace Hinoban.Results;

/// <summary>Reads performance data as far as a chart needs it: <c>'label'=value[unit];warn;crit;min;max …</c> (Nagios Plugin API).</summary>
internal static class PerfValue
{
    /// <summary>The first value, in the plugin's own unit; null if there is none, if it is <c>U</c> (not known), or if it is not a finite number.</summary>
    internal static double? First(string perfdata)
    {
        var value = AfterLabel(perfdata.AsSpan().TrimStart());
        var length = 0;
        while (length < value.Length && IsNumeric(value, length))
        {
            length++;
        }

        return double.TryParse(value[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
    }

    // A label with spaces or equal signs is quoted; a quote inside it is doubled.
    private static ReadOnlySpan<char> AfterLabel(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\'':
                    quoted = !quoted;
                    break;
                case '=' when !quoted:
                    return text[(i + 1)..];
                case ' ' when !quoted:
                    return [];
            }
        }

        return [];
    }

    // "12e3" is a number, "12 e" or "12s" ends before the letter.
    private static bool IsNumeric(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        >= '0' and <= '9' or '.' => true,
        '-' or '+' => at == 0 || text[at - 1] is 'e' or 'E',
        'e' or 'E' => at > 0 && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is '-' or '+'),
        _ => false,
    };
}
