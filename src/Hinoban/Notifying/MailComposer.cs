using System.Globalization;
using System.Text;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Notifying;

/// <summary>
/// An outbox row as the exact bytes of a message (RFC 5322, 2045–2047). Pure: the same row gives the same bytes, for every recipient and
/// at every attempt, so that a copy sent twice is recognisably the same message.
/// </summary>
internal static class MailComposer
{
    private const int Base64Line = 76;

    // A thread's root and its latest mails: enough for every client, and no header without end.
    private const int MostReferences = 12;

    internal static byte[] Compose(OutboxMail mail, MailOptions options)
    {
        var list = MailAddress.Parse(mail.ListAddress) is { NeedsUtf8: false } address
            ? address
            : throw new ArgumentException($"Not a list address: {Visible.Line(mail.ListAddress)}", nameof(mail));
        var text = new MailText(Visible.Line(mail.Subject), Visible.Line(mail.FromName, 100), Visible.Line(mail.ListName, 100), Visible.Lines(mail.Body));
        var charset = MailCharset.For(mail.Charset, [text.Subject, text.FromName, text.ListName, .. text.Lines]);
        var body = string.Join("\r\n", MailWrap.Lines(text.Lines.Select(charset.Prepare))).TrimEnd('\r', '\n') + "\r\n";
        var encoding = TransferOf(charset, body);
        var head = new StringBuilder();
        foreach (var (name, value) in Headers(mail, options, list, text, charset, encoding))
        {
            head.Append(name).Append(": ").Append(value.Folded).Append("\r\n");
        }

        if (mail.Passed is { } passed)
        {
            foreach (var (name, words) in PostMail.Fields(passed))
            {
                head.Append(name).Append(": ").Append(HeaderValue.Of(name.Length, words).Folded).Append("\r\n");
            }

            return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. PostMail.Body(passed)];
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. Encoded(charset.Encode(body), encoding)];
    }

    private static IEnumerable<(string Name, HeaderValue Value)> Headers(
        OutboxMail mail, MailOptions options, MailAddress list, MailText text, MailCharset charset, string encoding)
    {
        yield return Plain("Date", mail.DateUtc.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        yield return Header("From", [.. EncodedWords.Phrase(charset.Prepare(text.FromName), charset, "From:".Length), $"<{list.Wire}>"]);
        yield return Plain("Reply-To", $"<{list.Wire}>");
        yield return Plain("To", $"<{list.Wire}>");
        yield return Header("Subject", EncodedWords.Text(charset.Prepare(text.Subject), charset, "Subject:".Length));
        yield return Plain("Message-ID", MailNames.MessageId(mail.Key, options.Domain));
        if (mail.References.Count > 0)
        {
            var ids = Shortened(mail.References).Select(key => MailNames.MessageId(key, options.Domain)).ToList();
            yield return Plain("In-Reply-To", ids[^1]);
            yield return Header("References", ids);
        }

        yield return Plain("MIME-Version", "1.0");
        if (mail.Passed is null)
        {
            yield return Plain("Content-Type", $"text/plain; charset={charset.Name}");
            yield return Plain("Content-Transfer-Encoding", encoding);
        }

        if (mail.Automatic)
        {
            // RFC 3834: whoever answers by itself must not answer this.
            yield return Plain("Auto-Submitted", "auto-generated");
        }

        // RFC 2919: the address with a dot for its @. RFC 2369 for the rest.
        yield return Header("List-Id", [.. EncodedWords.Phrase(charset.Prepare(text.ListName), charset, "List-Id:".Length), $"<{ListId(list)}>"]);
        yield return Plain("List-Post", $"<mailto:{Uri.EscapeDataString(list.Local)}@{list.Domain}>");
        yield return Plain("Precedence", "list");
        yield return Plain("X-Loop", MailNames.LoopMark(options.Domain));
    }

    private static (string Name, HeaderValue Value) Plain(string name, string value) => Header(name, value.Split(' '));

    private static (string Name, HeaderValue Value) Header(string name, IEnumerable<string> words) => (name, HeaderValue.Of(name.Length, words));

    private static string ListId(MailAddress list) =>
        $"{string.Concat(list.Local.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('.')}.{list.Domain}";

    private static IEnumerable<string> Shortened(IReadOnlyList<string> keys) =>
        keys.Count <= MostReferences ? keys : [keys[0], .. keys.Skip(keys.Count - MostReferences + 1)];

    // 7bit where the text is ASCII by nature or by charset. UTF-8 as base64 and not 8bit, because the bytes must not depend on what a relay
    // on the way offers; and not quoted-printable, which makes three octets of one in Japanese.
    private static string TransferOf(MailCharset charset, string body) => charset.SevenBit || Ascii.IsValid(body) ? "7bit" : "base64";

    private static byte[] Encoded(byte[] body, string encoding)
    {
        if (encoding == "7bit")
        {
            return body;
        }

        var text = Convert.ToBase64String(body);
        var lines = new StringBuilder();
        for (var at = 0; at < text.Length; at += Base64Line)
        {
            lines.Append(text.AsSpan(at, Math.Min(Base64Line, text.Length - at))).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    private sealed record MailText(string Subject, string FromName, string ListName, string[] Lines);
}
