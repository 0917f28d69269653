using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// The desk's one writer. Whatever changes what the desk knows (a batch of results, the passing of time, a new plan, a person's
/// command, a delivery's end) passes its gate, one at a time, as one transaction.
/// </summary>
internal sealed class DeskEngine : IHandBackDoor
{
    private static readonly TimeSpan ForgetRequestsAfter = TimeSpan.FromMinutes(2);

    private readonly Db db;
    private readonly TimeProvider clock;
    private readonly DeskStores stores;
    private readonly DeskBoard board = new();
    private readonly SiteLines lines;
    private readonly LookRequests requests;
    private readonly LookAsker asker;
    private readonly DeskIntake intake;
    private readonly SilenceEnds silenceEnds = new();
    private readonly DeskChanges changes;
    private readonly Action mailQueued;
    private readonly ILogger log;
    private TimeSpan? refusedMono;

    /// <summary>Told when the next <see cref="Review"/> is due, whenever that may have come nearer.</summary>
    internal Action<TimeSpan> ReviewDue { get; set; } = _ => { };

    internal DeskEngine(Db db, TimeProvider clock, DeskStores stores, DeskChanges changes, Action mailQueued, ILogger<DeskEngine> log)
    {
        (this.db, this.clock, this.stores, this.changes, this.mailQueued, this.log) = (db, clock, stores, changes, mailQueued, log);
        var now = Moment.Of(clock);
        (lines, ReviewedMono) = (new SiteLines(now), now.Mono);

        // Numbers of an earlier run may still come back from a site: start beyond them.
        requests = new LookRequests(SqlTypes.ToMicros(now.Utc), now);
        asker = new LookAsker(board, lines, requests, log);
        intake = new DeskIntake(this, db, stores, board, lines, requests, asker, changes, log);
        Away = new DeskAway(db, stores, board, lines, SqlTypes.ToMicros(now.Utc), log);
    }

    /// <summary>Sites post here. A batch with much to decide is taken in parts, each in a transaction with the cursor; a repeated one is acknowledged and changes nothing.</summary>
    public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel) => Task.FromResult(intake.Accept(batch));

    /// <summary>A site's stream: its plan at once, then orders as they come.</summary>
    public async IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, [EnumeratorCancellation] CancellationToken cancel)
    {
        Channel<SiteOrder> stream;
        lock (db.Gate)
        {
            stream = lines.Of(site).Connect();
            stream.Writer.TryWrite(new PlanOrder(SitePlans.For(board.Plan, site, board.Silences.Stopped)));
            Away.Orders(site).Concat(requests.OrdersFor(site)).ToList().ForEach(order => stream.Writer.TryWrite(order));
        }

        try
        {
            while (await ReadyAsync(stream.Reader, cancel))
            {
                while (stream.Reader.TryRead(out var order))
                {
                    yield return order;
                }
            }
        }
        finally
        {
            lock (db.Gate)
            {
                lines.Of(site).Disconnect(stream);
            }
        }
    }

    /// <summary>A site that has found the desk again hands back what it did; only then come its results.</summary>
    public Task<HandBackReceipt> TakeBackAsync(HandBack back, CancellationToken cancel) => Task.FromResult(Change(work => Away.Take(work, back)));

    /// <summary>Draws anew every verdict that time alone may have changed; gives when it is to be called again, at the latest.</summary>
    internal TimeSpan Review()
    {
        var (due, turned) = db.Turns.Last(() =>
        {
            var now = Now();
            requests.Forget(now.Mono - ForgetRequestsAfter);
            asker.Send(now, [.. CheckNowFlow.WantedAlone(board, requests, now), .. CheckNowFlow.WantedAfterParents(board, requests, now), .. CheckNowFlow.WantedAfterStart(board, requests, lines.Began, now)]);
            var turned = lines.Turned(now);
            return (board.Due(now.Mono).Concat(turned.Count == 0 ? [] : board.Items.Where(e => e.Plan.Sites.Any(s => turned.Any(t => t.Site == s))).Select(e => e.Plan.Id)).Distinct().OrderBy(board.RankOf).ToList(), turned);
        });
        foreach (var some in due.Chunk(BatchPart.Most))
        {
            db.Turns.Last(() => Judge(some));
        }

        return db.Turns.Last(() => Rest(turned));
    }

    private bool Judge(IReadOnlyList<ItemId> due)
    {
        var now = Now();
        if (!QuietWork.TryRenew(Work(default, now), due, changes))
        {
            Transact(now, work => due.ToList().ForEach(work.MustJudge));
        }

        return true;
    }

    private TimeSpan Rest(IReadOnlyList<TurnedSite> turned)
    {
        var now = Now();
        lines.Judged(turned);
        Silences(now);
        if (StormFlow.Due(board, now.Utc) is { } storms)
        {
            Transact(now, storms);
        }

        if (LogFlow.Due(board, now.Utc) is { Count: > 0 } hits)
        {
            Transact(now, work => hits.ToList().ForEach(i => LogFlow.Tell(work, i)));
        }

        ReviewedMono = now.Mono;
        return NextReview(now);
    }

    /// <summary>When the last review ended.</summary>
    internal TimeSpan ReviewedMono { get; private set; }

    internal DeskAway Away { get; }

    /// <summary>The desk has looked at its own works: what it found goes the way of every result.</summary>
    internal void TakeOwn(IReadOnlyList<OwnLook> looks)
    {
        lock (db.Gate)
        {
            var now = Now();
            var batch = OwnResults.Of(board, looks, now);
            if (batch.Results.Count == 0 || QuietWork.TryTake(Work(default, now), batch, changes))
            {
                return;
            }

            Transact(now, work => batch.Results.Where(r => CheckFlow.Take(work, batch, r)).ToList().ForEach(r => work.MustJudge(r.Item)));
        }
    }

    /// <summary>Asks a site to follow the way to an address; the task ends with the hops, or is cancelled when given up.</summary>
    internal Task<CheckResult> Trace(ItemId own, SiteName site, string address) => db.Turns.First(() => asker.Trace(own, site, address, Now()));

    /// <summary>Runs a person's or the pump's change as one transaction under the gate, and returns what it returns.</summary>
    internal T Change<T>(Func<DeskWork, T> change) => db.Turns.First(() =>
    {
        T result = default!;
        Transact(Now(), work => result = change(work));
        return result;
    });

    /// <summary>A delivery has come to its end: its incident records it in the transaction that settles the row.</summary>
    internal void Settled(Tx tx, SettledDelivery delivery) => Work(tx, Now(), work =>
    {
        stores.Outbox.Turned(tx);
        if (work.Load(Scope.Across("outbox"), delivery.Incident) is { } incident)
        {
            work.Record(incident, delivery.ToEvent(IncidentRules.Engine));
        }
    });

    internal void Change(Action<DeskWork> change) => Change(work =>
    {
        change(work);
        return 0;
    });

    /// <summary>
    /// Takes a plan: items that stay keep their views, problems of items that have gone are closed with that reason, and every site
    /// gets its new plan at once.
    /// </summary>
    internal void Swap(DeskPlan plan)
    {
        lock (db.Gate)
        {
            var now = Now();
            Transact(now, work => PlanSwap.Retire(work, board, plan, board.OpenIncidents.Concat(board.Items.Select(work.ProblemOf).OfType<Incident>())));
            board.Swap(plan, plan.Items.Select(item => PlanSwap.Entry(board.Item(item.Id), item, now)).ToList());
            SilenceFlow.Stop(board, now);
            SilenceFlow.SendPlans(board, lines);
            Away.SendPlans();

            DeskLog.PlanRunning(log, plan);
        }

        changes.Announce("hosts", null);
        changes.Announce("sites", null);
        ReviewDue(Now().Mono);
    }

    /// <summary>At start: the plan that runs, the states and the open incidents as the database has them.</summary>
    internal void Start(DeskPlan plan)
    {
        lock (db.Gate)
        {
            var now = Now();
            var (views, verdicts, flaps, open) = db.Read(tx => (
                stores.States.Load(tx),
                stores.States.LoadVerdicts(tx),
                stores.States.LoadFlaps(tx, now),
                stores.Incidents.Unfinished(tx)));
            open.ToList().ForEach(board.Set);
            Away.Start();
            var problems = open.Where(i => i is { Failing: true, Facts.IsLog: false }).OrderByDescending(i => i.Id.Value).DistinctBy(i => i.Facts.Item)
                .ToDictionary(i => i.Facts.Item, i => i.Id);
            var storms = StormFlow.Restored(open);
            board.Swap(plan, plan.Items.Select(item => PlanSwap.Restore(item, views, verdicts.GetValueOrDefault(item.Id), problems.GetValueOrDefault(item.Id), flaps.GetValueOrDefault(item.Id), now) with { Storm = storms.TryGetValue(item.Id, out var lead) ? lead : null }).ToList());
            board.Silences.Restore(db.Read(tx => stores.Silences.List(tx, Scope.Across("engine"), now.Utc - SilencePlan.Longest, int.MaxValue)));
            SilenceFlow.Stop(board, now);
            lines.Begin(plan, db.Read(stores.Cursors.Begun));

            // What the plan lost while the desk was down is closed like anything that leaves a running plan.
            Transact(now, work => PlanSwap.Retire(work, board, plan, open));
            DeskLog.PlanRunning(log, plan);
        }
    }

    /// <summary>Reads the board, without waiting for a change that is under way; entries and incidents are immutable and may be kept.</summary>
    internal T Look<T>(Func<DeskBoard, SiteLines, Moment, T> look)
    {
        lock (board.Reading)
        {
            return look(board, lines, Now());
        }
    }

    /// <summary>
    /// An incident in somebody's scope. One that is open is in memory, folded: with thousands of events that is what whoever waits for it can wait for. Others are read.
    /// </summary>
    internal Incident? Find(Scope scope, IncidentId id) => Look((board, _, _) => board.Incident(id)) is { } known
        ? scope.Covers(known.Facts.Customer) ? known : null
        : db.Read(tx => stores.Incidents.Load(tx, scope, id));

    /// <summary>Asks every looking site for a fresh look at the item; the tasks end with the answers, or are cancelled when given up.</summary>
    internal IReadOnlyList<(SiteName Site, Task<CheckResult> Answer)> AskAll(ItemId item, TimeSpan timeout) => db.Turns.First(() => board.Item(item) is { Plan.IsPassive: false } entry
        ? (IReadOnlyList<(SiteName, Task<CheckResult>)>)[.. entry.Plan.Sites.Select(site => (site, asker.Ask(entry.Plan, site, timeout, Now())))]
        : []);

    /// <summary>What silences hold is asked for anew each time: no end of one is an event that could be missed.</summary>
    private void Silences(Moment now)
    {
        SilenceFlow.StopAndTell(board, lines, now);
        var (tell, look) = silenceEnds.Sort(board, SilenceFlow.Due(board, now.Utc), now.Mono);
        asker.Send(now, look);
        if (tell.Count > 0)
        {
            Transact(now, work => tell.ToList().ForEach(incident => SilenceFlow.Release(work, incident)));
        }
    }

    internal PostDoor Door => board.Door;

    internal Moment Now() => Moment.Of(clock);

    private TimeSpan NextReview(Moment now) => ReviewTime.Next(board, lines, requests, now);

    // Awaited here, the reader's wake-up comes back to the caller's context before anything else waits for it.
    private static async Task<bool> ReadyAsync(ChannelReader<SiteOrder> orders, CancellationToken cancel) => await orders.WaitToReadAsync(cancel);

    /// <summary>One change as one transaction, under the gate.</summary>
    internal void Transact(Moment now, Action<DeskWork> change)
    {
        if (now.Mono - refusedMono >= AgreementTimes.SilentAfter)
        {
            BeginAnew(now);
        }

        try
        {
            db.Write(tx => Work(tx, now, change));
            refusedMono = null;
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong))
        {
            refusedMono ??= now.Mono;
            throw;
        }

        Milestones.Reached(Milestone.BatchCommitted);
        Changed(now);
    }

    /// <summary>
    /// A site is heard again. If the desk heard nobody for a while (its line was cut, its database took nothing, it stood still), what the sites have to say now comes in one
    /// after the other, and whoever is first would find the others silent and old, and be believed alone: so nothing is known of that time, as after a start.
    /// </summary>
    internal void BeginAnew(Moment now)
    {
        var silent = lines.Unheard(now, refusedMono is not null);
        if (silent.Count == 0)
        {
            return;
        }

        lines.BeginAnew(silent, now);
        requests.Forget(now.Mono);
        var unheard = silent.Select(l => l.Site).ToHashSet();
        foreach (var entry in board.Items.Where(e => e.Views.Any(v => v.LookMono is not null && unheard.Contains(v.Site))).ToList())
        {
            board.Set(entry with { Views = [.. entry.Views.Select(v => unheard.Contains(v.Site) ? v with { LookMono = null } : v)] });
        }
    }

    /// <summary>The next review may have come nearer.</summary>
    internal void Changed(Moment now) => ReviewDue(NextReview(now));

    private void Work(Tx tx, Moment now, Action<DeskWork> change)
    {
        var work = Work(tx, now);
        change(work);
        work.JudgeAll();
        work.SaveStates();
        Away.Save(work);
        Milestones.Reached(Milestone.BatchBeforeCommit);
        tx.Committed.Add(() => work.Publish(changes));
        tx.Committed.Add(() => Away.Spread(work));
        tx.Committed.AddRange(work.Posted is { } posted ? [() => asker.Send(now, CheckNowFlow.WantedByPosts(board, requests, posted, now))] : []);
        tx.Committed.AddRange(work.Mailed ? [mailQueued] : []);
    }

    private DeskWork Work(Tx tx, Moment now) => new(stores, board, lines, requests, tx, now);
}
