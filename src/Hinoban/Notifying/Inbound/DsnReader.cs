using System.Text.RegularExpressions;

namespace Hinoban.Notifying.Inbound;

/// <summary>What a mail system says became of a mail (RFC 3464's actions).</summary>
internal enum DsnAction
{
    /// <summary>Not delivered, and not tried any more.</summary>
    Failed,

    /// <summary>Not delivered yet; still tried.</summary>
    Delayed,

    /// <summary>In the mailbox.</summary>
    Delivered,

    /// <summary>Handed to a system that reports no further.</summary>
    Relayed,
}

/// <summary>
/// A delivery report. <see cref="Status"/> is an enhanced code (RFC 3463) or empty, <see cref="Words"/> one line of what the remote system said;
/// both are somebody else's words.
/// </summary>
internal sealed record DsnReport(DsnAction Action, string Status, string Words, string Recipient)
{
    /// <summary>The address is no good; a 4.x.x that was given up may be good tomorrow.</summary>
    internal bool Permanent => Action == DsnAction.Failed && !Status.StartsWith('4');
}

/// <summary>Reads delivery reports: by RFC 3464, and by what systems write that do not keep to it.</summary>
internal static partial class DsnReader
{
    private const int LongestWords = 500;
    private const int LongestSearched = 20_000;

    /// <summary>
    /// Null if the message is no delivery report. What only looks like one is one if a mail system sent it, with an empty envelope sender or under its own
    /// name: people write about undeliverable mail too, and pass reports on.
    /// </summary>
    internal static DsnReport? Read(MimePart message, string sender)
    {
        var bySystem = sender.Length == 0 || ByDaemon(message.Fields);
        if ((bySystem ? message.All : message.Own).FirstOrDefault(p => p.MediaType is "message/delivery-status" or "message/global-delivery-status") is { } machine)
        {
            var report = Standard(machine);
            return report is { Status.Length: > 0, Words.Length: > 0 } ? report : Completed(report, message);
        }

        return bySystem && !AutomaticRules.IsAnswer(message.Fields) && IsReportByLook(message) ? Completed(null, message) : null;
    }

    /// <summary>A report that came to an address which only reports are sent to, whatever it looks like.</summary>
    internal static DsnReport ByAddress(MimePart message, string sender) => Read(message, sender) ?? Completed(null, message);

    /// <summary>It names a mail system as its writer.</summary>
    internal static bool ByDaemon(MailFields fields) => Daemon().IsMatch(fields.Text("From"));

    // One block for the message, then one per recipient (RFC 3464 2.1); the worst counts.
    private static DsnReport? Standard(MimePart machine)
    {
        DsnReport? worst = null;
        var rest = machine.Content;
        for (var blocks = 0; rest.Length > 0 && blocks < MimeLimits.Items; blocks++)
        {
            var (fields, next) = MailFields.Read(rest.Span);
            rest = next > 0 ? rest[next..] : default;
            var action = (fields["Action"] ?? "").Split('(', ';')[0].Trim().ToLowerInvariant();
            var recipient = Typed(fields["Final-Recipient"] ?? fields["Original-Recipient"]);
            var status = Code().Match(fields["Status"] ?? "").Value;
            var words = Words(Typed(fields["Diagnostic-Code"]));
            if (action.Length == 0 && status.Length == 0)
            {
                continue;
            }

            // Some write 5.0.0 or 4.4.7 and know better in words.
            if ((status.Length == 0 || status.EndsWith(".0.0", StringComparison.Ordinal)) && Code().Match(words) is { Success: true } said)
            {
                status = said.Value;
            }

            var report = new DsnReport(ActionOf(action, status), status, words, recipient);
            worst = worst is null || report.Action < worst.Action ? report : worst;
        }

        return worst;
    }

    private static DsnAction ActionOf(string action, string status) => action switch
    {
        "failed" or "failure" => DsnAction.Failed,
        "delayed" => DsnAction.Delayed,
        "delivered" => DsnAction.Delivered,
        "relayed" or "expanded" => DsnAction.Relayed,
        _ => status.StartsWith('2') ? DsnAction.Delivered : status.StartsWith('4') ? DsnAction.Delayed : DsnAction.Failed,
    };

    private static bool IsReportByLook(MimePart message)
    {
        var fields = message.Fields;
        if (message.MediaType == "multipart/report")
        {
            return message.Type["report-type"] is null or "delivery-status" && message.All.All(p => p.MediaType is not ("message/feedback-report" or "message/disposition-notification"));
        }

        if (message.All.Any(p => p.MediaType == "message/feedback-report"))
        {
            return false;
        }

        return fields.Has("X-Failed-Recipients")
            || BounceSubject().IsMatch(fields.Text("Subject"))
            || Said().IsMatch(Begin(message))
            || Code().IsMatch(Begin(message));
    }

    private static DsnReport Completed(DsnReport? known, MimePart message)
    {
        var text = Begin(message);
        var codes = Code().Matches(text);
        var coded = codes.FirstOrDefault(c => c.Value[0] == '5') ?? codes.FirstOrDefault(c => c.Value[0] == '4');
        var reply = Reply().Match(text);
        var at = coded?.Index ?? (reply.Success ? reply.Index : -1);
        var words = known is { Words.Length: > 0 } ? known.Words : at < 0 ? "" : LineAround(text, at);
        var status = known is { Status.Length: > 0 } && !known.Status.EndsWith(".0.0", StringComparison.Ordinal) ? known.Status
            : coded?.Value ?? known?.Status ?? "";
        var action = known?.Action ?? (StillTried().IsMatch(text) && !GivenUp().IsMatch(text) ? DsnAction.Delayed : DsnAction.Failed);
        if (status.Length == 0 && reply.Success)
        {
            status = reply.Groups[1].Value[0] == '5' ? "5.0.0" : "4.0.0";
        }

        return new DsnReport(action, status, words, known?.Recipient ?? Typed(message.Fields["X-Failed-Recipients"]));
    }

    private static string Begin(MimePart message)
    {
        // The explanation, not the mail that is returned with it.
        var texts = message.IsMultipart
            ? message.Parts.TakeWhile(p => p.MediaType is not ("message/rfc822" or "text/rfc822-headers")).Where(p => p.IsText || p.IsMultipart).Select(MailWords.Of)
            : [MailWords.Of(message)];
        var text = string.Join('\n', texts);
        return text.Length > LongestSearched ? text[..LongestSearched] : text;
    }

    private static string LineAround(string text, int at)
    {
        var from = text.LastIndexOf('\n', at) + 1;
        var to = text.IndexOf('\n', at);
        return Words(text[from..(to < 0 ? text.Length : to)]);
    }

    private static string Words(string text) => Visible.Line(text.Trim(), LongestWords);

    // rfc822; kijitora@example.jp
    private static string Typed(string? value)
    {
        var text = value ?? "";
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        var plain = semicolon is >= 0 and < 20 ? text[(semicolon + 1)..] : text;
        return Visible.Line(HeaderText.Decode(plain).Trim().Trim('<', '>'), LongestWords);
    }

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,2}\.\d{1,3}(?![\d.]\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\d.:-])([45][0-5]\d)[ -][^\d\s]")]
    private static partial Regex Reply();

    [GeneratedRegex(@"mailer-?\s?daemon|postmaster|mail delivery (sub)?system|mail administrator|no.?reply.*delivery", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Daemon();

    [GeneratedRegex(
        @"undeliver|not deliver|undelivered|delivery (status|failure|notification|report|has failed|problem|error)|returned mail|failure notice|mail (failure|delivery|system error)|returning message|could not be delivered|delivery fail|unable to deliver|message (delayed|status)|warning: |mail error|non.?delivery|bounce|不達|配信不能|配信できません|送信できません|送信エラー|届きません|宛先不明|配送(不能|エラー|できません)|エラーメール|メールエラー|未送信|届けられません",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex BounceSubject();

    [GeneratedRegex(
        @"could not be delivered|couldn't be delivered|was not delivered|wasn't (able to )?deliver|unable to deliver|delivery (to the following|has failed|failed)|undeliverable|message (that you sent|you sent)|permanent (error|failure|fatal)|permanently|user unknown|unknown user|no such user|mailbox (is )?(full|unavailable|not found)|not be delivered|did not reach|returned to (you|sender)|following (addresses|recipient|address)|the following recipients|failed recipient|recipient.{0,20}(reject|unknown)|address(es)? (had|not) |could not (deliver|send)|delivery error|mail server|あて先|宛先|配信|届ける|送信できま|エラー",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Said();

    [GeneratedRegex(@"will (be retried|keep trying|continue)|still (being )?(trying|retried)|no (further )?action is required|warning message only|do not need to resend|delayed|has not yet been delivered|再送信を(続|試)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex StillTried();

    [GeneratedRegex(@"giv(en|ing) up|final|permanent|expired|could not be delivered|too long in the queue", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex GivenUp();
}
