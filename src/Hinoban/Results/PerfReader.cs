using System.Globalization;

namespace Hinoban.Results;

/// <summary>
/// Goes through performance data, <c>'label'=value[unit];warn;crit;min;max …</c> (Nagios Plugin API), without making objects of it. What is no metric is passed over,
/// and so is a value that is not known (<c>U</c>), not finite, or written with a comma: the guidelines have numbers in <c>[-0-9.]</c>, and nobody can tell <c>1,500</c> from <c>1.5</c>.
/// </summary>
internal ref struct PerfReader(ReadOnlySpan<char> perfdata)
{
    private ReadOnlySpan<char> rest = perfdata;

    /// <summary>The label as it is written, quotes included; see <see cref="Clean"/>.</summary>
    internal ReadOnlySpan<char> Label { get; private set; }

    internal double Value { get; private set; }

    /// <summary>The plugin's own unit: <c>s</c>, <c>%</c>, <c>MB</c>, <c>c</c>; often none.</summary>
    internal ReadOnlySpan<char> Unit { get; private set; }

    internal ReadOnlySpan<char> Warn { get; private set; }

    internal ReadOnlySpan<char> Crit { get; private set; }

    internal bool Next()
    {
        while (Token() is { Length: > 0 } token)
        {
            if (Take(token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A label for people: without its quotes, a doubled one inside is one.</summary>
    internal static string Clean(ReadOnlySpan<char> label) => label is ['\'', .. var inner, '\'']
        ? inner.ToString().Replace("''", "'", StringComparison.Ordinal)
        : label.ToString().Replace("'", "", StringComparison.Ordinal);

    // Up to the next blank that stands in no quotes.
    private ReadOnlySpan<char> Token()
    {
        rest = rest.TrimStart();
        var quoted = false;
        var length = 0;
        while (length < rest.Length && (quoted || !char.IsWhiteSpace(rest[length])))
        {
            quoted ^= rest[length] == '\'';
            length++;
        }

        var token = rest[..length];
        rest = rest[length..];
        return token;
    }

    private bool Take(ReadOnlySpan<char> token)
    {
        var equal = Equal(token);
        if (equal <= 0)
        {
            return false;
        }

        Label = token[..equal];
        var fields = token[(equal + 1)..];
        var field = Field(ref fields);
        var digits = Digits(field);
        var unit = field[digits..];
        if (unit is [',', >= '0' and <= '9', ..] || !double.TryParse(field[..digits], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return false;
        }

        // A zero has no sign that anybody could see in a chart.
        Value = value == 0 ? 0 : value;
        Unit = unit.IndexOf(',') is var comma and >= 0 ? unit[..comma] : unit;
        Warn = Field(ref fields);
        Crit = Field(ref fields);
        return true;
    }

    private static int Equal(ReadOnlySpan<char> token)
    {
        var quoted = false;
        for (var i = 0; i < token.Length; i++)
        {
            quoted ^= token[i] == '\'';
            if (token[i] == '=' && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<char> Field(scoped ref ReadOnlySpan<char> fields)
    {
        var end = fields.IndexOf(';');
        var field = end < 0 ? fields : fields[..end];
        fields = end < 0 ? [] : fields[(end + 1)..];
        return field;
    }

    private static int Digits(ReadOnlySpan<char> field)
    {
        var length = 0;
        while (length < field.Length && IsNumeric(field, length))
        {
            length++;
        }

        return length;
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
