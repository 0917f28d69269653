using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Scheduling;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// One site at work: what is due is looked at, every result is kept, every item is armed again however its look ended. Orders come in
/// through <see cref="Apply"/>; results leave through <c>keep</c>, which returns when they are durable, or held to be posted where the disk takes none.
/// </summary>
internal sealed class SiteEngine
{
    /// <summary>Architecture §1a: a look out for longer is suspicious.</summary>
    internal static readonly TimeSpan SuspiciousAfter = TimeSpan.FromSeconds(3);

    // What is due within a hundredth of a second begins together: a timer and its threads for each look cost as much as a ping.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(10);

    private readonly SiteName site;
    private readonly ILook eye;
    private readonly Func<CheckResult, ValueTask> keep;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly SiteEngineOptions options;
    private readonly Lock gate = new();
    private readonly Schedule schedule = new();
    private readonly SiteViews views;
    private readonly ICheckQueue queue;
    private readonly Alarm alarm;
    private readonly AnchorWatch? anchors;
    private readonly Dictionary<ItemId, TimeSpan> looking = [];
    private int revision;
    private long done;
    private TaskCompletionSource? drained;

    internal SiteEngine(
        SiteName site, ILook eye, Func<CheckResult, ValueTask> keep, TimeProvider clock, ILogger log, SiteEngineOptions? options = null, ICheckQueue? queue = null, AnchorWatch? anchors = null)
    {
        (this.site, this.eye, this.keep, this.clock, this.log) = (site, eye, keep, clock, log);
        this.options = options ?? new SiteEngineOptions();
        this.queue = queue ?? new FairQueue(this.options.Room);
        this.anchors = anchors;
        views = new SiteViews(site);
        alarm = new Alarm(clock);
    }

    /// <summary>Told when a look begins (monotonic).</summary>
    internal Action<TimeSpan> LookBegan { get; set; } = _ => { };

    /// <summary>Takes an order from the desk; may be called at any time, before <see cref="RunAsync"/> too.</summary>
    internal void Apply(SiteOrder order)
    {
        switch (order)
        {
            case PlanOrder { Plan: var plan }:
                Swap(plan);
                break;
            case LookNowOrder now:
                LookNow(now);
                break;
        }
    }

    /// <summary>Looks until cancelled; then lets what is under way end, for a while.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        using var abort = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] loops = [ScheduleAsync(stop.Token), DispatchAsync(stop.Token, abort.Token)];
        await Task.WhenAny(loops); // one that fails must not leave the other running: the fault is the caller's to see
        stop.Cancel();
        await Task.WhenAll(loops);
        await DrainAsync(abort);
    }

    /// <summary>Looks that have been out for 3 s or more.</summary>
    internal IReadOnlyList<UnansweredLook> Unanswered()
    {
        var now = Moment.MonoOf(clock);
        lock (gate)
        {
            return looking.Count == 0 ? [] : [.. looking.Where(l => now - l.Value >= SuspiciousAfter).Select(l => new UnansweredLook(l.Key, l.Value))];
        }
    }

    /// <summary>When the next of the looks that are out now will have been out for 3 s; null if none is.</summary>
    internal TimeSpan? NextUnanswered()
    {
        var now = Moment.MonoOf(clock);
        TimeSpan? next = null;
        lock (gate)
        {
            foreach (var started in looking.Values)
            {
                if (now - started < SuspiciousAfter && !(next <= started + SuspiciousAfter))
                {
                    next = started + SuspiciousAfter;
                }
            }
        }

        return next;
    }

    /// <summary>What the site says of itself; the spool's part is the spool's to fill in.</summary>
    internal SiteHealth Health()
    {
        var now = Moment.MonoOf(clock);
        lock (gate)
        {
            var (p99, max) = schedule.LatenessAt(now);
            return new SiteHealth(revision, schedule.Items, looking.Count, done, schedule.MissedCycles, p99, max, 0) { Anchors = anchors?.Health };
        }
    }

    private void Swap(SitePlan plan)
    {
        lock (gate)
        {
            schedule.Apply(plan, Moment.Of(clock));
            views.Apply(plan);
            revision = plan.Revision;
        }

        SiteEngineLog.PlanRuns(log, site, plan.Revision, Counted.Of(plan.Items.Count, "item"));
        alarm.Ring();
    }

    private void LookNow(LookNowOrder order)
    {
        DueLook? look;
        bool known;
        lock (gate)
        {
            known = schedule.Knows(order.Item);
            look = schedule.Ask(order.Request, order.Item, order.Timeout, Moment.Of(clock));
        }

        if (look is { } now)
        {
            queue.Put(now);
        }
        else if (!known)
        {
            SiteEngineLog.NotMine(log, site, order.Item.Value, revision);
        }
    }

    private async Task ScheduleAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var now = Moment.Of(clock);
            if (alarm.At is { } due && now.Mono - due > SuspiciousAfter)
            {
                SiteEngineLog.Stalled(log, site, (now.Mono - due).TotalSeconds, schedule.MissedCycles);
            }

            await alarm.WaitAsync(QueueDue(now), cancel);
        }
    }

    private TimeSpan? QueueDue(Moment now)
    {
        lock (gate)
        {
            while (schedule.TryTake(now, out var look))
            {
                queue.Put(look);
            }

            return NextTurn(now);
        }
    }

    private TimeSpan? NextTurn(Moment now) => schedule.NextDue(now.Mono) is not { } due ? null : due < now.Mono + Together ? now.Mono + Together : due;

    private async Task DispatchAsync(CancellationToken cancel, CancellationToken abort)
    {
        try
        {
            while (true)
            {
                Start(await queue.TakeAsync(cancel), abort);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private void Start(DueLook queued, CancellationToken abort)
    {
        DueLook? begun;
        Moment started;
        lock (gate)
        {
            started = Moment.Of(clock);
            begun = schedule.Begin(queued, started);
            if (begun is not null)
            {
                looking[queued.Item.Id] = started.Mono;
            }
        }

        if (begun is { } look)
        {
            LookBegan(started.Mono);
            _ = LookAsync(look, started, abort);
        }
        else
        {
            queue.Release(queued.Item.Customer);
        }
    }

    // The look's runner: nothing that happens in here may leave the item unarmed.
    private async Task LookAsync(DueLook look, Moment started, CancellationToken abort)
    {
        var retry = false;
        try
        {
            var answer = await AnswerAsync(look, abort);
            var result = Judge(look, answer, started, out retry);
            Milestones.Reached(Milestone.LookEnded, result);
            await keep(result);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // The site stops: no result, and nobody waits for the item to be armed.
        }
        catch (Exception fault)
        {
            SiteEngineLog.ResultLost(log, site, look.Item.Title, fault);
        }
        finally
        {
            End(look, started, retry);
        }
    }

    private async Task<LookAnswer> AnswerAsync(DueLook look, CancellationToken abort)
    {
        try
        {
            // Not left when aborted: a plugin is killed and reaped first.
            var answer = await eye.LookAsync(look.Item, look.Timeout, abort).WaitAsync(look.Timeout + options.Overrun, clock);
            return anchors is null ? answer : await anchors.VouchAsync(answer);
        }
        catch (Exception fault) when (!abort.IsCancellationRequested)
        {
            SiteEngineLog.LookThrew(log, site, look.Item.Title, fault);
            return LookFailures.Engine("", $"the look failed in the monitoring program itself: {fault.GetType().Name}");
        }
    }

    private CheckResult Judge(DueLook look, LookAnswer answer, Moment started, out bool retry)
    {
        var took = Moment.MonoOf(clock) - started.Mono;
        lock (gate)
        {
            var after = views.Step(look.Item, answer, started, took);
            retry = after.SoftFailing;
            return new CheckResult(look.Item.Id, look.Item.Revision, CauseOf(look.Cause), look.Request, after.Attempt, started.Utc, started.Mono, took, answer);
        }
    }

    private void End(DueLook look, Moment started, bool retry)
    {
        DueLook? next;
        TimeSpan? due;
        lock (gate)
        {
            var now = Moment.Of(clock);
            looking.Remove(look.Item.Id);
            done++;
            next = schedule.End(look, started.Mono, retry, now);
            due = NextTurn(now);
            if (looking.Count == 0)
            {
                drained?.TrySetResult();
            }
        }

        queue.Release(look.Item.Customer);
        if (next is { } asked)
        {
            queue.Put(asked);
        }

        alarm.NotAfter(due);
    }

    private async Task DrainAsync(CancellationTokenSource abort)
    {
        lock (gate)
        {
            drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (looking.Count == 0)
            {
                return;
            }
        }

        await Task.WhenAny(drained.Task.HereAsync(), Task.Delay(options.DrainFor, clock));
        if (!drained.Task.IsCompleted)
        {
            SiteEngineLog.Unfinished(log, site, Counted.Of(looking.Count, "look"));
            abort.Cancel();
            await Task.WhenAny(drained.Task.HereAsync(), Task.Delay(options.ReapFor, clock));
        }
    }

    private static LookCause CauseOf(DueCause cause) => cause switch
    {
        DueCause.Slot => LookCause.Scheduled,
        DueCause.Retry => LookCause.Retry,
        DueCause.Request => LookCause.CheckNow,
    };
}
