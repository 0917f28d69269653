using System.Numerics;

namespace Hinoban.Results;

/// <summary>Writes numbers of any count of bits, the highest first.</summary>
internal sealed class BitWriter(ByteWriter bytes)
{
    private ulong pending;
    private int held;

    /// <summary>The lowest <paramref name="count"/> bits, at most 64.</summary>
    internal void Bits(ulong value, int count)
    {
        if (count > 32)
        {
            Bits(value >> 32, count - 32);
            (value, count) = (value & uint.MaxValue, 32);
        }

        pending = (pending << count) | (value & ((1UL << count) - 1));
        for (held += count; held >= 8; held -= 8)
        {
            bytes.Byte((byte)(pending >> (held - 8)));
        }
    }

    /// <summary>A number with its own length before it: 6 bits and as many as it needs.</summary>
    internal void Sized(ulong value)
    {
        var length = Math.Max(1, 64 - BitOperations.LeadingZeroCount(value));
        Bits((ulong)length - 1, 6);
        Bits(value, length);
    }

    /// <summary>Fills the last byte.</summary>
    internal void Close() => Bits(0, (8 - held) % 8);
}

/// <summary>Reads what <see cref="BitWriter"/> wrote; throws <see cref="InvalidDataException"/> where it ends too early.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private long at;

    internal ulong Bits(int count)
    {
        if (at + count > bytes.Length * 8L)
        {
            throw new InvalidDataException("The data ends too early.");
        }

        ulong value = 0;
        for (var left = count; left > 0;)
        {
            var free = 8 - (int)(at & 7);
            var take = Math.Min(free, left);
            value = (value << take) | (((ulong)bytes[(int)(at >> 3)] >> (free - take)) & ((1UL << take) - 1));
            at += take;
            left -= take;
        }

        return value;
    }

    internal ulong Sized() => Bits((int)Bits(6) + 1);

    /// <summary>How many ones follow, at most <paramref name="most"/>; the zero behind fewer of them is read too.</summary>
    internal int Ones(int most)
    {
        var ones = 0;
        while (ones < most && Bits(1) == 1)
        {
            ones++;
        }

        return ones;
    }
}
