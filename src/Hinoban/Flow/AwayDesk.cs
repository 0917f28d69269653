using System.Text.Json;
using Hinoban.Basics;
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
/// The desk's engine at a site, for as long as this site speaks: the same judgement, incidents, notices and outbox, over a database of the site's own.
/// What it mailed but could not settle it goes on sending, whoever speaks.
/// </summary>
internal sealed class AwayDesk(SiteName site, Db db, MailOptions mail, IMailSubmitter relay, IMailSubmitter? second, EpisodeBook book, TimeProvider clock, ILoggerFactory logs)
{
    private static readonly Scope All = Scope.Across("away");
    private static readonly TimeSpan PumpAgain = TimeSpan.FromSeconds(5);

    private readonly IncidentStore incidents = new();
    private readonly AwayStore kept = new();
    private readonly OutboxStore outbox = new();
    private readonly AwaySpeaker speaker = new(site, book);
    private DeskEngine? engine;
    private JuryDoor? door;
    private AwayPlan? known;
    private OutboxPump? pump;
    private AwayMail? sending;
    private CancellationTokenSource? renew;
    private Task pumping = Task.CompletedTask;
    private Task reviewing = Task.CompletedTask;
    private CancellationTokenSource? stopReview;
    private bool ready;
    private volatile bool mayWait = true;
    private long written = 1;
    private long nothingOwedAt;

    /// <summary>Where results come in; null while this site does not speak.</summary>
    internal IResultDoor? Door => door;

    /// <summary>What waits here might be left to the desk.</summary>
    internal bool MayHandOver => engine is null && mayWait;

    /// <summary>At the process's start: its own episodes are known from its own incidents, whatever else was kept of them.</summary>
    internal void Remember(AwayPlan? plan)
    {
        known = plan;
        book.Merge(db.Read(tx => kept.Kept(tx).Select(k => incidents.Load(tx, All, k.Id)).OfType<Incident>().Select(NoteOf).OfType<EpisodeNote>().ToList()));
    }

    /// <summary>With whom it judges now; mails say so.</summary>
    internal void Judges(IReadOnlyList<SiteName> lookers, bool alone) => (speaker.Lookers, speaker.Alone) = (lookers, alone);

    /// <summary>Begins to speak, with what it and others told before. <paramref name="stop"/> ends the process.</summary>
    internal void Start(AwayPlan plan, CancellationToken stop)
    {
        if (engine is not null)
        {
            return;
        }

        Send(plan, stop);
        db.Write(tx =>
        {
            Settle(tx);
            kept.ForgetViews(tx);
            OutboxHandOver.TakeBack(tx, AwayResend.HandedOver, row => IsOurs(tx, row), clock.GetUtcNow());
        });
        var stores = new DeskStores(incidents, new StateStore(), new CursorStore(), new NoSamples(), outbox, Names(plan)) { Episodes = book, Speaker = speaker };
        var made = new DeskEngine(db, clock, stores, new DeskChanges(), () => pump?.Signal(), logs.CreateLogger<DeskEngine>());
        made.Start(plan.ToPlan());
        made.Change(work => book.All.ToList().ForEach(note => Keep(work, note)));
        stopReview = CancellationTokenSource.CreateLinkedTokenSource(stop);
        reviewing = new DeskDuty(made, clock, logs.CreateLogger<DeskDuty>()).RunAsync(stopReview.Token);
        lock (db.Gate)
        {
            (engine, door, mayWait) = (made, new JuryDoor(made), true);
            Wrote();
        }
    }

    /// <summary>Speaks no more: the desk, or another site, does.</summary>
    internal async Task StopAsync()
    {
        lock (db.Gate)
        {
            (engine, door) = (null, null);
        }

        if (stopReview is { } ending)
        {
            stopReview = null;
            ending.Cancel();
            await reviewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            ending.Dispose();
        }
    }

    /// <summary>The dialogues under way have come to their end, or the process is to wait no longer for them.</summary>
    internal Task Drained => pumping;

    /// <summary>
    /// Goes on sending what is left of an earlier time without the desk, once it is known what others told meanwhile. Called whenever the role is
    /// known and lets mail out.
    /// </summary>
    internal void Send(AwayPlan plan, CancellationToken stop)
    {
        known = plan;
        if (!ready)
        {
            ready = true;
            db.Write(Settle);
        }

        if (pump is null && (db.Read(tx => new OutboxQueue().Count(tx)).Waiting > 0 || plan.Customers.Count > 0))
        {
            pumping = PumpAsync(stop);
        }
        else if (sending is { } before && before != plan.Mail && Interlocked.Exchange(ref renew, null) is { } old)
        {
            // Names or key are others than those that the pump writes.
            old.Cancel();
            old.Dispose();
        }
    }

    // Whatever ends it but the process's end, it is begun anew: what is queued here nobody else sends.
    private async Task PumpAsync(CancellationToken stop)
    {
        while (true)
        {
            var plan = known!;
            var renewed = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var until = renewed.Token;
            (sending, renew) = (plan.Mail, renewed);
            pump = NotifyingSetup.Pump(db, relay, Names(plan), clock, Settled, logs, second);
            try
            {
                await pump.RunAsync(until);
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                continue;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                AwayLog.PumpFailed(logs.CreateLogger<AwayDesk>(), site, PumpAgain.TotalSeconds, failure);
            }
            finally
            {
                Interlocked.Exchange(ref renew, null)?.Dispose();
            }

            await Task.Delay(PumpAgain, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Others have told of episodes.</summary>
    internal void Learn(IReadOnlyList<EpisodeNote> news)
    {
        lock (db.Gate)
        {
            if (engine is { } running)
            {
                running.Change(work => news.ToList().ForEach(note => Keep(work, note)));
            }
            else
            {
                db.Write(Settle);
            }
        }
    }

    /// <summary>
    /// The desk speaks, and sends what this site could not: what waits here is left to it. An attempt of which it is open whether it arrived stays here.
    /// </summary>
    internal void HandOver()
    {
        lock (db.Gate)
        {
            if (engine is null && mayWait)
            {
                db.Write(tx => OutboxHandOver.Leave(tx, AwayResend.HandedOver, clock.GetUtcNow()).ToList().ForEach(row => Record(tx, row.Incident, row.ToEvent(clock.GetUtcNow(), IncidentRules.Engine, AwayResend.HandedOver))));
                mayWait = db.Read(tx => new OutboxQueue().Count(tx)).Waiting > 0;
            }
        }
    }

    /// <summary>What the desk does not have yet of this site's own episodes.</summary>
    internal IReadOnlyList<HandedEpisode> Owed()
    {
        // Asked with every batch: the answer that nothing is owed holds until this site writes of an episode again.
        var asked = Interlocked.Read(ref written);
        if (engine is null && Interlocked.Read(ref nothingOwedAt) == asked)
        {
            return [];
        }

        var owed = db.Read(Owed);
        if (owed.Count == 0 && engine is null)
        {
            Interlocked.Exchange(ref nothingOwedAt, asked);
        }

        return owed;
    }

    private void Wrote() => Interlocked.Increment(ref written);

    private List<HandedEpisode> Owed(Tx tx) => kept.Kept(tx)
        .Where(k => incidents.Load(tx, All, k.Id) is { } incident && !EpisodeBook.IsElsewhere(incident))
        .Select(k => (k, From: kept.Handed(tx, site, k.Item, k.Episode)))
        .Select(e => new HandedEpisode(e.k.Item, e.k.Episode, e.From, kept.Events(tx, e.k.Id, e.From)))
        .Where(h => h.Events.Count > 0)
        .ToList();

    /// <summary>The desk has so much. When it has all and nothing is under way, nothing is kept.</summary>
    internal void Note(HandBackReceipt receipt)
    {
        db.Write(tx =>
        {
            receipt.Taken.ToList().ForEach(t => kept.Handed(tx, site, t.Item, t.Episode, t.Events));
            kept.Kept(tx).Where(k => k.On).ToList().ForEach(k => kept.GoesOn(tx, k.Id, on: false));
        });
        if (engine is null && Owed().Count == 0)
        {
            db.Write(tx =>
            {
                // A delivery may have come to its end since it was asked: what is not handed over yet stays.
                if (engine is null && new OutboxQueue().Count(tx).Waiting == 0 && Owed(tx).Count == 0)
                {
                    kept.Clear(tx);
                }
            });
        }
    }

    private MailOptions Names(AwayPlan plan) => mail with { Domain = plan.Mail.Domain, DeskMailbox = plan.Mail.DeskMailbox, DeskName = plan.Mail.DeskName, AwaySeal = MailSeal.Import(plan.Mail.Seal) };

    // Its own incidents go on where their episode does; what somebody else has mailed meanwhile it does not mail again.
    private void Settle(Tx tx)
    {
        foreach (var one in kept.Kept(tx))
        {
            var note = book.Of(one.Item);
            var goesOn = note is null || (note.Episode == one.Episode && !note.Over);
            kept.GoesOn(tx, one.Id, goesOn && incidents.Load(tx, All, one.Id) is { Failing: true });
            Withdraw(tx, one.Id, note is not null && note.Episode >= one.Episode ? note : null);
        }
    }

    private void Withdraw(Tx tx, IncidentId id, EpisodeNote? note)
    {
        if (note is { Mailed: true }
            && incidents.Load(tx, All, id) is { } incident
            && !EpisodeBook.IsElsewhere(incident)
            && !incident.Events.Any(e => e is DeliverySettled { Kind: NoticeKind.Alert } settled && AwayResend.IsTold(settled))
            && outbox.Withdraw(tx, All, id, NoticeKind.Alert, note.Unreached, $"told by {note.By}", clock.GetUtcNow()).Count > 0)
        {
            Record(tx, id, new NoticeDecided(clock.GetUtcNow(), IncidentRules.Engine, NoticeKind.Alert, NoticeReason.ToldAway, Told: false, "", ""));
        }
    }

    // The desk is gone again and has told nobody: it is this site's again. Somebody whom the desk has reached waits for the desk.
    private bool IsOurs(Tx tx, HandedDelivery row) => incidents.Load(tx, All, row.Incident) is { } incident
        && (book.Of(incident.Facts.Item) is not { } note
            || (note.Episode == incident.Facts.Episode && !(note.Mailed && note.By != site.Value) && !note.HasReached(row.Recipient)));

    private void Record(Tx tx, IncidentId id, IncidentEvent one)
    {
        if (incidents.Load(tx, All, id) is { } incident)
        {
            var after = incidents.Append(tx, incident, [one]);
            IReadOnlyList<EpisodeNote> notes = NoteOf(after) is { } note ? [note] : [];
            kept.Save(tx, book.News(notes));
            tx.Committed.Add(() =>
            {
                book.Merge(notes);
                Wrote();
            });
        }
    }

    private EpisodeNote? NoteOf(Incident incident) => EpisodeBook.NoteOf(
        incident,
        site.Value,
        known is { } plan && plan.Customers.FirstOrDefault(c => c.Plan.Id == incident.Facts.Customer) is { } customer && ListRecipients.Of(customer.Plan.MailingList, Names(plan)).Any(r => !r.Desk));

    // Told and not over: it is the item's problem, and the services of its host are covered by it, but every word of it is somebody else's.
    private void Keep(DeskWork work, EpisodeNote note)
    {
        if (note is not { Mailed: true, Over: false } || note.By == site.Value || work.Item(note.Item) is not { } entry)
        {
            return;
        }

        if (incidents.ByEpisode(work.Tx, note.Item, note.Episode) is { } known)
        {
            Withdraw(work.Tx, known, note);
            if (work.Load(All, known) is { } own)
            {
                work.Keep(own);
            }
        }
        else if (entry.Problem is null && OpenedOf(note) is { } opened)
        {
            var incident = incidents.Create(work.Tx, opened with { By = note.By });
            work.Keep(incident);
            work.Set(entry with { Problem = incident.Id });
        }
    }

    private void Settled(Tx tx, SettledDelivery delivery)
    {
        if (engine is { } running)
        {
            tx.Committed.Add(Wrote);
            running.Settled(tx, delivery);
        }
        else
        {
            Record(tx, delivery.Incident, delivery.ToEvent(IncidentRules.Engine));
        }
    }

    private static Opened? OpenedOf(EpisodeNote note)
    {
        try
        {
            return note.Opening.Length == 0 ? null : JsonSerializer.Deserialize<IncidentEvent>(note.Opening, IncidentJson.Options) as Opened;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The charts are the desk's: it gets the same results from the spool.</summary>
    private sealed class NoSamples : ISampleStore
    {
        public void Append(Tx tx, ResultBatch batch)
        {
        }
    }
}
