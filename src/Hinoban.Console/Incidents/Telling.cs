using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Console.Incidents;

/// <summary>One entry of the story: an icon, a sentence, and the words of others (output, note, transcript) that belong to it.</summary>
internal sealed record Told(DateTimeOffset AtUtc, string By, string Icon, string Tone, Text Sentence, Text Quote, bool Mono = false);

/// <summary>Tells an incident's events in sentences.</summary>
internal static class Telling
{
    /// <summary>
    /// Newest first. Deliveries of one mail that went the same way are one sentence (to whom they went stands with the mail), and with <paramref name="crowds"/> so are the many that join; without
    /// <paramref name="all"/> internal notes are left out.
    /// </summary>
    internal static IReadOnlyList<Told> Of(IReadOnlyList<IncidentEvent> events, bool all, bool crowds = true)
    {
        var told = new List<Told>();
        var people = new People(events);
        var kind = events.OfType<Opened>().FirstOrDefault()?.Problem.Kind ?? "";
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is DeliverySettled first)
            {
                var alike = events.Skip(i).TakeWhile(e => e is DeliverySettled d && d.MailKey == first.MailKey && d.Outcome == first.Outcome && d.PossiblyTwice == first.PossiblyTwice)
                    .Cast<DeliverySettled>().ToList();
                told.Add(Deliveries(alike, whole: !crowds));
                i += alike.Count - 1;
            }
            else if (crowds && Crowd.Length(events, i) is > 0 and var many)
            {
                told.Add(Crowd.Tell([.. events.Skip(i).Take(many)]));
                i += many - 1;
            }
            else if (all || events[i] is not NoteAdded { ForReport: false })
            {
                told.Add(One(events[i], people.NameOf(events[i].By), kind));
            }
        }

        told.Reverse();
        return told;
    }

    private static Told One(IncidentEvent happened, Text who, string kind) => happened switch
    {
        Opened e => Plain(e, Icons.Bell, Bits.Tone(e.Severity, e.Problem.IsHost), ConsoleTextTelling.Opened(e), OutputOf(kind, e.Evidence), mono: true),
        SeverityChanged e => Plain(e, Icons.Severity, Bits.Tone(e.After, host: false), ConsoleTextTelling.Severity(e), OutputOf(kind, e.Evidence), mono: true),
        ServiceAttached e => Plain(e, Icons.Attach, "quiet", ConsoleTextTelling.Attached(e), Said(e.Kind, e.Output), mono: true),
        SpokenAway e => Plain(e, Icons.Attach, "quiet", ConsoleTextTelling.Spoken(e)),
        HostAttached e => Plain(e, Icons.Attach, "quiet", ConsoleTextTelling.Unreachable(e), Said(e.Kind, e.Output), mono: true),
        StormJoined e => Plain(e, Icons.Attach, "quiet", ConsoleTextStorm.Joined(e), Said(e.Kind, e.Output), mono: true),
        StormLeft e => Plain(e, e.Why == StormExit.Back ? Icons.Recovered : Icons.Release, e.Why == StormExit.Separated ? "person" : "quiet", ConsoleTextStorm.Left(e, who)),
        LeadBack e => Plain(e, Icons.Recovered, "ok", ConsoleTextStorm.Back(e), OutputOf(kind, e.Evidence, working: true), mono: true),
        LeadDown e => Plain(e, Icons.Severity, "critical", ConsoleTextStorm.Down, OutputOf(kind, e.Evidence), mono: true),
        Separated e => Plain(e, Icons.Release, "person", ConsoleTextStorm.WasSeparated(e, who)),
        FlappingStarted e => Plain(e, Icons.Severity, "unknown", ConsoleTextTelling.FlappingStarted(e)),
        FlappingEnded e => Plain(e, Icons.Severity, "quiet", ConsoleTextTelling.FlappingEnded(e)),
        LogHitsFound e => Plain(
            e, Icons.Severity, Bits.Tone(e.Worst, host: false), ConsoleTextTelling.Found(e), string.Join('\n', e.Lines.Select(l => Show.Line(l.Text.Split('\n')[0], 400))), mono: true),
        Recovered e => Plain(e, Icons.Recovered, "ok", ConsoleTextTelling.Recovered(e), OutputOf(kind, e.Evidence, working: true), mono: true),
        NoticeDecided e => Plain(e, e.Told ? Icons.Mails : Icons.BellOff, "quiet", ConsoleTextTelling.Notice(e), e.Told ? e.Subject : ""),
        DeliveryReported e => Plain(
            e, e.Failed ? Icons.MailFailed : Icons.MailWaiting, e.Failed ? "critical" : "quiet", ConsoleTextTelling.Reported(e), $"{e.Recipient}  {e.Status} {e.Words}", mono: true),
        ReplyReceived e => Plain(e, Icons.Mails, "person", ConsoleTextTelling.Reply(e), Quote(e)),
        ResponseWaits e => Plain(e, Icons.BellOff, "quiet", ConsoleTextTelling.Waits(e), $"{e.Reason} ({e.Owner})"),
        Claimed e => Plain(e, Icons.Claim, "person", ConsoleTextTelling.Claimed(who)),
        Released e => Plain(e, Icons.Release, "person", ConsoleTextTelling.Released(who), e.Reason),
        NoteAdded e => Plain(e, Icons.Note, "person", ConsoleTextTelling.Note(e, who), e.Text),
        CallRecorded e => Plain(e, Icons.Phone, "person", ConsoleTextTelling.Call(e, who), e.Said),
        StepStarted e => Plain(e, Icons.Play, "person", ConsoleTextTelling.StepStarted(e, who), e.Command, mono: true),
        StepEnded e => Plain(e, StepIcon(e.Outcome), StepTone(e.Outcome), ConsoleTextTelling.StepEnded(e), ExitWords.Because(e.Because, e.ExitCode)),
        ReportSent e => Plain(e, Icons.Report, "ok", ConsoleTextTelling.Report(e, who)),
        Closed e => Plain(e, Icons.Closed, "quiet", ConsoleTextTelling.Closed(who), e.Reason),
        _ => Plain(happened, Icons.Question, "quiet", Text.Same(happened.GetType().Name)),
    };

    private static Told Plain(IncidentEvent e, string icon, string tone, Text sentence, string quote = "", bool mono = false) =>
        Plain(e, icon, tone, sentence, Text.Same(quote), mono);

    private static Told Plain(IncidentEvent e, string icon, string tone, Text sentence, Text quote, bool mono = false) =>
        new(e.AtUtc, e.By, icon, tone, sentence, quote, mono);

    private static Told Deliveries(IReadOnlyList<DeliverySettled> alike, bool whole)
    {
        var first = alike[0];
        var accepted = first.Outcome == DeliveryOutcome.Accepted;
        var startsClock = accepted && first.Kind == NoticeKind.Alert && alike.Any(d => d.Desk);
        var lines = alike.Select(d => $"{d.Recipient}  {(d.QueueId.Length > 0 ? d.QueueId : d.Reply)}");
        return Plain(
            first, accepted ? Icons.MailOk : Icons.MailFailed, accepted ? "quiet" : "critical",
            ConsoleTextTelling.Deliveries(first, alike.Count, startsClock), accepted && !whole ? "" : string.Join('\n', lines), mono: true);
    }

    // The output that explains the event; a line that was one stays one, whatever breaks it contains.
    private static Text OutputOf(string kind, IReadOnlyList<SiteEvidence> evidence, bool working = false) =>
        Said(kind, evidence.Where(e => e.Status == CheckStatus.Ok == working).Concat(evidence).FirstOrDefault(e => e.Output.Length > 0)?.Output ?? "");

    private static Text Said(string kind, string output) => LookWords.Of(kind, output) is var said ? new(Show.Line(said.Ja), Show.Line(said.En)) : said;

    private static Text Quote(ReplyReceived e)
    {
        var names = string.Join(", ", e.Attachments.Select(a => Show.Line(a, 100)));
        return e.Attachments.Count == 0 ? Text.Same(e.Excerpt) : new($"{e.Excerpt}\n\n添付: {names}", $"{e.Excerpt}\n\nAttached: {names}");
    }

    private static string StepIcon(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => Icons.Ok,
        StepOutcome.NotNeeded => Icons.Recovered,
        StepOutcome.Failed => Icons.Down,
        StepOutcome.Unknown => Icons.Unknown,
    };

    private static string StepTone(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done or StepOutcome.NotNeeded => "ok",
        StepOutcome.Failed => "critical",
        StepOutcome.Unknown => "unknown",
    };
}
