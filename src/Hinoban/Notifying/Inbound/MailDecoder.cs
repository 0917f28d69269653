using System.Text;

namespace Hinoban.Notifying.Inbound;

/// <summary>
/// Octets of a mail as text. The declaration is believed where the octets bear it out; where it is missing or wrong they are looked at: in Japan
/// mails come as JIS, Shift_JIS, EUC or UTF-8, often called something else. Never throws.
/// </summary>
internal static class MailDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly Encoding ShiftJis = Lossy(932);
    private static readonly Encoding StrictShiftJis = Strict(932);
    private static readonly Encoding EucJp = Lossy(51932);
    private static readonly Encoding StrictEucJp = Strict(51932);
    private static readonly Encoding Western = Lossy(1252);

    /// <param name="octets">All of them, so that no character is cut.</param>
    /// <param name="charset">As declared; null if it was not.</param>
    internal static string Decode(ReadOnlySpan<byte> octets, string? charset)
    {
        var name = (charset ?? "").Trim().Trim('"', '\'').ToLowerInvariant();
        if (IsJis(name) || name.Length == 0 || name is "us-ascii" or "ascii" or "shift_jis")
        {
            // Escapes are proof, whatever the declaration.
            if (Jis.Looks(octets, declared: IsJis(name)))
            {
                return Jis.Decode(octets);
            }
        }

        if (!octets.ContainsAnyInRange((byte)0x80, (byte)0xff))
        {
            return name is "utf-7" or "unicode-1-1-utf-7" || Known(name) is not { } ascii || IsJis(name) ? Encoding.ASCII.GetString(octets) : ascii.GetString(octets);
        }

        return name switch
        {
            "utf-8" or "utf8" => TryStrict(StrictUtf8, octets) ?? Guess(octets, Encoding.UTF8),
            _ when IsShiftJis(name) => TryStrict(StrictShiftJis, octets) ?? Guess(octets, ShiftJis),
            _ when IsEuc(name) => TryStrict(StrictEucJp, octets) ?? Guess(octets, EucJp),
            _ when IsJis(name) => Guess(octets, ShiftJis),
            _ => Known(name)?.GetString(octets) ?? Guess(octets, Western),
        };
    }

    private static bool IsJis(string name) => name.StartsWith("iso-2022-jp", StringComparison.Ordinal) || name is "csiso2022jp" or "cp50220" or "cp50221" or "cp50222" or "x-iso-2022-jp" or "jis";

    private static bool IsShiftJis(string name) => name is "shift_jis" or "shift-jis" or "x-sjis" or "sjis" or "cp932" or "windows-31j" or "ms_kanji" or "csshiftjis" or "x-ms-cp932" or "ms932";

    private static bool IsEuc(string name) => name is "euc-jp" or "x-euc-jp" or "eucjp" or "x-euc" or "cp51932" or "ujis";

    /// <summary>Without a usable declaration.</summary>
    private static string Guess(ReadOnlySpan<byte> octets, Encoding otherwise)
    {
        if (TryStrict(StrictUtf8, octets) is { } utf8)
        {
            return utf8;
        }

        var sjis = TryStrict(StrictShiftJis, octets);
        var euc = TryStrict(StrictEucJp, octets);
        return (sjis, euc) switch
        {
            (null, null) => otherwise.GetString(octets),
            (not null, null) => Japanese(sjis) > 0 ? sjis : otherwise.GetString(octets),
            (null, not null) => Japanese(euc) > 0 ? euc : otherwise.GetString(octets),
            _ => Japanese(euc) >= Japanese(sjis) ? (Japanese(euc) > 0 ? euc : otherwise.GetString(octets)) : sjis,
        };
    }

    // Kana are in every Japanese text; half-width kana in numbers are what EUC looks like when it is read as Shift_JIS.
    private static int Japanese(string text) => text.Sum(c => c switch
    {
        >= '\u3041' and <= '\u30fe' => 3,
        >= '\u4e00' and <= '\u9fff' => 1,
        '、' or '。' or '「' or '」' => 1,
        >= '\uff61' and <= '\uff9f' => -1,
        _ => 0,
    });

    private static string? TryStrict(Encoding strict, ReadOnlySpan<byte> octets)
    {
        try
        {
            return strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding? Known(string name)
    {
        if (name.Length is 0 or > 40 || name is "us-ascii" or "ascii" or "unknown-8bit" or "x-unknown" or "utf-7" or "unicode-1-1-utf-7")
        {
            return null;
        }

        try
        {
            return name switch
            {
                "iso-8859-1" or "latin1" => Western,
                "ks_c_5601-1987" or "euc-kr" or "cp949" => Lossy(949),
                _ => CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)
                    ?? Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding Lossy(int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)!;

    private static Encoding Strict(int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
}
