using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>A look that failed, or has had no answer for 3 s: where, and when it started (desk monotonic).</summary>
internal readonly record struct Suspect(SiteName Site, TimeSpan StartedMono)
{
    /// <summary>The suspicion that a view's last look raises; null if it was OK or of unknown age.</summary>
    internal static Suspect? Of(SiteView view) =>
        view is { Known: true, LookMono: { } started } && view.Status != CheckStatus.Ok ? new Suspect(view.Site, started) : null;
}

/// <summary>A check-now to send: which site, with which time-out.</summary>
internal readonly record struct LookAsk(SiteName Site, TimeSpan Timeout);

/// <summary>Whom a suspicion, or the first sign of a recovery, makes the desk ask (architecture §1a): the sites whose word on it is missing.</summary>
internal static class Suspicion
{
    /// <summary>The item's other sites, but those that have looked since, have been asked, or are failing too and retry by themselves.</summary>
    internal static IReadOnlyList<LookAsk> AsksFor(
        AgreementTerms terms, IReadOnlyList<SiteView> views, IReadOnlyList<PendingLook> pending, Suspect suspect, Moment now) =>
        Asks(terms, views, pending, suspect, now, site => site != suspect.Site && !FailsToo(terms, View(views, site), now));

    /// <summary>
    /// For a suspected service, all sites about its host, the suspecting one too: the service's problem may be the host's.
    /// Nobody while the host is judged down. A hard failing view is asked: alone, a site needs a third look.
    /// </summary>
    internal static IReadOnlyList<LookAsk> AsksForHost(
        AgreementTerms hostTerms,
        IReadOnlyList<SiteView> hostViews,
        Verdict hostVerdict,
        IReadOnlyList<PendingLook> hostPending,
        Suspect suspect,
        Moment now) => hostVerdict.Judgement == Judgement.Failing
        ? []
        : Asks(hostTerms, hostViews, hostPending, suspect, now, site => View(hostViews, site) is not { SoftFailing: true } view || !FailsToo(hostTerms, view, now));

    /// <summary>
    /// A site left alone needs a third look, or one that is newer than the lost site's OK, and once hard it looks at the interval's pace: the desk asks it a minute after its last.
    /// To be called as time passes for items whose verdict is single-site and undecided.
    /// </summary>
    internal static LookAsk? AskAlone(
        AgreementTerms terms, IReadOnlyList<SiteView> views, IReadOnlyList<PendingLook> pending, Verdict verdict, Moment now)
    {
        if (verdict is not { SingleSite: true, Reach: Reach.Undecided }
            || verdict.Evidence.FirstOrDefault(e => e.Vote is VoteKind.Answer or VoteKind.Transport) is not { } alone
            || View(views, alone.Site) is not { HardFailing: true, LookMono: { } looked } view
            || now.Mono < looked + AgreementTimes.AloneEvery
            || IsOut(terms, pending, view, alone.Site, now))
        {
            return null;
        }

        return new LookAsk(alone.Site, AgreementTimes.Confirmation(terms));
    }

    /// <summary>
    /// The first OK against an open problem asks every other site whose newest look is still a failure: the end is told when both have
    /// seen it. A site that is not heard is not asked.
    /// </summary>
    internal static IReadOnlyList<LookAsk> AsksForRecovery(
        AgreementTerms terms, IReadOnlyList<SiteView> views, IReadOnlyList<PendingLook> pending, Verdict verdict, Moment now)
    {
        var lastFailure = Relief.LastFailure(views);
        var fresh = views.Where(v => Relief.IsFresh(v, lastFailure)).ToList();
        if (verdict is not { Standing: Judgement.Failing, ReliefMono: { } since } || fresh.Count == 0)
        {
            return [];
        }

        var relief = new Relief(since, Relief.RunOf(fresh));
        return
        [
            .. verdict.Evidence
                .Where(e => e.Vote is not (VoteKind.VoidSilent or VoteKind.VoidUnknown or VoteKind.VoidIsolated))
                .Where(e => View(views, e.Site) is { } view && relief.IsOwedBy(view) && !IsOut(terms, pending, view, e.Site, now))
                .Select(e => new LookAsk(e.Site, AgreementTimes.Confirmation(terms))),
        ];
    }

    /// <summary>A parent has recovered: whoever still sees the child failing by a look from before <paramref name="from"/> looks again.</summary>
    internal static IReadOnlyList<LookAsk> AsksSince(
        AgreementTerms terms, IReadOnlyList<SiteView> views, IReadOnlyList<PendingLook> pending, TimeSpan from, Moment now) => now.Mono < from
        ? []
        :
        [
            .. views.Where(v => v.Known && v.Status != CheckStatus.Ok && !(v.LookMono >= from) && !IsOut(terms, pending, v, v.Site, now))
                .Select(v => new LookAsk(v.Site, AgreementTimes.Confirmation(terms))),
        ];

    private static IReadOnlyList<LookAsk> Asks(
        AgreementTerms terms,
        IReadOnlyList<SiteView> views,
        IReadOnlyList<PendingLook> pending,
        Suspect suspect,
        Moment now,
        Func<SiteName, bool> mayAsk) =>
        [
            .. terms.Sites
                .Where(mayAsk)
                .Where(site => !(View(views, site)?.LookMono > suspect.StartedMono))
                .Where(site => !IsOut(terms, pending, View(views, site), site, now))
                .Select(site => new LookAsk(site, AgreementTimes.Confirmation(terms))),
        ];

    // Two sites that ask each other at every failure would spend the attempts within a second instead of at the retry pace.
    private static bool FailsToo(AgreementTerms terms, SiteView? view, Moment now) =>
        view is { Known: true, LookMono: { } looked }
        && view.Status != CheckStatus.Ok
        && now.Mono < looked + view.Took + AgreementTimes.VoteLasts(terms);

    private static bool IsOut(AgreementTerms terms, IReadOnlyList<PendingLook> pending, SiteView? view, SiteName site, Moment now) =>
        pending.Any(p => p.Site == site && !(view?.LookMono >= p.AskedMono) && now.Mono < p.AskedMono + AgreementTimes.Unanswered(terms));

    private static SiteView? View(IReadOnlyList<SiteView> views, SiteName site) => views.FirstOrDefault(v => v.Site == site);
}
