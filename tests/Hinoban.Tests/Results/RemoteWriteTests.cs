using System.Net;
using System.Text;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>What is sent on: its form, byte by byte, and what is made of the answers.</summary>
public sealed class RemoteWriteTests
{
    [Fact]
    public void Whatever_is_compressed_comes_back()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var plain = new byte[random.Next(5) == 0 ? random.Next(200_000) : random.Next(300)];
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = random.Next(seed % 3 == 0 ? 100 : 3) > 0 && i > 40 ? plain[i - random.Next(1, 40)] : (byte)random.Next(256);
            }

            Assert.Equal(plain, SnappyBlocks.Read(Snappy.Compress(plain)));
        }
    }

    [Fact]
    public void Text_that_repeats_becomes_much_shorter()
    {
        var plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"customer=sample-trading host=web{i:0000} service=http site=tokyo;")));
        Assert.InRange(Snappy.Compress(plain).Length, 1, plain.Length / 4);
        Assert.InRange(Snappy.Compress(new byte[100_000]).Length, 1, 6_000);
    }

    [Fact]
    public void A_request_has_the_fields_that_the_protocol_names()
    {
        var bytes = WriteRequest.Of([new ExportSeries([("__name__", "a"), ("site", "東京")], [(1_700_000_000_123, 1.5)])]);
        Assert.Equal(
            "0A31" + "0A0D" + "0A085F5F6E616D655F5F" + "120161" + "0A0E" + "0A0473697465" + "1206E69DB1E4BAAC" + "1210" + "09000000000000F83F" + "10FBD095FFBC31",
            Convert.ToHexString(bytes));
        Assert.Empty(WriteRequest.Of([]));
    }

    [Theory]
    [InlineData(200, RemoteWriteOutcome.Taken)]
    [InlineData(204, RemoteWriteOutcome.Taken)]
    [InlineData(302, RemoteWriteOutcome.Later)]
    [InlineData(400, RemoteWriteOutcome.Refused)]
    [InlineData(401, RemoteWriteOutcome.Later)]
    [InlineData(403, RemoteWriteOutcome.Later)]
    [InlineData(404, RemoteWriteOutcome.Later)]
    [InlineData(413, RemoteWriteOutcome.Refused)]
    [InlineData(422, RemoteWriteOutcome.Refused)]
    [InlineData(429, RemoteWriteOutcome.Later)]
    [InlineData(500, RemoteWriteOutcome.Later)]
    [InlineData(503, RemoteWriteOutcome.Later)]
    internal async Task An_answer_means_that_it_has_them_never_takes_them_or_may_later(int status, RemoteWriteOutcome outcome)
    {
        using var receiver = new PlayedReceiver { Answer = _ => (HttpStatusCode)status };
        using var link = new RemoteWriteLink(new RemoteWriteOptions(receiver.Url, "hinoban", new Redacted("geheim"), null), TimeProvider.System);
        var answer = await link.PostAsync([new ExportSeries([("__name__", "a")], [(1, 2)])], TestContext.Current.CancellationToken);
        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal([new PlayedReceiver.Got("__name__=a", 1, 2)], receiver.Offered);
        Assert.Equal("Basic " + Convert.ToBase64String("hinoban:geheim"u8), receiver.Authorization);
    }

    [Fact]
    public async Task Nobody_there_means_later()
    {
        Uri url;
        using (var gone = new PlayedReceiver())
        {
            url = gone.Url;
        }

        using var link = new RemoteWriteLink(new RemoteWriteOptions(url, null, null, new Redacted("t")), TimeProvider.System);
        Assert.Equal(RemoteWriteOutcome.Later, (await link.PostAsync([new ExportSeries([("__name__", "a")], [(1, 2)])], TestContext.Current.CancellationToken)).Outcome);
    }
}
