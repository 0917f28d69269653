using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>The judgement over all sites' views of one item (architecture §1a): a path's trouble is not the target's.</summary>
internal static class SiteAgreement
{
    /// <summary>
    /// Judges. Depends on nothing but its arguments and only on monotonic times; the order of views, signals and requests is of no
    /// effect. Judging again with the outcome as <paramref name="before"/> gives the same outcome.
    /// </summary>
    /// <param name="terms">The item's terms; its sites, in plan order.</param>
    /// <param name="views">A view per site; a missing one counts as never looked.</param>
    /// <param name="signals">When each site was last heard.</param>
    /// <param name="pending">Check-now requests that are out for this item.</param>
    /// <param name="before">The verdict before, null if there was none.</param>
    /// <param name="now">Now, at the desk.</param>
    internal static Verdict Judge(
        AgreementTerms terms,
        IReadOnlyList<SiteView> views,
        IReadOnlyList<SiteSignal> signals,
        IReadOnlyList<PendingLook> pending,
        Verdict? before,
        Moment now) => CalmAgreement.Judge(terms, views, signals, pending, before, now.Mono) ?? JudgeAll(terms, views, signals, pending, before, now);

    /// <summary>By the whole of the rules.</summary>
    internal static Verdict JudgeAll(
        AgreementTerms terms,
        IReadOnlyList<SiteView> views,
        IReadOnlyList<SiteSignal> signals,
        IReadOnlyList<PendingLook> pending,
        Verdict? before,
        Moment now)
    {
        Bench BenchAfter(Verdict? last) => new(
            terms,
            [.. terms.Sites.Select(site => Seat.Of(
                terms,
                views.FirstOrDefault(v => v.Site == site) ?? new SiteView(site),
                signals.FirstOrDefault(s => s.Site == site),
                pending,
                last))],
            last);

        var verdict = BenchAfter(before).Verdict(now.Mono);
        return verdict with { ReviewAt = BenchAfter(verdict).FirstOther(verdict, now.Mono) };
    }
}
