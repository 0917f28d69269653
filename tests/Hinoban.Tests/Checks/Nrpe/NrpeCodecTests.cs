using System.Buffers.Binary;
using System.Text;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Tests.Checks.Nrpe;

/// <summary>NRPE's packets: their bytes, their limits, and that no bytes whatever do harm.</summary>
public sealed class NrpeCodecTests
{
    public static TheoryData<short, short, string> Packets { get; } = new()
    {
        { 2, 1, "check_load" },
        { 2, 2, "OK - load average: 0.10, 0.20, 0.30|load1=0.100;1;2;0;" },
        { 3, 1, "check_load" },
        { 3, 2, "負荷は高くありません\nlong output" },
        { 4, 1, "hinoban_batch!1" },
        { 4, 2, "" },
        { 4, 2, new string('x', 300_000) },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void What_is_written_is_read(short version, short kind, string text)
    {
        var packet = new NrpePacket((NrpeVersion)version, (NrpeKind)kind, 2, text);
        var bytes = NrpeCodec.Write(packet);
        var reading = NrpeCodec.Read([.. bytes, 9, 9, 9, 9, 9]);
        Assert.Equal(NrpeState.Whole, reading.State);
        Assert.Equal(packet, reading.Packet);
        Assert.Equal(bytes.Length, reading.Used);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "a line")]
    [InlineData(4, "a line")]
    public void Every_beginning_of_a_packet_wants_more(short version, string text)
    {
        var bytes = NrpeCodec.Write(new NrpePacket((NrpeVersion)version, NrpeKind.Response, 1, text));
        var whole = version == 3 ? bytes.Length - 3 : bytes.Length; // nobody waits for the padding
        for (var length = 0; length < whole; length++)
        {
            var reading = NrpeCodec.Read(bytes.AsSpan(0, length));
            Assert.Equal(NrpeState.Wanting, reading.State);
            Assert.InRange(reading.Needs, length + 1, whole);
        }

        Assert.Equal(NrpeState.Whole, NrpeCodec.Read(bytes.AsSpan(0, whole)).State);
    }

    [Fact]
    public void The_bytes_are_those_of_stock_programs()
    {
        // A query for "_NRPE_CHECK" as check_nrpe 4.1.0 sends it, versions 3 and 4: padded to 1036 bytes, the length without the header.
        foreach (var (version, length) in new[] { (NrpeVersion.V3, 1017), (NrpeVersion.V4, 1020) })
        {
            var bytes = NrpeCodec.Write(new NrpePacket(version, NrpeKind.Query, 0, "_NRPE_CHECK"));
            Assert.Equal(1036, bytes.Length);
            Assert.Equal(length, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(12)));
            Assert.Equal("_NRPE_CHECK\0"u8, bytes.AsSpan(16, 12));
        }

        Assert.Equal(1036, NrpeCodec.Write(new NrpePacket(NrpeVersion.V2, NrpeKind.Response, 0, "x")).Length);
        Assert.Equal(16 + 2, NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, 0, "x")).Length);
        Assert.Equal(19 + 2, NrpeCodec.Write(new NrpePacket(NrpeVersion.V3, NrpeKind.Response, 0, "x")).Length);
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
    }

    [Fact]
    public void A_text_too_long_is_cut_between_characters()
    {
        var reading = NrpeCodec.Read(NrpeCodec.Write(new NrpePacket(NrpeVersion.V2, NrpeKind.Response, 0, "a" + new string('火', 400))));
        Assert.Equal("a" + new string('火', 340), reading.Packet!.Text); // 1 + 3 × 340 = 1021 of 1023 bytes
    }

    [Fact]
    public void A_zero_in_the_text_does_not_end_it() =>
        Assert.Equal("a\uFFFDb", NrpeCodec.Read(NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Response, 0, "a\0b"))).Packet!.Text);

    [Theory]
    [InlineData(0, 0x16, "packet version 5636")]
    [InlineData(1, 5, "packet version 5")]
    [InlineData(3, 3, "packet type 3")]
    [InlineData(12, 0x7F, "text length")]
    [InlineData(12, 0xFF, "text length")]
    [InlineData(20, 1, "checksum")]
    [InlineData(5, 1, "checksum")]
    public void What_is_wrong_is_said(int at, byte value, string why)
    {
        var bytes = NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, "check_load"));
        bytes[at] = bytes[at] == value ? (byte)(value + 1) : value;
        var reading = NrpeCodec.Read(bytes);
        Assert.Equal(NrpeState.Broken, reading.State);
        Assert.Contains(why, reading.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_text_without_end_is_broken(short version)
    {
        var bytes = NrpeCodec.Write(new NrpePacket((NrpeVersion)version, NrpeKind.Query, 0, "check_load"));
        bytes.AsSpan(version == 2 ? 10 : 16, version switch { 2 => 1024, 3 => 1017, _ => 1020 }).Fill((byte)'x');
        bytes.AsSpan(4, 4).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Crc32.Of(bytes));
        var reading = NrpeCodec.Read(bytes);
        Assert.Equal(NrpeState.Broken, reading.State);
        Assert.Contains("zero byte", reading.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_throw_and_none_past_the_end_are_read()
    {
        var random = new Random(20261123);
        byte[][] seeds = [.. Packets.Take(6).Select(p => p.Data).Select(p => NrpeCodec.Write(new NrpePacket((NrpeVersion)p.Item1, (NrpeKind)p.Item2, 0, p.Item3)))];
        var (whole, broken, wanting) = (0, 0, 0);
        for (var run = 0; run < 60_000; run++)
        {
            var bytes = run % 3 == 0 ? Noise(random) : Mutated(random, seeds[random.Next(seeds.Length)]);
            var reading = NrpeCodec.Read(bytes);
            switch (reading.State)
            {
                case NrpeState.Whole:
                    whole++;
                    Assert.InRange(reading.Used, 16, bytes.Length);
                    Assert.Equal(reading.Packet, NrpeCodec.Read(bytes.AsSpan(0, reading.Used)).Packet);
                    break;
                case NrpeState.Wanting:
                    wanting++;
                    Assert.InRange(reading.Needs, bytes.Length + 1, 16 + NrpeCodec.MostText);
                    break;
                case NrpeState.Broken:
                    broken++;
                    Assert.NotEmpty(reading.Why);
                    break;
            }
        }

        Assert.All([whole, broken, wanting], n => Assert.True(n > 1000, $"{whole} whole, {broken} broken, {wanting} wanting"));
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        if (bytes.Length > 4 && random.Next(2) == 0)
        {
            (bytes[0], bytes[1], bytes[2], bytes[3]) = (0, (byte)random.Next(1, 6), 0, (byte)random.Next(4));
        }

        return bytes;
    }

    // Cut, lengthened, with bits turned; some with a checksum made right again, so that what is behind it is reached.
    private static byte[] Mutated(Random random, byte[] seed)
    {
        var bytes = random.Next(3) switch { 0 => seed[..random.Next(seed.Length + 1)], 1 => [.. seed, .. Encoding.ASCII.GetBytes("more")], _ => [.. seed] };
        for (var turned = random.Next(3); turned > 0 && bytes.Length > 0; turned--)
        {
            bytes[random.Next(2) == 0 ? random.Next(Math.Min(20, bytes.Length)) : random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        if (bytes.Length > 16 && random.Next(2) == 0)
        {
            bytes.AsSpan(4, 4).Clear();
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Crc32.Of(bytes));
        }

        return bytes;
    }
}
