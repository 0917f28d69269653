using System.Text;

namespace Hinoban.Notifying;

/// <summary>
/// The value of a mail header, already folded. Holds printable ASCII and folding white space only, so that no text, whoever wrote it,
/// can end a header or begin another: other characters do not get in.
/// </summary>
internal sealed record HeaderValue
{
    /// <summary>RFC 5322's recommended and RFC 2047's prescribed length of a line with encoded words.</summary>
    internal const int LongestLine = 76;

    private const int HardLimit = 998;

    private HeaderValue(string folded) => Folded = folded;

    /// <summary>The value with its line breaks (CR LF and a space).</summary>
    internal string Folded { get; }

    /// <summary>
    /// Words separated by one space each, folded so that no line is longer than <see cref="LongestLine"/> where the words allow it.
    /// <paramref name="nameLength"/> is that of the header's name.
    /// </summary>
    internal static HeaderValue Of(int nameLength, IEnumerable<string> words)
    {
        var value = new StringBuilder();
        var column = nameLength + 1;
        foreach (var word in words.Select(Checked))
        {
            var first = value.Length == 0;
            // Only an encoded word may leave the header's own line empty; some readers miss a Message-ID there.
            if ((!first || word.StartsWith("=?", StringComparison.Ordinal)) && column + 1 + word.Length > LongestLine)
            {
                value.Append(first ? "\r\n " : "\r\n");
                column = 0;
            }

            value.Append(first ? "" : " ").Append(word);
            column += 1 + word.Length;
        }

        return new HeaderValue(value.ToString());
    }

    private static string Checked(string word) => word.Length is > 0 and < HardLimit - 2 && word.All(c => c is > ' ' and <= '~')
        ? word
        : throw new ArgumentException("A header word is printable ASCII without spaces; text goes through EncodedWords.", nameof(word));
}
