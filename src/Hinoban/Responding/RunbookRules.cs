using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>A try to start a step: the event that records it, or why it may not be started.</summary>
internal sealed record StepStart(StepPermit Permit, StepStarted? Event);

/// <summary>
/// Which step of a runbook may be run now, and what its events are. A change step is done at most once per incident; the token
/// (incident, step, run) is recorded before anything happens. Steps that only look may be repeated at any time.
/// </summary>
internal static class RunbookRules
{
    internal const string Recheck = "recheck";
    internal const string Read = "read";
    internal const string Change = "change";
    internal const string Verify = "verify";

    /// <summary>The step of this number (1-based); null if there is none.</summary>
    internal static StepPlan? StepOf(RunbookPlan plan, int number) =>
        number >= 1 && number <= plan.Steps.Count ? plan.Steps[number - 1] : null;

    internal static string KindOf(StepPlan step) => step switch
    {
        RecheckStepPlan => Recheck,
        ReadStepPlan => Read,
        ChangeStepPlan => Change,
        VerifyStepPlan => Verify,
        _ => throw new InvalidOperationException($"A step of an unknown kind: {step.GetType().Name}."),
    };

    /// <summary>Where a step's command runs; empty for steps without one.</summary>
    internal static string HostOf(StepPlan step) => step switch
    {
        ReadStepPlan read => read.On,
        ChangeStepPlan change => change.On,
        _ => "",
    };

    /// <summary>The exact text that a step runs; empty for steps without a command.</summary>
    internal static string CommandOf(StepPlan step) => step switch
    {
        ReadStepPlan read => read.Run,
        ChangeStepPlan change => change.Run,
        _ => "",
    };

    /// <summary>Whether <paramref name="actor"/> may start this step now.</summary>
    internal static StepPermit May(RunbookPlan plan, IReadOnlyList<IncidentEvent> events, int number, Actor actor)
    {
        if (StepOf(plan, number) is not { } step)
        {
            return StepPermit.No(StepBar.NoSuchStep);
        }

        var runs = StepRuns.Of(events);
        var bar = BarOfIncident(ResponseState.Of(events), step, actor);
        bar = bar == StepBar.None ? BarOfRuns(plan, runs, step, number) : bar;
        return bar == StepBar.None ? Order(runs, step, number) : StepPermit.No(bar);
    }

    /// <summary>The record that a step begins. Must be decided and appended under the incident's lock.</summary>
    internal static StepStart Start(RunbookPlan plan, IReadOnlyList<IncidentEvent> events, int number, Actor actor, DateTimeOffset now)
    {
        var permit = May(plan, events, number, actor);
        if (!permit.Allowed)
        {
            return new StepStart(permit, null);
        }

        var step = plan.Steps[number - 1];
        var run = StepRuns.Of(events).NextRun(number);
        return new StepStart(
            permit, new StepStarted(now, actor.Name, plan.Key, number, run, KindOf(step), HostOf(step), CommandOf(step)));
    }

    /// <summary>The record that a run has ended.</summary>
    internal static StepEnded End(StepStarted started, StepFinding finding, DateTimeOffset now) =>
        new(now, started.By, started.Step, started.Run, finding.Outcome, finding.ExitCode, finding.Transcript, finding.Because);

    /// <summary>
    /// Runs that began and have no end, after a restart of the desk. Of a change nobody knows how it ended; a step that only looks has
    /// changed nothing, so it just did not succeed and can be repeated.
    /// </summary>
    internal static IReadOnlyList<StepEnded> Interrupted(IReadOnlyList<IncidentEvent> events, DateTimeOffset now) =>
    [
        .. StepRuns.Of(events).All
            .Where(r => r.Running)
            .Select(r => new StepEnded(
                now,
                Actor.Engine.Name,
                r.Started.Step,
                r.Run,
                r.Started.Kind == Change ? StepOutcome.Unknown : StepOutcome.Failed,
                null,
                "",
                RespondText.Interrupted)),
    ];

    /// <summary>A person settles how a run with unknown outcome ended: the claimer, or a lead, with a reason.</summary>
    internal static RespondDecision Resolve(
        IReadOnlyList<IncidentEvent> events, int number, Actor actor, bool done, string because, DateTimeOffset now)
    {
        var state = ResponseState.Of(events);
        var last = StepRuns.Of(events).Last(number);
        return (actor, last) switch
        {
            ({ MayRespond: false }, _) => RespondDecision.No(RespondRefusal.Forbidden, RespondText.ViewerMayNot),
            _ when state.Over => RespondDecision.No(RespondRefusal.Conflict, RespondText.IsClosed),
            (_, null) => RespondDecision.No(RespondRefusal.NotFound, RespondText.NeverRan),
            (_, { Outcome: not StepOutcome.Unknown }) => RespondDecision.No(RespondRefusal.Conflict, RespondText.NothingToSettle),
            _ when state.Holder != actor.Name && actor.Role < Role.Lead =>
                RespondDecision.No(RespondRefusal.Forbidden, RespondText.SettleByHolder),
            _ when string.IsNullOrWhiteSpace(because) => RespondDecision.No(RespondRefusal.Invalid, RespondText.ReasonNeeded),
            _ => RespondDecision.Do(new StepEnded(
                now, actor.Name, number, last.Run, done ? StepOutcome.Done : StepOutcome.Failed, last.Ended!.ExitCode, last.Ended.Transcript, Text.Same(because.Trim()))),
        };
    }

    private static StepBar BarOfIncident(ResponseState state, StepPlan step, Actor actor) => step switch
    {
        _ when !actor.MayRespond => StepBar.NotAllowed,
        _ when state.Over => StepBar.IncidentClosed,
        _ when state.Holder is null => StepBar.Unclaimed,
        ChangeStepPlan when state.Holder != actor.Name => StepBar.ClaimedByOther,
        ChangeStepPlan when !state.Failing => StepBar.Recovered,
        _ => StepBar.None,
    };

    private static StepBar BarOfRuns(RunbookPlan plan, StepRuns runs, StepPlan step, int number)
    {
        if (runs.Running is { } running)
        {
            return running.Started.Step == number ? StepBar.Running : StepBar.OtherRunning;
        }

        if (runs.Last(number)?.Outcome == StepOutcome.Unknown)
        {
            return StepBar.OutcomeUnknown;
        }

        if (step is not ChangeStepPlan)
        {
            return StepBar.None;
        }

        return runs.OfStep(number).Any(r => r.Outcome == StepOutcome.Done) ? StepBar.AlreadyDone
            : runs.All.Any(r => r.Started.Step <= number && !SameText(plan, r.Started)) ? StepBar.ProcedureChanged
            : StepBar.None;
    }

    /// <summary>Earlier steps come first. What only looks may follow a step that found the problem gone; a change may not.</summary>
    private static StepPermit Order(StepRuns runs, StepPlan step, int number)
    {
        for (var earlier = 1; earlier < number; earlier++)
        {
            var bar = runs.Last(earlier) is not { Outcome: { } outcome } ? StepBar.EarlierOpen : outcome switch
            {
                StepOutcome.Done => StepBar.None,
                StepOutcome.Failed => StepBar.EarlierFailed,
                StepOutcome.Unknown => StepBar.EarlierUnknown,
                StepOutcome.NotNeeded => step is ChangeStepPlan ? StepBar.EarlierNotNeeded : StepBar.None,
            };
            if (bar != StepBar.None)
            {
                return StepPermit.No(bar, earlier);
            }
        }

        return StepPermit.Yes;
    }

    /// <summary>
    /// A new edition while the incident is open may have moved the numbers: "step 4 is done" then says nothing about today's step 4.
    /// </summary>
    private static bool SameText(RunbookPlan plan, StepStarted ran) =>
        ran.Runbook == plan.Key && StepOf(plan, ran.Step) is { } now
        && KindOf(now) == ran.Kind && HostOf(now) == ran.Host && CommandOf(now) == ran.Command;
}
