using Hinoban.Incidents;
using Hinoban.People;

namespace Hinoban.Responding;

/// <summary>Who may take an incident (対応開始), give it back, or take it over.</summary>
internal static class ClaimRules
{
    /// <summary>
    /// Takes the incident. Asking again for one's own is no error and no event. A lead takes over what another holds, which the timeline
    /// shows as a second claim; an operator asks the holder to release it. The SLO clock stops at the first claim only.
    /// </summary>
    internal static RespondDecision Claim(IReadOnlyList<IncidentEvent> events, Actor actor, DateTimeOffset now)
    {
        var state = ResponseState.Of(events);
        return actor switch
        {
            { MayRespond: false } => RespondDecision.No(RespondRefusal.Forbidden, RespondText.ViewerMayNot),
            _ when state.Over => RespondDecision.No(RespondRefusal.Conflict, RespondText.IsClosed),
            _ when state.Holder == actor.Name => RespondDecision.Do(),
            { Role: < Role.Lead } when state.Holder is not null =>
                RespondDecision.No(RespondRefusal.Conflict, RespondText.HeldBy(state.HolderName)),
            _ when state.Holder is { } holder && IsRunningFor(events, holder) => RespondDecision.No(RespondRefusal.Conflict, RespondText.StepIsRunning),
            _ => RespondDecision.Do(new Claimed(now, actor.Name, actor.DisplayName)),
        };
    }

    /// <summary>Gives the incident back to the queue, with a reason; the holder, or a lead for them. Never while a step of theirs runs.</summary>
    internal static RespondDecision Release(IReadOnlyList<IncidentEvent> events, Actor actor, string reason, DateTimeOffset now)
    {
        var state = ResponseState.Of(events);
        return actor switch
        {
            { MayRespond: false } => RespondDecision.No(RespondRefusal.Forbidden, RespondText.ViewerMayNot),
            _ when state.Over => RespondDecision.No(RespondRefusal.Conflict, RespondText.IsClosed),
            _ when state.Holder is null => RespondDecision.No(RespondRefusal.Conflict, RespondText.NobodyHolds),
            { Role: < Role.Lead } when state.Holder != actor.Name =>
                RespondDecision.No(RespondRefusal.Forbidden, RespondText.HeldBy(state.HolderName)),
            _ when string.IsNullOrWhiteSpace(reason) => RespondDecision.No(RespondRefusal.Invalid, RespondText.ReasonNeeded),
            _ when StepRuns.Of(events).Running is not null => RespondDecision.No(RespondRefusal.Conflict, RespondText.StepIsRunning),
            _ => RespondDecision.Do(new Released(now, actor.Name, reason.Trim())),
        };
    }

    /// <summary>A change that another person started is theirs to the end: it must not change hands while it runs.</summary>
    private static bool IsRunningFor(IReadOnlyList<IncidentEvent> events, string holder) =>
        StepRuns.Of(events).Running is { } running && running.Started.By == holder;
}
