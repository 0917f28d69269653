using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// Header values as people read them: RFC 2047 words, also those that break its rules (inside quotes, a character split between two words, spaces
/// and missing padding inside), and raw octets without any declaration.
/// </summary>
internal static class HeaderText
{
    /// <param name="value">One character per octet.</param>
    internal static string Decode(string value)
    {
        var text = value.Length > MimeLimits.Value ? value[..MimeLimits.Value] : value;
        var result = new StringBuilder();
        var bytes = new List<byte>();
        string? charset = null;
        var at = 0;
        while (at < text.Length)
        {
            var start = text.IndexOf("=?", at, StringComparison.Ordinal);
            var word = start < 0 ? null : Word(text, start);
            if (word is null)
            {
                var to = start < 0 ? text.Length : start + 2;
                Flush(result, bytes, ref charset);
                result.Append(Plain(text[at..to]));
                at = to;
                continue;
            }

            var between = text[at..start];
            if (charset is null || between.AsSpan().Trim().Length > 0)
            {
                Flush(result, bytes, ref charset);
                result.Append(Plain(between));
            }
            else if (!charset.Equals(word.Charset, StringComparison.OrdinalIgnoreCase))
            {
                Flush(result, bytes, ref charset);
            }

            charset = word.Charset;
            bytes.AddRange(word.Bytes);
            at = word.End;
        }

        Flush(result, bytes, ref charset);
        return result.ToString();
    }

    /// <summary>Octets one per character, whatever else the text has.</summary>
    internal static byte[] Octets(string text) => [.. text.Select(c => c < 0x100 ? (byte)c : (byte)'?')];

    // White space between words of one charset is not text; a character may be split between them.
    private static void Flush(StringBuilder result, List<byte> bytes, ref string? charset)
    {
        if (charset is not null)
        {
            result.Append(MailDecoder.Decode([.. bytes], charset));
            bytes.Clear();
            charset = null;
        }
    }

    private static string Plain(string text) => Ascii.IsValid(text) && !text.Contains('\e') ? text : MailDecoder.Decode(Octets(text), null);

    private static EncodedWord? Word(string text, int start)
    {
        var charsetEnd = text.IndexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd == start + 2 || charsetEnd + 2 >= text.Length || text[charsetEnd + 2] != '?')
        {
            return null;
        }

        // A "?" may stand in Q text by mistake; what ends a word is "?=".
        var contentFrom = charsetEnd + 3;
        var end = text.IndexOf("?=", contentFrom, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var content = text[contentFrom..end];
        var name = text[(start + 2)..charsetEnd];
        var star = name.IndexOf('*', StringComparison.Ordinal);
        return char.ToUpperInvariant(text[charsetEnd + 1]) switch
        {
            'B' => new EncodedWord(star < 0 ? name : name[..star], TransferDecoder.Base64(Octets(content)), end + 2),
            'Q' => new EncodedWord(star < 0 ? name : name[..star], TransferDecoder.Q(Octets(content)), end + 2),
            _ => null,
        };
    }

    private sealed record EncodedWord(string Charset, byte[] Bytes, int End);
}
