using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Results;

/// <summary>
/// A site's two loops on its link: results, suspicions and heartbeats to the desk; orders from it. Runs until cancelled, then posts what
/// is spooled if the desk takes it at once. Nothing that a link or a handler does ends it.
/// </summary>
internal sealed class SitePump
{
    private static readonly HashSet<UnansweredLook> NoneReported = [];

    private readonly SiteName site;
    private readonly SiteSpool spool;
    private readonly ISiteLink link;
    private readonly PumpFeeds feeds;
    private readonly PumpOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly BackOff postBackOff;
    private readonly BackOff orderBackOff;
    private readonly Alarm alarm;
    private HashSet<UnansweredLook> reported = NoneReported;
    private TimeSpan lastPost = TimeSpan.MinValue;
    private TimeSpan lastGood;
    private TimeSpan lastFold;
    private int badBatch;
    private bool saidAway;
    private bool followed;
    private volatile bool posting;

    internal SitePump(SiteName site, SiteSpool spool, ISiteLink link, PumpFeeds feeds, TimeProvider clock, Random random, ILogger log, PumpOptions? options = null)
    {
        (this.site, this.spool, this.link, this.feeds, this.clock, this.log) = (site, spool, link, feeds, clock, log);
        this.options = options ?? new PumpOptions();
        (postBackOff, orderBackOff) = (new BackOff(random), new BackOff(random));
        alarm = new Alarm(clock);
        spool.Arrived = alarm.Ring;
        spool.TakesNow = () => !posting && postBackOff.Failures == 0 && lastPost != TimeSpan.MinValue && Now - lastPost >= this.options.PostEvery;
    }

    internal async Task RunAsync(CancellationToken cancel)
    {
        lastGood = lastFold = Now;
        await Task.WhenAll(PostLoopAsync(cancel), OrderLoopAsync(cancel));
        await DrainAsync();
        if (spool.Unkept > 0)
        {
            ResultsLog.UnkeptLost(log, site, spool.Unkept);
        }
    }

    /// <summary>A look has begun: it may become suspicious before anything else is due.</summary>
    internal void LookBegan(TimeSpan at) => alarm.NotAfter(at + options.SuspectAfter);

    private TimeSpan Now => Moment.MonoOf(clock);

    private async Task PostLoopAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await WaitForWorkAsync(cancel);
                if (!await PostOnceAsync(cancel))
                {
                    await Task.Delay(postBackOff.Failed(), clock, cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    // Returns when there is something to post: spooled results, a look that has become unanswered, or nothing for a heartbeat's time.
    private async Task WaitForWorkAsync(CancellationToken cancel)
    {
        while (postBackOff.Failures == 0 && lastPost != TimeSpan.MinValue)
        {
            var since = Now - lastPost;
            if (spool.Ready)
            {
                // What waits already needs no company: a site of a million services would never get rid of it.
                await DelayAsync(followed ? TimeSpan.Zero : options.PostEvery - since, cancel);
                return;
            }

            if (since >= options.BeatEvery || HasNewSuspect())
            {
                return;
            }

            var beat = lastPost + options.BeatEvery;
            var asked = feeds.NextUnanswered is { } next ? next() ?? TimeSpan.MaxValue : Now + options.SuspectEvery;
            await alarm.WaitAsync(Min(beat, asked), cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private bool HasNewSuspect()
    {
        var unanswered = feeds.Unanswered();
        return unanswered.Count > 0 && unanswered.Any(u => !reported.Contains(u));
    }

    // The runner's catch-all: whatever fails is a failed post, recorded, and tried again.
    private async Task<bool> PostOnceAsync(CancellationToken cancel)
    {
        SpooledBatch? batch = null;
        posting = true;
        try
        {
            batch = spool.Next();
            var unanswered = feeds.Unanswered();
            var sent = (batch ?? new SpooledBatch(0, Lane.Live, [])).Sent(site, spool.Epoch, Moment.Of(clock), unanswered, Health(batch));
            var receipt = await link.PostAsync(sent, cancel);
            if (batch is not null)
            {
                Milestones.Reached(Milestone.BatchPosted, sent.Sequence);
            }

            Note(batch, receipt);
            followed = batch is { Followed: true };
            reported = unanswered.Count == 0 ? NoneReported : [.. unanswered];
            Succeeded();
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Failed(batch, failure);
            return false;
        }
        finally
        {
            posting = false;
        }
    }

    // What this post takes along does not wait: an idle site whose results go out one by one has no backlog.
    private SiteHealth Health(SpooledBatch? underWay) => feeds.Health() with
    {
        SpoolBacklog = Math.Max(0, spool.Waiting - (underWay?.Results.Count ?? 0)),
        SpoolDropped = spool.Dropped,
        NotKept = spool.NotKept,
        NotKeptFor = spool.NotKeptFor,
    };

    private void Note(SpooledBatch? batch, BatchReceipt receipt)
    {
        switch (spool.Note(receipt))
        {
            case ReceiptMeaning.SpoolWasLost:
                ResultsLog.SpoolWasLost(log, site, receipt.Epoch, receipt.Sequence, spool.Epoch);
                break;
            case ReceiptMeaning.Nothing when batch is not null:
                throw new SiteLinkException($"the desk's receipt {receipt.Epoch}/{receipt.Sequence} is not for batch {spool.Epoch}/{batch.Sequence}");
        }
    }

    private void Succeeded()
    {
        var away = Now - lastGood;
        if (postBackOff.Failures > 0)
        {
            ResultsLog.DeskBack(log, site, away.TotalSeconds, spool.Waiting);
        }

        // While posts failed the spool was folded from time to time; the last part is folded now, before it would go out as live.
        if (postBackOff.Failures > 0 && away >= options.FoldAfter)
        {
            spool.Fold();
        }

        postBackOff.Succeeded();
        (badBatch, saidAway) = (0, false);
        lastPost = lastGood = lastFold = Now;
    }

    private void Failed(SpooledBatch? batch, Exception failure)
    {
        if (postBackOff.Failures == 0)
        {
            ResultsLog.PostFailed(log, site, failure.Message);
        }

        lastPost = Now;
        if (!saidAway && Now - lastGood >= options.AwayAfter)
        {
            saidAway = true;
            ResultsLog.DeskAway(log, site, options.AwayAfter.TotalSeconds, failure.Message);
        }

        if (batch is not null && failure is SiteLinkException { Fault: SiteLinkFault.BadBatch } && ++badBatch >= options.BadBatchTries)
        {
            ResultsLog.BatchGivenUp(log, site, batch.Sequence, batch.Results.Count, failure.Message);
            Safely(spool.GiveUp);
            badBatch = 0;
        }
        else if (Now - lastGood >= options.FoldAfter && Now - lastFold >= options.FoldAfter)
        {
            Safely(spool.Fold);
            lastFold = Now;
        }
    }

    // A full disk must not end the loop that could empty it.
    private void Safely(Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure)
        {
            ResultsLog.SpoolFailed(log, site, failure);
        }
    }

    private async Task OrderLoopAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var order in link.OrdersAsync(cancel))
                {
                    if (orderBackOff.Failures > 0)
                    {
                        ResultsLog.OrdersBack(log, site);
                        orderBackOff.Succeeded();
                    }

                    Take(order);
                }

                await OrdersBrokenAsync("the desk ended it", cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                await OrdersBrokenAsync(failure.Message, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private Task OrdersBrokenAsync(string why, CancellationToken cancel)
    {
        if (orderBackOff.Failures == 0)
        {
            ResultsLog.OrdersBroken(log, site, why);
        }

        return Task.Delay(orderBackOff.Failed(), clock, cancel);
    }

    private void Take(SiteOrder order)
    {
        try
        {
            feeds.Order(order);
        }
        catch (Exception failure)
        {
            ResultsLog.OrderFailed(log, site, order.GetType().Name, failure);
        }

        if (order is PlanOrder plan)
        {
            Safely(() => spool.Plan.Save(plan.Plan));
        }
    }

    private async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(options.DrainFor, clock);
        try
        {
            while (postBackOff.Failures == 0 && spool.Ready && await PostOnceAsync(limit.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The desk was too slow; the rest stays in the spool.
        }
    }

    private Task DelayAsync(TimeSpan wait, CancellationToken cancel) => wait > TimeSpan.Zero ? Task.Delay(wait.WholeMilliseconds(), clock, cancel) : Task.CompletedTask;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
