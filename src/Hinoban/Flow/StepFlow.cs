using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Runs runbook steps: lends the step runner the desk's gate for its records and the sites for its looks.</summary>
internal sealed class StepFlow
{
    private readonly DeskEngine engine;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly StepRunner runner;
    private readonly CancellationToken shutdown;

    internal StepFlow(
        DeskEngine engine, IShell shell, TimeProvider clock, ILogger<StepFlow> log, CancellationToken shutdown)
    {
        (this.engine, this.clock, this.log, this.shutdown) = (engine, clock, log, shutdown);
        runner = new StepRunner(new StepDesk(BeginAsync, FinishAsync, LookAsync), shell, clock, log);
    }

    /// <summary>Runs one step to its end. The caller's patience does not matter: a closed browser must not cut a command in the middle.</summary>
    internal async Task<CommandOutcome> RunAsync(Actor by, IncidentId id, int step, string? confirmHost, string? confirmCommand, Action? begun)
    {
        if (engine.Find(by.Scope, id) is not { } incident)
        {
            return new CommandOutcome(Refusal.NotFound, DeskText.NoSuchIncident);
        }

        var customer = engine.Look((board, _, _) => board.Plan.Customer(incident.Facts.Customer));
        if (customer is null || incident.Facts.Runbook is not { } key || customer.Runbook(key) is not { } runbook)
        {
            return new CommandOutcome(Refusal.NotFound, DeskText.NoRunbook);
        }

        var report = await runner.RunAsync(
            new StepRequest(by, id, incident.Facts, customer, runbook, step, confirmHost, confirmCommand), shutdown, begun);
        return report.Refusal is null
            ? new CommandOutcome(null, report.Message, report.Host, report.Command)
            : DeskCommands.Outcome(report.Refusal, report.Message) with { Host = report.Host, Command = report.Command };
    }

    /// <summary>After a start: runs that the last process left without an end get one; of a change nobody knows how it ended.</summary>
    internal void SettleInterrupted()
    {
        var open = engine.Look((board, _, _) => board.OpenIncidents.ToList());
        foreach (var incident in open)
        {
            var ended = RunbookRules.Interrupted(incident.Events, clock.GetUtcNow());
            if (ended.Count == 0)
            {
                continue;
            }

            engine.Change(work => work.Record(incident, ended));
            DeskLog.StepUnknown(log, incident.Facts.Number);
        }
    }

    private Task<StepStart> BeginAsync(Actor by, IncidentId id, Func<IReadOnlyList<IncidentEvent>, StepStart> rule, CancellationToken cancel) =>
        Task.FromResult(engine.Change(work =>
        {
            var incident = work.Load(Scope.Across("step runner"), id)!;
            var start = rule(incident.Events);
            if (start.Event is { } started)
            {
                work.Record(incident, started);
                CommandAudit.Append(work, by, CommandAudit.Step, incident, CommandAudit.RunOf(started));
            }

            return start;
        }));

    private Task FinishAsync(IncidentId id, StepEnded ended, StepFollowUp follow)
    {
        engine.Change(work =>
        {
            var incident = work.Load(Scope.Across("step runner"), id)!;
            work.Record(incident, ended);
            if (follow.Next == StepNext.SendMail)
            {
                NoticeFlow.TellUpdate(work, work.Incident(id)!, ended, follow.Reason);
            }
        });
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<FreshLook>> LookAsync(ItemId item, TimeSpan patience, CancellationToken cancel)
    {
        var entry = engine.Look((board, _, _) => board.Item(item));
        if (entry is not { Plan: var plan })
        {
            return [];
        }

        if (plan.IsPassive)
        {
            return [Posted(entry)];
        }

        var asked = engine.AskAll(item, plan.Timeout);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var all = Task.WhenAll(asked.Select(a => a.Answer.HereAsync()));
        await Task.WhenAny(all, Task.Delay(patience, clock, limit.Token).HereAsync());
        limit.Cancel();
        cancel.ThrowIfCancellationRequested();
        return [.. asked.Select(a => Fresh(a.Site, a.Answer))];
    }

    // Nobody can look at a passive item: what was posted last is what is known, and a value that stays away is a failure.
    private static FreshLook Posted(ItemEntry entry)
    {
        var (view, missing) = (entry.Views[0], entry.Verdict is { Judgement: Judgement.Failing, Reach: Reach.NoData });
        return new FreshLook(view.Site, view.LookUtc, view.Known || missing
            ? new LookAnswer(missing ? CheckStatus.Unknown : view.Status, Reply.Answer, missing ? NoValue.NotPosted : view.NoValue, view.Output)
            : null);
    }

    private static FreshLook Fresh(SiteName site, Task<CheckResult> answer) => answer.IsCompletedSuccessfully
        ? new FreshLook(site, answer.Result.StartedUtc, answer.Result.Answer)
        : new FreshLook(site, null, null);
}
