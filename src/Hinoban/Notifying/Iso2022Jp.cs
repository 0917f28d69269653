using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Hinoban.Notifying;

/// <summary>
/// Strict ISO-2022-JP (RFC 1468): ASCII and JIS X 0208 only. The framework's code page 50220 writes vendor rows that strict decoders
/// reject and turns half-width kana and unknown characters into others silently; here what has no form says so.
/// </summary>
internal static class Iso2022Jp
{
    private static readonly byte[] ToKanji = "\e$B"u8.ToArray();
    private static readonly byte[] ToAscii = "\e(B"u8.ToArray();

    // Shift_JIS as Windows maps it: the same JIS X 0208 cells, plus vendor rows that are refused below. A character without a form gives
    // no bytes at all (the default fallback would give "?", or something similar).
    private static readonly Encoding Cells = CodePagesEncodingProvider.Instance.GetEncoding(932, new EncoderReplacementFallback(""), new DecoderExceptionFallback())!;

    // Windows and the standard disagree about the Unicode names of these cells; the cell meant is the same.
    private static readonly FrozenDictionary<int, int> SameCell = new Dictionary<int, int>
    {
        [0x301c] = 0xff5e,
        [0x2212] = 0xff0d,
        [0x2016] = 0x2225,
        [0x2014] = 0x2015,
        [0x00a2] = 0xffe0,
        [0x00a3] = 0xffe1,
        [0x00ac] = 0xffe2,
        [0x00a5] = 0xffe5,
        [0x203e] = 0xffe3,
    }.ToFrozenDictionary();

    // Replacements that a reader takes for the same. Names come in variant forms that the standard unified.
    private static readonly FrozenDictionary<int, string> Replacements = new Dictionary<int, string>
    {
        ['髙'] = "高", ['﨑'] = "崎", ['德'] = "徳", ['瀨'] = "瀬", ['濵'] = "浜", ['栁'] = "柳", ['黑'] = "黒", ['靑'] = "青", ['淸'] = "清",
        ['增'] = "増", ['寬'] = "寛", ['敎'] = "教", ['緖'] = "緒", ['薰'] = "薫", ['閒'] = "間", ['橫'] = "横", ['吿'] = "告",
        [0x20bb7] = "吉", ['\u00a0'] = " ", ['–'] = "-", ['‑'] = "-", ['•'] = "・", ['©'] = "(C)", ['®'] = "(R)", ['№'] = "No.", ['\u00ad'] = "",
    }.ToFrozenDictionary();

    /// <summary>The text with everything replaced that has an equivalent within the standard (① (1), ㈱ (株), 髙 高, ｱ ア).</summary>
    internal static string Prepare(string text)
    {
        var prepared = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var kana = HalfWidthKana(text, at);
            if (kana > 0)
            {
                prepared.Append(text.Substring(at, kana).Normalize(NormalizationForm.FormKC));
                at += kana;
                continue;
            }

            var taken = Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1;
            prepared.Append(Replacement(rune, text.Substring(at, taken)));
            at += taken;
        }

        return prepared.ToString();
    }

    /// <summary>Null if a character has no form. Ends in ASCII, and every line does (RFC 1468).</summary>
    internal static byte[]? TryEncode(string text)
    {
        var bytes = new List<byte>(text.Length * 2);
        var kanji = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                if (kanji)
                {
                    bytes.AddRange(ToAscii);
                    kanji = false;
                }

                bytes.Add((byte)rune.Value);
                continue;
            }

            if (Cell(rune) is not { } cell)
            {
                return null;
            }

            if (!kanji)
            {
                bytes.AddRange(ToKanji);
                kanji = true;
            }

            bytes.Add(cell.Row);
            bytes.Add(cell.Column);
        }

        if (kanji)
        {
            bytes.AddRange(ToAscii);
        }

        return [.. bytes];
    }

    private static int HalfWidthKana(string text, int from)
    {
        var to = from;
        while (to < text.Length && text[to] is >= '\uff61' and <= '\uff9f')
        {
            to++;
        }

        return to - from;
    }

    private static string Replacement(Rune rune, string whole)
    {
        if (rune.Value == 0 || rune.IsAscii || Cell(rune) is not null)
        {
            return whole;
        }

        if (Replacements.TryGetValue(rune.Value, out var known))
        {
            return known;
        }

        // Variation selectors choose among forms of one character; the standard has one form.
        if (rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef))
        {
            return "";
        }

        if (rune.Value is >= 0x2460 and <= 0x2473)
        {
            return string.Create(CultureInfo.InvariantCulture, $"({rune.Value - 0x245f})");
        }

        // Compatibility forms: ㈱ (株), Ⅲ III, ㎏ kg, ㍻ 平成. Those that stand for nothing expressible stay, and the message goes as UTF-8.
        var plain = whole.Normalize(NormalizationForm.FormKC);
        return TryEncode(plain) is null ? whole : plain;
    }

    private static (byte Row, byte Column)? Cell(Rune rune)
    {
        Span<char> chars = stackalloc char[2];
        Span<byte> sjis = stackalloc byte[4];
        var asWindows = SameCell.TryGetValue(rune.Value, out var same) ? new Rune(same) : rune;
        return Cells.GetBytes(chars[..asWindows.EncodeToUtf16(chars)], sjis) == 2 ? Standard(sjis[0], sjis[1]) : null;
    }

    /// <summary>Shift_JIS to JIS X 0208; null in rows that the standard leaves empty and vendors filled (9–15, 85 and above).</summary>
    private static (byte Row, byte Column)? Standard(byte lead, byte trail)
    {
        var row = ((lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 2) + (trail >= 0x9f ? 2 : 1);
        var column = trail >= 0x9f ? trail - 0x9e : trail - (trail > 0x7f ? 0x40 : 0x3f);
        return row is (>= 1 and <= 8) or (>= 16 and <= 84) ? ((byte)(row + 0x20), (byte)(column + 0x20)) : null;
    }
}
