using System.Globalization;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;

namespace Hinoban.Notifying;

/// <summary>The response report (対応報告) as a mail into the incident's thread: the four parts as the operator sends them, in a fixed frame.</summary>
internal static class ReportMail
{
    internal static OutboxMail Build(
        NoticeFacts facts, MailThread thread, ReportParts parts, bool interim, string operatorName, MailOptions options, DateTimeOffset nowUtc)
    {
        var language = facts.Customer.Language;
        var envelope = NoticeMails.Envelope(facts, thread, options, nowUtc, NoticeKind.Report);
        var issue = int.Parse(envelope.Key.AsSpan(envelope.Key.LastIndexOf('.') + 1), CultureInfo.InvariantCulture);
        return envelope with
        {
            Subject = Subject(facts, interim ? ReportText.InterimTag(issue) : ReportText.FinalTag),
            Body = NoticeBody.Text(Body(facts, parts, interim, operatorName, language)),
            FromName = $"{envelope.FromName} ({PersonNames.Of(Visible.Line(operatorName)).In(language)})",
            Automatic = false,
        };
    }

    /// <summary><c>Re: 【対応報告】web01/http CRITICAL 復旧済 [sample-trading INC-260414-0007]</c>.</summary>
    internal static string Subject(NoticeFacts facts, Text tag)
    {
        var title = $"{Visible.Line(facts.Problem.Title)} {NoticeBody.State(facts, facts.Severity)}";
        var stand = facts.Log is not null ? Text.Same("") : facts.RecoveredUtc is null ? ReportText.Ongoing : ReportText.Recovered;
        var subject = facts.Customer.Language switch
        {
            Language.Ja => $"【{tag.Ja}】{title} {stand.Ja}",
            Language.En => $"[{tag.En}] {title} {stand.En}",
            Language.Both => $"【{tag.Ja} / {tag.En}】{title} {stand.Ja} / {stand.En}",
        };
        return $"Re: {subject.TrimEnd(' ', '/')}{NoticeMails.Tag(facts.Problem)}";
    }

    /// <summary>A text that exists once goes under headings in both languages where both are wanted.</summary>
    internal static string Heading(Text heading, Language language) => language switch
    {
        Language.Ja => $"■{heading.Ja}",
        Language.En => heading.En,
        Language.Both => $"■{heading.Ja} / {heading.En}",
    };

    internal static IEnumerable<string> Frame(NoticeFacts facts, Language language, Text opening)
    {
        foreach (var spoken in language == Language.Both ? [Language.Ja, Language.En] : new[] { language })
        {
            yield return NoticeText.Dear(facts.Customer.Name).In(spoken);
            yield return "";
            yield return opening.In(spoken);
            yield return "";
        }

        var labels = language == Language.En ? Language.En : Language.Ja;
        foreach (var line in NoticeBody.About(facts, labels))
        {
            yield return line;
        }

        yield return NoticeBody.Field(NoticeText.StateNow, State(facts, labels), labels);
        yield return NoticeBody.Field(NoticeText.Detected, NoticeBody.At(facts, facts.DetectedUtc, labels), labels);
        if (facts.RecoveredUtc is { } recovered)
        {
            yield return NoticeBody.Field(facts.Removed ? NoticeText.Ended : NoticeText.RecoveredAt, NoticeBody.At(facts, recovered, labels), labels);
            yield return NoticeBody.Field(NoticeText.Duration, MailTime.Span(recovered - facts.DetectedUtc, labels), labels);
        }
    }

    private static string State(NoticeFacts facts, Language language)
    {
        var problem = NoticeBody.State(facts, facts.Severity);
        return facts.RecoveredUtc is null
            ? $"{problem} ({ReportText.Ongoing.In(language)})"
            : $"{problem} ({(facts.Removed ? NoticeText.Removed : ReportText.Recovered).In(language)})";
    }

    private static IEnumerable<string> Body(NoticeFacts facts, ReportParts parts, bool interim, string operatorName, Language language) =>
    [
        .. Frame(facts, language, Opening(PersonNames.Of(Visible.Line(operatorName)), interim)),
        .. Part(ReportText.Situation, parts.Situation, language),
        .. Part(ReportText.Cause, parts.Cause, language),
        .. Part(ReportText.Actions, parts.Actions, language),
        .. Part(ReportText.Calls, parts.Calls, language),
        "",
        .. ReportText.Closing.Lines(language),
    ];

    private static Text Opening(Text name, bool interim) => interim ? ReportText.InterimOpening(name) : ReportText.FinalOpening(name);

    private static IEnumerable<string> Part(Text heading, string text, Language language) =>
        ["", Heading(heading, language), .. Visible.Lines(text.Trim('\r', '\n'))];

    internal static IEnumerable<string> Lines(this Text text, Language language) => language switch
    {
        Language.Both when text.Ja != text.En => [text.Ja, text.En],
        _ => [text.In(language)],
    };
}
