using System.Text;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>Taking mails apart: what is right, what is usual, and what is meant to break a reader.</summary>
public sealed class MimeTests
{
    [Fact]
    public void Japanese_is_read_in_every_coat_declared_or_not()
    {
        const string Text = "サーバーを再起動しました。ご確認ください。";
        var jis = CodePagesEncodingProvider.Instance.GetEncoding(50220)!;
        (string? Charset, Encoding Encoding)[] coats =
        [
            ("utf-8", Encoding.UTF8), ("iso-2022-jp", jis), ("shift_jis", Posts.ShiftJis), ("x-sjis", Posts.ShiftJis), ("euc-jp", Posts.EucJp), ("cp932", Posts.ShiftJis),
            (null, Encoding.UTF8), (null, jis), (null, Posts.ShiftJis), (null, Posts.EucJp),
            ("us-ascii", jis), ("iso-2022-jp", Posts.ShiftJis), ("utf-8", Posts.ShiftJis), ("us-ascii", Posts.EucJp), ("x-unknown", Encoding.UTF8),
        ];
        foreach (var (charset, encoding) in coats)
        {
            Assert.Equal(Text, MailDecoder.Decode(encoding.GetBytes(Text), charset));
        }
    }

    [Theory]
    [InlineData("\e$B>c32\e(B", "障害")]
    [InlineData("\e$@>c32\e(J ok", "障害 ok")]
    [InlineData("\e(I1!\e(B", "ｱ｡")]
    [InlineData("\u000e1\u000f", "ｱ")]
    [InlineData("$B>c32(B desu", "障害 desu")] // the escape octets were lost on the way
    [InlineData("costs $B5 and (C", "costs $B5 and (C")] // and here there never were any
    [InlineData("\e$B>c32\r\nplain", "障害\r\nplain")] // a line that does not return to ASCII
    [InlineData("\e$B>c3", "障\ufffd")] // cut in the middle
    [InlineData("\e$B-!\e(B", "①")] // a vendor's row
    [InlineData("\e", "\e")]
    public void Jis_is_read_as_it_comes(string octets, string text) => Assert.Equal(text, MailDecoder.Decode(Encoding.Latin1.GetBytes(octets), "iso-2022-jp"));

    [Theory]
    [InlineData("=?ISO-2022-JP?B?GyRCPmMzMhsoQg==?= now", "障害 now")]
    [InlineData("=?utf-8?B?6Zqc?=\t=?utf-8?B?5a6z?=", "障害")] // two words are one text
    [InlineData("=?utf-8?B?6Q==?= =?utf-8?B?mpw=?=", "障")] // a character split between words
    [InlineData("=?utf-8?Q?caf=C3=A9_au_lait?=", "café au lait")]
    [InlineData("\"=?utf-8*ja?B?6Zqc?=\"", "\"障\"")]
    [InlineData("=?utf-8?X?abc?= =?broken", "=?utf-8?X?abc?= =?broken")]
    [InlineData("plain", "plain")]
    public void Header_words_are_decoded(string raw, string text) => Assert.Equal(text, HeaderText.Decode(raw));

    [Fact]
    public void Names_of_attachments_come_in_four_ways()
    {
        Assert.Equal("報告.pdf", MimeParameters.Read("attachment; filename*=utf-8''%E5%A0%B1%E5%91%8A.pdf")["filename"]);
        Assert.Equal("報告.pdf", MimeParameters.Read("attachment; filename*0*=utf-8''%E5%A0%B1%E5; filename*1*=%91%8A; filename*2=.pdf")["filename"]);
        Assert.Equal("報告.pdf", MimeParameters.Read("attachment; filename=\"=?utf-8?B?5aCx5ZGK?=.pdf\"")["filename"]);
        Assert.Equal("a;\"b.txt", MimeParameters.Read("attachment; filename=\"a;\\\"b.txt\" (comment)")["filename"]);
        Assert.Equal("text/plain", MimeParameters.Read("TEXT/Plain; CHARSET=x").Value);
    }

    [Theory]
    [InlineData("Tanaka <t@a.jp>", "Tanaka|t@a.jp")]
    [InlineData("\"Tanaka, Ichiro\" <t@a.jp>", "Tanaka, Ichiro|t@a.jp")]
    [InlineData("t@a.jp (Tanaka)", "Tanaka|t@a.jp")]
    [InlineData("a@a.jp, b <b@b.jp>", "|a@a.jp;b|b@b.jp")]
    [InlineData("group: a@a.jp;", "|a@a.jp")]
    [InlineData("<@relay.jp:t@a.jp>", "|t@a.jp")]
    [InlineData("\"x <evil@e.jp>\" <t@a.jp>", "x <evil@e.jp>|t@a.jp")]
    [InlineData("nobody", "")]
    public void Addresses_are_read(string field, string found) => Assert.Equal(found, string.Join(';', MailAddresses.Read(field).Select(a => $"{a.Name}|{a.Address}")));

    [Fact]
    public void Nested_parts_are_found_with_their_text_and_their_attachments()
    {
        var mail = Posts.Read(Encoding.Latin1.GetString(Posts.WithAttachment("<a@b>")));
        Assert.Equal(["multipart/mixed", "text/plain", "text/html"], mail.All.Select(p => p.MediaType));
        Assert.Equal("See the picture.", MailWords.Of(mail));
        var (number, part) = Assert.Single(PostMail.Attachments(mail));
        Assert.Equal((1, "../../etc/page.html", "<script>alert(1)</script>"), (number, part.FileName, Encoding.ASCII.GetString(part.Content.Span)));
    }

    [Fact]
    public void What_is_quoted_is_no_excerpt_unless_nothing_else_is_there()
    {
        Assert.Equal("See it.\n\nThanks", MailWords.Excerpt("See it.\n> the alert\n\nThanks\n\nOn Mon, 13 Apr 2026, Desk wrote:\n> more"));
        Assert.Equal("> only this", MailWords.Excerpt("> only this"));
        Assert.Equal("Hello\nthere & you", MailWords.FromHtml("<html><style>b{}</style><p>Hello<br>there &amp; <b>you</b><script>x</script></p>"));
        Assert.Equal(2001, MailWords.Excerpt(new string('x', 10_000)).Length);
    }

    [Fact]
    public void A_multipart_that_lost_its_boundary_is_still_taken_apart()
    {
        var mail = Posts.Read("Content-Type: multipart/mixed\n\n--xyz123\nContent-Type: text/plain\n\nhello\n--xyz123--\n");
        Assert.Equal("hello", MailWords.Of(mail));
        Assert.Equal("just text", MailWords.Of(Posts.Read("Content-Type: multipart/mixed; boundary=none\n\njust text")).Trim());
        Assert.Equal("no header at all", Encoding.ASCII.GetString(Posts.Read("no header at all").Body.Span));
    }

    [Fact]
    public void Bombs_cost_little()
    {
        var start = TimeProvider.System.GetTimestamp();
        var depth = string.Concat(Enumerable.Range(0, 5000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")) + "\nx";
        Assert.True(Posts.Read(depth).All.Count() <= MimeLimits.Parts);
        var parts = "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\n", 400_000));
        Assert.True(Posts.Read(parts).All.Count() <= MimeLimits.Parts + 1);
        var messages = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 50_000));
        Assert.True(Posts.Read(messages).All.Count() <= MimeLimits.Depth + 1);
        var fields = Posts.Read(string.Concat(Enumerable.Repeat("A: b\n", 300_000)) + "\n\nx");
        Assert.True(fields.Fields.Count <= MimeLimits.Fields);
        _ = HeaderText.Decode(string.Concat(Enumerable.Repeat("=?", 500_000)));
        _ = MailAddresses.Read(new string('<', 1_000_000));
        _ = MailWords.FromHtml(string.Concat(Enumerable.Repeat("<script>", 100_000)));
        _ = DsnReader.Read(Posts.Read($"Subject: Undelivered\nFrom: mailer-daemon@x\n\n{string.Concat(Enumerable.Repeat("5.1.1 550-", 100_000))}"), "");
        var took = TimeProvider.System.GetElapsedTime(start);
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took}");
    }

    [Fact]
    public void Nothing_that_comes_in_throws() => MailFuzz.Run(seed: 20260413, rounds: 3000);
}
