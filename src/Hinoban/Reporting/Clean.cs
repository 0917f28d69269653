using System.Globalization;
using System.Text;

namespace Hinoban.Reporting;

/// <summary>Text from machines and people, made fit for a report: no control characters, no bidirectional tricks, of bounded length.</summary>
internal static class Clean
{
    /// <summary>One line.</summary>
    internal static string Line(string text, int limit = 200) => Cut(Printable(text, keepLines: false).Trim(), limit);

    /// <summary>Several lines, the following ones indented under the first.</summary>
    internal static string Lines(string text, string indent, int limit = 4000) =>
        Cut(Printable(text, keepLines: true).Trim(), limit).Replace("\n", $"\n{indent}", StringComparison.Ordinal);

    private static string Printable(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isLine = rune.Value == '\n';
            if (isLine && keepLines)
            {
                clean.Append('\n');
            }
            else if (isLine || category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                clean.Append(' ');
            }
            else if (category is not UnicodeCategory.Format)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    private static string Cut(string text, int limit) => text.Length <= limit
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit), "…");
}
