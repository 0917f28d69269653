using System.Text;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>Mails as octets: one of every kind that comes in.</summary>
internal static class Posts
{
    /// <summary>ISO-2022-JP for 障害の件, as bytes of its own.</summary>
    internal const string JisShogai = "\e$B>c32$N7o\e(B";

    internal static readonly Encoding ShiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
    internal static readonly Encoding EucJp = CodePagesEncodingProvider.Instance.GetEncoding(51932)!;

    internal static byte[] Of(string text, Encoding? encoding = null) => (encoding ?? Encoding.Latin1).GetBytes(text.ReplaceLineEndings("\r\n"));

    internal static MimePart Read(string text, Encoding? encoding = null) => MimeReader.Read(Of(text, encoding));

    /// <summary>A mail with fields and a body.</summary>
    internal static byte[] Mail(string fields, string body = "Seen, thank you.\n") => Of($"From: Tanaka <tanaka@sample.example.jp>\nSubject: Re: it\n{fields}\n{body}");

    internal static byte[] Bounce(string action = "failed", string status = "5.1.1", string words = "550 5.1.1 <tanaka@sample.example.jp>: unknown user") => Of(
        $"""
        From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

        --b1
        Content-Type: text/plain

        I'm sorry to have to inform you.

        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net

        Final-Recipient: rfc822; tanaka@sample.example.jp
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {words}

        --b1
        Content-Type: message/rfc822

        From: list@lists.example.jp
        Message-ID: <c.1.1.alert.1@hinoban.example.jp>
        Subject: the mail

        body
        --b1--
        """);

    internal static byte[] Reply(string inReplyTo, string id = "reply-1", string body = "Seen, thank you.\n", string from = "Tanaka <tanaka@sample.example.jp>") => Of(
        $"From: {from}\nTo: smpl-mon@lists.example.jp\nSubject: Re: it\nMessage-ID: <{id}@sample.example.jp>\nIn-Reply-To: {inReplyTo}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{body}");

    internal static byte[] WithAttachment(string inReplyTo) => Of(
        $"""
        From: Tanaka <tanaka@sample.example.jp>
        Subject: Re: it, with a picture
        Message-ID: <with-attachment@sample.example.jp>
        In-Reply-To: {inReplyTo}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: text/plain; charset=us-ascii

        See the picture.
        --outer
        Content-Type: text/html; name="../../etc/page.html"
        Content-Disposition: attachment; filename="../../etc/page.html"
        Content-Transfer-Encoding: base64

        PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==
        --outer--
        """);
}
