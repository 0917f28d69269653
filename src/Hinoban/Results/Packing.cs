using System.Buffers;
using System.IO.Compression;

namespace Hinoban.Results;

/// <summary>An envelope that compresses what is worth it. First byte: 0 = as is, 1 = Brotli with the plain length before it.</summary>
internal static class Packing
{
    /// <summary>Below this, compression costs more than it saves.</summary>
    private const int WorthIt = 300;

    private const int Window = 18;
    private const int FirstRoom = 64 * 1024;

    internal static byte[] Pack(ReadOnlySpan<byte> plain, int quality = 2)
    {
        if (plain.Length >= WorthIt)
        {
            var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
            try
            {
                if (BrotliEncoder.TryCompress(plain, room, out var written, quality, Window) && written < plain.Length)
                {
                    var packed = new ByteWriter();
                    packed.Byte(1);
                    packed.Unsigned((ulong)plain.Length);
                    packed.Raw(room.AsSpan(0, written));
                    return packed.ToArray();
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(room);
            }
        }

        var asIs = new byte[plain.Length + 1];
        plain.CopyTo(asIs.AsSpan(1));
        return asIs;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> on garbage, and on what would be longer than <paramref name="limit"/> bytes.</summary>
    internal static byte[] Unpack(ReadOnlySpan<byte> packed, int limit)
    {
        var reader = new ByteReader(packed);
        switch (reader.Byte())
        {
            case 0:
                return reader.Left <= limit ? reader.Raw(reader.Left).ToArray() : throw TooLong(limit);
            case 1:
                var length = reader.Unsigned();
                if (length > (ulong)limit)
                {
                    throw TooLong(limit);
                }

                return Expand(reader.Raw(reader.Left), (int)length);
            default:
                throw new InvalidDataException("Unknown packing.");
        }
    }

    // A promised length is believed only as far as bytes come: a forged one cannot ask for memory.
    private static byte[] Expand(ReadOnlySpan<byte> packed, int length)
    {
        var plain = new byte[Math.Min(length, FirstRoom)];
        var filled = 0;
        using var brotli = new BrotliDecoder();
        while (true)
        {
            var status = brotli.Decompress(packed, plain.AsSpan(filled), out var used, out var written);
            packed = packed[used..];
            filled += written;
            if (status != OperationStatus.DestinationTooSmall || plain.Length == length)
            {
                return status == OperationStatus.Done && filled == length ? plain : throw new InvalidDataException("The compressed data is damaged.");
            }

            Array.Resize(ref plain, (int)Math.Min(length, 2L * plain.Length));
        }
    }

    private static InvalidDataException TooLong(int limit) => new($"Longer than {limit} bytes when unpacked.");
}
