using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>What the desk says by mail: alert and recovery. Pure; the same facts give the same text.</summary>
internal static class NoticeMails
{
    internal static OutboxMail Alert(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc) =>
        Machine(facts, thread, options, nowUtc, NoticeKind.Alert, AlertSubject(facts.Problem, facts.Severity), facts.Log is null ? NoticeBody.Alert : LogMail.Alert);

    internal static OutboxMail Recovery(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc) =>
        Machine(facts, thread, options, nowUtc, NoticeKind.Recovery, RecoverySubject(facts.Problem), NoticeBody.Recovery);

    /// <summary>It flaps: said once, with the state that the problem was mailed with.</summary>
    internal static OutboxMail Flapping(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc) =>
        Machine(facts, thread, options, nowUtc, NoticeKind.Flapping, FlappingSubject(facts.Problem, facts.Severity), NoticeBody.Flapping);

    internal static string FlappingSubject(ProblemFacts problem, CheckStatus severity) => (problem.IsHost
        ? $"** FLAPPINGSTART Host Alert: {Visible.Line(problem.Host)} is DOWN **"
        : $"** FLAPPINGSTART Service Alert: {Visible.Line(problem.Title)} is {NoticeText.State(severity)} **") + Tag(problem);

    /// <summary>Literally as Nagios' default commands write it, since customers filter by it; the incident follows in brackets.</summary>
    internal static string AlertSubject(ProblemFacts problem, CheckStatus severity) => (problem.IsHost
        ? $"** PROBLEM Host Alert: {Visible.Line(problem.Host)} is DOWN **"
        : $"** PROBLEM Service Alert: {Visible.Line(problem.Title)} is {NoticeText.State(severity)} **") + Tag(problem);

    /// <inheritdoc cref="AlertSubject"/>
    internal static string RecoverySubject(ProblemFacts problem) => (problem.IsHost
        ? $"** RECOVERY Host Alert: {Visible.Line(problem.Host)} is UP **"
        : $"** RECOVERY Service Alert: {Visible.Line(problem.Title)} is OK **") + Tag(problem);

    /// <summary>The fallback thread key of clients that ignore References, and the desk's way from a printed mail to its incident.</summary>
    internal static string Tag(ProblemFacts problem) => $" [{problem.Customer} {problem.Number}]";

    /// <summary>Japanese, English, or Japanese followed by English.</summary>
    internal static string Spoken(Language language, Func<Language, string> body) => language switch
    {
        Language.Ja or Language.En => body(language),
        Language.Both => $"{body(Language.Ja)}\n{NoticeText.EnglishRule}\n\n{body(Language.En)}",
    };

    internal static OutboxMail Envelope(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc, NoticeKind kind) => new(
        thread.NextKey(facts.Problem, kind),
        facts.Incident,
        facts.Problem.Customer,
        kind,
        Subject: "",
        Body: "",
        facts.Customer.MailingList.Charset,
        facts.Customer.MailingList.Address,
        facts.Customer.Name.In(facts.Customer.Language),
        Automatic: true,
        options.DeskName.In(facts.Customer.Language),
        thread.Keys,
        nowUtc,
        ListRecipients.Of(facts.Customer.MailingList, options));

    private static OutboxMail Machine(
        NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc, NoticeKind kind, string subject, Func<NoticeFacts, Language, string> body) =>
        Envelope(facts, thread, options, nowUtc, kind) with
        {
            Subject = subject,
            Body = Spoken(facts.Customer.Language, language => body(facts, language)),
        };
}
