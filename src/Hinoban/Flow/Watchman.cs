using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// Watches the watching: every 10 s it looks at the provider's own items and hands what it found to the engine, where it goes the way of every
/// result. What it remembers between two looks may be lost: after a start it waits as long again before it speaks.
/// </summary>
internal sealed partial class Watchman(DeskEngine engine, Db db, DeskStores stores, OwnWatch own, Func<OutboxTrouble> mail, Func<bool?> arrival, TimeProvider clock, ILogger<Watchman> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(SiteName Site, ItemId Item), TimeSpan> troubledSince = [];
    private readonly Dictionary<SiteName, MissedPeriods> missed = [];
    private readonly Dictionary<(SiteName A, SiteName B), TimeSpan> apartSince = [];
    private readonly PathTraces traces = new(engine);
    private readonly Dictionary<SiteName, GivenUp> givenUp = [];
    private readonly RunWatch runs = new();
    private TimeSpan? relayAwaySince;
    private TimeSpan? takesNothingSince;
    private OwnFacts? latest;
    private long latestAt;
    private TimeSpan? lookedMono;
    private TimeSpan? stoodUntil;
    private ListsOfLate? ofLate;

    /// <summary>What the last look saw; null before the first, and where the next does not come: then nobody knows.</summary>
    internal OwnFacts? Latest => clock.GetElapsedTime(latestAt) < OwnRules.StoodStill ? latest : null;

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                Look();
            }
#pragma warning disable CA1031 // The watch must go on whatever one look met.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Failed(log, error);
            }
        }
    }

    /// <summary>One look. Called every 10 s.</summary>
    internal void Look()
    {
        var (disk, place, refused) = (own.Disk?.Invoke(), own.Place?.Invoke() ?? PlaceView.Whole, db.Trouble is not null);
        var (trouble, late) = (mail(), arrival());
        var known = OfLate();
        var facts = engine.Look((board, lines, now) =>
        {
            stoodUntil = OwnRules.StoodUntil(lookedMono, stoodUntil, now.Mono);
            lookedMono = now.Mono;
            runs.Look(board, lines, now);
            return new OwnFacts(
                [.. own.Sites.Select(site => Site(board, lines, site, now))],
                Mail(trouble, now) with { Lists = Lists(board, known.Failing, known.Braked, now), ArrivalLate = late },
                new EngineFacts(now.Mono - Later(engine.ReviewedMono), disk, board.OwnProblem(ProviderPlan.DeskHost, ProviderPlan.Engine) is not null) { ArchiveFull = stores.Archive.IsFull, Place = place, TakesNothingFor = TakesNothingFor(refused, now) })
            {
                Standby = own.Standby?.Invoke(),
                Peers = [.. ProviderPlan.Pairs(own.Peers).Select(pair => Peers(lines, pair.A, pair.B, now))],
            };
        });
        (latest, latestAt) = (facts, clock.GetTimestamp());
        engine.TakeOwn(OwnRules.Looks(facts, own.Language));
        traces.Follow(facts, own.Language);
    }

    // Asked of the database only when a delivery has come to an end, or a post was held back, since, or the clock was set.
    private ListsOfLate OfLate()
    {
        var (utc, turns) = (clock.GetUtcNow(), stores.Outbox.Turns);
        if (ofLate is not { } known || known.Turns != turns || utc < known.AskedUtc || utc > known.AskedUtc + AskAgain)
        {
            var all = Scope.Across("watchman");
            ofLate = known = db.Read(tx => new ListsOfLate(
                turns,
                utc,
                stores.Outbox.Failing(tx, all, utc - DeliveryRules.AlarmStands, except: ProviderPlan.Customer),
                stores.Inbound.Braked(tx, all, utc - InboundRules.BrakeStands)));
        }

        return known;
    }

    // Whoever is no member any more is no trouble.
    private List<ListFacts> Lists(DeskBoard board, IReadOnlyList<RecipientTrouble> failing, IReadOnlyList<(CustomerId Customer, string Writer)> braked, Moment now) =>
    [
        .. board.Plan.Customers.Where(c => !c.IsProvider).Select(c => new ListFacts(
            c.Id,
            [.. failing.Where(f => f.Customer == c.Id && DeliveryRules.IsCutOff(f, now.Utc))
                .Where(f => ListRecipients.Of(c.MailingList, stores.Mail).Any(r => r.Address == f.Recipient)).DistinctBy(f => f.Recipient).OrderBy(f => f.Recipient, StringComparer.Ordinal)])
        {
            Braked = [.. braked.Where(b => b.Customer == c.Id).Select(b => b.Writer)],
        }),
    ];

    private TimeSpan? TakesNothingFor(bool refused, Moment now)
    {
        takesNothingSince = refused ? takesNothingSince ?? now.Mono : null;
        return now.Mono - takesNothingSince;
    }

    private SiteFacts Site(DeskBoard board, SiteLines lines, SiteName site, Moment now)
    {
        var line = lines.Of(site);
        return new SiteFacts(
            site,
            line.BeatMono is { } beat && !(beat < stoodUntil),
            now.Mono - Later(line.BeatMono ?? lines.Started),
            line.Health?.Anchors,
            now.Mono - line.IsolatedMono,
            line.Health?.LatenessP99 ?? TimeSpan.Zero,
            Missed(line, now),
            board.OwnProblem(ProviderPlan.Paths, site.Value) is not null,
            Paths(board, site, now))
        {
            Unseen = runs.Of(site),
            NotKeptFor = line.Health?.NotKeptFor,
            GaveUpAgo = GaveUpAgo(line, now),
            Place = line.Health?.Place ?? PlaceState.Whole,
        };
    }

    private TimeSpan? GaveUpAgo(SiteLine line, Moment now)
    {
        if (line.Health is not { SpoolDropped: var count })
        {
            return null;
        }

        var known = givenUp.GetValueOrDefault(line.Site);
        return now.Mono - (givenUp[line.Site] = known is null ? new GivenUp(count, null) : known.Next(count, now.Mono)).GrewMono;
    }

    private TimeSpan Later(TimeSpan last) => stoodUntil > last ? stoodUntil.Value : last;

    // Of two sites of which one is not heard by the desk either, nothing is said: its own item says that.
    private PeerFacts Peers(SiteLines lines, SiteName a, SiteName b, Moment now)
    {
        var known = new[] { a, b }.All(s => lines.Signal(s, now) is { SilentSince: null, BeatMono: not null } && lines.Of(s).Health?.Peers is not null);
        var apart = known && (Silent(lines, a, b) || Silent(lines, b, a));
        if (!apart)
        {
            apartSince.Remove((a, b));
            return new PeerFacts(a, b, known, null);
        }

        apartSince.TryAdd((a, b), now.Mono);
        return new PeerFacts(a, b, known, now.Mono - apartSince[(a, b)]);
    }

    private bool Silent(SiteLines lines, SiteName site, SiteName peer) => lines.Of(site).Health!.Peers!.IsSilent(own.Sites.ToList().IndexOf(peer));

    private List<PathFacts> Paths(DeskBoard board, SiteName site, Moment now)
    {
        if (troubledSince.Count == 0 && !board.HasPathTrouble)
        {
            return [];
        }

        var troubled = board.Items
            .Where(e => e.Verdict.Reach == Reach.PathTrouble && e.Verdict.Evidence.Any(v => v.Site == site && v.Vote == VoteKind.Transport))
            .ToDictionary(e => e.Plan.Id, e => e.Plan);
        foreach (var gone in troubledSince.Keys.Where(k => k.Site == site && !troubled.ContainsKey(k.Item)).ToList())
        {
            troubledSince.Remove(gone);
        }

        foreach (var item in troubled.Keys)
        {
            troubledSince.TryAdd((site, item), now.Mono);
        }

        return [.. troubled.Values
            .Select(p => new PathFacts(p.Id, p.Customer, p.Title, p.Address, now.Mono - troubledSince[(site, p.Id)]))
            .OrderByDescending(p => p.Lasts).ThenBy(p => p.Item.Value)];
    }

    // Of a site that is not heard there is nothing to wait for: its own item says that.
    private bool? Missed(SiteLine line, Moment now)
    {
        if (line.Health is not { } health)
        {
            return false;
        }

        missed[line.Site] = missed.TryGetValue(line.Site, out var before)
            ? before.Next(health.MissedCycles, now.Mono)
            : MissedPeriods.Begin(health.MissedCycles, now.Mono);
        return missed[line.Site].Missed;
    }

    private MailFacts Mail(OutboxTrouble trouble, Moment now)
    {
        relayAwaySince = trouble.RelayDownUtc is null ? null : relayAwaySince ?? now.Mono;
        return new MailFacts(now.Mono - relayAwaySince, trouble.RelayReply) { SecondInUse = trouble.SecondInUse };
    }

    /// <summary>What a site has given up, as it counts over the life of its spool; what it had before the desk first heard it is not ours to tell.</summary>
    private sealed record GivenUp(long Count, TimeSpan? GrewMono)
    {
        internal GivenUp Next(long count, TimeSpan now) => new(count, count > Count ? now : GrewMono);
    }

    /// <summary>What happened to lists of late, as it was asked for last.</summary>
    private sealed record ListsOfLate(
        long Turns, DateTimeOffset AskedUtc, IReadOnlyList<RecipientTrouble> Failing, IReadOnlyList<(CustomerId Customer, string Writer)> Braked);

    [LoggerMessage(5201, LogLevel.Error, "The desk could not look at its own works; it tries again in 10 s")]
    private static partial void Failed(ILogger log, Exception error);
}

/// <summary>How the desk watches itself.</summary>
/// <param name="Sites">The provider's sites.</param>
/// <param name="Language">Of what it says.</param>
/// <param name="Disk">Room where the data folder is; null where there is no folder.</param>
internal sealed record OwnWatch(IReadOnlyList<SiteName> Sites, Language Language, Func<DiskRoom?>? Disk)
{
    /// <summary>How the data folder stands; null where there is none.</summary>
    internal Func<PlaceView>? Place { get; init; }

    /// <summary>Sites that listen for each other, in the order of rank.</summary>
    internal IReadOnlyList<SiteName> Peers { get; init; } = [];

    /// <summary>What would take over; null where the desk has one node.</summary>
    internal Func<StandbyFacts?>? Standby { get; init; }
}
