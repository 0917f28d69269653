using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;

namespace Hinoban.Responding;

/// <summary>When an incident may be closed. Nothing closes without a reason, and nothing unknown is closed over.</summary>
internal static class CloseRules
{
    /// <summary>
    /// Still failing: only a lead closes it. Recovered, or an event, which never recovers: its holder or a lead, or anybody who responds if nobody holds it (自然復旧).
    /// The final report is reason enough; without it the person gives one.
    /// </summary>
    internal static RespondDecision Close(IReadOnlyList<IncidentEvent> events, Actor actor, string reason, DateTimeOffset now)
    {
        var state = ResponseState.Of(events);
        var runs = StepRuns.Of(events);
        var lead = actor.Role >= Role.Lead;
        var failing = state is { Failing: true, IsEvent: false };
        var reported = state.Report is { Interim: false };
        return actor switch
        {
            { MayRespond: false } => RespondDecision.No(RespondRefusal.Forbidden, RespondText.ViewerMayNot),
            _ when state.Over => RespondDecision.No(RespondRefusal.Conflict, RespondText.IsClosed),
            _ when runs.Running is not null => RespondDecision.No(RespondRefusal.Conflict, RespondText.StepIsRunning),
            _ when runs.All.Any(r => r.Outcome == StepOutcome.Unknown) => RespondDecision.No(RespondRefusal.Conflict, RespondText.SettleFirst),
            _ when failing && !lead => RespondDecision.No(RespondRefusal.Forbidden, RespondText.LeadClosesFailing),
            _ when state.Holder is not null && state.Holder != actor.Name && !lead =>
                RespondDecision.No(RespondRefusal.Conflict, RespondText.HeldBy(state.HolderName)),
            _ when string.IsNullOrWhiteSpace(reason) && (failing || !reported) =>
                RespondDecision.No(RespondRefusal.Invalid, failing ? RespondText.ReasonNeeded : RespondText.ReportOwed),
            _ => RespondDecision.Do(new Closed(
                now, actor.Name, string.IsNullOrWhiteSpace(reason) ? RespondText.Reported : Text.Same(reason.Trim()))),
        };
    }
}
