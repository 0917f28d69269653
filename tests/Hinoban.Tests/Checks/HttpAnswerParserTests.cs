using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hinoban.Checks;

namespace Hinoban.Tests.Checks;

public sealed class HttpAnswerParserTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n7;x=y\r\n, World\r\n0\r\nTrailer: t\r\n\r\n";

    public static TheoryData<string, int, string, string> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello", 200, "Hello", "" },
        { "HTTP/1.1 200 OK\ncontent-length:5\n\nHello", 200, "Hello", "" },
        { "HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end", "" },
        { Chunked, 200, "Hello, World", "" },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, "", "" },
        { "HTTP/1.1 304\r\n\r\n", 304, "", "" },
        { "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503, "", "" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut", 200, "cut", "connection closed after 42 bytes, before the end of the answer" },
        { "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", 200, "", "broken Content-Length" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 200, "", "broken chunk size" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 200, "a", "chunk without an end" },
        { "SSH-2.0-OpenSSH_9.2\r\n", 0, "", "not an HTTP answer" },
        { "HTTP/1.1 OK\r\n\r\n", 0, "", "not an HTTP status line" },
        { "HTTP/1.1 2000 OK\r\n\r\n", 0, "", "not an HTTP status line" },
        { "HT", 0, "", "connection closed after 2 bytes, before the end of the answer" },
        { "HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000) + "\r\n\r\n", 200, "", "answer's head is too long" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Reads_answers_whole_and_byte_by_byte(string wire, int code, string body, string garbage)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        var whole = new HttpAnswerParser();
        whole.Push(bytes);
        whole.End();
        var single = new HttpAnswerParser();
        foreach (var b in bytes)
        {
            single.Push([b]);
        }

        single.End();
        foreach (var parser in new[] { whole, single })
        {
            Assert.Equal((code, body, garbage), (parser.Code, Encoding.UTF8.GetString(parser.Body), parser.Garbage));
            Assert.True(parser.Done);
        }
    }

    [Fact]
    public void Any_cut_of_the_bytes_reads_the_same() => Prop.ForAll(
        Gen.Choose(0, Chunked.Length).Two().ToArbitrary(),
        cuts =>
        {
            var bytes = Encoding.UTF8.GetBytes(Chunked);
            var (a, b) = cuts.Item1 < cuts.Item2 ? cuts : (cuts.Item2, cuts.Item1);
            var parser = new HttpAnswerParser();
            parser.Push(bytes.AsSpan(0, a));
            parser.Push(bytes.AsSpan(a, b - a));
            parser.Push(bytes.AsSpan(b));
            return parser is { Done: true, Garbage: "" } && Encoding.UTF8.GetString(parser.Body) == "Hello, World";
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Never_fails_on_any_bytes() => Prop.ForAll<byte[]>(noise =>
    {
        var parser = new HttpAnswerParser();
        parser.Push("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"u8);
        parser.Push(noise);
        parser.End();
        return parser.Done;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keeps_a_mebibyte_of_body_and_stops()
    {
        var parser = new HttpAnswerParser();
        parser.Push("HTTP/1.1 200 OK\r\n\r\n"u8);
        for (var i = 0; i < 100 && !parser.Done; i++)
        {
            parser.Push(new byte[64 * 1024]);
        }

        Assert.True(parser.Done);
        Assert.Equal(1 << 20, parser.Body.Length);
    }

    [Fact]
    public void What_is_not_http_is_so_however_much_of_it_comes_at_once()
    {
        var parser = new HttpAnswerParser();
        parser.Push(Enumerable.Repeat((byte)'T', 20_000).ToArray());
        Assert.Equal("not an HTTP answer", parser.Garbage);
    }

    [Theory]
    [InlineData("HTTP/1.1 -12 OK\r\n")]
    [InlineData("HTTP/1.1 +99 OK\r\n")]
    [InlineData("HTTP/1.1 2 0 OK\r\n")]
    public void A_status_is_three_digits(string line)
    {
        var parser = new HttpAnswerParser();
        parser.Push(Encoding.ASCII.GetBytes(line));
        Assert.Equal("not an HTTP status line", parser.Garbage);
    }

    [Fact]
    public void A_greeting_of_ten_thousand_lines_takes_no_more_than_its_length()
    {
        var talk = Talk.Of("smtp", startTls: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(TalkAct.Hear, talk.Heard("220-mx.example.jp").Act);
        }

        Assert.Equal(TalkAct.Say, talk.Heard("220 ready").Act);
        Assert.Equal(10_001, talk.Greeting.Split('\n').Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("x-unknown")]
    public void A_character_set_that_nobody_reads_is_searched_as_it_is(string charset)
    {
        Assert.False(HttpBody.Contains("<p>hello</p>"u8, $"text/html; charset={charset}", "bye"));
        Assert.True(HttpBody.Contains("<p>hello</p>"u8, $"text/html; charset={charset}", "hello"));
    }

    [Theory]
    [InlineData("utf-8", "text/html")]
    [InlineData("shift_jis", "text/html; charset=Shift_JIS")]
    [InlineData("euc-jp", "text/html;charset=\"EUC-JP\"")]
    [InlineData("iso-2022-jp", "text/html")]
    public void Finds_a_string_in_the_pages_own_character_set(string charset, string contentType)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var page = Encoding.GetEncoding(charset).GetBytes($"<meta charset={charset}><p>ようこそ、サンプル商事へ</p>");
        Assert.True(HttpBody.Contains(page, contentType, "サンプル商事"));
        Assert.False(HttpBody.Contains(page, contentType, "メンテナンス"));
    }
}
