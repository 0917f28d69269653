using System.Text;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Fuzz.Targets;

/// <summary>Mails that come in, whatever is wrong with them, and the dialogues in which they come and go.</summary>
internal static class MailTargets
{
    private const string Room = "src/Hinoban/Notifying/";
    private const string Domain = "hinoban.example.jp";

    private static readonly byte[][] MailWordsOf =
    [
        .. Target.Words(
            "\r\n", "\n", "\r", "\r\n\r\n", "Content-Type: ", "multipart/mixed; boundary=b1\r\n", "multipart/alternative", "multipart/report; report-type=delivery-status", "message/rfc822", "message/delivery-status",
            "text/plain; charset=iso-2022-jp", "text/html", "--b1\r\n", "--b1--\r\n", "Content-Transfer-Encoding: ", "base64\r\n", "quoted-printable\r\n", "x-uuencode\r\n", "begin 644 a\r\n", "=\r\n", "=E3=81", "=?utf-8?B?", "=?iso-2022-jp?Q?", "?=",
            "\e$B", "\e(B", "\e(I", "\e$(D", "$B", "(B", "\u000e", "\u000f", "*0*=utf-8''%E3", "filename*=", ";", "\"", "\\", "<", ">", "(", ")", "@", ",", ":", "\0", "Subject: ", "From: ", "Auto-Submitted: auto-replied\r\n", "Status: 5.1.1\r\n", "Action: failed\r\n",
            "Final-Recipient: rfc822;a@b.jp\r\n", "Diagnostic-Code: smtp; 550 5.1.1", "<!--", "<script>", "&#x3042;", "<br>", "\n\n\n", "> ", "550 User unknown", "5.7.26", "さんは書きました:"),
        [0xe3, 0x81, 0x82], [0x82, 0xa0], [0xa4, 0xa2], [0xff, 0xfe], [0x8f, 0xb0, 0xa1], [0x93],
    ];

    internal static IReadOnlyList<Target> All { get; } =
    [
        new(
            "mail", Mail,
            Room + "Inbound/MimeReader.cs", Room + "Inbound/MailFields.cs", Room + "Inbound/MimePart.cs", Room + "Inbound/MimeParameters.cs", Room + "Inbound/MailWords.cs", Room + "Inbound/PostMail.cs",
            Room + "Inbound/InboundReading.cs", Room + "Inbound/AutomaticRules.cs") { Tokens = MailWordsOf, Factor = 2000, Constant = 1024 * 1024, Short = 800 },
        new("dsn", Report, Room + "Inbound/DsnReader.cs") { Tokens = MailWordsOf, Factor = 1500, Constant = 512 * 1024, Short = 2_000 },
        new("mail-header", Header, Room + "Inbound/HeaderText.cs", Room + "Inbound/MailAddresses.cs") { Tokens = MailWordsOf, Factor = 1000, Short = 4_000 },
        new("encoded-words", Encoded, Room + "EncodedWords.cs", Room + "HeaderValue.cs") { Tokens = [.. Target.Words(" ", "  ", "=?", "?=", "あ", "👨‍👩‍👧", "é", "ｱ", "①", "Re:", "\"", "\\"), [0xff]], Factor = 6000, Constant = 256 * 1024, Short = 2_000 },
        new("transfer", Transfer, Room + "Inbound/TransferDecoder.cs") { Tokens = MailWordsOf, Short = 5_000 },
        new("jis", Japanese, Room + "Inbound/Jis.cs", Room + "Iso2022Jp.cs")
        {
            Tokens = [.. Target.Words("\e$B", "\e(B", "\e(J", "\e(I", "\e$@", "\e$(D", "\e$(Q", "\e$A", "\u000e", "\u000f", "$B", "(B", "\r\n", "日本語", "髙﨑", "①㈱", "ｱｲｳ", "〜−", "😀", "\u00a0"), [0x82, 0xa0], [0xb1], [0x8f]],
            Factor = 1000,
            Short = 4_000,
        },
        new("charset", Charset, Room + "Inbound/MailDecoder.cs")
        {
            Tokens = [.. Target.Words("utf-8\n", "iso-2022-jp\n", "shift_jis\n", "euc-jp\n", "utf-7\n", "utf-16\n", "utf-32\n", "gb18030\n", "big5\n", "ks_c_5601-1987\n", "iso-2022-kr\n", "hz-gb-2312\n", "x-unknown\n", "cp50221\n", "sjis\n", "windows-31j\n", "eucjp\n", "us-ascii\n", "latin1\n", "unknown-8bit\n", "windows-1252\n", "\e$B", "\e(B", "あ", "、", "ｱ", "~{"), [0x82, 0xa0], [0xa4, 0xa2], [0xff, 0xfe]],
            Short = 5_000,
        },
        new("lmtp", Lmtp, Room + "Inbound/LmtpSession.cs", Room + "Inbound/LmtpWire.cs", Room + "Inbound/LmtpCommand.cs")
        {
            Tokens = Target.Words("LHLO mta\r\n", "MAIL FROM:<", "> SIZE=", "RCPT TO:<list@hinoban.example.jp>\r\n", "DATA\r\n", "\r\n.\r\n", "\n.\n", ".\r\n", "..", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "VRFY a\r\n", "\"a b>\"@", "@a,@b:", "\r", "\n"),
            Constant = 512 * 1024,
            Factor = 400,
            Short = 2_000,
        },
        new("smtp", Smtp, Room + "SmtpWire.cs", Room + "SmtpReply.cs", Room + "SmtpExtensions.cs")
        {
            Tokens = Target.Words("250-", "250 ", "220 ", "354 ", "421 ", "550-5.1.1 ", "550 5.1.1 ", "\r\n", "\n", "SIZE 1000", "STARTTLS", "AUTH=PLAIN LOGIN", "AUTH PLAIN", "SMTPUTF8", "queued as ", "id=", " Message accepted", "199 ", "600 "),
            Factor = 1500,
            Constant = 256 * 1024,
            Short = 5_000,
        },
        new("mail-address", Address, Room + "MailAddress.cs") { Tokens = Target.Words("@", "\"", "\\", "..", ".", "xn--", "日本語.jp", "é", "<", ">", " ", "..a@docomo.ne.jp", "\u00ad", "。") },
    ];

    // As the desk takes it in: apart, named, packed; and as it is passed on.
    private static void Mail(ReadOnlyMemory<byte> input)
    {
        var reading = InboundReading.Of(new ReceivedMail(input.Span is [(byte)'X', ..] ? "" : "a@b.example.jp", "acme@hinoban.example.jp", input), Domain).Packed();
        Hold.That(InboundReading.Unpack(reading.Whole!).AsSpan().SequenceEqual(input.Span), "packed and unpacked it is another mail");
        Hold.That(reading.Subject.Length <= InboundReading.LongestWords * 10 && !reading.Subject.AsSpan().ContainsAny('\r', '\n'), "a subject that is no line");
        var message = MimeReader.Read(input);
        Hold.That(message.All.Count() <= 2 * MimeLimits.Parts, "more parts than its limit");
        Hold.Same(reading.Parts.Count, PostMail.Attachments(message).Count, "other attachments the second time");
        var raw = input.ToArray();
        var body = PostMail.Body(raw);
        Hold.That(body.Length == 0 || body.AsSpan().EndsWith("\r\n"u8), "a body without an end");
        Hold.That(LoneEnd(body) < 0, "a body with half a line end");
        Hold.That(PostMail.Fields(raw).All(f => f.Words.All(w => w.Length > 0 && w.All(c => c is > ' ' and <= '~'))), "a header that no header can hold");
    }

    private static int LoneEnd(ReadOnlySpan<byte> body)
    {
        for (var at = 0; at < body.Length; at++)
        {
            if ((body[at] == '\n' && (at == 0 || body[at - 1] != '\r')) || (body[at] == '\r' && (at + 1 == body.Length || body[at + 1] != '\n')))
            {
                return at;
            }
        }

        return -1;
    }

    private static void Report(ReadOnlyMemory<byte> input)
    {
        var message = MimeReader.Read(input);
        _ = DsnReader.Read(message, "a@b.jp");
        var report = DsnReader.ByAddress(message, "");
        Hold.That(report.Status.Length <= 10 && !report.Words.AsSpan().ContainsAny('\r', '\n') && !report.Recipient.AsSpan().ContainsAny('\r', '\n'), "a report whose words are no line");
        _ = report.Permanent;
    }

    private static void Header(ReadOnlyMemory<byte> input)
    {
        var value = Encoding.Latin1.GetString(input.Span);
        _ = HeaderText.Decode(value);
        var type = MimeParameters.Read(value);
        _ = (type["charset"], type["filename"], type["name"], type["boundary"]);
        Hold.That(MailAddresses.Read(value).All(a => a.Address.Contains('@', StringComparison.Ordinal)), "an address without @");
        Hold.That(MailAddresses.Ids(value).All(i => i is ['<', .., '>']), "an id without brackets");
    }

    // What we write into a header, anybody's text, reads as that text.
    private static void Encoded(ReadOnlyMemory<byte> input)
    {
        var text = Visible.Line(Encoding.UTF8.GetString(input.Span), 400);
        foreach (var charset in (MailCharset[])[MailCharset.Utf8, MailCharset.For("iso-2022-jp", [text])])
        {
            var said = charset.Prepare(text);
            var words = EncodedWords.Text(said, charset, 9);
            if (said.Length == 0)
            {
                continue;
            }

            var folded = HeaderValue.Of(7, words).Folded;
            Hold.That(!folded.Replace("\r\n ", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n'), "a header that ends early");
            if (ReferenceEquals(charset, MailCharset.Utf8))
            {
                Hold.Same(HeaderText.Decode(folded.Replace("\r\n", "", StringComparison.Ordinal)).Trim(' '), said.Trim(' '), "it reads as another text");
            }

            _ = HeaderValue.Of(5, EncodedWords.Phrase(said, charset, 6));
        }
    }

    private static void Transfer(ReadOnlyMemory<byte> input)
    {
        foreach (var encoding in (string[])["base64", "quoted-printable", "x-uuencode", "8bit"])
        {
            Hold.That(TransferDecoder.Decode(input, encoding).Length <= (2 * input.Length) + 2, "longer than what it was made of");
        }

        Hold.SameBytes(TransferDecoder.Base64(Encoding.ASCII.GetBytes(Convert.ToBase64String(input.Span))), input.Span, "Base64 of it reads as something else");
        _ = TransferDecoder.Q(input.Span);
    }

    private static void Japanese(ReadOnlyMemory<byte> input)
    {
        _ = Jis.Looks(input.Span, declared: true);
        var heard = Jis.Decode(input.Span);
        Hold.That(heard.Length <= 2 * input.Length, "many more characters than octets");
        var said = Iso2022Jp.Prepare(Encoding.UTF8.GetString(input.Span));
        if (Iso2022Jp.TryEncode(said) is not { } written)
        {
            return;
        }

        Hold.That(!written.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0xff), "eight bits");
        Hold.Same(said, Iso2022Jp.Prepare(said), "prepared twice it is another text");
        if (!said.AsSpan().ContainsAny('\e', '\u000e', '\u000f') && written.AsSpan().IndexOf("\e$B"u8) >= 0)
        {
            Hold.SameBytes(Iso2022Jp.TryEncode(Jis.Decode(written)), written, "written and read it is another text");
        }
    }

    // First line: what it is said to be; the rest: the octets.
    private static void Charset(ReadOnlyMemory<byte> input)
    {
        var (first, rest) = WireTargets.OneLine(input);
        var text = MailDecoder.Decode(rest.Span, Encoding.Latin1.GetString(first.Span));
        Hold.That(text.Length <= (2 * rest.Length) + 2, "more characters than octets");
        Hold.That(MailDecoder.Decode(rest.Span, null).Length <= (2 * rest.Length) + 2, "more characters than octets, undeclared");
    }

    private static void Lmtp(ReadOnlyMemory<byte> input)
    {
        var (whole, said) = Dialogue(new ReadStream(input));
        var (pieces, saidInPieces) = Dialogue(new ReadStream(input, 5));
        Hold.That(whole.SequenceEqual(pieces), "in pieces other mails come in");
        // What waits to be said together is not said to who has gone.
        Hold.That(said.StartsWith(saidInPieces, StringComparison.Ordinal) || saidInPieces.StartsWith(said, StringComparison.Ordinal), "in pieces it answers otherwise");
        Hold.That(said.Split("\r\n").SkipLast(1).All(l => l.Length > 3 && char.IsAsciiDigit(l[0]) && l[3] is ' ' or '-'), "an answer that is no reply");
    }

    private static (List<string> Mails, string Said) Dialogue(ReadStream stream)
    {
        var door = new Door();
        try
        {
            new LmtpSession(stream, door, new InboundOptions("127.0.0.1", 0, null) { LargestMessage = 20_000, Recipients = 3 }, Domain, TimeProvider.System, NullLogger.Instance)
                .RunAsync(CancellationToken.None, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (LmtpBreak)
        {
            // What ends a dialogue ends so.
        }

        return (door.Taken, Encoding.ASCII.GetString(stream.Told.ToArray()));
    }

    private static void Smtp(ReadOnlyMemory<byte> input)
    {
        var whole = Replies(new ReadStream(input));
        Hold.Same(whole, Replies(new ReadStream(input, 3)), "in pieces other replies come");
    }

    private static string Replies(ReadStream stream)
    {
        var wire = new SmtpWire(stream, TimeSpan.FromMinutes(1), TimeProvider.System, NullLogger.Instance);
        var said = new StringBuilder();
        try
        {
            while (true)
            {
                var reply = wire.ReplyAsync(CancellationToken.None).GetAwaiter().GetResult();
                Hold.That(reply.Code is >= 200 and <= 599 && !reply.Text.AsSpan().ContainsAny('\r', '\n'), "no reply");
                Hold.That(!(reply.Positive && reply.Transient), "a reply that is both");
                said.Append(reply.Text).Append(reply.QueueId).Append(SmtpExtensions.Of(reply)).Append('\n');
            }
        }
        catch (SmtpBreak end)
        {
            return said.Append(end.Reason).ToString();
        }
    }

    private static void Address(ReadOnlyMemory<byte> input)
    {
        if (MailAddress.Parse(Encoding.UTF8.GetString(input.Span)) is { } address)
        {
            Hold.That(!address.Wire.Any(c => char.IsControl(c) || c is ' ' or '<' or '>'), "an address that ends its brackets");
            Hold.Same(MailAddress.Parse(address.Wire), address, "written and read it is another address");
        }
    }

    private sealed class Door : IInboundDoor
    {
        internal List<string> Taken { get; } = [];

        public InboundReply Knows(string recipient) => recipient.EndsWith($"@{Domain}", StringComparison.Ordinal) ? InboundReply.Ok : InboundReply.Unknown;

        public InboundReply Take(ReceivedMail mail)
        {
            Taken.Add($"{mail.Sender}\n{mail.Recipient}\n{Encoding.Latin1.GetString(mail.Message.Span)}");
            return InboundReply.Ok;
        }
    }
}
