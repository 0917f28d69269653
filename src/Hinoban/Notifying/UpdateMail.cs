using Hinoban.Basics;
using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>A runbook step's <c>else: mail</c>: the engine writes into the incident's thread on its own.</summary>
internal static class UpdateMail
{
    internal static OutboxMail Build(NoticeFacts facts, MailThread thread, Text message, MailOptions options, DateTimeOffset nowUtc)
    {
        var language = facts.Customer.Language;
        return NoticeMails.Envelope(facts, thread, options, nowUtc, NoticeKind.Update) with
        {
            Subject = ReportMail.Subject(facts, ReportText.UpdateTag),
            Body = NoticeBody.Text(
            [
                .. ReportMail.Frame(facts, language, ReportText.UpdateOpening),
                "",
                ReportMail.Heading(ReportText.Message, language),
                .. ReportMail.Lines(message, language).SelectMany(m => Visible.Lines(m.Trim('\r', '\n'))),
            ]),
            Automatic = true,
        };
    }
}
