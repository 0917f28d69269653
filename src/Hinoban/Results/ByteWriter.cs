using System.Buffers;
using System.Text;

namespace Hinoban.Results;

/// <summary>Writes the compact binary form that spool, wire and samples share: variable-length integers and lossless text.</summary>
internal sealed class ByteWriter
{
    private static readonly UTF8Encoding Strict = new(false, true);
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    internal int Length => buffer.WrittenCount;

    internal ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    internal void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    /// <summary>Seven bits a byte, least significant first.</summary>
    internal void Unsigned(ulong value)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }

    /// <summary>Zigzag, so that small negative numbers are short too.</summary>
    internal void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    internal void Raw(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);

    /// <summary>
    /// UTF-8, or UTF-16 for text that has no UTF-8 form (a lone surrogate from hostile output): what was seen comes back the same.
    /// </summary>
    internal void Text(string text)
    {
        if (text.Length == 0)
        {
            Unsigned(0);
            return;
        }

        if (HasUtf8Form(text))
        {
            var length = Strict.GetByteCount(text);
            Unsigned((ulong)length << 1);
            Strict.GetBytes(text, buffer.GetSpan(length));
            buffer.Advance(length);
        }
        else
        {
            Unsigned(((ulong)text.Length << 2) | 1);
            foreach (var unit in text)
            {
                Byte((byte)unit);
                Byte((byte)(unit >> 8));
            }
        }
    }

    internal byte[] ToArray() => buffer.WrittenSpan.ToArray();

    private static bool HasUtf8Form(ReadOnlySpan<char> text)
    {
        var rest = text;
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return true;
    }
}
