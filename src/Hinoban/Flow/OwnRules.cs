using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What the desk finds when it looks at one of its own items.</summary>
internal sealed record OwnLook(string Host, string Service, LookAnswer Answer);

/// <summary>From what the desk knows of its own works to the looks at its own items. Pure; nothing is said of an item that cannot be told yet.</summary>
internal static class OwnRules
{
    internal static readonly TimeSpan ReviewLate = TimeSpan.FromSeconds(15);

    /// <summary>A look at the own works comes every 10 s: after this time without one nobody knows how they stand.</summary>
    internal static readonly TimeSpan StoodStill = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ForgivenAgain = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Until when the desk itself stood still (a snapshot of its machine, a debugger): what nobody could tell it meanwhile is nobody's silence. Forgiven once, and
    /// not again for five minutes: what stands still again and again is what the watch is for.
    /// </summary>
    /// <param name="lookedMono">The look before this one.</param>
    /// <param name="before">What this gave then.</param>
    /// <param name="nowMono">This look.</param>
    internal static TimeSpan? StoodUntil(TimeSpan? lookedMono, TimeSpan? before, TimeSpan nowMono) =>
        nowMono - lookedMono > StoodStill && !(nowMono - before < ForgivenAgain) ? nowMono : before;

    internal static IReadOnlyList<OwnLook> Looks(OwnFacts facts, Language language)
    {
        // Without a trouble it is well, or nothing can be said yet.
        OwnLook? Of(string host, string service, Text? trouble, bool well) => trouble is null && !well ? null : new OwnLook(host, service, Answer(trouble, language));

        IEnumerable<OwnLook?> looks =
        [
            .. facts.Sites.Select(s => Of(ProviderPlan.Sites, s.Site.Value, SiteTrouble(s, facts.Sites), IsWell(s))),
            .. facts.Sites.Select(s => Of(ProviderPlan.Paths, s.Site.Value, PathTrouble(s), PathIsWell(s))),
            .. facts.Sites.Select(s => Of(ProviderPlan.Spools, s.Site.Value, SpoolTrouble(s), SpoolIsWell(s))),
            .. facts.Peers.Select(p => Of(ProviderPlan.Peers, ProviderPlan.PairOf(p.A, p.B), PeerTrouble(p), p is { Known: true, ApartFor: null })),
            Of(ProviderPlan.DeskHost, ProviderPlan.Mail, MailTrouble(facts.Mail), well: true),
            Of(ProviderPlan.DeskHost, ProviderPlan.Arrival, facts.Mail.ArrivalLate == true ? OwnText.ArrivalLate : null, facts.Mail.ArrivalLate == false),
            .. facts.Mail.Lists.Select(l => Of(ProviderPlan.Lists, l.Customer.Value, ListTrouble(l), well: true)),
            Of(ProviderPlan.DeskHost, ProviderPlan.Standby, StandbyTrouble(facts.Standby), facts.Standby is { UnsafeFor: null } pair && pair.NodeAwayFor < ProviderPlan.SilentFor),
            Of(ProviderPlan.DeskHost, ProviderPlan.Engine, EngineTrouble(facts), EngineIsWell(facts)),
        ];
        return [.. looks.OfType<OwnLook>()];
    }

    /// <summary>Silent or isolated for a minute; null if neither, or not for so long.</summary>
    internal static Text? SiteTrouble(SiteFacts site) =>
        site.SilentFor >= ProviderPlan.SilentFor ? OwnText.Silent(site.Site, ProviderPlan.SilentFor)
        : site.IsolatedFor >= ProviderPlan.SilentFor && site.Anchors is { } anchors ? OwnText.Isolated(site.Site, anchors)
        : null;

    /// <summary>The same, and that the one site left cannot tell its own broken way from targets that are down, where it has no anchors.</summary>
    internal static Text? SiteTrouble(SiteFacts site, IReadOnlyList<SiteFacts> all) =>
        SiteTrouble(site) is { } trouble && all.Where(Votes).ToList() is [{ Anchors: null } left] ? Together([trouble, OwnText.LeftWithoutAnchors(left.Site)]) : SiteTrouble(site);

    private static bool Votes(SiteFacts site) => site is { Heard: true, IsolatedFor: null } && site.SilentFor < ProviderPlan.SilentFor;

    /// <summary>Path trouble for ten minutes; once told, until the last item is reached again.</summary>
    internal static Text? PathTrouble(SiteFacts site) =>
        site.Paths.Count > 0 && (site.PathAlarm || site.Paths.Any(p => p.Lasts >= ProviderPlan.PathFor)) ? OwnText.Paths(site.Site, site.Paths) : null;

    /// <summary>A disk that has taken nothing for a minute, by the site's last word, and results that are lost already.</summary>
    internal static Text? SpoolTrouble(SiteFacts site)
    {
        List<Text> troubles = [];
        if (site.NotKeptFor >= ProviderPlan.SilentFor)
        {
            troubles.Add(OwnText.NotKept(site.Site));
        }

        if (site.GaveUpAgo < ProviderPlan.GivenUpStands)
        {
            troubles.Add(OwnText.GaveUp(site.Site));
        }

        return Together(troubles);
    }

    /// <summary>Two minutes without another node, or without the database's copy: the next failure would be the end.</summary>
    internal static Text? StandbyTrouble(StandbyFacts? standby)
    {
        List<Text> troubles = [];
        if (standby?.NodeAwayFor >= ProviderPlan.StandbyAwayFor)
        {
            troubles.Add(OwnText.NoOtherNode(ProviderPlan.StandbyAwayFor));
        }

        if (standby?.UnsafeFor >= ProviderPlan.StandbyAwayFor)
        {
            troubles.Add(OwnText.NoCopy(ProviderPlan.StandbyAwayFor, standby.Wrong));
        }

        return Together(troubles);
    }

    /// <summary>A minute without a word between two sites that both have the desk: if it went now, they would not find each other.</summary>
    internal static Text? PeerTrouble(PeerFacts peers) => peers.ApartFor >= ProviderPlan.SilentFor ? OwnText.Apart(peers.A, peers.B, ProviderPlan.SilentFor) : null;

    internal static Text? MailTrouble(MailFacts mail) =>
        mail.RelayAwayFor >= ProviderPlan.RelayAwayFor ? OwnText.RelayAway(ProviderPlan.RelayAwayFor, mail.RelayReply, mail.SecondInUse) : null;

    internal static Text? ListTrouble(ListFacts list)
    {
        List<Text> troubles = [];
        if (list.CutOff.Count > 0)
        {
            troubles.Add(OwnText.CutOff(list.Customer, list.CutOff));
        }

        if (list.Braked.Count > 0)
        {
            troubles.Add(OwnText.Braked(list.Customer, list.Braked));
        }

        return Together(troubles);
    }

    internal static Text? EngineTrouble(OwnFacts facts)
    {
        List<Text> troubles =
        [
            .. facts.Sites.Where(s => s.Heard && s.LatenessP99 > ProviderPlan.LateBy).Select(s => OwnText.Late(s.Site)),
            .. facts.Sites.Where(s => s.Missed is true).Select(s => OwnText.Missed(s.Site)),
            .. facts.Sites.Where(s => s.Unseen.Count > 0).Select(s => OwnText.Unseen(s.Site, s.Unseen)),
            .. facts.Sites.Select(s => SitePlaceTrouble(s.Site, s.Place)).OfType<Text>(),
        ];
        if (PlaceTrouble(facts.Engine.Place) is { } place)
        {
            troubles.Add(place);
        }

        if (facts.Engine.ReviewAgo > ReviewLate)
        {
            troubles.Add(OwnText.ReviewLate);
        }

        if (facts.Engine.Disk is { IsLow: true })
        {
            troubles.Add(OwnText.DiskFull);
        }

        if (facts.Engine.ArchiveFull)
        {
            troubles.Add(OwnText.ArchiveFull);
        }

        return Together(troubles);
    }

    /// <summary>Null while the desk's folder is as it was.</summary>
    internal static Text? PlaceTrouble(PlaceView place) => place switch
    {
        { State: PlaceState.Lost } => OwnText.PlaceLost(place.Folder, place.Copy),
        { State: PlaceState.Shut } => OwnText.PlaceShut(place.Folder),
        _ => null,
    };

    /// <summary>By the site's last word: it does not find its files again by falling silent.</summary>
    internal static Text? SitePlaceTrouble(SiteName site, PlaceState place) => place switch
    {
        PlaceState.Lost => OwnText.SitePlaceLost(site),
        PlaceState.Shut => OwnText.SitePlaceShut(site),
        _ => null,
    };

    private static Text? Together(List<Text> troubles) =>
        troubles.Count == 0 ? null : new Text(string.Join("、", troubles.Select(t => t.Ja)), string.Join("; ", troubles.Select(t => t.En)));

    // Between heard and silent, or isolated for seconds only, nothing is said: an alarm that stands is not withdrawn for that.
    private static bool IsWell(SiteFacts site) => site.Heard && site.IsolatedFor is null && site.SilentFor < States.AgreementTimes.SilentAfter;

    // A site that is not heard, or isolated, has no votes: that its path troubles are gone says nothing about its ways.
    private static bool PathIsWell(SiteFacts site) => site.Paths.Count == 0 ? IsWell(site) : !site.PathAlarm;

    // What a silent site's disk does nobody knows.
    private static bool SpoolIsWell(SiteFacts site) => site.Heard && site.SilentFor < States.AgreementTimes.SilentAfter && site.NotKeptFor is null;

    // While it is open whether a site still misses cycles, an alarm that stands is not withdrawn; one that does not is not waited for either.
    private static bool EngineIsWell(OwnFacts facts) => !facts.Engine.Alarm || facts.Sites.All(s => s.Missed is not null);

    private static LookAnswer Answer(Text? trouble, Language language) => trouble is null
        ? new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, OwnText.Well.In(language))
        : new LookAnswer(CheckStatus.Critical, Reply.Answer, NoValue.None, trouble.In(language));
}
