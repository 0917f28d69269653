using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// ISO-2022-JP as it arrives: besides RFC 1468 the half-width kana of CP50221 (<c>ESC ( I</c>, SO/SI, eight-bit), vendor rows, JIS X 0212, a line
/// that does not return to ASCII, an escape whose first octet was lost on the way, and odd octets. What has no character becomes U+FFFD.
/// </summary>
internal static class Jis
{
    private const byte Escape = 0x1b;

    private static readonly Encoding ShiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\ufffd"))!;
    private static readonly Encoding Euc = CodePagesEncodingProvider.Instance.GetEncoding(20932, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\ufffd"))!;

    private enum Set
    {
        Ascii,
        Kana,
        Kanji,
        Supplement,
    }

    /// <summary>The octets have its escapes; where it was <paramref name="declared"/>, also escapes that lost their first octet.</summary>
    internal static bool Looks(ReadOnlySpan<byte> octets, bool declared) =>
        octets.IndexOf("\e$B"u8) >= 0 || octets.IndexOf("\e$@"u8) >= 0 || octets.IndexOf("\e$("u8) >= 0 || octets.IndexOf("\e(I"u8) >= 0
        || (declared && (Broken(octets) || octets.Contains((byte)0x0e)));

    internal static string Decode(ReadOnlySpan<byte> octets)
    {
        var broken = octets.IndexOf(Escape) < 0;
        var text = new StringBuilder(octets.Length);
        var (set, shifted) = (Set.Ascii, false);
        for (var at = 0; at < octets.Length;)
        {
            var (change, length) = Change(octets[at..], broken);
            if (length > 0)
            {
                (set, at) = (change, at + length);
                continue;
            }

            var c = octets[at];
            if (c is 0x0e or 0x0f)
            {
                (shifted, at) = (c == 0x0e, at + 1);
                continue;
            }

            if (c is (byte)'\n' or (byte)'\r')
            {
                // RFC 1468: a line ends in ASCII. One that does not has lost its escape; the next begins anew.
                (set, shifted) = (Set.Ascii, false);
            }

            at += Append(text, octets[at..], shifted ? Set.Kana : set);
        }

        return text.ToString();
    }

    // "$B" without its escape octet, as some old gateways leave it; only where it is closed again on the same line.
    private static bool Broken(ReadOnlySpan<byte> octets)
    {
        if (octets.IndexOf(Escape) >= 0)
        {
            return false;
        }

        var from = octets.IndexOf("$B"u8);
        if (from < 0)
        {
            return false;
        }

        var line = octets[from..];
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? line : line[..end];
        var to = line.IndexOf("(B"u8);
        return to > 2 && to % 2 == 0;
    }

    private static (Set Set, int Length) Change(ReadOnlySpan<byte> octets, bool broken)
    {
        var head = octets[0] == Escape ? octets[1..] : broken ? octets : default;
        var lead = octets[0] == Escape ? 1 : 0;
        if (head.Length < 2)
        {
            return default;
        }

        return (head[0], head[1]) switch
        {
            ((byte)'$', (byte)'B' or (byte)'@') => (Set.Kanji, lead + 2),
            ((byte)'(', (byte)'B') => (Set.Ascii, lead + 2),
            _ when lead == 0 => default,
            ((byte)'(', (byte)'J' or (byte)'H') => (Set.Ascii, 3),
            ((byte)'(', (byte)'I') => (Set.Kana, 3),
            ((byte)'$', (byte)'A') => (Set.Kanji, 3),
            ((byte)'$', (byte)'(') when head.Length > 2 && head[2] == 'D' => (Set.Supplement, 4),
            ((byte)'$', (byte)'(') when head.Length > 2 => (Set.Kanji, 4),
            _ => default,
        };
    }

    private static int Append(StringBuilder text, ReadOnlySpan<byte> octets, Set set)
    {
        var c = octets[0];
        if (c is < 0x21 or 0x7f)
        {
            text.Append((char)c);
            return 1;
        }

        switch (set)
        {
            case Set.Kana:
                text.Append((c & 0x7f) is >= 0x21 and <= 0x5f and var kana ? (char)(0xff40 + kana) : '\ufffd');
                return 1;
            case Set.Kanji or Set.Supplement:
                if (octets.Length < 2 || (octets[1] & 0x7f) is < 0x21 or > 0x7e)
                {
                    text.Append('\ufffd');
                    return 1;
                }

                text.Append(set == Set.Kanji ? Kanji(c & 0x7f, octets[1] & 0x7f) : Supplement(c, octets[1]));
                return 2;
            default:
                return Eight(text, octets);
        }
    }

    // In ASCII mode an octet above 7f: eight-bit kana, or a piece of Shift_JIS that somebody pasted in.
    private static int Eight(StringBuilder text, ReadOnlySpan<byte> octets)
    {
        var c = octets[0];
        if (c < 0x80)
        {
            text.Append((char)c);
            return 1;
        }

        var length = octets.Length > 1 && c is (>= 0x81 and <= 0x9f) or (>= 0xe0 and <= 0xfc) && octets[1] is (>= 0x40 and <= 0x7e) or (>= 0x80 and <= 0xfc) ? 2 : 1;
        text.Append(ShiftJis.GetString(octets[..Math.Min(length, octets.Length)]));
        return Math.Min(length, octets.Length);
    }

    private static string Kanji(int row, int column)
    {
        Span<byte> sjis = stackalloc byte[2];
        var (r, c) = (row - 0x21, column - 0x21);
        var lead = 0x81 + (r / 2);
        sjis[0] = (byte)(lead >= 0xa0 ? lead + 0x40 : lead);
        sjis[1] = (byte)(r % 2 == 0 ? c + 0x40 + (c >= 0x3f ? 1 : 0) : c + 0x9f);
        return ShiftJis.GetString(sjis);
    }

    private static string Supplement(byte row, byte column) => Euc.GetString([0x8f, (byte)(row | 0x80), (byte)(column | 0x80)]);
}
