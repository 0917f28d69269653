using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// A site's part when the desk is away (architecture §1): each second it decides by <see cref="AwayRules"/> what it is, and turns to that. Its link
/// to the desk goes by a peer where the desk does not answer; it judges with its peers where no desk answers at all.
/// </summary>
internal sealed class AwaySite : IPeerDoor
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    private readonly AwayGround ground;
    private readonly SiteGround site;
    private readonly SiteEngine engine;
    private readonly AnchorWatch? anchors;
    private readonly ILogger log;
    private readonly AwayStore store = new();
    private readonly EpisodeBook book = new();
    private readonly Dictionary<ItemId, EpisodeNote> unsaved = [];
    private readonly LatestLooks latest = new();
    private readonly AwayDesk? speaks;
    private readonly AwayGreeting greeting;
    private readonly JuryFeeding feeding;
    private readonly PeerRing peers;
    private readonly IHandBackLink direct;
    private AwayPlan? plan;
    private AwayRole role = new WithDesk();
    private CancellationTokenSource left = new();
    private DeskWay way;
    private TimeSpan answered;
    private bool everAnswered;
    private volatile bool briefed;
    private CancellationToken stop;

    internal AwaySite(AwayGround ground, SiteGround site, SiteEngine engine, AnchorWatch? anchors)
    {
        (this.ground, this.site, this.engine, this.anchors) = (ground, site, engine, anchors);
        direct = (IHandBackLink)site.Link;
        way = new DeskWay(direct, null, left.Token);
        log = site.Logs.CreateLogger<AwaySite>();
        peers = new PeerRing(site.Site, ground.Dial, site.Clock, log);
        Link = new AwayLink(this);
        speaks = ground is { Mail: { } mail, Relay: { } relay } ? new AwayDesk(site.Site, ground.Db, mail, relay, ground.SecondRelay, book, site.Clock, site.Logs) : null;
        greeting = new AwayGreeting(site.Site, ground.Pin, book, speaks, site.Clock, log);
        feeding = new JuryFeeding(site, engine, latest, FromJury);
        var (body, notes) = ground.Db.Read(tx => (store.Plan(tx), store.Notes(tx)));
        book.Merge(notes);
        plan = body is null ? null : Read(body);
        speaks?.Remember(plan);
        answered = Now;
    }

    /// <summary>The pump's link to the desk.</summary>
    internal ISiteLink Link { get; }

    internal DeskWay Way => Volatile.Read(ref way);

    /// <summary>What this site is now.</summary>
    internal AwayRole Role => Volatile.Read(ref role);

    public IResultDoor? Jury => speaks?.Door;

    private TimeSpan Now => Moment.MonoOf(site.Clock);

    /// <summary>Decides and turns until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        stop = cancel;
        Dial();
        ground.Opens(this);
        var probing = ProbeAsync(cancel);
        try
        {
            while (true)
            {
                await Task.Delay(Every, site.Clock, cancel);
                await TurnAsync();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }

        await probing;
        await feeding.TurnAsync(null, _ => null, stop);
        if (speaks is not null)
        {
            await speaks.StopAsync();
            await speaks.Drained;
        }
    }

    /// <summary>For the site's word to its desk; null without peers.</summary>
    internal PeerHealth? Health()
    {
        var now = Now;
        if (plan is not { } known || peers.All is not { Count: > 0 } talks)
        {
            return null;
        }

        var silent = talks.Where(t => !(t.Sight(now)?.Age < AwayRules.GoneAfter)).Select(t => known.RankOf(t.Plan.Name)).Where(r => r < 63).Aggregate(0L, (mask, rank) => mask | (1L << rank));
        return new PeerHealth(talks.Count, silent, Way.By is { } carrier ? known.RankOf(carrier) : null);
    }

    /// <summary>A look has ended: it is known here, and goes to whoever judges.</summary>
    internal ValueTask NoteAsync(CheckResult result)
    {
        feeding.Note(result);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the desk ordered about the time without it.</summary>
    internal void Take(SiteOrder order)
    {
        switch (order)
        {
            case PlanOrder { Plan: var looks }:
                latest.Take(looks);
                break;
            case AwayOrder { Plan: var next }:
                plan = next;
                ground.Db.Write(tx => store.SavePlan(tx, JsonSerializer.Serialize(next, OrderCodec.Json)));
                Dial();
                break;
            case EpisodesOrder { Notes: var notes }:
                Learn(notes);
                briefed = true;
                break;
        }
    }

    /// <summary>A peer tells how it stands; it hears the same of this site.</summary>
    public PeerWord Hear(PeerWord theirs)
    {
        Heard(theirs);
        var word = Word();
        return PeerTalk.Answer(peers.Find(theirs.Site), theirs, word with { Notes = [.. word.Notes.Where(n => n.By != EpisodeBook.DeskName)] });
    }

    public PeerPlanKey? KeyOf(SiteName from, string keyId) => plan?.Of(from)?.Keys
        .Select(Convert.FromBase64String).Where(spki => SiteSignature.KeyId(SiteSignature.Fingerprint(spki)) == keyId).Select(spki => new PeerPlanKey(spki)).FirstOrDefault();

    /// <summary>Before the first batch of a contact: the desk learns what was done without it, and this site speaks no more.</summary>
    internal Task GreetAsync(DeskWay by, CancellationToken cancel) => greeting.GreetAsync(by, Answered, cancel);

    /// <summary>The desk took something.</summary>
    internal void Answered(DeskWay by)
    {
        if (by.By is null)
        {
            AnsweredStraight();
        }
    }

    internal void Lost(DeskWay by) => greeting.Lost(by);

    private async Task TurnAsync()
    {
        try
        {
            var now = Now;
            if (plan is not { } known)
            {
                return;
            }

            var sights = peers.All.Select(p => p.Sight(now)).OfType<PeerSight>().ToList();
            var own = new OwnSight(site.Site, known.RankOf(site.Site), now - answered, anchors is null ? null : !anchors.Health.Isolated, MaySpeak);
            var next = AwayRules.Decide(own, sights);
            if (next != role)
            {
                AwayLog.Role(log, site.Site, next);
                Volatile.Write(ref role, next);
            }

            Take((next as Relayed)?.By);
            await SpeakAsync(next, known, [site.Site, .. sights.Where(s => s.Age < AwayRules.GoneAfter).Select(s => s.Site)]);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            AwayLog.TurnFailed(log, site.Site, failure);
        }
    }

    private async Task SpeakAsync(AwayRole next, AwayPlan known, IReadOnlyList<SiteName> heard)
    {
        var speaker = next switch { Jury jury => jury.Speaker, Alone => site.Site, _ => (SiteName?)null };
        if (speaker == site.Site && speaks is not null)
        {
            speaks.Judges([.. known.Sites.Select(s => s.Name).Where(heard.Contains)], next is Alone);
            speaks.Start(known, stop);
        }
        else if (speaks is not null)
        {
            await speaks.StopAsync();

            // What an earlier run left in the outbox may have been told by others meanwhile: it waits for their word.
            if (next is Jury || briefed)
            {
                speaks.Send(known, stop);
            }
        }

        await feeding.TurnAsync(speaker, to => to == site.Site ? (speaks?.Door is { } door ? new InProcessLink(door, site.Site) : null) : peers.Find(to)?.Link.Jury, stop);
    }

    // Its plan is a part of the desk's that this site has already.
    private void FromJury(SiteOrder order)
    {
        if (order is LookNowOrder)
        {
            engine.Apply(order);
        }
        else if (order is EpisodesOrder { Notes: var notes })
        {
            Learn(notes);
        }
    }

    // Where the disk takes nothing now it is known all the same, and written with the next word.
    private void Learn(IReadOnlyList<EpisodeNote> notes)
    {
        lock (unsaved)
        {
            foreach (var note in book.Merge(notes))
            {
                unsaved[note.Item] = note;
            }

            if (unsaved.Count == 0)
            {
                return;
            }

            try
            {
                ground.Db.Write(tx => store.Save(tx, unsaved.Values));
                speaks?.Learn([.. unsaved.Values]);
                unsaved.Clear();
            }
            catch (Exception failure) when (StorageTrouble.Is(failure))
            {
                AwayLog.NotKept(log, site.Site, failure);
            }
            catch
            {
                unsaved.Clear();
                throw;
            }
        }
    }

    private void Heard(PeerWord word)
    {
        peers.Find(word.Site)?.Heard(word);
        Learn(word.Notes);
    }

    private PeerWord Word() => new(site.Site, everAnswered ? Now - answered : Never, anchors?.Health.Isolated ?? false, MaySpeak, book.All);

    // One that others do not hear must not speak beside them.
    private bool MaySpeak => speaks is not null && plan is { } known && (!known.Peers.Any() || known.Of(site.Site) is { Address.Length: > 0 });

    private void Take(SiteName? carrier)
    {
        if (way.By == carrier)
        {
            return;
        }

        var link = carrier is { } peer ? peers.Find(peer)?.Link.Relay : direct;
        if (link is not null)
        {
            var before = left;
            left = new CancellationTokenSource();
            Volatile.Write(ref way, new DeskWay(link, carrier, left.Token));
            before.Cancel();
        }
    }

    // While a peer carries, the straight way is tried too: it is better, and the peer may need its own line.
    private async Task ProbeAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(AwayRules.HearEvery, site.Clock, cancel);
                if (Way.By is not null)
                {
                    await TryAsync(cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            var beat = new SpooledBatch(0, Lane.Live, []).Sent(site.Site, site.Spool.Epoch, Moment.Of(site.Clock), engine.Unanswered(), engine.Health());
            await direct.PostAsync(beat, cancel);
            AnsweredStraight();
        }
        catch (SiteLinkException)
        {
            // As before.
        }
    }

    private void AnsweredStraight() => (answered, everAnswered) = (Now, true);

    private void Dial()
    {
        if (plan is { } known)
        {
            peers.Take(known, Word, Heard, stop);
        }
    }

    private static AwayPlan? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<AwayPlan>(body, OrderCodec.Json);
        }
        catch (Exception other) when (other is JsonException or NotSupportedException)
        {
            // Of another version; the desk sends it anew.
            return null;
        }
    }
}
