namespace Hinoban.Notifying;

/// <summary>
/// Columns of a character in a Japanese fixed-width font (Unicode TR 11, Ambiguous counted as 2). An upper bound: some narrow
/// non-Latin letters are counted as 2, which only breaks a line earlier.
/// </summary>
internal static class EastAsianWidth
{
    internal static int Of(int codePoint) => codePoint switch
    {
        < 0x20 => 0,
        < 0xa1 => 1,

        // Hebrew to Georgian, and Hangul parts to the phonetic extensions: neither wide nor ambiguous.
        >= 0x0590 and < 0x1100 => 1,
        >= 0x1160 and < 0x2000 => 1,

        // Half-width kana and Hangul, half-width symbols.
        >= 0xff61 and <= 0xffdc => 1,
        >= 0xffe8 and <= 0xffee => 1,

        // Joiners and variation selectors take no room.
        >= 0x200b and <= 0x200f => 0,
        >= 0xfe00 and <= 0xfe0f => 0,
        _ => 2,
    };
}
