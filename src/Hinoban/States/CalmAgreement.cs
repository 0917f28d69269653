using System.Collections;
using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>
/// The verdict on an item that works, was judged to work by all its sites, and of which nobody asks anything: the one that nearly every judgement comes to.
/// Gives what the whole of the rules would give, in a fraction of the time.
/// </summary>
internal static class CalmAgreement
{
    /// <summary>Null where anything is out of the ordinary: that is for the whole of the rules.</summary>
    internal static Verdict? Judge(AgreementTerms terms, IReadOnlyList<SiteView> views, IReadOnlyList<SiteSignal> signals, IReadOnlyList<PendingLook> pending, Verdict? before, TimeSpan now)
    {
        if (before is not { Judgement: Judgement.Working, Standing: Judgement.Working, Reach: Reach.Reached, SingleSite: false, ReliefMono: null, Severity: CheckStatus.Ok }
            || pending.Count > 0
            || views.Count != terms.Sites.Count
            || signals.Count != terms.Sites.Count)
        {
            return null;
        }

        var lasts = AgreementTimes.VoteLasts(terms);
        for (var i = 0; i < views.Count; i++)
        {
            var (view, signal) = (views[i], signals[i]);
            if (view.Site != terms.Sites[i]
                || signal.Site != view.Site
                || signal is not { BeatMono: null, SilentSince: null, IsolatedSince: null }
                || view is not { Known: true, Status: CheckStatus.Ok, LookMono: not null }
                || view.LookMono <= view.FailedLookMono
                || now >= view.LookMono + view.Took + lasts)
            {
                return null;
            }
        }

        return before with { Evidence = new CalmEvidence(views), ReviewAt = ReviewAt(views, lasts) };
    }

    // When the last vote is too old, or all sites but one have been silent for so long that this one judges alone.
    private static TimeSpan ReviewAt(IReadOnlyList<SiteView> views, TimeSpan lasts)
    {
        var (last, lastButOne) = (TimeSpan.MinValue, TimeSpan.MinValue);
        foreach (var view in views)
        {
            var old = view.LookMono!.Value + view.Took + lasts;
            if (old > last)
            {
                (last, lastButOne) = (old, last);
            }
            else if (old > lastButOne)
            {
                lastButOne = old;
            }
        }

        return views.Count > 1 && lastButOne + AgreementTimes.LostAfter < last ? lastButOne + AgreementTimes.LostAfter : last;
    }
}

/// <summary>The evidence of an item that works, made when somebody asks for it: until then its views, which the desk holds anyway, are all there is of it.</summary>
internal sealed class CalmEvidence(IReadOnlyList<SiteView> views) : IReadOnlyList<SiteEvidence>
{
    public int Count => views.Count;

    public SiteEvidence this[int index] => Of(views[index]);

    public IEnumerator<SiteEvidence> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static SiteEvidence Of(SiteView view) => new(view.Site, VoteKind.Ok, CheckStatus.Ok, view.NoValue, view.LookUtc, view.Output);
}
