using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>How a target can fail, as far as the time until it is noticed goes.</summary>
internal enum FaultForm
{
    /// <summary>It refuses or resets at once, or its name is not found.</summary>
    Refused,

    /// <summary>Nothing comes back, or only when nobody waits any more: every look takes its whole time-out.</summary>
    BlackHole,

    /// <summary>It answers rightly, but later than its critical time; only for items that have one.</summary>
    Slow,

    /// <summary>A passive item's result says so itself.</summary>
    Posted,

    /// <summary>A passive item's results stay away.</summary>
    Missing,
}

/// <summary>One term of a detection bound: how long at most, and where that comes from.</summary>
internal sealed record BoundTerm(Text Name, TimeSpan Time, Text Source);

/// <summary>
/// The longest time from a target's fault to the relay's acceptance of its alert (architecture §1a), term by term. It holds while all
/// looking sites reach the desk, no check-now waits for its budget and the relay accepts at once.
/// </summary>
internal static class DetectionBound
{
    /// <summary>A look without an answer for this long is a suspicion.</summary>
    internal static readonly TimeSpan SuspectedAfter = TimeSpan.FromSeconds(3);

    /// <summary>A check-now starts within this time.</summary>
    internal static readonly TimeSpan CheckNowWithin = TimeSpan.FromSeconds(3);

    /// <summary>Shipping, judging, the desk's commit and the relay's answer together.</summary>
    internal static readonly TimeSpan CommitAndSend = TimeSpan.FromSeconds(4);

    /// <summary>The forms of a fault that bear on the item.</summary>
    internal static IReadOnlyList<FaultForm> FormsOf(ItemPlan item) => item.IsPassive
        ? item.Attempts > 1 ? [FaultForm.Missing] : [FaultForm.Posted, FaultForm.Missing]
        : item.CriticalTime is null
        ? [FaultForm.Refused, FaultForm.BlackHole]
        : [FaultForm.Refused, FaultForm.Slow, FaultForm.BlackHole];

    /// <summary>The terms in the order in which they pass; their sum is the bound.</summary>
    internal static IReadOnlyList<BoundTerm> Of(ItemPlan item, FaultForm fault)
    {
        var send = new BoundTerm(BoundText.Send, CommitAndSend, BoundText.SendSource);
        if (item.Freshness is { } freshness)
        {
            return fault == FaultForm.Posted
                ? [send]
                : [new BoundTerm(BoundText.Freshness, freshness, BoundText.FreshnessSource(freshness)), new BoundTerm(BoundText.Review, FreshnessRules.ReviewWithin, BoundText.ReviewSource), send];
        }

        var sites = item.Sites.Count;
        var wait = new BoundTerm(BoundText.Wait, item.Interval / Math.Max(1, sites), BoundText.WaitSource(item.Interval, sites));
        var own = Own(item, fault);
        var others = sites > 1 && !AnswersAlways(item, fault) ? Others(item, fault) : [];
        return [wait, .. Sum(others) > Sum(own) ? others : own, send];
    }

    /// <summary>
    /// The same while one of the item's sites is left alone (片系), the others lost before the fault began: it waits for its own slot only, and owes three looks at
    /// least. Empty where one voice is the rule.
    /// </summary>
    internal static IReadOnlyList<BoundTerm> Alone(ItemPlan item, FaultForm fault)
    {
        if (item.IsPassive || item.Sites.Count < 2)
        {
            return [];
        }

        var (first, again) = Lengths(item, fault);
        List<BoundTerm> terms = [new BoundTerm(BoundText.Wait, item.Interval, BoundText.WaitSource(item.Interval, 1))];
        if (item.Attempts > 1)
        {
            terms.Add(new BoundTerm(BoundText.Retry, Retries(item, first, again), BoundText.RetrySource(item.Attempts, item.Retry)));
        }

        if (item.Attempts < AgreementTimes.SingleSiteLooks)
        {
            terms.Add(Further(item.Attempts, item.Attempts > 1 ? again : first, again));
        }

        return
        [
            .. terms,
            new BoundTerm(BoundText.LastLook, again, BoundText.ConfirmationSource(fault, again)),
            new BoundTerm(BoundText.Send, CommitAndSend, BoundText.SendSource),
        ];
    }

    // From the start of the item's own last look to that of the last of three: the desk asks a minute after the start of the one before, once that has ended.
    private static BoundTerm Further(int attempts, TimeSpan before, TimeSpan again)
    {
        var looks = AgreementTimes.SingleSiteLooks - attempts;
        var asked = FreshnessRules.ReviewWithin + CheckNowWithin;
        var time = Max(AgreementTimes.AloneEvery, before) + (Max(AgreementTimes.AloneEvery, again) * (looks - 1)) + (asked * looks);
        return new BoundTerm(BoundText.Further, time, BoundText.FurtherSource(AgreementTimes.SingleSiteLooks, looks, AgreementTimes.AloneEvery, asked));
    }

    internal static TimeSpan Sum(IEnumerable<BoundTerm> terms) => terms.Aggregate(TimeSpan.Zero, (sum, t) => sum + t.Time);

    // An answer of the target needs no other site's word. One so slow that a confirming look gives up on it looks like none.
    private static bool AnswersAlways(ItemPlan item, FaultForm fault) => fault == FaultForm.Slow && item.Timeout <= item.Confirmation;

    // The site whose slot comes first: its look, its retries from the start of the look before, and what the last of them takes.
    private static List<BoundTerm> Own(ItemPlan item, FaultForm fault)
    {
        var (first, again) = Lengths(item, fault);
        if (item.Attempts < 2)
        {
            return [new BoundTerm(BoundText.Look, first, BoundText.LookSource(fault, item.Timeout))];
        }

        return
        [
            new BoundTerm(BoundText.Retry, Retries(item, first, again), BoundText.RetrySource(item.Attempts, item.Retry)),
            new BoundTerm(BoundText.LastLook, again, BoundText.ConfirmationSource(fault, again)),
        ];
    }

    // From the start of a site's first failing look to that of its last.
    private static TimeSpan Retries(ItemPlan item, TimeSpan first, TimeSpan again) => Max(item.Retry, first) + (Max(item.Retry, again) * (item.Attempts - 2));

    // Another site: asked upon the suspicion, then its own retries.
    private static List<BoundTerm> Others(ItemPlan item, FaultForm fault)
    {
        var (first, again) = Lengths(item, fault);
        return
        [
            new BoundTerm(BoundText.Suspicion, first < SuspectedAfter ? first : SuspectedAfter, BoundText.SuspicionSource(fault)),
            new BoundTerm(BoundText.CheckNow, CheckNowWithin, BoundText.CheckNowSource),
            new BoundTerm(BoundText.Retry, Max(item.Retry, again) * (item.Attempts - 1), BoundText.RetrySource(item.Attempts, item.Retry)),
            new BoundTerm(BoundText.LastLook, again, BoundText.ConfirmationSource(fault, again)),
        ];
    }

    // How long the first failing look and a confirming one take.
    private static (TimeSpan First, TimeSpan Again) Lengths(ItemPlan item, FaultForm fault) => fault switch
    {
        FaultForm.Refused or FaultForm.Posted or FaultForm.Missing => (TimeSpan.Zero, TimeSpan.Zero),
        FaultForm.BlackHole or FaultForm.Slow => (item.Timeout, item.Confirmation),
    };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
