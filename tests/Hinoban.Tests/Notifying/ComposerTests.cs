using System.Text;
using Hinoban.Basics;
using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>The exact bytes of mails, and an independent parser's view of them.</summary>
public sealed class ComposerTests
{
    private static readonly string[] HeadersOfAnAlert =
    [
        "Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
        "List-Id", "List-Post", "Precedence", "X-Loop",
    ];

    private static readonly string[] HostileTexts =
    [
        "x\r\nBcc: thief@example.test\r\n\r\nbody",
        "x\nSubject: other",
        "x\rX-Evil: 1",
        "$(reboot) `id` <script>alert(1)</script> \u001b[31mred\u001b[0m \u0007",
        "=?utf-8?B?SGFja2Vk?= plain",
        "\ud800 lone \udfff",
        "\u202egnp.exe\u202c \u2028 \u0085",
        "\0nul",
        "  leading and   inner  spaces  ",
        "日本語\r\nBcc: thief@example.test\r\n日本語",
        "é combining e\u0301 👩‍👩‍👧‍👦 𠮷野家 ｱｲｳﾞ ①②㈱髙橋",
        "e" + new string('\u0301', 5000),
        new string('x', 200_000),
        new string('障', 5000),
        "\"quoted\\\" <a@b> , ; :",
        "",
    ];

    [Fact]
    public void An_alert_in_japanese_is_exactly_this()
    {
        var bytes = MailComposer.Compose(Sample.Mail("** PROBLEM Service Alert: web01/http is CRITICAL ** [sample-trading INC-260414-0007]", "状態: CRITICAL\n"), Sample.Options());

        Assert.Equal(
            """
            Date: Mon, 13 Apr 2026 17:13:20 +0000
            From: =?utf-8?B?55uj6KaW44K744Oz44K/44O8?= <smpl-mon@lists.example.jp>
            Reply-To: <smpl-mon@lists.example.jp>
            To: <smpl-mon@lists.example.jp>
            Subject: ** PROBLEM Service Alert: web01/http is CRITICAL ** [sample-trading
             INC-260414-0007]
            Message-ID: <sample-trading.12.3.alert.1@mail.hinoban.example>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64
            Auto-Submitted: auto-generated
            List-Id:
             =?utf-8?B?44K144Oz44OX44Or5ZWG5LqL5qCq5byP5Lya56S+?=
             <smpl-mon.lists.example.jp>
            List-Post: <mailto:smpl-mon@lists.example.jp>
            Precedence: list
            X-Loop: hinoban@mail.hinoban.example

            54q25oWLOiBDUklUSUNBTA0K

            """.ReplaceLineEndings("\r\n").Replace("List-Id:\r\n", "List-Id:", StringComparison.Ordinal),
            Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void The_same_row_gives_the_same_bytes()
    {
        var mail = Sample.Alert();
        var first = MailComposer.Compose(mail, Sample.Options());
        Assert.Equal(first, MailComposer.Compose(mail with { Recipients = [] }, Sample.Options()));
        Assert.NotEqual(first, MailComposer.Compose(mail with { Body = mail.Body + "x" }, Sample.Options()));
    }

    [Theory]
    [InlineData("Ja", "utf-8")]
    [InlineData("En", "utf-8")]
    [InlineData("Both", "utf-8")]
    [InlineData("Ja", "iso-2022-jp")]
    [InlineData("En", "iso-2022-jp")]
    [InlineData("Both", "ISO-2022-JP")]
    public void Python_reads_what_was_written(string language, string charset)
    {
        var mail = Sample.Alert(Sample.Customer(Enum.Parse<Language>(language), charset));
        var bytes = MailComposer.Compose(mail, Sample.Options());
        var seen = Sample.Parse(bytes);

        Assert.Empty(seen.Defects);
        Assert.Equal(0, seen.BareLf);
        Assert.InRange(seen.HeadLine, 1, 76);
        Assert.InRange(seen.BodyLine, 1, 6 + MailWrap.Longest);
        Assert.Equal(HeadersOfAnAlert, seen.Headers.Select(h => h[0]));
        Assert.Equal(charset, seen.Charset, ignoreCase: true);
        Assert.Equal(mail.Subject, seen.Subject);
        Assert.Equal(Wrapped(mail.Body), seen.Body.ReplaceLineEndings("\n"));
        Assert.Equal("<sample-trading.12.3.alert.1@mail.hinoban.example>", seen.MessageId);
        Assert.Equal("auto-generated", seen.Header("Auto-Submitted"));
    }

    [Fact]
    public void Hostile_text_adds_no_header_and_arrives_as_visible_text()
    {
        var cases = HostileTexts.SelectMany(text => new[] { "utf-8", "iso-2022-jp" }, (text, charset) => (Text: text, Charset: charset)).ToList();
        var all = Sample.Parse(cases.ConvertAll(c => MailComposer.Compose(
            Sample.Mail($"** PROBLEM {c.Text} **", c.Text, c.Charset, c.Text) with { ListName = c.Text }, Sample.Options())));

        foreach (var ((hostile, _), seen) in cases.Zip(all))
        {
            Assert.Equal(HeadersOfAnAlert, seen.Headers.Select(h => h[0]));
            Assert.Equal(0, seen.BareLf);
            Assert.InRange(seen.HeadLine, 1, 76);
            Assert.InRange(seen.BodyLine, 0, 998);
            Assert.Equal(Shown(Visible.Line($"** PROBLEM {hostile} **"), seen.Charset), seen.Subject);
            Assert.EndsWith("<smpl-mon@lists.example.jp>", seen.From, StringComparison.Ordinal);
            Assert.Equal(Wrapped(hostile, seen.Charset).TrimEnd('\n'), seen.Body.ReplaceLineEndings("\n").TrimEnd('\n'));
        }
    }

    [Fact]
    public void A_subject_of_any_length_is_split_between_whole_characters()
    {
        var subjects = (from length in new[] { 1, 7, 20, 40, 60, 85 } from unit in new[] { "障", "障a", "か゚", "x", "障害 ", "👩‍👩‍👧‍👦" } select string.Concat(Enumerable.Repeat(unit, length)).Trim()).ToList();
        var mails = subjects.ConvertAll(s => MailComposer.Compose(Sample.Mail(s, "x", "iso-2022-jp"), Sample.Options()));
        foreach (var raw in mails.Select(Encoding.ASCII.GetString))
        {
            foreach (var word in raw.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.StartsWith("=?", StringComparison.Ordinal)))
            {
                Assert.InRange(word.Length, 1, 75);

                // Each word on its own must be whole: a reader may decode them one by one.
                Assert.DoesNotContain('\ufffd', Hinoban.Lab.SinkMail.Decode(word));
            }

            Assert.All(raw.Split("\r\n").TakeWhile(l => l.Length > 0), line => Assert.InRange(line.Length, 1, 76));
        }

        Assert.Equal(subjects, Sample.Parse(mails).Select(m => m.Subject));
    }

    [Theory]
    [InlineData("緊急①の件 ㈱サンプル 髙橋様", "緊急(1)の件 (株)サンプル 高橋様")]
    [InlineData("10〜20−5 ‖ — ～", "10〜20−5 ‖ ― 〜")]
    [InlineData("ｶﾞｿﾘﾝ ﾊﾟﾝ ｱｲｳ", "ガソリン パン アイウ")]
    [InlineData("㎏ № ㍻ Ⅲ ¥ •", "kg No. 平成 III ￥ ・")]
    public void Iso_2022_jp_replaces_by_equivalents_and_is_strict(string written, string read)
    {
        var seen = Sample.Parse(MailComposer.Compose(Sample.Mail(written, written, "iso-2022-jp", fromName: "x"), Sample.Options()));

        Assert.Equal("iso-2022-jp", seen.Charset);
        Assert.Equal(read, seen.Body.TrimEnd());
        Assert.Equal(read, seen.Subject);
    }

    [Theory]
    [InlineData("絵文字 😀")]
    [InlineData("한국어")]
    [InlineData("彅 草")]
    [InlineData("€100")]
    public void What_iso_2022_jp_cannot_say_goes_as_utf_8_whole(string text)
    {
        var seen = Sample.Parse(MailComposer.Compose(Sample.Mail("件名", $"①{text}", "iso-2022-jp"), Sample.Options()));

        Assert.Equal("utf-8", seen.Charset);
        Assert.Equal($"①{text}", seen.Body.TrimEnd());
        Assert.Equal("件名", seen.Subject);
    }

    [Fact]
    public void Every_jis_character_is_written_so_that_a_strict_decoder_reads_it_back()
    {
        // Every BMP character: either it has no form here, or Python's strict decoder gives the same or the standard's twin of it.
        var all = string.Join('\n', Enumerable.Range(0x80, 0xd800 - 0x80).Concat(Enumerable.Range(0xf900, 0x6fe)).Select(c => ((char)c).ToString()).Where(c => Iso2022Jp.TryEncode(c) is not null));
        var seen = Sample.Parse(MailComposer.Compose(Sample.Mail("x", all, "iso-2022-jp", "x"), Sample.Options()));
        var read = seen.Body.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        var written = all.Split('\n');

        Assert.Equal("iso-2022-jp", seen.Charset);
        Assert.Equal(written.Length, read.Length);
        Assert.InRange(written.Length, 6879, 6900);
        var twins = "～〜 －− ∥‖ ―— ￠¢ ￡£ ￢¬ ¥￥ ‾￣ —― ＼＼".Split(' ').ToDictionary(p => p[0], p => p[1]);
        var different = written.Zip(read).Where(p => p.First != p.Second && twins.GetValueOrDefault(p.First[0]) != p.Second[0]).Select(p => $"{p.First}→{p.Second}");
        Assert.Empty(different);
    }

    [Fact]
    public void Human_reports_are_not_marked_as_automatic_and_threads_refer_to_all_earlier_mails()
    {
        var report = Sample.Alert() with { Automatic = false, References = [.. Enumerable.Range(1, 30).Select(n => $"sample-trading.12.3.update.{n}")] };
        var seen = Sample.Parse(MailComposer.Compose(report, Sample.Options()));

        Assert.Null(seen.Header("Auto-Submitted"));
        Assert.Equal("<sample-trading.12.3.update.30@mail.hinoban.example>", seen.Header("In-Reply-To"));
        var references = seen.Header("References")!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12, references.Length);
        Assert.Equal("<sample-trading.12.3.update.1@mail.hinoban.example>", references[0]);
        Assert.Equal("<sample-trading.12.3.update.30@mail.hinoban.example>", references[^1]);
    }

    [Theory]
    [InlineData("a..b@docomo.example.jp", "\"a..b\"@docomo.example.jp")]
    [InlineData("ops.@docomo.example.jp", "\"ops.\"@docomo.example.jp")]
    [InlineData("mon@例え.jp", "mon@xn--r8jz45g.jp")]
    [InlineData("mon@EXAMPLE.jp", "mon@example.jp")]
    public void Addresses_are_written_as_the_wire_wants_them(string given, string wire) => Assert.Equal(wire, MailAddress.Parse(given)!.Wire);

    [Theory]
    [InlineData("a b@example.jp")]
    [InlineData("a@example.jp>\r\nRCPT TO:<b@example.jp")]
    [InlineData("a\n@example.jp")]
    [InlineData("a<b@example.jp")]
    [InlineData("@example.jp")]
    [InlineData("nobody")]
    [InlineData("a@")]
    [InlineData("a@exa mple.jp")]
    [InlineData("a@example.jp\r\n")]
    public void What_is_no_address_gets_nowhere(string given) => Assert.Null(MailAddress.Parse(given));

    [Fact]
    public void An_address_is_measured_as_it_stands_on_the_wire()
    {
        Assert.NotNull(MailAddress.Parse($"{new string('a', 242)}@example.jp"));
        Assert.Null(MailAddress.Parse($"{new string('"', 200)}@example.jp"));
    }

    [Theory]
    [InlineData("sample.1.1.alert.1", "<sample.1.1.alert.1@mail.example>")]
    [InlineData("a b>\r\n@x", "<a_20_b_3e__d__a__40_x@mail.example>")]
    [InlineData("..a..", "<_2e__2e_a._2e_@mail.example>")]
    public void Message_ids_come_from_the_key_alone(string key, string id) => Assert.Equal(id, MailNames.MessageId(key, "mail.example"));

    [Fact]
    public void The_envelope_sender_names_the_delivery_and_keeps_to_64_octets()
    {
        Assert.Equal("smpl-mon-bounces+17@mail.example", MailNames.EnvelopeSender("smpl-mon@lists.example.jp", 17, "mail.example"));
        var longest = MailNames.EnvelopeSender($"{new string('a', 90)}@lists.example.jp", long.MaxValue, "mail.example");
        Assert.Equal(64, longest.IndexOf('@', StringComparison.Ordinal));
        Assert.EndsWith($"-bounces+{long.MaxValue}@mail.example", longest, StringComparison.Ordinal);
    }

    private static string Wrapped(string body, string charset = "utf-8") =>
        string.Join('\n', MailWrap.Lines(Visible.Lines(body).Select(l => Shown(l, charset)))).TrimEnd('\n') + "\n";

    private static string Shown(string text, string charset) => charset == "iso-2022-jp" ? Iso2022Jp.Prepare(text) : text;
}
