using System.Text;
using System.Text.Unicode;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>Whole lines of a log as characters, with the way back from a line's first character to its first byte. One buffer for everything that is read.</summary>
internal sealed class LineText
{
    private const byte NewLine = (byte)'\n';
    private static readonly Encoding EucJp;
    private static readonly Encoding ShiftJis;
    private char[] chars = [];
    private int length;
    private bool plain;

    // Kept: an encoding that is asked itself builds one for each line.
    private Decoder? eucJp;
    private Decoder? shiftJis;

    // Up to here both sides have been counted.
    private int countedChars;
    private int countedBytes;

    static LineText()
    {
        EucJp = CodePagesEncodingProvider.Instance.GetEncoding("euc-jp")!;
        ShiftJis = CodePagesEncodingProvider.Instance.GetEncoding("shift_jis")!;
    }

    internal ReadOnlySpan<char> Chars => chars.AsSpan(0, length);

    internal void Load(ReadOnlySpan<byte> bytes, LogEncoding encoding)
    {
        if (chars.Length < bytes.Length)
        {
            chars = new char[bytes.Length];
        }

        (countedChars, countedBytes) = (0, 0);

        // ASCII is the same in all of them, and nearly everything is ASCII.
        plain = Ascii.ToUtf16(bytes, chars, out length) == System.Buffers.OperationStatus.Done;
        if (plain)
        {
            return;
        }

        if (encoding == LogEncoding.Utf8)
        {
            Utf8.ToUtf16(bytes, chars, out _, out length, replaceInvalidSequences: true, isFinalBlock: true);
            return;
        }

        length = LinesOf(bytes, encoding == LogEncoding.EucJp ? eucJp ??= EucJp.GetDecoder() : shiftJis ??= ShiftJis.GetDecoder(), chars);
    }

    /// <summary>The byte at which the line begins whose first character stands at <paramref name="at"/>; asked in rising order.</summary>
    internal int ByteOf(int at, ReadOnlySpan<byte> bytes)
    {
        if (plain)
        {
            return at;
        }

        // No encoding of these has the byte of a line's end inside a character, so lines can be counted on both sides.
        var lines = chars.AsSpan(countedChars, at - countedChars).Count('\n');
        for (countedChars = at; lines > 0; lines--)
        {
            countedBytes += bytes[countedBytes..].IndexOf(NewLine) + 1;
        }

        return at == length ? bytes.Length : countedBytes;
    }

    // Line by line: a broken character before a line's end would take the end along.
    private static int LinesOf(ReadOnlySpan<byte> bytes, Decoder decoder, Span<char> into)
    {
        var written = 0;
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf(NewLine);
            written += decoder.GetChars(end < 0 ? bytes : bytes[..end], into[written..], flush: true);
            if (end < 0)
            {
                break;
            }

            into[written++] = '\n';
            bytes = bytes[(end + 1)..];
        }

        return written;
    }
}
