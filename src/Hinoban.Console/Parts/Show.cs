using System.Globalization;
using System.Text;

namespace Hinoban.Console.Parts;

/// <summary>
/// Makes untrusted text safe to read: what a terminal or a bidirectional layout would act on becomes visible, and a
/// megabyte line becomes its beginning and its length. (HTML is escaped by Razor; this is about what people see.)
/// </summary>
internal static class Show
{
    internal const int LineLimit = 600;
    internal const int BlockLimit = 64 * 1024;

    /// <summary>One line: line breaks too become visible.</summary>
    internal static string Line(string text, int limit = LineLimit) => Cut(text, limit, keepBreaks: false);

    /// <summary>A block: line breaks stay.</summary>
    internal static string Block(string text, int limit = BlockLimit) => Cut(text, limit, keepBreaks: true);

    private static string Cut(string text, int limit, bool keepBreaks)
    {
        var end = text.Length <= limit ? text.Length : char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        var shown = new StringBuilder(end + 32);
        for (var i = 0; i < end; i++)
        {
            Append(shown, text, ref i, end, keepBreaks);
        }

        if (end < text.Length)
        {
            shown.Append(CultureInfo.InvariantCulture, $" … ({text.Length:N0})");
        }

        return shown.ToString();
    }

    private static void Append(StringBuilder shown, string text, ref int i, int end, bool keepBreaks)
    {
        var c = text[i];
        if (keepBreaks && (c == '\n' || c == '\t' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n')))
        {
            shown.Append(c == '\r' ? "" : c.ToString());
        }
        else if (c < ' ')
        {
            shown.Append((char)(0x2400 + c));
        }
        else if (c == 0x7f)
        {
            shown.Append('\u2421');
        }
        else if (char.IsHighSurrogate(c) && i + 1 < end && char.IsLowSurrogate(text[i + 1]))
        {
            shown.Append(c).Append(text[++i]);
        }
        else if (Steers(c))
        {
            shown.Append(CultureInfo.InvariantCulture, $"⟨U+{(int)c:X4}⟩");
        }
        else
        {
            shown.Append(char.IsSurrogate(c) ? '\ufffd' : c);
        }
    }

    // C1 controls, bidirectional controls, line separators, byte order marks, invisible joiners used to spoof.
    private static bool Steers(char c) => c is (>= '\u0080' and <= '\u009f') or '\u061c' or '\u200b' or '\u200e' or '\u200f' or '\u2028' or '\u2029'
        or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff';
}
