using System.Globalization;
using System.Text;

namespace Hinoban.Notifying;

/// <summary>RFC 2047: text of any language as header words, split between whole characters, each at most 75 long.</summary>
internal static class EncodedWords
{
    private const int LongestWord = 75;
    private const int LongestPlain = 60;

    /// <summary>
    /// Unstructured text (a subject): leading and trailing words that are plain ASCII stay readable (<c>Re:</c>, Nagios' subject, the
    /// incident's tag), so that filters and eyes find them in the raw header; what lies between is encoded.
    /// </summary>
    internal static IReadOnlyList<string> Text(string text, MailCharset charset, int firstColumn)
    {
        var words = text.Split(' ');
        var from = words.TakeWhile(Plain).Count();
        if (from == words.Length)
        {
            return words;
        }

        var to = words.Length - words.Reverse().TakeWhile(Plain).Count();
        if (words[from..to].All(w => w.Length == 0))
        {
            // Spaces alone would make an encoded word of nothing.
            to = words.Length;
        }

        var column = firstColumn + words.Take(from).Sum(w => w.Length + 1);
        return [.. words.Take(from), .. Encode(string.Join(' ', words[from..to]), charset, column % HeaderValue.LongestLine), .. words.Skip(to)];
    }

    /// <summary>A display name: a quoted string where ASCII allows it, encoded words otherwise.</summary>
    internal static IReadOnlyList<string> Phrase(string name, MailCharset charset, int firstColumn)
    {
        if (name.Split(' ').All(w => Plain(w) && !w.Contains('"', StringComparison.Ordinal) && !w.Contains('\\', StringComparison.Ordinal)))
        {
            return $"\"{name}\"".Split(' ');
        }

        return name.Length == 0 ? [] : Encode(name, charset, firstColumn);
    }

    // "=?" would be taken for an encoded word; an empty word is a space beside a space, which folding would not keep.
    private static bool Plain(string word) =>
        word.Length is > 0 and <= LongestPlain && word.All(c => c is > ' ' and <= '~') && !word.Contains("=?", StringComparison.Ordinal);

    private static List<string> Encode(string text, MailCharset charset, int firstColumn)
    {
        var words = new List<string>();
        var room = Room(charset, HeaderValue.LongestLine - firstColumn - 1);
        var chunk = new StringBuilder();
        foreach (var character in Characters(text, charset))
        {
            if (Size(charset, chunk.ToString() + character) > room)
            {
                if (chunk.Length > 0)
                {
                    words.Add(Word(charset, chunk.ToString()));
                    chunk.Clear();
                }

                room = Room(charset, HeaderValue.LongestLine - 1);
            }

            chunk.Append(character);
        }

        if (chunk.Length > 0)
        {
            words.Add(Word(charset, chunk.ToString()));
        }

        return words;
    }

    // What people see as one character stays in one word; only a monster of combining marks is split, between code points.
    private static IEnumerable<string> Characters(string text, MailCharset charset)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (Size(charset, element) <= Room(charset, HeaderValue.LongestLine - 1))
            {
                yield return element;
                continue;
            }

            foreach (var rune in element.EnumerateRunes())
            {
                yield return rune.ToString();
            }
        }
    }

    private static int Size(MailCharset charset, string text) => charset.Encode(text).Length;

    /// <summary>Octets of text that fit into an encoded word of a line with this much room (may be none).</summary>
    private static int Room(MailCharset charset, int columns) => (Math.Min(LongestWord, columns) - charset.Name.Length - 7) / 4 * 3;

    private static string Word(MailCharset charset, string text) => $"=?{charset.Name}?B?{Convert.ToBase64String(charset.Encode(text))}?=";
}
