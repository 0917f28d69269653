using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Console.Incidents;

/// <summary>The one thing to do next at an incident, and where on the page it is done.</summary>
internal sealed record NextMove(Text What, string Anchor, bool Mine, StepView? Step = null)
{
    internal static NextMove Of(IncidentView view, Actor me)
    {
        var mine = me.MayRespond && (Holder(view) is not { } holder || holder == me.Name);
        var waiting = view.Row.Stage is IncidentStage.Closed or IncidentStage.Unclaimed ? null : Waiting(view, mine);
        var move = waiting ?? view.Row.Stage switch
        {
            IncidentStage.Closed => new NextMove(ConsoleTextIncident.NextNothing, "", false),
            IncidentStage.Unclaimed => new NextMove(ConsoleTextIncident.NextClaim, "claim", mine),
            IncidentStage.ReportOwed => new NextMove(ConsoleTextIncident.NextReport, "report", mine),
            IncidentStage.Reported => new NextMove(ConsoleTextIncident.NextClose, "close", mine),
            IncidentStage.Responding => Responding(view, mine),
        };
        return mine || view.Row.Stage is IncidentStage.Closed or IncidentStage.Unclaimed || view.Row.ClaimedBy is not { } who
            ? move
            : move with { What = ConsoleTextIncident.NextOther(PersonNames.Of(who)), Anchor = "story" };
    }

    /// <summary>The account that has claimed it; a row shows only a name, which two people may share.</summary>
    internal static string? Holder(IncidentView view) => view.Events.LastOrDefault(e => e is Claimed or Released) is Claimed claimed ? claimed.By : null;

    /// <summary>What must end before anything else is right to do: neither a final report nor a close goes over it.</summary>
    private static NextMove? Waiting(IncidentView view, bool mine)
    {
        if (view.Steps.FirstOrDefault(s => s.Runs is [.., { Outcome: StepOutcome.Unknown }]) is { } unknown)
        {
            return new NextMove(ConsoleTextIncident.NextResolve(unknown.Number), $"step-{unknown.Number}", mine);
        }

        if (view.Steps.FirstOrDefault(s => s.Runs is [.., { Outcome: null }]) is { } running)
        {
            return new NextMove(ConsoleTextIncident.NextRunning(running.Number), $"step-{running.Number}", false);
        }

        return null;
    }

    private static NextMove Responding(IncidentView view, bool mine)
    {
        if (StepOf(view) is { } next)
        {
            return new NextMove(ConsoleTextIncident.NextStep(next.Number, ConsoleTextIncident.Kind(next.Kind)), $"step-{next.Number}", mine, next);
        }

        return new NextMove(view.Runbook is null ? ConsoleTextIncident.NextContactOnly : ConsoleTextIncident.NextCall, "contacts", mine);
    }

    /// <summary>The step to run next: the first that may run and has not gone as written yet.</summary>
    internal static StepView? StepOf(IncidentView view) =>
        view.Steps.Any(s => s.Runs is [.., { Outcome: null or StepOutcome.Unknown }])
            ? null
            : view.Steps.FirstOrDefault(s => s.Enabled && s.Runs is not [.., { Outcome: StepOutcome.Done or StepOutcome.NotNeeded or StepOutcome.Failed or StepOutcome.Unknown }]);
}
