using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Notifying;

/// <summary>Whether the list is told, and why (not).</summary>
internal sealed record NoticeDecision(NoticeKind Kind, NoticeReason Reason, bool Told);

/// <summary>Who must know, and who need not. Everything is derived from the incident's events, never from a transition seen live.</summary>
internal static class NoticeRules
{
    /// <summary>
    /// What follows from one change of an incident whose events so far are <paramref name="history"/> (with or without the change itself).
    /// Null: this event is nothing that a mail could be about.
    /// </summary>
    /// <param name="history">The events.</param>
    /// <param name="change">The change.</param>
    /// <param name="hasMembers">The list has members.</param>
    /// <param name="silenced">A silence covers the item: an alert is held back, and that it flaps is not told. A recovery that is owed is not held.</param>
    internal static NoticeDecision? Decide(IReadOnlyList<IncidentEvent> history, IncidentEvent change, bool hasMembers, bool silenced = false)
    {
        var decision = Decide(history, change, hasMembers);
        return silenced && decision is { Told: true } && change is (Opened or SeverityChanged or FlappingStarted)
            ? Silent(decision.Kind, NoticeReason.Silenced)
            : decision;
    }

    /// <summary>A silence held the last alert back, and it is still to be told if the problem stands.</summary>
    internal static bool IsHeld(IReadOnlyList<IncidentEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            // That others fail with their host or parent is told by its mail: it settles nothing about the host's own.
            if (events[i] is NoticeDecided { Kind: NoticeKind.Alert, Reason: not (NoticeReason.HostIsDown or NoticeReason.ParentIsDown or NoticeReason.NeededFails) } last)
            {
                return last.Reason == NoticeReason.Silenced;
            }
        }

        return false;
    }

    /// <summary>Nothing holds the alert back any more; null if none was held.</summary>
    internal static NoticeDecision? Release(IReadOnlyList<IncidentEvent> events, bool hasMembers) =>
        IsHeld(events) ? Tell(NoticeKind.Alert, NoticeReason.StillFailing, hasMembers) : null;

    /// <summary>Hosts have joined since the list was last told of them. Who was not told of the problem is not told that it grows: its recovery would be missing.</summary>
    internal static NoticeDecision OfStorm(IReadOnlyList<IncidentEvent> history, bool hasMembers) => OwesRecovery(history)
        ? Tell(NoticeKind.Update, NoticeReason.StormGrows, hasMembers)
        : Silent(NoticeKind.Update, NoticeReason.NeverAlerted);

    /// <summary>Log hits have come since the list was last told of some.</summary>
    internal static NoticeDecision OfHits(bool hasMembers) => Tell(NoticeKind.Update, NoticeReason.MoreHits, hasMembers);

    private static NoticeDecision? Decide(IReadOnlyList<IncidentEvent> history, IncidentEvent change, bool hasMembers) => change switch
    {
        Opened => OwesRecovery(history) ? Silent(NoticeKind.Alert, NoticeReason.SameProblem) : Tell(NoticeKind.Alert, NoticeReason.NewProblem, hasMembers),
        SeverityChanged c => AgreementTimes.Weight(c.After) > WorstTold(history)
            ? Tell(NoticeKind.Alert, NoticeReason.WorseProblem, hasMembers)
            : Silent(NoticeKind.Alert, NoticeReason.SameProblem),
        ServiceAttached a => Silent(NoticeKind.Alert, a.Depends ? NoticeReason.NeededFails : NoticeReason.HostIsDown),
        HostAttached => Silent(NoticeKind.Alert, NoticeReason.ParentIsDown),
        FlappingStarted => OwesRecovery(history) ? Tell(NoticeKind.Flapping, NoticeReason.BeganToFlap, hasMembers) : Silent(NoticeKind.Flapping, NoticeReason.NeverAlerted),
        Recovered => OwesRecovery(history) ? Tell(NoticeKind.Recovery, NoticeReason.OwedRecovery, hasMembers) : Silent(NoticeKind.Recovery, NoticeReason.NeverAlerted),
        ReportSent => Tell(NoticeKind.Report, NoticeReason.OperatorSends, hasMembers),
        StepEnded => Tell(NoticeKind.Update, NoticeReason.RunbookSays, hasMembers),
        _ => null,
    };

    /// <summary>True from a told alert to the told recovery after it: exactly one recovery for each alerted problem.</summary>
    internal static bool OwesRecovery(IReadOnlyList<IncidentEvent> events)
    {
        var owes = false;
        foreach (var notice in events.OfType<NoticeDecided>().Where(n => n.Told))
        {
            owes = notice.Kind switch
            {
                NoticeKind.Alert => true,
                NoticeKind.Recovery => false,
                NoticeKind.Report or NoticeKind.Update or NoticeKind.Flapping or NoticeKind.Post or NoticeKind.Maintenance or NoticeKind.Arrival => owes,
            };
        }

        return owes;
    }

    /// <summary>The weight of the worst severity that an alert has told so far; 0 before the first.</summary>
    private static int WorstTold(IReadOnlyList<IncidentEvent> events)
    {
        var (worst, severity) = (0, CheckStatus.Ok);
        foreach (var one in events)
        {
            severity = one switch
            {
                Opened o => o.Severity,
                SeverityChanged c => c.After,
                _ => severity,
            };
            worst = one is NoticeDecided { Told: true, Kind: NoticeKind.Alert } ? Math.Max(worst, AgreementTimes.Weight(severity)) : worst;
        }

        return worst;
    }

    private static NoticeDecision Tell(NoticeKind kind, NoticeReason reason, bool hasMembers) =>
        hasMembers ? new NoticeDecision(kind, reason, Told: true) : Silent(kind, NoticeReason.NoMembers);

    private static NoticeDecision Silent(NoticeKind kind, NoticeReason reason) => new(kind, reason, Told: false);
}
