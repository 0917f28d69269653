using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>A runbook step's <c>else: mail</c>, or an operator's message, into the incident's thread.</summary>
internal static class UpdateMail
{
    /// <summary><paramref name="operatorName"/> is null where the engine writes on its own.</summary>
    internal static OutboxMail Build(NoticeFacts facts, MailThread thread, string message, string? operatorName, MailOptions options, DateTimeOffset nowUtc)
    {
        var language = facts.Customer.Language;
        var envelope = NoticeMails.Envelope(facts, thread, options, nowUtc, NoticeKind.Update);
        var opening = operatorName is null ? ReportText.EngineUpdateOpening : ReportText.UpdateOpening(Visible.Line(operatorName));
        return envelope with
        {
            Subject = ReportMail.Subject(facts, ReportText.UpdateTag),
            Body = NoticeBody.Text(
            [
                .. ReportMail.Frame(facts, language, opening),
                "",
                ReportMail.Heading(ReportText.Message, language),
                .. Visible.Lines(message.Trim('\r', '\n')),
            ]),
            FromName = operatorName is null ? envelope.FromName : $"{envelope.FromName} ({Visible.Line(operatorName)})",
            Automatic = operatorName is null,
        };
    }
}
