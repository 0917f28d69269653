using System.Globalization;
using System.Text;

namespace Hinoban.Notifying;

/// <summary>Hard wrap by display columns: Japanese mail is read in fixed-width windows of 38 full-width characters.</summary>
internal static class MailWrap
{
    /// <summary>37 full-width characters: where a paragraph of several lines is broken.</summary>
    internal const int Columns = 74;

    /// <summary>What fits a window of 38 full-width characters is left as it is: better than a second line of two.</summary>
    internal const int Longest = 76;

    // A last line of less than this reads like a mistake: words of the line before come along.
    private const int ShortestLast = 12;

    // A link that is broken in two does not work; a longer one than this is no link that a person follows.
    private const int LongestLink = 500;

    // Longer than any character that people write: marks heaped on one another, which would be a line without end.
    private const int LongestElement = 32;

    // 禁則: what must not begin or end a line. Hanging is not used: these characters take the one before them along.
    private const string NotAtStart = "、。，．・：；？！）］｝」』】〉》〕ゝゞ々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.!?:;)]}%";
    private const string NotAtEnd = "（［｛「『【〈《〔([{";

    internal static IEnumerable<string> Lines(IEnumerable<string> lines) => lines.SelectMany(line => Wrap(ExpandTabs(line)));

    /// <summary>Columns a text takes.</summary>
    internal static int Width(string text)
    {
        var width = 0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            width += ElementWidth(elements.GetTextElement());
        }

        return width;
    }

    private static IEnumerable<string> Wrap(string line)
    {
        if (Width(line) <= Longest)
        {
            return [line.TrimEnd(' ')];
        }

        var lines = Filled(line);
        if (lines.Count > 1)
        {
            Balance(lines[^2], lines[^1]);
        }

        return lines.Select(l => string.Concat(l.Select(p => p.Piece)).TrimEnd(' '));
    }

    private static List<List<(string Piece, int Width)>> Filled(string line)
    {
        List<List<(string Piece, int Width)>> lines = [[]];
        var width = 0;
        foreach (var piece in Pieces(line))
        {
            if (width > 0 && width + piece.Width > Columns)
            {
                // The space at a break goes with the line before, where nobody sees it: balancing may bring the word before it back.
                if (piece.Piece == " ")
                {
                    lines[^1].Add(piece);
                }

                lines.Add([]);
                width = 0;
                if (piece.Piece == " ")
                {
                    continue;
                }
            }

            lines[^1].Add(piece);
            width += piece.Width;
        }

        return lines;
    }

    /// <summary>Hands whole pieces down, so that what may not begin or end a line still does not; a line before that is a single word stays.</summary>
    private static void Balance(List<(string Piece, int Width)> before, List<(string Piece, int Width)> last)
    {
        while (last.Sum(p => p.Width) < ShortestLast && before.Count > 1 && before[^1].Width + last.Sum(p => p.Width) <= Columns)
        {
            last.Insert(0, before[^1]);
            before.RemoveAt(before.Count - 1);
        }

        while (last.Count > 1 && last[0].Piece == " ")
        {
            last.RemoveAt(0);
        }
    }

    // Pieces that stay together: a run of Latin text, or a full-width character with what may not be parted from it.
    private static IEnumerable<(string Piece, int Width)> Pieces(string line)
    {
        var elements = StringInfo.GetTextElementEnumerator(line);
        var all = new List<string>();
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (element.Length <= LongestElement)
            {
                all.Add(element);
            }
            else
            {
                all.AddRange(element.EnumerateRunes().Select(r => r.ToString()));
            }
        }

        for (var at = 0; at < all.Count;)
        {
            var to = at + 1;
            while (to < all.Count && Together(all[to - 1], all[to]))
            {
                to++;
            }

            foreach (var piece in Cut(all[at..to]))
            {
                yield return piece;
            }

            at = to;
        }
    }

    private static bool Together(string before, string after)
    {
        if (before == " " || after == " ")
        {
            return false;
        }

        var latin = ElementWidth(before) == 1 && ElementWidth(after) == 1;
        return latin || NotAtStart.Contains(after, StringComparison.Ordinal) || NotAtEnd.Contains(before, StringComparison.Ordinal);
    }

    // Longer than a line: cut at its columns, unless it is a link.
    private static IEnumerable<(string Piece, int Width)> Cut(List<string> elements)
    {
        var whole = string.Concat(elements);
        var width = elements.Sum(ElementWidth);
        var link = whole.Length <= LongestLink && whole.Contains("://", StringComparison.Ordinal);
        if (width <= Columns || link)
        {
            yield return (whole, width);
            yield break;
        }

        var piece = new StringBuilder();
        width = 0;
        foreach (var element in elements)
        {
            var elementWidth = ElementWidth(element);
            if (width + elementWidth > Columns)
            {
                yield return (piece.ToString(), width);
                piece.Clear();
                width = 0;
            }

            piece.Append(element);
            width += elementWidth;
        }

        yield return (piece.ToString(), width);
    }

    private static string ExpandTabs(string line)
    {
        if (!line.Contains('\t', StringComparison.Ordinal))
        {
            return line;
        }

        var expanded = new StringBuilder();
        var parts = line.Split('\t');
        var column = 0;
        for (var at = 0; at < parts.Length; at++)
        {
            expanded.Append(parts[at]);
            column += Width(parts[at]);
            if (at < parts.Length - 1)
            {
                expanded.Append(' ', 8 - (column % 8));
                column += 8 - (column % 8);
            }
        }

        return expanded.ToString();
    }

    // A monster of combining marks is as wide as its parts, so that no line grows without end.
    private static int ElementWidth(string element)
    {
        if (element.Length == 1 && element[0] < 0x7f)
        {
            return 1;
        }

        var first = EastAsianWidth.Of(Rune.TryGetRuneAt(element, 0, out var rune) ? rune.Value : element[0]);
        return element.Length > 12 ? Math.Max(first, element.Length) : Math.Max(1, first);
    }
}
