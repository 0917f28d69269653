using Hinoban.Basics;

namespace Hinoban.States;

/// <summary>What a site is to the company at a moment (architecture §1, "when the desk is away").</summary>
internal abstract record AwayRole;

/// <summary>The desk answers this site: it decides, the site looks.</summary>
internal sealed record WithDesk : AwayRole;

/// <summary>The desk does not answer here, but a peer that it answers carries everything both ways: nobody is an orphan.</summary>
internal sealed record Relayed(SiteName By) : AwayRole;

/// <summary>No desk, but peers: they judge together, and the named one speaks.</summary>
internal sealed record Jury(SiteName Speaker) : AwayRole;

/// <summary>Neither desk nor any peer, but the anchors answer: it speaks alone.</summary>
internal sealed record Alone : AwayRole;

/// <summary>Nobody answers, or nobody may speak: silent.</summary>
internal sealed record Isolated : AwayRole;

/// <summary>What a site knows of itself. Ages are by its own monotonic clock.</summary>
/// <param name="Site">Who.</param>
/// <param name="Rank">Its place in the order of sites; the lowest speaks.</param>
/// <param name="DeskAge">Since the desk last answered it directly, or since it started.</param>
/// <param name="AnchorsAnswer">Null: it has none, so that nobody can tell.</param>
/// <param name="MaySpeak">It has a relay and somewhere to keep its outbox.</param>
internal sealed record OwnSight(SiteName Site, int Rank, TimeSpan DeskAge, bool? AnchorsAnswer, bool MaySpeak);

/// <summary>What a site knows of a peer that it heard <see cref="Age"/> ago.</summary>
/// <param name="Site">Who.</param>
/// <param name="Rank">Its place in the order of sites.</param>
/// <param name="Age">Since it was heard.</param>
/// <param name="DeskAge">Since the desk answered the peer directly, as it said then.</param>
/// <param name="Isolated">Its anchors did not answer.</param>
/// <param name="MaySpeak">It has a relay and somewhere to keep its outbox.</param>
internal sealed record PeerSight(SiteName Site, int Rank, TimeSpan Age, TimeSpan DeskAge, bool Isolated, bool MaySpeak);

/// <summary>From who answers to who speaks. Pure.</summary>
internal static class AwayRules
{
    /// <summary>
    /// A desk or peer that was not heard for so long is away: the age at which the desk voids a site's votes, so that the site begins to stand in for
    /// the desk at the moment the desk stops counting on the site, and not before.
    /// </summary>
    internal static readonly TimeSpan GoneAfter = AgreementTimes.SilentAfter;

    /// <summary>Desk, peers and this site hear each other so often.</summary>
    internal static readonly TimeSpan HearEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// By then a site has taken the part it has without the desk: the desk is away for <see cref="GoneAfter"/>, a peer's word that it still has the
    /// desk may be as old as the pace of hearing, and the decision is taken once a second. Added to the printed bound of an item it is the bound while
    /// the desk is away.
    /// </summary>
    internal static readonly TimeSpan TakesPartWithin = GoneAfter + HearEvery + TimeSpan.FromSeconds(1);

    internal static AwayRole Decide(OwnSight own, IReadOnlyList<PeerSight> peers)
    {
        if (own.DeskAge < GoneAfter)
        {
            return new WithDesk();
        }

        var heard = peers.Where(p => p.Age < GoneAfter).OrderBy(p => p.Rank).ToList();
        if (heard.Find(p => p.DeskAge + p.Age < GoneAfter) is { } carrier)
        {
            return new Relayed(carrier.Site);
        }

        if (heard.Count == 0)
        {
            // Without anchors nobody can tell whether the world is gone or this site is.
            return own is { AnchorsAnswer: true, MaySpeak: true } ? new Alone() : new Isolated();
        }

        var able = heard.Where(p => p is { MaySpeak: true, Isolated: false }).Select(p => (p.Rank, p.Site))
            .Concat(own is { MaySpeak: true, AnchorsAnswer: not false } ? [(own.Rank, own.Site)] : [])
            .OrderBy(m => m.Rank).ToList();
        return able.Count > 0 ? new Jury(able[0].Site) : new Isolated();
    }
}
