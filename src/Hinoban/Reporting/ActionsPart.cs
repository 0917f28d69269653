using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Responding;

namespace Hinoban.Reporting;

/// <summary>対応内容: what was done, in the order it was done, each line with its time.</summary>
internal static class ActionsPart
{
    private const string Indent = "      ";

    internal static string Of(DraftSource s)
    {
        var lines = new List<string>();
        var begun = new Dictionary<(int Step, int Run), StepStarted>();
        var unknown = new HashSet<(int Step, int Run)>();
        string? holder = null;
        foreach (var e in s.Events)
        {
            switch (e)
            {
                case Claimed c:
                    var name = PersonNames.Of(Clean.Line(c.DisplayName));
                    lines.Add(At(s, c, holder is null ? ReportText.Claimed(name) : ReportText.TakenOver(name)));
                    holder = c.By;
                    break;
                case StepStarted started:
                    begun.TryAdd((started.Step, started.Run), started);
                    break;
                case StepEnded ended when begun.TryGetValue((ended.Step, ended.Run), out var started):
                    lines.Add(unknown.Contains((ended.Step, ended.Run)) ? Settled(s, started, ended) : Ended(s, started, ended));
                    _ = ended.Outcome == StepOutcome.Unknown && unknown.Add((ended.Step, ended.Run));
                    break;
                default:
                    lines.AddRange(Other(s, e));
                    break;
            }
        }

        return string.Join('\n', [.. lines, .. Closing(s)]);
    }

    private static IEnumerable<string> Other(DraftSource s, IncidentEvent e) => e switch
    {
        NoteAdded { ForReport: true } note => [$"{s.Clock.Short(note.AtUtc)} {Clean.Lines(note.Text, Indent)}"],
        NoticeDecided { Kind: NoticeKind.Update, Told: true } => [At(s, e, ReportText.UpdateSent)],
        ReportSent { Interim: true } => [At(s, e, ReportText.InterimSent)],
        _ => [],
    };

    /// <summary>What was not done is said too: a customer asks first whether somebody touched the servers.</summary>
    private static IEnumerable<string> Closing(DraftSource s)
    {
        if (SloMath.Of(s.Events, s.Plan.StartWithin, s.NowUtc).State == SloState.NaturalRecovery)
        {
            yield return s.Say(ReportText.RecoveredItself);
        }

        if (!StepRuns.Of(s.Events).All.Any(r => r.Started.Kind == RunbookRules.Change && r.MayHaveRun))
        {
            yield return s.Say(ReportText.NothingDone);
        }
    }

    private static string Ended(DraftSource s, StepStarted started, StepEnded ended)
    {
        var what = started.Command.Length == 0 ? "" : $" [{started.Host}] {Clean.Line(started.Command)}";
        return $"{s.Clock.Short(started.AtUtc)} {Name(s, started)}{what}{DraftSource.Colon}{s.Say(s.Facts.IsLog && started.Kind == RunbookRules.Recheck ? ReportText.EventStands : Outcome(started, ended))}";
    }

    private static string Settled(DraftSource s, StepStarted started, StepEnded ended)
    {
        var found = ended.Outcome == StepOutcome.Done ? ReportText.SettledDone : ReportText.SettledFailed;
        return $"{s.Clock.Short(ended.AtUtc)} {Name(s, started)}{DraftSource.Colon}{s.Say(found)}{DraftSource.Bracket(Clean.Line(s.Say(ended.Because)))}";
    }

    private static string Name(DraftSource s, StepStarted started) => s.Say(ReportText.Step(started.Step, ReportText.Kind(started.Kind)));

    private static Text Outcome(StepStarted started, StepEnded ended) => (started.Kind, ended.Outcome, ended.ExitCode) switch
    {
        (_, StepOutcome.Unknown, _) => ReportText.Unknown,
        (RunbookRules.Change, StepOutcome.NotNeeded, _) => ReportText.ChangeNotNeeded,
        (RunbookRules.Change, StepOutcome.Done, { } code) => ReportText.Executed(code),
        (RunbookRules.Change, StepOutcome.Failed, { } code) => ReportText.ExecutedBadly(code),
        (RunbookRules.Change, StepOutcome.Failed, null) => ReportText.NotRun,
        (RunbookRules.Verify, StepOutcome.Done, _) => ReportText.Verified,
        (RunbookRules.Verify, StepOutcome.Failed, _) => ReportText.NotVerified,
        (RunbookRules.Recheck, StepOutcome.Done, _) => ReportText.StillFailing,
        (_, StepOutcome.NotNeeded, _) => ReportText.FoundWorking,
        (_, _, { } code) => ReportText.Exit(code),
        _ => ReportText.CouldNotLook,
    };

    private static string At(DraftSource s, IncidentEvent e, Text text) => $"{s.Clock.Short(e.AtUtc)} {s.Say(text)}";
}
