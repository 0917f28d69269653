using System.Text;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Reporting;

/// <summary>発生状況: what failed, since when, seen from where, when the response started and when it was over.</summary>
internal static class SituationPart
{
    internal static string Of(DraftSource s)
    {
        var text = new StringBuilder();
        void Line(Text name, string value) => text.Append(text.Length == 0 ? "" : "\n").Append(s.Say(name)).Append(DraftSource.Colon).Append(value);

        var opened = s.Events.OfType<Opened>().FirstOrDefault();
        Line(ReportText.Target, Target(s));
        Line(ReportText.FirstFailure, s.Clock.Full(s.Facts.FirstFailureUtc));
        if (opened is not null)
        {
            Line(ReportText.Detected, s.Clock.Full(opened.AtUtc));
            Line(ReportText.Finding, Finding(s, opened));
            Line(ReportText.SeenFrom, SeenFrom(s, opened));
        }

        if (s.Facts.IsLog)
        {
            Line(ReportText.LogHits, Hits(s));
        }

        if (s.Events.OfType<ServiceAttached>().Select(a => Clean.Line(a.Service)).Distinct().ToList() is { Count: > 0 } attached)
        {
            Line(ReportText.AlsoDown, s.Join(attached));
        }

        if (s.Events.OfType<HostAttached>().Select(a => Clean.Line(a.Host)).Distinct().ToList() is { Count: > 0 } cut)
        {
            Line(ReportText.CutOff, s.Join(cut));
        }

        if (s.Events.OfType<StormJoined>().Select(a => Clean.Line(a.Host)).Distinct().ToList() is { Count: > 0 } joined)
        {
            Line(ReportText.FailedToo, s.Join(joined));
        }

        if (Changes(s) is { Length: > 0 } changes)
        {
            Line(ReportText.Changes, changes);
        }

        Line(ReportText.Started, Started(s));
        Ending(s, opened, Line);
        Line(ReportText.Agreed, Agreed(s));
        return text.ToString();
    }

    private static string Target(DraftSource s)
    {
        var name = s.Plan.Host(s.Facts.Host)?.Name.In(s.Language) ?? "";
        return $"{(name.Length == 0 || name == s.Facts.Host ? "" : name + " ")}{s.Facts.Title}{DraftSource.Bracket(s.Facts.Address)}";
    }

    /// <summary>The worst that a site saw. No value is said as such, never as the last value.</summary>
    private static string Finding(DraftSource s, Opened opened)
    {
        var worst = opened.Evidence.Where(e => IsFailing(e.Vote)).OrderByDescending(e => Weight(e.Status)).FirstOrDefault();
        var state = StateWord(s.Facts, opened.Severity);
        var noValue = worst is { NoValue: not NoValue.None } ? DraftSource.Bracket(s.Say(ReportText.NoValue)) : "";
        return worst is null || worst.Output.Length == 0 ? state + noValue : $"{state}{noValue} {Clean.Line(s.Say(LookWords.Of(s.Facts.Kind, worst.Output)))}";
    }

    private static string Hits(DraftSource s)
    {
        var log = s.Events.OfType<LogHitsFound>().Aggregate(LogFold.Nothing, (fold, found) => fold.With(found));
        var times = log.Hits == 0 ? "" : log.FirstUtc == log.LastUtc ? s.Clock.Full(log.FirstUtc) : $"{s.Clock.Full(log.FirstUtc)} - {s.Clock.Full(log.LastUtc)}";
        return s.Say(ReportText.LogCount(log.Hits, log.Suppressed)) + DraftSource.Bracket(times) + s.Say(ReportText.LogNote);
    }

    private static string SeenFrom(DraftSource s, Opened opened)
    {
        var failing = opened.Evidence.Where(e => IsFailing(e.Vote)).Select(e => e.Site.Value).ToList();
        var note = opened.SingleSite ? s.Say(ReportText.OneSite)
            : opened.Evidence.Any(e => e.Vote == VoteKind.Ok) ? s.Say(ReportText.NotSeenElsewhere)
            : "";
        return s.Join(failing) + DraftSource.Bracket(note);
    }

    private static string Changes(DraftSource s)
    {
        return s.Join(s.Events.Select(e => e switch
        {
            SeverityChanged c => $"{s.Clock.Short(c.AtUtc)} {StateWord(s.Facts, c.Before)} → {StateWord(s.Facts, c.After)}",
            FlappingStarted f => $"{s.Clock.Short(f.AtUtc)} {s.Say(ReportText.BeganToFlap)}",
            FlappingEnded f => $"{s.Clock.Short(f.AtUtc)} {s.Say(ReportText.Settled)}",
            _ => "",
        }).Where(t => t.Length > 0));
    }

    private static string Started(DraftSource s)
    {
        var slo = SloMath.Of(s.Events, s.Plan.StartWithin, s.NowUtc);
        return slo.ClaimedUtc is { } claimed
            ? s.Clock.Short(claimed) + DraftSource.Bracket(slo.Taken is { } taken ? s.Say(ReportText.AfterMail(s.Clock.Span(taken))) : "")
            : s.Say(ReportText.NotStarted);
    }

    private static void Ending(DraftSource s, Opened? opened, Action<Text, string> line)
    {
        if (s.Facts.IsLog)
        {
            return;
        }

        if (s.Events.OfType<Recovered>().LastOrDefault() is not { } recovered)
        {
            line(ReportText.StateNow, s.Say(ReportText.Continuing(s.Clock.Full(s.NowUtc))));
            return;
        }

        var note = recovered.Reason == RecoveryReason.ItemRemoved ? s.Say(ReportText.ItemRemoved)
            : opened is null ? ""
            : s.Say(ReportText.Lasted(s.Clock.Span(recovered.AtUtc - opened.AtUtc)));
        line(ReportText.RecoveredAt, s.Clock.Full(recovered.AtUtc) + DraftSource.Bracket(note));
    }

    private static string Agreed(DraftSource s)
    {
        var edition = s.Say(ReportText.Edition(s.Facts.Edition));
        var runbook = s.Facts.Runbook is { } key ? s.Plan.Runbook(key) : null;
        return runbook is null ? edition : $"{edition} / {s.Say(ReportText.Runbook(runbook.Title.In(s.Language)))}";
    }

    private static bool IsFailing(VoteKind vote) => vote is VoteKind.Answer or VoteKind.Transport;

    /// <summary>Nagios' order of badness: critical before unknown before warning.</summary>
    private static int Weight(CheckStatus status) => status switch
    {
        CheckStatus.Ok => 0,
        CheckStatus.Warning => 1,
        CheckStatus.Unknown => 2,
        CheckStatus.Critical => 3,
    };

    private static string StateWord(ProblemFacts facts, CheckStatus status) => facts.IsHost
        ? status == CheckStatus.Ok ? "UP" : "DOWN"
        : status.ToString().ToUpperInvariant();
}
