using System.Buffers.Binary;

namespace Hinoban.Results;

/// <summary>
/// Compresses into Snappy's block form (format_description.txt of the snappy project): the length, then literals, and copies of what was up to 64 KiB before. Only this direction, and only as
/// much of it as Prometheus' remote-write needs (docs/adr/0016-remote-write.md).
/// </summary>
internal static class Snappy
{
    private const int TableBits = 14;
    private const int LongestCopy = 64;
    private const int Farthest = 65_535;
    private const int ShortestMatch = 4;

    internal static byte[] Compress(ReadOnlySpan<byte> plain)
    {
        var writer = new ByteWriter();
        writer.Unsigned((ulong)plain.Length);
        var table = new int[1 << TableBits];
        Array.Fill(table, -1);
        var (at, literal) = (0, 0);
        while (at + ShortestMatch <= plain.Length)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(plain[at..]);
            ref var slot = ref table[(int)((word * 0x1E35A7BD) >> (32 - TableBits))];
            var candidate = slot;
            slot = at;
            if (candidate < 0 || at - candidate > Farthest || BinaryPrimitives.ReadUInt32LittleEndian(plain[candidate..]) != word)
            {
                at++;
                continue;
            }

            var length = plain[at..].CommonPrefixLength(plain[candidate..]);
            Literal(writer, plain[literal..at]);
            Copy(writer, at - candidate, length);
            at += length;
            literal = at;
        }

        Literal(writer, plain[literal..]);
        return writer.ToArray();
    }

    private static void Literal(ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        var most = bytes.Length - 1;
        if (bytes.Length == 0)
        {
            return;
        }

        // Up to 60 the length stands in the tag; a longer one in one to four bytes behind it.
        var more = most < 60 ? 0 : most < 1 << 8 ? 1 : most < 1 << 16 ? 2 : most < 1 << 24 ? 3 : 4;
        writer.Byte((byte)((more == 0 ? most : 59 + more) << 2));
        for (var i = 0; i < more; i++)
        {
            writer.Byte((byte)(most >> (8 * i)));
        }

        writer.Raw(bytes);
    }

    private static void Copy(ByteWriter writer, int offset, int length)
    {
        for (; length > 0; length -= LongestCopy)
        {
            writer.Byte((byte)(((Math.Min(length, LongestCopy) - 1) << 2) | 2));
            writer.Byte((byte)offset);
            writer.Byte((byte)(offset >> 8));
        }
    }
}
