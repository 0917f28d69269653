using System.Buffers.Binary;
using System.Text;

namespace Hinoban.Fuzz;

/// <summary>Bends inputs: by bits, bytes, pieces, words, numbers and lengths. The same dice give the same inputs.</summary>
internal sealed class Mutator(Dice dice, IReadOnlyList<byte[]> tokens)
{
    /// <summary>No input is longer.</summary>
    internal const int Longest = 64 * 1024;

    private const int Usual = 4096;

    private static ReadOnlySpan<byte> Edges => [0, 1, 9, 10, 13, 27, 32, 34, 39, 44, 45, 58, 60, 61, 92, 124, 127, 128, 192, 224, 240, 254, 255];

    private static readonly byte[][] Numbers = Target.Words(
        "0", "-1", "1", "255", "256", "65535", "65536", "2147483647", "2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "1e309", "-1e-400", "0.0000001", "NaN", "Infinity", "0x7fffffff", "00000000000000000000001");

    private readonly byte[] buffer = new byte[Longest];
    private int length;

    /// <summary>An input made of <paramref name="seed"/> and pieces of <paramref name="other"/>; good until the next is made.</summary>
    internal ReadOnlyMemory<byte> Bend(byte[] seed, byte[] other)
    {
        length = Math.Min(seed.Length, Longest);
        seed.AsSpan(0, length).CopyTo(buffer);
        var times = 1 + dice.Below(1 << dice.Below(4));
        for (var i = 0; i < times; i++)
        {
            Once(other);
        }

        // Long ones are dear: seldom, to see that time and memory grow with them and not with their square.
        if (dice.OneIn(5000))
        {
            Swell(Longest);
        }
        else if (length > Usual && seed.Length <= Usual)
        {
            length = Usual;
        }

        return buffer.AsMemory(0, length);
    }

    private void Once(byte[] other)
    {
        var at = dice.Below(length + 1);
        var left = length - at;
        switch (dice.Below(17))
        {
            case 0 or 1 when left > 0:
                buffer[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 2 when left > 0:
                buffer[at] = dice.Byte();
                break;
            case 3 when left > 0:
                buffer[at] = dice.Of(Edges);
                break;
            case 4:
                Insert(at, [dice.OneIn(2) ? dice.Of(Edges) : dice.Byte()]);
                break;
            case 5:
                Delete(at, 1 + dice.Below(Math.Min(left, dice.OneIn(8) ? 1000 : 8)));
                break;
            case 6:
                Insert(at, Piece(buffer.AsSpan(0, length)).ToArray());
                break;
            case 7:
                Repeat(at, 1 + dice.Below(Math.Min(left, 64)), 1 + dice.Below(dice.OneIn(20) ? 300 : 6));
                break;
            case 8:
                length = at;
                Insert(at, other.AsSpan(Math.Min(dice.OneIn(2) ? at : dice.Below(other.Length), other.Length)));
                break;
            case 9:
                Insert(at, Piece(other));
                break;
            case 10 or 11 when tokens.Count > 0:
                Insert(at, dice.Of(tokens));
                break;
            case 12 when tokens.Count > 0:
                Over(at, dice.Of(tokens));
                break;
            case 13:
                Number(at);
                break;
            case 14:
                Field(at);
                break;
            case 15:
                length = at;
                break;
            default:
                Over(at, Piece(buffer.AsSpan(0, length)).ToArray());
                break;
        }
    }

    // A number written in digits becomes another one.
    private void Number(int at)
    {
        var digit = buffer.AsSpan(at, length - at).IndexOfAnyInRange((byte)'0', (byte)'9');
        at = digit < 0 ? at : at + digit;
        var end = buffer.AsSpan(at, length - at).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        Delete(at, digit < 0 ? 0 : end < 0 ? length - at : end);
        Insert(at, dice.OneIn(3) ? Encoding.ASCII.GetBytes(dice.Below(100_000).ToString(System.Globalization.CultureInfo.InvariantCulture)) : dice.Of(Numbers));
    }

    // A number of two or four bytes, of either order: a length that says too much, too little, or nearly what is there.
    private void Field(int at)
    {
        Span<byte> field = stackalloc byte[4];
        var value = dice.Below(8) switch
        {
            0 => 0,
            1 => -1,
            2 => int.MaxValue,
            3 => int.MinValue,
            4 => length - at,
            5 => length + dice.Below(9) - 4,
            6 => dice.Below(1 << dice.Below(30)),
            _ => dice.Below(16),
        };
        var wide = dice.OneIn(2);
        switch (wide, dice.OneIn(2))
        {
            case (true, true):
                BinaryPrimitives.WriteInt32BigEndian(field, value);
                break;
            case (true, false):
                BinaryPrimitives.WriteInt32LittleEndian(field, value);
                break;
            case (false, true):
                BinaryPrimitives.WriteInt16BigEndian(field, (short)value);
                break;
            default:
                BinaryPrimitives.WriteInt16LittleEndian(field, (short)value);
                break;
        }

        Over(at, field[..(wide ? 4 : 2)]);
    }

    private ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> of)
    {
        var from = dice.Below(of.Length);
        return of.Slice(from, Math.Min(of.Length - from, 1 + dice.Below(dice.OneIn(4) ? 512 : 24)));
    }

    private void Swell(int to)
    {
        var at = dice.Below(length);
        var piece = dice.OneIn(2) && tokens.Count > 0 ? dice.Of(tokens) : buffer.AsSpan(at, Math.Min(length - at, 1 + dice.Below(40))).ToArray();
        piece = dice.OneIn(3) && tokens.Count > 0 ? [.. piece, .. dice.Of(tokens)] : piece;
        if (piece.Length == 0)
        {
            return;
        }

        Span<byte> filling = new byte[(to - length) / piece.Length * piece.Length];
        for (var i = 0; i < filling.Length; i += piece.Length)
        {
            piece.CopyTo(filling[i..]);
        }

        Insert(at, filling);
    }

    private void Repeat(int at, int count, int times)
    {
        var piece = buffer.AsSpan(at, Math.Min(count, length - at)).ToArray();
        for (var i = 0; i < times && length + piece.Length <= Longest; i++)
        {
            Insert(at, piece);
        }
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Longest - length)];
        buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(buffer.AsSpan(at));
        length += bytes.Length;
    }

    private void Over(int at, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Longest - at)];
        bytes.CopyTo(buffer.AsSpan(at));
        length = Math.Max(length, at + bytes.Length);
    }

    private void Delete(int at, int count)
    {
        count = Math.Min(count, length - at);
        buffer.AsSpan(at + count, length - at - count).CopyTo(buffer.AsSpan(at));
        length -= count;
    }
}
