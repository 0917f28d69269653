using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Notifying;

/// <summary>The bodies of alert and recovery, in one language: <c>label: value</c> lines, no aligned columns.</summary>
internal static class NoticeBody
{
    // A host with a thousand services still has a mail that a phone can show.
    private const int MostServices = 100;
    private const int LongestServiceOutput = 200;

    internal static string Alert(NoticeFacts facts, Language language) => Text(
        [
            NoticeText.Dear(facts.Customer.Name).In(language),
            "",
            NoticeText.AlertOpening.In(language),
            .. facts.AfterSilence ? [NoticeText.AfterSilence.In(language)] : Array.Empty<string>(),
            "",
            Field(NoticeText.Kind, NoticeText.Problem.In(language), language),
            .. About(facts, language),
            Field(NoticeText.StateNow, State(facts, facts.Severity) + Before(facts).In(language), language),
            Field(NoticeText.Detected, At(facts, facts.DetectedUtc, language), language),
            Field(NoticeText.FirstFailure, At(facts, facts.Problem.FirstFailureUtc, language), language),
            .. facts.Flapping ? [NoticeText.FlappingNote.In(language)] : Array.Empty<string>(),
            .. Seen(facts, language, failing: true),
            .. Thresholds(facts, language),
            .. Agreed(facts, language),
            .. Services(facts, language),
            .. NoticeBehind.Lines(facts, language),
            .. NoticeDependents.Lines(facts, language),
            .. NoticeStorm.Lines(facts, language),
            .. Away(facts, language),
            "",
            (facts.Away is null ? NoticeText.AlertClosing : NoticeText.AwayClosing).In(language),
        ]);

    internal static string Flapping(NoticeFacts facts, Language language) => Text(
        [
            NoticeText.Dear(facts.Customer.Name).In(language),
            "",
            NoticeText.FlappingOpening.In(language),
            "",
            Field(NoticeText.Kind, NoticeText.FlappingKind.In(language), language),
            .. About(facts, language),
            Field(NoticeText.Detected, At(facts, facts.DetectedUtc, language), language),
            "",
            NoticeText.FlappingNote.In(language),
            .. Away(facts, language),
        ]);

    internal static string Recovery(NoticeFacts facts, Language language)
    {
        var recovered = facts.RecoveredUtc ?? facts.DetectedUtc;
        return Text(
            [
                NoticeText.Dear(facts.Customer.Name).In(language),
                "",
                (facts.Removed ? NoticeText.RemovedOpening : NoticeText.RecoveryOpening).In(language),
                "",
                Field(NoticeText.Kind, NoticeText.Recovery.In(language), language),
                .. About(facts, language),
                Field(NoticeText.StateNow, (facts.Removed ? NoticeText.Removed.In(language) : State(facts, CheckStatus.Ok)) + NoticeText.Was(State(facts, facts.Severity)).In(language), language),
                Field(facts.Removed ? NoticeText.Ended : NoticeText.RecoveredAt, At(facts, recovered, language), language),
                Field(NoticeText.Detected, At(facts, facts.DetectedUtc, language), language),
                Field(NoticeText.Duration, MailTime.Span(recovered - facts.DetectedUtc, language), language),
                .. Seen(facts, language, failing: false),
                .. Services(facts, language),
                .. NoticeBehind.Lines(facts, language),
                .. NoticeDependents.Lines(facts, language),
                .. NoticeStorm.Lines(facts, language),
                .. Away(facts, language),
                "",
                NoticeText.RecoveryClosing.In(language),
            ]);
    }

    /// <summary>Which host and item of whom; the same lines in every mail of an incident.</summary>
    internal static IEnumerable<string> About(NoticeFacts facts, Language language)
    {
        var problem = facts.Problem;
        yield return Field(NoticeText.Number, problem.Number, language);
        if (facts.Customer.Contract.Length > 0)
        {
            yield return Field(NoticeText.Contract, facts.Customer.Contract, language);
        }

        var name = facts.Customer.Host(problem.Host)?.Name.In(language) ?? "";
        yield return Field(NoticeText.Host, $"{problem.Host}{(name.Length == 0 || name == problem.Host ? "" : $" {name}")}{(problem.Address.Length == 0 ? "" : $" ({problem.Address})")}", language);
        yield return Field(NoticeText.Item, problem.IsHost ? NoticeText.HostCheck.In(language) : problem.Service, language);
    }

    internal static string Field(Text label, string value, Language language) => $"{label.In(language)}: {Visible.Line(value)}";

    internal static string At(NoticeFacts facts, DateTimeOffset instant, Language language) => MailTime.At(instant, facts.Customer.Zone, language);

    internal static string State(NoticeFacts facts, CheckStatus status) => facts.Problem.IsHost ? NoticeText.HostState(status) : NoticeText.State(status);

    // Of an item that has failed ever since it is watched nothing was before; where that is not known nothing is said.
    private static Text Before(NoticeFacts facts) => facts.Stood switch
    {
        Judgement.Hold => NoticeText.FromTheFirst,
        Judgement.Failing => Basics.Text.Same(""),
        _ => NoticeText.Was(State(facts, facts.Before)),
    };

    internal static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";

    /// <summary>Each site's verdict, then what they got: one line if they agree, a line per site if not.</summary>
    internal static IEnumerable<string> Seen(NoticeFacts facts, Language language, bool failing)
    {
        if (facts.Evidence.Count == 0)
        {
            yield break;
        }

        if (facts.Problem.Kind == Specs.PassiveLookPlan.Word)
        {
            yield return Posted(facts, language);
            yield break;
        }

        yield return Field(NoticeText.Sites, string.Join(' ', facts.Evidence.Select(e => $"{e.Site}={Word(e.Vote, failing).In(language)}")), language);
        var telling = facts.Evidence.Where(e => failing ? e.Vote is VoteKind.Answer or VoteKind.Transport : e.Vote == VoteKind.Ok).ToList();
        var values = telling.Select(e => Value(facts, e, language)).Distinct().ToList();
        foreach (var one in values.Count == 1 ? telling.Take(1) : telling)
        {
            var place = values.Count == 1 ? "" : $" ({one.Site})";
            yield return $"{NoticeText.Value.In(language)}{place}: {Value(facts, one, language)}";
        }

        if (facts.SingleSite && telling.Count > 0)
        {
            yield return NoticeText.SingleSite(telling[0].Site.Value).In(language);
        }
    }

    // Nobody looked: the value is what was posted, and if none was, the last one says since when.
    private static string Posted(NoticeFacts facts, Language language)
    {
        var posted = facts.Evidence[0];
        return posted.NoValue == NoValue.NotPosted
            ? Field(NoticeText.Posted, NoticeText.Missing(facts.Problem.Thresholds, posted.LookUtc is { } last ? At(facts, last, language) : null).In(language), language)
            : Field(NoticeText.Posted, Value(facts, posted, language), language);
    }

    // What works while one site cannot reach it is reached by the others: at the end of a problem that is the path's, not the target's.
    private static Text Word(VoteKind vote, bool failing) => !failing && vote == VoteKind.Transport ? NoticeText.PathTrouble : NoticeText.Vote(vote);

    private static string Value(NoticeFacts facts, SiteEvidence evidence, Language language)
    {
        var output = Visible.Line(Said(facts.Problem.Kind, evidence.Output, language));
        return evidence.NoValue == NoValue.None ? output
            : output != Visible.Line(evidence.Output) ? $"{NoticeText.NoValueWord.In(language)} {output}"
            : $"{NoticeText.NoValueWord.In(language)} ({NoticeText.Why(evidence.NoValue).In(language)}){(output.Length == 0 ? "" : $" {output}")}";
    }

    private static string Said(string kind, string output, Language language) => LookWords.Of(kind, output).In(language);

    // The customer must know that nobody sits at the desk now, and how sure this is.
    private static IEnumerable<string> Away(NoticeFacts facts, Language language) => facts.Away is { } away
        ? ["", (away.Alone ? NoticeText.SpeaksAlone(away.Site) : NoticeText.SpeaksForDesk(away.Site, away.Lookers)).In(language)]
        : [];

    private static IEnumerable<string> Thresholds(NoticeFacts facts, Language language) =>
        facts.Problem.Thresholds.Length == 0 ? [] : [Field(NoticeText.Thresholds, LookTerms.Of(facts.Problem.Kind, facts.Problem.Thresholds).In(language), language)];

    // The provider's own alarms rest on no specification.
    internal static string[] Agreed(NoticeFacts facts, Language language) => facts.Customer.IsProvider ? [] :
    [
        Field(NoticeText.FirstResponse, FirstResponse(facts, language), language),
        Field(NoticeText.Edition, NoticeText.EditionNumber(facts.Problem.Edition).In(language), language),
    ];

    private static string FirstResponse(NoticeFacts facts, Language language)
    {
        if (facts.Problem.Runbook is not { } key)
        {
            return NoticeText.NoRunbook.In(language);
        }

        var title = facts.Customer.Runbook(key)?.Title ?? Basics.Text.Same(key);
        return NoticeText.Procedure(key, title).In(language);
    }

    private static IEnumerable<string> Services(NoticeFacts facts, Language language)
    {
        if (!facts.Problem.IsHost || facts.Services.Count == 0)
        {
            yield break;
        }

        yield return "";
        yield return NoticeText.ServicesNow.In(language);
        foreach (var service in facts.Services.Take(MostServices))
        {
            var state = service.Status is { } status ? NoticeText.State(status) : NoticeText.NotKnown.In(language);
            yield return $"- {Visible.Line(service.Service)}: {state} {Visible.Line(Said(service.Kind, service.Output, language), LongestServiceOutput)}".TrimEnd();
        }

        if (facts.Services.Count > MostServices)
        {
            yield return $"- {NoticeText.AndMore(facts.Services.Count - MostServices).In(language)}";
        }
    }
}
