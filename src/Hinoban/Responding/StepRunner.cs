using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Responding;

/// <summary>
/// What lies below the step runner. <see cref="Begin"/> loads the incident's events under its lock and in one transaction, calls the rule
/// with them, and appends the event it gives, with whose command it was in the audit; <see cref="Finish"/> appends the end and whatever the follow-up asks for (a mail to the list)
/// in one transaction; <see cref="Look"/> asks all looking sites for a look now and waits for them at most the given time.
/// </summary>
internal sealed record StepDesk(
    Func<Actor, IncidentId, Func<IReadOnlyList<IncidentEvent>, StepStart>, CancellationToken, Task<StepStart>> Begin,
    Func<IncidentId, StepEnded, StepFollowUp, Task> Finish,
    Func<ItemId, TimeSpan, CancellationToken, Task<IReadOnlyList<FreshLook>>> Look);

/// <summary>Somebody wants a step run. The plan is the customer's; confirmation is what the person saw and confirmed, for change steps.</summary>
internal sealed record StepRequest(
    Actor By,
    IncidentId Incident,
    ProblemFacts Facts,
    CustomerPlan Plan,
    RunbookPlan Runbook,
    int Step,
    string? ConfirmHost,
    string? ConfirmCommand);

/// <summary>What became of it: refused with a text (and, for a confirmation, host and command to show), or ended with an outcome.</summary>
internal sealed record StepReport(
    RespondRefusal? Refusal, Text Message, StepEnded? Ended = null, StepFollowUp? FollowUp = null, string Host = "", string Command = "");

/// <summary>
/// Drives one step: checks the rules, records the start, does the work without holding any lock or transaction, records the end and what
/// follows. Once the start is recorded, an end is recorded whatever happens, short of the process dying.
/// </summary>
internal sealed class StepRunner(StepDesk desk, IShell shell, TimeProvider clock, ILogger log, TimeSpan? verifyPace = null)
{
    private readonly StepWork work = new(desk.Look, shell, clock, verifyPace ?? TimeSpan.FromSeconds(5));

    /// <param name="request">What to run.</param>
    /// <param name="shutdown">The desk stops. Not the caller's patience: a closed browser must not cut a command in the middle.</param>
    /// <param name="begun">Told once the start is recorded.</param>
    internal async Task<StepReport> RunAsync(StepRequest request, CancellationToken shutdown, Action? begun = null)
    {
        if (RunbookRules.StepOf(request.Runbook, request.Step) is not { } step)
        {
            return Refused(StepPermit.No(StepBar.NoSuchStep));
        }

        var (target, missing) = StepTarget.Of(request, step);
        Text? unconfirmed = null;
        var start = await desk.Begin(request.By, request.Incident, events => Decide(request, step, missing, events, out unconfirmed), shutdown);
        if (start.Event is not { } started)
        {
            return unconfirmed is null
                ? Refused(start.Permit)
                : new StepReport(RespondRefusal.ConfirmationNeeded, unconfirmed, Host: RunbookRules.HostOf(step), Command: RunbookRules.CommandOf(step));
        }

        begun?.Invoke();
        return await WorkAndFinishAsync(request, step, target, started, shutdown);
    }

    /// <summary>Order matters: what is not allowed at all asks for no confirmation, and what is not confirmed leaves no event.</summary>
    private StepStart Decide(StepRequest request, StepPlan step, bool missing, IReadOnlyList<IncidentEvent> events, out Text? unconfirmed)
    {
        unconfirmed = null;
        var start = RunbookRules.Start(request.Runbook, events, request.Step, request.By, clock.GetUtcNow());
        if (start.Event is not null && missing)
        {
            return new StepStart(StepPermit.No(StepBar.NoTarget), null);
        }

        if (start.Event is not null && step is ChangeStepPlan change)
        {
            unconfirmed = ChangeGuard.Unconfirmed(change, request.ConfirmHost, request.ConfirmCommand);
            return unconfirmed is null ? start : start with { Event = null };
        }

        return start;
    }

    private async Task<StepReport> WorkAndFinishAsync(
        StepRequest request, StepPlan step, StepTarget target, StepStarted started, CancellationToken shutdown)
    {
        if (step is ChangeStepPlan)
        {
            Milestones.Reached(Milestone.StepStarted, started);
        }

        var finding = await work.DoAsync(step, target, shutdown);
        if (step is ChangeStepPlan)
        {
            Milestones.Reached(Milestone.StepEnded, started);
        }

        var ended = RunbookRules.End(started, finding, clock.GetUtcNow());
        var follow = ElseRules.ElseOf(step, finding);
        await FinishAsync(request, ended, follow, shutdown);
        return new StepReport(null, finding.Because, ended, follow, started.Host, started.Command);
    }

    // What was done on a customer's host must be written down: tried until it is, or until the desk stops and the next start settles it.
    private async Task FinishAsync(StepRequest request, StepEnded ended, StepFollowUp follow, CancellationToken shutdown)
    {
        while (true)
        {
            try
            {
                await desk.Finish(request.Incident, ended, follow);
                return;
            }
            catch (Exception e) when (!shutdown.IsCancellationRequested)
            {
                RespondingLog.FinishFailed(log, request.Facts.Number, ended.Step, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, shutdown);
            }
        }
    }

    private static StepReport Refused(StepPermit permit) => new(
        permit.Bar switch
        {
            StepBar.NoSuchStep => RespondRefusal.NotFound,
            StepBar.NotAllowed => RespondRefusal.Forbidden,
            StepBar.NoTarget => RespondRefusal.Invalid,
            _ => RespondRefusal.Conflict,
        },
        permit.WhyNot);
}
