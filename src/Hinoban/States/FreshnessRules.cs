using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>What is known of when a passive item was heard of, beside its view (desk monotonic).</summary>
/// <param name="CountsFrom">
/// From when on its freshness counts where nothing has come since: the start of this desk's duty, of the item's plan, or the end of a stop.
/// </param>
/// <param name="WaitingMono">When a result arrived that stands at the door and is not taken yet; null if none does.</param>
internal readonly record struct Heard(TimeSpan CountsFrom, TimeSpan? WaitingMono = null);

/// <summary>
/// The verdict on a passive item: one voice, so nothing to agree on, and the one question that its silence asks. A result that arrives at the
/// last instant is in time, whoever comes through the gate first.
/// </summary>
internal static class FreshnessRules
{
    /// <summary>The desk asks within this time of the last instant.</summary>
    internal static readonly TimeSpan ReviewWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Judges by monotonic times alone. Once a value is missing it stays so until a result has been taken: that the count began anew (after a
    /// restart, with another plan) brings no value.
    /// </summary>
    internal static Verdict Judge(TimeSpan freshness, SiteView view, Heard heard, Verdict? before, Moment now)
    {
        var until = FreshUntil(freshness, view, heard);
        var missing = now.Mono > until || StaysMissing(view, before);
        var (judgement, reach, vote) = missing ? (Judgement.Failing, Reach.NoData, view.Known ? VoteKind.VoidOld : VoteKind.VoidUnknown) : WordOf(view);
        var standing = before?.Standing ?? Judgement.Hold;
        return new Verdict(
            judgement,
            reach,
            missing ? CheckStatus.Unknown : judgement == Judgement.Failing ? view.Status : CheckStatus.Ok,
            SingleSite: false,
            [new SiteEvidence(view.Site, vote, missing ? CheckStatus.Unknown : view.Status, missing ? NoValue.NotPosted : view.NoValue, view.LookUtc, view.Output)],
            missing ? null : NextLook(until, heard, now))
        {
            Standing = judgement == Judgement.Hold ? standing : judgement,
            StandingMono = Since(judgement, standing, before, now),
        };
    }

    /// <summary>The last instant at which a result is in time.</summary>
    internal static TimeSpan FreshUntil(TimeSpan freshness, SiteView view, Heard heard) =>
        Later(Later(view.LookMono, heard.WaitingMono), heard.CountsFrom) + freshness;

    // The view's own stamp serves as the result's identity here, not as a time.
    private static bool StaysMissing(SiteView view, Verdict? before) =>
        before is { Judgement: Judgement.Failing, Reach: Reach.NoData }
        && (view.LookMono is null || before.Evidence.Any(e => e.LookUtc == view.LookUtc));

    private static (Judgement, Reach, VoteKind) WordOf(SiteView view) => view switch
    {
        { Known: false } => (Judgement.Hold, Reach.NoData, VoteKind.VoidUnknown),
        { Status: CheckStatus.Ok } => (Judgement.Working, Reach.Reached, VoteKind.Ok),
        { HardFailing: true } => (Judgement.Failing, Reach.Reached, VoteKind.Answer),
        _ => (Judgement.Hold, Reach.Undecided, VoteKind.VoidSoft),
    };

    // What stands at the door may still be refused, or be older than what was taken last: that is asked soon.
    private static TimeSpan NextLook(TimeSpan until, Heard heard, Moment now)
    {
        var after = until + TimeSpan.FromTicks(1);
        return heard.WaitingMono is not null && now.Mono + ReviewWithin is var soon && soon < after ? soon : after;
    }

    private static TimeSpan? Since(Judgement judgement, Judgement standing, Verdict? before, Moment now)
    {
        var changed = judgement != Judgement.Hold && judgement != standing;
        return !changed ? before?.StandingMono : standing == Judgement.Hold && judgement == Judgement.Working ? null : now.Mono;
    }

    private static TimeSpan? Later(TimeSpan? a, TimeSpan? b) => a is null || b > a ? b ?? a : a;

    private static TimeSpan Later(TimeSpan? a, TimeSpan b) => a > b ? a.Value : b;
}
