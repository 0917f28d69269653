using System.Buffers.Binary;
using System.Text;

namespace Hinoban.Checks.Nrpe;

/// <summary>
/// NRPE's packets as bytes, in network byte order, and back. The protocol sends C structures as a compiler lays them out, so versions 2
/// and 3 carry the structure's padding: two bytes after the text's 1024, three after the text. The checksum covers them.
/// </summary>
internal static class NrpeCodec
{
    /// <summary>A version 2 packet: ten bytes of header, 1024 of text, two of padding.</summary>
    internal const int FixedLength = 1036;

    /// <summary>What stock programs take for the text of versions 3 and 4, its closing zero included.</summary>
    internal const int StockText = 64 * 1024;

    /// <summary>What a response may hold here: a batch of many items is longer than any stock answer.</summary>
    internal const int MostText = 1024 * 1024;

    private const int FixedHeader = 10;
    private const int FixedText = 1024;
    private const int Header = 16;
    private const int Padding = 3;

    /// <summary>The packet as bytes. A text that is too long for the version is cut between two characters.</summary>
    internal static byte[] Write(NrpePacket packet)
    {
        var most = packet.Version == NrpeVersion.V2 ? FixedText : packet.Kind == NrpeKind.Query ? StockText : MostText;
        var text = Cut(Encoding.UTF8.GetBytes(packet.Text.Replace('\0', '\uFFFD')), most - 1);
        var bytes = new byte[LengthOf(packet, text.Length + 1)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)packet.Version);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2), (short)packet.Kind);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(8), packet.Result);
        if (packet.Version != NrpeVersion.V2)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), bytes.Length - Header - PaddingOf(packet.Version));
        }

        text.CopyTo(bytes.AsSpan(packet.Version == NrpeVersion.V2 ? FixedHeader : Header));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Crc32.Of(bytes));
        return bytes;
    }

    /// <summary>What the bytes received so far begin with. Never throws, whatever they are, and never looks past a packet's end.</summary>
    internal static NrpeReading Read(ReadOnlySpan<byte> received)
    {
        if (received.Length < 4)
        {
            return received.Length >= 2 && !KnowsVersion(received) ? UnknownVersion(received) : NrpeReading.Wanting(FixedHeader);
        }

        var kind = BinaryPrimitives.ReadInt16BigEndian(received[2..]);
        if (!KnowsVersion(received))
        {
            return UnknownVersion(received);
        }

        if (kind is not ((short)NrpeKind.Query or (short)NrpeKind.Response))
        {
            return NrpeReading.Broken($"packet type {kind} is neither a query (1) nor a response (2)");
        }

        var version = (NrpeVersion)BinaryPrimitives.ReadInt16BigEndian(received);
        return version == NrpeVersion.V2 ? ReadFixed(received, (NrpeKind)kind) : ReadVariable(received, version, (NrpeKind)kind);
    }

    private static NrpeReading ReadFixed(ReadOnlySpan<byte> received, NrpeKind kind)
    {
        if (received.Length < FixedLength)
        {
            return NrpeReading.Wanting(FixedLength);
        }

        var sum = Crc32.Start;
        sum = Crc32.Add(sum, received[..4]);
        sum = Crc32.AddZeros(sum, 4);
        sum = Crc32.Add(sum, received[8..FixedLength]);
        return Finish(received, NrpeVersion.V2, kind, received.Slice(FixedHeader, FixedText), Crc32.End(sum), FixedLength);
    }

    private static NrpeReading ReadVariable(ReadOnlySpan<byte> received, NrpeVersion version, NrpeKind kind)
    {
        if (received.Length < Header)
        {
            return NrpeReading.Wanting(Header);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(received[12..]);
        var most = kind == NrpeKind.Query ? StockText : MostText;
        if (length < 1 || length > most)
        {
            return NrpeReading.Broken($"text length {length} is not between 1 and {most}");
        }

        var whole = Header + length;
        if (received.Length < whole)
        {
            return NrpeReading.Wanting(whole);
        }

        // The checksum counts the alignment bytes as zeros, and so the padding, which stock programs do not even read.
        var sum = Crc32.Start;
        sum = Crc32.Add(sum, received[..4]);
        sum = Crc32.AddZeros(sum, 4);
        sum = Crc32.Add(sum, received[8..10]);
        sum = Crc32.AddZeros(sum, 2);
        sum = Crc32.Add(sum, received[12..whole]);
        sum = Crc32.AddZeros(sum, PaddingOf(version));
        return Finish(received, version, kind, received[Header..whole], Crc32.End(sum), Math.Min(received.Length, whole + PaddingOf(version)));
    }

    private static NrpeReading Finish(ReadOnlySpan<byte> received, NrpeVersion version, NrpeKind kind, ReadOnlySpan<byte> text, uint sum, int used)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(received[4..]) != sum)
        {
            return NrpeReading.Broken("the checksum does not fit the packet");
        }

        var end = text.IndexOf((byte)0);
        return end < 0
            ? NrpeReading.Broken("the text does not end with a zero byte")
            : NrpeReading.Whole(new NrpePacket(version, kind, BinaryPrimitives.ReadInt16BigEndian(received[8..]), Encoding.UTF8.GetString(text[..end])), used);
    }

    private static bool KnowsVersion(ReadOnlySpan<byte> received) => BinaryPrimitives.ReadInt16BigEndian(received) is >= (short)NrpeVersion.V2 and <= (short)NrpeVersion.V4;

    private static NrpeReading UnknownVersion(ReadOnlySpan<byte> received) =>
        NrpeReading.Broken($"packet version {BinaryPrimitives.ReadInt16BigEndian(received)} is not 2, 3 or 4");

    private static int PaddingOf(NrpeVersion version) => version == NrpeVersion.V3 ? Padding : 0;

    // A stock query is never shorter than a version 2 packet, whatever its version.
    private static int LengthOf(NrpePacket packet, int text) => packet.Version == NrpeVersion.V2
        ? FixedLength
        : Math.Max(Header + text + PaddingOf(packet.Version), packet.Kind == NrpeKind.Query ? FixedLength : 0);

    private static ReadOnlySpan<byte> Cut(byte[] text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = most;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return text.AsSpan(0, end);
    }
}
