using System.Net;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The desk's end of every site's link: when it was last heard, what it said of itself, and where its orders go. Written under the engine's gate; pages read
/// it without.
/// </summary>
internal sealed class SiteLines(Moment started)
{
    private readonly Lock adding = new();
    private Dictionary<SiteName, SiteLine> lines = [];

    /// <summary>When the desk began to listen.</summary>
    internal TimeSpan Started => started.Mono;

    /// <summary>The same, or when it began anew.</summary>
    internal TimeSpan Began { get; private set; } = started.Mono;

    internal IEnumerable<SiteLine> All => lines.Values;

    internal SiteLine Of(SiteName site)
    {
        if (lines.TryGetValue(site, out var line))
        {
            return line;
        }

        lock (adding)
        {
            if (!lines.TryGetValue(site, out line))
            {
                line = new SiteLine(site);
                lines = new Dictionary<SiteName, SiteLine>(lines) { [site] = line };
            }

            return line;
        }
    }

    /// <summary>At the desk's start: the sites that a plan names, and where the last run of the desk was broken off within a batch.</summary>
    internal void Begin(DeskPlan plan, IReadOnlyList<BatchBegun> begun)
    {
        foreach (var site in plan.Items.SelectMany(i => i.Sites).Where(s => s != ProviderPlan.Desk).Distinct())
        {
            Of(site);
        }

        foreach (var batch in begun.Where(b => lines.ContainsKey(b.Site)))
        {
            Of(batch.Site).Taken = batch;
        }
    }

    /// <summary>
    /// A silent site is heard again. If all were silent it was the desk that heard nobody: those whom it heard before.
    /// Nobody if the others had been lost before: a site that comes and goes does not bring them back.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="refused">The database took nothing, so that what was heard meanwhile is lost, also of those who are heard.</param>
    internal IReadOnlyList<SiteLine> Unheard(Moment now, bool refused)
    {
        if (!refused && lines.Values.Any(l => now.Mono < SilentFrom(l)))
        {
            return [];
        }

        // Whoever posts is there, though nothing of it was taken.
        var last = lines.Values.Max(HeardMono);
        var lost = AgreementTimes.SilentAfter + AgreementTimes.LostAfter;
        var unheard = lines.Values.Where(l => HeardMono(l) + lost > last || l.PostedMono + lost > now.Mono).ToList();
        return unheard.Count < 2 ? [] : unheard;
    }

    /// <summary>How long these are silent counts from now.</summary>
    internal void BeginAnew(IReadOnlyList<SiteLine> unheard, Moment now)
    {
        Began = now.Mono;
        foreach (var line in unheard)
        {
            line.ListensFrom = now.Mono;
        }
    }

    internal SiteSignal Signal(SiteName site, Moment now)
    {
        if (site == ProviderPlan.Desk)
        {
            return new SiteSignal(site, now.Mono, null);
        }

        var line = Of(site);
        var silentFrom = SilentFrom(line);
        return new SiteSignal(site, line.BeatMono, now.Mono >= silentFrom ? silentFrom : null, line.IsolatedMono);
    }

    /// <summary>
    /// The signal for a verdict. A site that is heard has no instant at which it falls silent: with every beat that instant moves on, and
    /// each verdict would have to be drawn again for nothing. <see cref="Turned"/> tells when it has come.
    /// </summary>
    internal SiteSignal SignalForVerdict(SiteName site, Moment now) => Signal(site, now) with { BeatMono = null };

    /// <summary>Sites that have fallen silent or become isolated, or are no longer, and whose items were not judged anew since.</summary>
    internal IReadOnlyList<TurnedSite> Turned(Moment now)
    {
        List<TurnedSite>? turned = null;
        foreach (var line in lines.Values)
        {
            if (VoidOf(line, now) is var state && state != line.Judged)
            {
                (turned ??= []).Add(new TurnedSite(line.Site, state));
            }
        }

        return turned ?? (IReadOnlyList<TurnedSite>)[];
    }

    /// <summary>Their items have been judged anew by that state; one that has turned again meanwhile is still to come.</summary>
    internal void Judged(IEnumerable<TurnedSite> turned)
    {
        foreach (var one in turned)
        {
            Of(one.Site).Judged = one.State;
        }
    }

    private SiteVoid VoidOf(SiteLine line, Moment now) =>
        new(line.Site != ProviderPlan.Desk && now.Mono >= SilentFrom(line), line.IsolatedMono is not null);

    /// <summary>From when on a site is silent, if it is not heard before.</summary>
    internal TimeSpan SilentFrom(SiteLine line) => (HeardMono(line) is var heard && line.ListensFrom > heard ? line.ListensFrom.Value : heard) + AgreementTimes.SilentAfter;

    private TimeSpan HeardMono(SiteLine line) => line.BeatMono ?? started.Mono;
}

/// <summary>Why a site's word does not count; neither: it does.</summary>
internal readonly record struct SiteVoid(bool Silent, bool Isolated);

/// <summary>A site whose word counts otherwise than when its items were judged last.</summary>
internal readonly record struct TurnedSite(SiteName Site, SiteVoid State);

/// <summary>One site's line.</summary>
internal sealed class SiteLine(SiteName site)
{
    internal SiteName Site { get; } = site;

    internal LastWord Last { get; private set; } = LastWord.None;

    internal TimeSpan? BeatMono => Last.Mono;

    internal DateTimeOffset? BeatUtc => Last.Utc;

    /// <summary>The site's wall clock minus the desk's, as seen at the last batch; includes the way's delay.</summary>
    internal TimeSpan? Skew => Last.Skew;

    internal SiteHealth? Health => Last.Health;

    /// <summary>Where it posts from, as the desk sees it; null where it never posted over a wire. Of what a peer carries the address is the peer's, and says nothing.</summary>
    internal IPAddress? From { get; private set; }

    /// <summary>When it posted last, taken or not; null while it has not.</summary>
    internal TimeSpan? PostedMono { get; set; }

    /// <summary>Since when it could be heard, where that is later than it was heard; null if the desk could hear all the time.</summary>
    internal TimeSpan? ListensFrom { get; set; }

    /// <summary>Since when it has called itself isolated; null while it does not.</summary>
    internal TimeSpan? IsolatedMono => Last.IsolatedMono;

    /// <summary>Whether it was silent or isolated when its items were judged last.</summary>
    internal SiteVoid Judged { get; set; }

    internal Channel<SiteOrder>? Orders { get; private set; }

    /// <summary>The desk's cursor as the last committed batch left it; null until this process has read it.</summary>
    internal BatchReceipt? Cursor { get; set; }

    /// <summary>The last batch that was taken in parts, up to the last part before its end; null if none was.</summary>
    internal BatchBegun? Taken { get; set; }

    /// <summary>Held while a batch of the site is taken: one that comes again meanwhile waits for its end.</summary>
    internal Lock Taking { get; } = new();

    /// <summary>When it was, by the desk's clock, of which the last batch told how long ago it was.</summary>
    internal DateTimeOffset? Ago(TimeSpan? span) => BeatUtc is { } told && span < told - DateTimeOffset.UnixEpoch ? told - span : null;

    /// <summary>Notes that the site is alive; gives what was known before, for <see cref="Unheard"/>.</summary>
    internal LastWord Heard(ResultBatch batch, Moment now)
    {
        var before = Last;
        From = batch is { From: { } from, Health.Peers: null or { CarriedBy: null } } ? from : From;
        Last = new LastWord(now.Mono, now.Utc, batch.Health, batch.SentUtc - now.Utc, batch.Health.Anchors is { Isolated: true } ? before.IsolatedMono ?? now.Mono : null);
        return before;
    }

    /// <summary>Its batch is still being taken, and no beat comes meanwhile: a slow disk of ours does not make it silent. Gives what was known before.</summary>
    internal LastWord StillHeard(Moment now)
    {
        var before = Last;
        Last = Last with { Mono = now.Mono };
        return before;
    }

    /// <summary>The batch was not taken: as before it.</summary>
    internal void Unheard(LastWord before) => Last = before;

    /// <summary>A new stream replaces the one before: a site has one at a time.</summary>
    internal Channel<SiteOrder> Connect()
    {
        Orders?.Writer.TryComplete();
        return Orders = Channel.CreateUnbounded<SiteOrder>(new UnboundedChannelOptions { SingleReader = true });
    }

    internal void Disconnect(Channel<SiteOrder> stream)
    {
        stream.Writer.TryComplete();
        if (Orders == stream)
        {
            Orders = null;
        }
    }

    /// <summary>False if the site holds no stream now; what it missed it gets as a plan when it comes back.</summary>
    internal bool Send(SiteOrder order) => Orders?.Writer.TryWrite(order) ?? false;
}

/// <summary>What a site's last batch told of it; all null before the first.</summary>
internal sealed record LastWord(TimeSpan? Mono, DateTimeOffset? Utc, SiteHealth? Health, TimeSpan? Skew, TimeSpan? IsolatedMono)
{
    internal static LastWord None { get; } = new(null, null, null, null, null);
}
