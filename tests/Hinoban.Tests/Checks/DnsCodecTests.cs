using Hinoban.Checks;

namespace Hinoban.Tests.Checks;

/// <summary>DNS messages: the question on the wire, answers to it, and bytes that mean no good.</summary>
public sealed class DnsCodecTests
{
    private const ushort Id = 0x1234;
    private const int A = 1;

    // A real shape: the question, then a record whose name points back to it.
    private static byte[] Answer(params byte[] records) =>
        [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 3, .. "www"u8, 2, .. "jp"u8, 0, 0, 1, 0, 1, .. records];

    [Fact]
    public void A_question_is_as_the_standard_writes_it() =>
        Assert.Equal("123401000001000000000000037777770261620000010001", Convert.ToHexString(DnsCodec.Question(Id, "www.ab.", A)));

    [Fact]
    public void A_record_with_a_pointer_is_read()
    {
        var reading = DnsCodec.Read(Answer(0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1), Id, "WWW.JP.", A);
        Assert.Equal((true, "", 0, false), (reading.Ours, reading.Why, reading.Code, reading.Truncated));
        Assert.Equal(new DnsRecord("www.jp", A, "192.0.2.1"), Assert.Single(reading.Answers));
    }

    [Fact]
    public void A_pointer_to_itself_ends()
    {
        Assert.Equal("a record is cut", DnsCodec.Read(Answer(0xC0, 24, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1), Id, "www.jp", A).Why);
        Assert.Equal("a record is cut", DnsCodec.Read(Answer(0xC0, 26, 0xC0, 24), Id, "www.jp", A).Why);
    }

    [Theory]
    [InlineData("www.jp", 1, 0x1235)]
    [InlineData("www.kp", 1, 0x1234)]
    [InlineData("www.jp", 28, 0x1234)]
    public void An_answer_to_another_question_is_none(string name, int type, int id)
    {
        var reading = DnsCodec.Read(Answer(0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1), (ushort)id, name, type);
        Assert.Equal((false, ""), (reading.Ours, reading.Why));
    }

    [Theory]
    [InlineData("192.0.2.1", "1.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    [InlineData("www.jp", "www.jp")]
    public void An_addresss_own_name_is_found_in_reverse(string text, string name) => Assert.Equal(name, DnsCodec.Reverse(text));

    [Fact]
    public void Whatever_comes_is_a_reading()
    {
        var good = Answer(0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 9, 0, 4, 3, 97, 98, 99);
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(2, bytes.Length)] = (byte)random.Next(256);
            }

            var reading = DnsCodec.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)), Id, "www.jp", 16);
            Assert.NotNull(reading.Answers);
        }
    }
}
