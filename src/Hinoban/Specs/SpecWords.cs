using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Specs;

/// <summary>The words of the language as pure functions: text in, value or null out.</summary>
internal static partial class SpecWords
{
    /// <summary><c>500ms</c>, <c>15s</c>, <c>3m</c>, <c>1h30m</c>, <c>30d</c>; null if it is none.</summary>
    internal static TimeSpan? Duration(string text)
    {
        var left = text.AsSpan();
        if (left.Length is 0 or > 32)
        {
            return null;
        }

        var sum = 0m;
        while (left.Length > 0)
        {
            var number = left.IndexOfAnyExcept("0123456789.");
            if (number <= 0 || Unit(left[number..]) is not var (unit, length) || Number(left[..number]) is not { } value)
            {
                return null;
            }

            sum += value * unit;
            left = left[(number + length)..];
        }

        return sum > (decimal)TimeSpan.FromDays(36500).TotalMilliseconds ? null : TimeSpan.FromTicks((long)(sum * TimeSpan.TicksPerMillisecond));
    }

    private static decimal? Number(ReadOnlySpan<char> text) =>
        text.Length <= 13 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static (decimal Milliseconds, int Length)? Unit(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (1m, 2),
        ['s', ..] => (1_000m, 1),
        ['m', ..] => (60_000m, 1),
        ['h', ..] => (3_600_000m, 1),
        ['d', ..] => (86_400_000m, 1),
        _ => null,
    };

    /// <summary>As people write it back: <c>1m30s</c>, <c>500ms</c>.</summary>
    internal static string Of(TimeSpan span)
    {
        var text = new StringBuilder();
        var left = span;
        foreach (var (unit, size) in new[] { ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)) })
        {
            if (left >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{left.Ticks / size.Ticks}{unit}");
                left = TimeSpan.FromTicks(left.Ticks % size.Ticks);
            }
        }

        return left > TimeSpan.Zero || text.Length == 0
            ? text.Append(CultureInfo.InvariantCulture, $"{left.TotalMilliseconds:0.####}ms").ToString()
            : text.ToString();
    }

    /// <summary>A customer's or a site's id: it appears in file names, URLs and mail headers.</summary>
    internal static bool IsId(string text) => IdShape().IsMatch(text);

    /// <summary>A host's or a check's name: it appears in mail subjects, URLs and child arguments.</summary>
    internal static bool IsKey(string text) => KeyShape().IsMatch(text);

    internal static bool IsMacro(string text) => MacroShape().IsMatch(text);

    internal static IEnumerable<string> Macros(string text) => MacroShape().Matches(text).Select(m => m.Value);

    /// <summary>Controls, line and paragraph separators, characters that turn the reading direction, lone surrogates, private ones of the encoding.</summary>
    internal static bool IsUnprintable(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is 0x2028 or 0x2029 or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) or 0x200e or 0x200f or 0x061c or 0xfeff or 0xfffe or 0xffff or 0xfffd;

    /// <summary>The first character that must not reach a header, a terminal or a confirmation; null if the text is clean.</summary>
    internal static Rune? Unprintable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsUnprintable(rune))
            {
                return rune;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex IdShape();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"\$[A-Z0-9_]+(:[A-Za-z0-9_]+)?\$")]
    private static partial Regex MacroShape();
}
