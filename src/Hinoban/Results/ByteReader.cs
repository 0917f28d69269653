using System.Text;

namespace Hinoban.Results;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; anything else ends in <see cref="InvalidDataException"/>, never in another failure.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, true);
    private ReadOnlySpan<byte> rest = bytes;

    internal readonly int Left => rest.Length;

    internal byte Byte()
    {
        var value = Raw(1);
        return value[0];
    }

    internal ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    internal long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal int Int32()
    {
        var value = Signed();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException("A number does not fit in 32 bits.");
    }

    /// <summary>A count of things that take at least a byte each, so that a forged count cannot ask for memory.</summary>
    internal int Count(int most = int.MaxValue)
    {
        var value = Unsigned();
        return value <= (ulong)Math.Min(rest.Length, most) ? (int)value : throw new InvalidDataException("A count promises more than there is, or may be.");
    }

    internal ReadOnlySpan<byte> Raw(int length)
    {
        if (length > rest.Length)
        {
            throw new InvalidDataException("The data ends too early.");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    internal string Text()
    {
        var header = Unsigned();
        if (header == 0)
        {
            return "";
        }

        return (header & 1) == 0 ? Utf8(Sized(header >> 1)) : Utf16(Sized(checked(header >> 2 << 1)));
    }

    private ReadOnlySpan<byte> Sized(ulong length) =>
        length <= (ulong)rest.Length ? Raw((int)length) : throw new InvalidDataException("A text promises more than there is.");

    private static string Utf8(ReadOnlySpan<byte> taken)
    {
        try
        {
            return Strict.GetString(taken);
        }
        catch (DecoderFallbackException notUtf8)
        {
            throw new InvalidDataException("A text is not UTF-8.", notUtf8);
        }
    }

    private static string Utf16(ReadOnlySpan<byte> taken)
    {
        var units = new char[taken.Length / 2];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = (char)(taken[2 * i] | (taken[(2 * i) + 1] << 8));
        }

        return new string(units);
    }
}
