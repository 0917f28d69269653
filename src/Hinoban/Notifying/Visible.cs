using System.Globalization;
using System.Text;

namespace Hinoban.Notifying;

/// <summary>
/// Untrusted text made one harmless line: what would break a line, steer a terminal or turn the reading direction is written out
/// as an escape that people can read. Nothing is dropped silently.
/// </summary>
internal static class Visible
{
    /// <summary>Enough for any sensible first line of a plugin, little enough for a mail.</summary>
    internal const int LongestLine = 1000;

    /// <summary>One line; cut at <paramref name="longest"/> characters with <c>…(+n)</c>.</summary>
    internal static string Line(string text, int longest = LongestLine)
    {
        var (kept, cut) = Cut(text, longest);
        var line = Escape(kept, keepTabs: false);
        return cut == 0 ? line : string.Create(CultureInfo.InvariantCulture, $"{line}…(+{cut})");
    }

    /// <summary>Lines stay lines (CR LF, LF and lone CR end one); the rest as in <see cref="Line"/>, uncut.</summary>
    internal static string[] Lines(string text) => text
        .Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace('\r', '\n')
        .Split('\n')
        .Select(line => Escape(line, keepTabs: true))
        .ToArray();

    private static (string Kept, int Cut) Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return (text, 0);
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return (text[..end], text.Length - end);
    }

    private static string Escape(string text, bool keepTabs)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            // Runes cannot hold a lone surrogate, so that one is looked at before.
            var whole = Rune.TryGetRuneAt(text, at, out var rune);
            var code = whole ? rune.Value : text[at];
            var taken = whole ? rune.Utf16SequenceLength : 1;
            if (Written(code, whole, keepTabs) is { } written)
            {
                line.Append(written);
            }
            else
            {
                line.Append(text, at, taken);
            }

            at += taken;
        }

        return line.ToString();
    }

    private static string? Written(int code, bool whole, bool keepTabs) => code switch
    {
        '\t' => keepTabs ? null : " ",
        '\n' => "\\n",
        '\r' => "\\r",
        < 0x20 or (>= 0x7f and < 0xa0) => string.Create(CultureInfo.InvariantCulture, $"\\x{code:x2}"),
        _ when !whole || Steers(code) => string.Create(CultureInfo.InvariantCulture, $"\\u{{{code:x}}}"),
        _ => null,
    };

    // Line and paragraph separators, direction marks and overrides, invisible formatting, byte order mark, noncharacters.
    private static bool Steers(int code) =>
        code is 0x061c or 0x180e or (>= 0x200b and <= 0x200f and not 0x200d) or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f) or 0xfeff
            or (>= 0xfff9 and <= 0xfffb) or (>= 0xe0000 and <= 0xe007f)
        || (code & 0xfffe) == 0xfffe;
}
