using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>What the desk shows of its way out. <see cref="RelayDownUtc"/> is null while the relay answers.</summary>
internal sealed record OutboxTrouble(DateTimeOffset? RelayDownUtc, string RelayReply, DateTimeOffset? NextTryUtc, int Waiting, int Retrying)
{
    /// <summary>The second relay does the first one's work.</summary>
    internal bool SecondInUse { get; init; }
}

/// <summary>
/// Sends the outbox until every delivery is settled. Works off due rows on a few lines in parallel; sleeps when nothing is due.
/// <paramref name="settled"/> runs inside the transaction that ends a delivery, so that the incident knows it exactly when the outbox does.
/// </summary>
internal sealed class OutboxPump(
    Db db,
    IMailSubmitter submitter,
    RelayRecords records,
    MailOptions options,
    TimeProvider clock,
    Action<Tx, SettledDelivery> settled,
    ILogger<OutboxPump> log,
    int lines = 4,
    IMailSubmitter? second = null)
{
    // A wall clock that is set while we sleep must not cost more than this.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    // At SIGTERM a dialogue that is past its dot wants its answer: an interrupted one would be an unknown.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    // A relay that nobody has a way to must not be named to the rules: a refusal would be left to it for ever.
    private readonly MailOptions served = second is null ? options with { Second = null } : options;

    private readonly OutboxQueue queue = new();
    private readonly WakeSignal wake = new(clock);
    private readonly RelayWays ways = new(
        new RelayWay(RelayRank.First, submitter, records, options, clock),
        second is null || options.Second is null ? null : new RelayWay(RelayRank.Second, second, new RelayRecords(options.Second.RelayLog), options.Second, clock),
        options.SecondAfter);

    private readonly Lock underWayLock = new();
    private readonly Dictionary<long, UnderWay> underWay = [];
    private readonly HashSet<Task> asking = [];

    /// <summary>There is something new in the outbox; call it after the commit.</summary>
    internal void Signal() => wake.Set();

    /// <summary>How the way out stands now.</summary>
    internal OutboxTrouble Trouble()
    {
        var (waiting, tried) = db.Read(queue.Count);
        return WayOut() with { Waiting = waiting, Retrying = tried };
    }

    /// <summary>The same without what waits, which need not be counted then.</summary>
    internal OutboxTrouble WayOut()
    {
        var (down, reply, next) = ways.First.Gate.State;
        return new OutboxTrouble(down, reply, next, 0, 0) { SecondInUse = down is not null && !ways.Blocked };
    }

    /// <summary>Runs until cancelled; then lets dialogues under way end, for a few seconds.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        var revived = db.Write(tx => queue.Revive(tx, clock.GetUtcNow()));
        if (revived > 0)
        {
            OutboxLog.Revived(log, revived);
        }

        using var hard = new CancellationTokenSource();
        await using var pools = ways;
        var delivering = new OutboxDelivery(db, queue, ways, served, clock, settled, log);
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var sleep = await TurnAsync(delivering, hard.Token);
                await wake.WaitAsync(sleep, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await DrainAsync(hard);
        }
    }

    // One look at the outbox. Gives how long nothing can become due by itself; null for ever.
    private async Task<TimeSpan?> TurnAsync(OutboxDelivery delivering, CancellationToken hard)
    {
        try
        {
            Ask(delivering, Start(delivering, hard), hard);
            return await RestAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            OutboxLog.TurnFailed(log, e);
            return TimeSpan.FromSeconds(1);
        }
    }

    // True if nothing is under way: no mail asks for a relay that is away.
    private bool Start(OutboxDelivery delivering, CancellationToken hard)
    {
        int busy, retries;
        lock (underWayLock)
        {
            busy = underWay.Count;
            retries = underWay.Values.Count(u => u.Retry);
        }

        // With the relay away one row asks for all. One line is kept for mails that no one has refused yet.
        var blocked = ways.Blocked;
        var free = blocked ? (busy == 0 ? 1 : 0) : lines - busy;
        if (free <= 0)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var claimed = db.Write(tx => queue.Claim(tx, now, free, blocked ? 1 : Math.Max(1, lines - 1) - retries, ways.Choose));
        foreach (var claim in claimed)
        {
            Milestones.Reached(Milestone.DeliveryMarked, claim.Row.MailKey);
            lock (underWayLock)
            {
                underWay.Add(claim.Row.Id, new UnderWay(claim.Row.Attempts > 1, DeliverAsync(delivering, claim, hard)));
            }
        }

        return busy == 0 && claimed.Count == 0;
    }

    // Nobody's mail waits for the answer of a relay that is away while the other one works; and its alarm ends on a night without mails too.
    private void Ask(OutboxDelivery delivering, bool idle, CancellationToken hard)
    {
        foreach (var way in ways.ToAsk(idle))
        {
            var one = AskAsync(delivering, way, hard);
            lock (underWayLock)
            {
                asking.RemoveWhere(t => t.IsCompleted);
                asking.Add(one);
            }
        }
    }

    private async Task AskAsync(OutboxDelivery delivering, RelayWay way, CancellationToken hard)
    {
        await Task.Yield();
        try
        {
            if (await delivering.AskAsync(way, hard))
            {
                wake.Set();
            }
        }
        catch (Exception e)
        {
            OutboxLog.TurnFailed(log, e);
        }
    }

    private async Task DeliverAsync(OutboxDelivery delivering, ClaimedDelivery claim, CancellationToken hard)
    {
        // The turn that starts it goes on to the other rows first.
        await Task.Yield();
        try
        {
            await delivering.RunAsync(claim, hard);
        }
        catch (Exception e)
        {
            // A bug, or the database: nobody knows how far it came. The loop must go on for the others.
            OutboxLog.DeliveryFailed(log, claim.Row.MailKey, claim.Row.Recipient, e);
            await FailedAsync(delivering, claim, hard);
        }
        finally
        {
            lock (underWayLock)
            {
                underWay.Remove(claim.Row.Id);
            }

            wake.Set();
        }
    }

    private async Task FailedAsync(OutboxDelivery delivering, ClaimedDelivery claim, CancellationToken hard)
    {
        try
        {
            await delivering.FailedAsync(claim, hard);
        }
        catch (Exception e)
        {
            // We stop. Left as being sent: an unknown at the next start.
            OutboxLog.TurnFailed(log, e);
        }
    }

    private async Task<TimeSpan?> RestAsync()
    {
        int busy;
        lock (underWayLock)
        {
            busy = underWay.Count;
        }

        // With everything occupied only an ending can help, and that wakes us.
        if (busy >= (ways.Blocked ? 1 : lines))
        {
            return null;
        }

        if (Earlier(db.Read(queue.NextDue), ways.NextAskUtc) is not { } next)
        {
            if (busy == 0)
            {
                await ways.CloseIdleAsync();
            }

            return null;
        }

        var until = next - clock.GetUtcNow();
        if (until <= TimeSpan.Zero && busy > 0)
        {
            // Due and not started: only retries beyond their share are left, or it came in right now, which has signalled.
            return null;
        }

        if (until > TimeSpan.FromSeconds(2) && busy == 0)
        {
            await ways.CloseIdleAsync();
        }

        return until < LongestSleep ? (until > TimeSpan.Zero ? until : TimeSpan.Zero) : LongestSleep;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private async Task DrainAsync(CancellationTokenSource hard)
    {
        Task[] left;
        lock (underWayLock)
        {
            left = [.. underWay.Values.Select(u => u.Task), .. asking];
        }

        var all = Task.WhenAll(left);
        await Task.WhenAny(all, Task.Delay(DrainTime, clock, CancellationToken.None));
        hard.Cancel();
        await all;
    }

    private sealed record UnderWay(bool Retry, Task Task);
}
