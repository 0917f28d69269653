using Hinoban.Basics;
using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>A looking site's seat in the agreement on one item: its view, and the instants at which time voids it.</summary>
internal sealed class Seat
{
    private readonly TimeSpan? silentFrom;
    private readonly TimeSpan? isolatedFrom;
    private readonly TimeSpan? oldFrom;
    private readonly TimeSpan? unansweredFrom;
    private readonly AgreementTerms terms;

    private Seat(AgreementTerms terms, SiteView view, SiteSignal? signal, TimeSpan? oldFrom, TimeSpan? unansweredFrom, bool wasLost)
    {
        (this.terms, View, this.oldFrom, this.unansweredFrom, WasLost) = (terms, view, oldFrom, unansweredFrom, wasLost);
        silentFrom = signal?.SilentSince ?? (signal?.BeatMono + AgreementTimes.SilentAfter);
        isolatedFrom = signal?.IsolatedSince;
    }

    internal SiteView View { get; }

    /// <summary>Another site judged alone in the verdict before, and this one has not looked since.</summary>
    internal bool WasLost { get; }

    /// <summary>Instants at which something about this seat changes by time alone, with an OK against the problem since then.</summary>
    internal IEnumerable<TimeSpan> TurnsAfter(TimeSpan? relief) => new[]
    {
        silentFrom, silentFrom + AgreementTimes.LostAfter, isolatedFrom, isolatedFrom + AgreementTimes.LostAfter, oldFrom, oldFrom + AgreementTimes.LostAfter, unansweredFrom,
        relief is { } since ? OwesUntil(since) : null,
    }.OfType<TimeSpan>();

    internal static Seat Of(
        AgreementTerms terms, SiteView view, SiteSignal? signal, IEnumerable<PendingLook> pending, Verdict? before)
    {
        // A reply counts only if its look started after the request.
        var asked = pending.Where(p => p.Site == view.Site && !(view.LookMono >= p.AskedMono)).Select(p => (TimeSpan?)p.AskedMono).Min();
        return new Seat(
            terms,
            view,
            signal,
            view.LookMono + view.Took + (view.SoftFailing ? AgreementTimes.SoftLasts(terms) : AgreementTimes.VoteLasts(terms)),
            asked + AgreementTimes.Unanswered(terms),
            JudgedWithout(view, before));
    }

    internal VoteKind Vote(TimeSpan at)
    {
        if (!View.Known)
        {
            return VoteKind.VoidUnknown;
        }

        if (at >= silentFrom)
        {
            return VoteKind.VoidSilent;
        }

        if (at >= isolatedFrom)
        {
            return VoteKind.VoidIsolated;
        }

        if (oldFrom is null || at >= oldFrom)
        {
            return VoteKind.VoidOld;
        }

        return View switch
        {
            { Status: CheckStatus.Ok } => VoteKind.Ok,
            { Type: StateType.Soft } => VoteKind.VoidSoft,
            { Reply: Reply.Answer } => VoteKind.Answer,
            _ => VoteKind.Transport,
        };
    }

    /// <summary>A check-now is out and may still be answered.</summary>
    internal bool Asked(TimeSpan at) => at < unansweredFrom;

    /// <summary>How long a look that it owes on an OK is waited for: as long as for a check-now, which may itself have had to wait for the budget.</summary>
    internal TimeSpan OwesUntil(TimeSpan reliefSince)
    {
        var usual = reliefSince + AgreementTimes.Unanswered(terms);
        var latest = usual + AgreementTimes.VoteLasts(terms);
        return unansweredFrom is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, usual.Ticks, latest.Ticks)) : usual;
    }

    /// <summary>The site counts as lost: void for too long, or asked in vain when its word was missing.</summary>
    internal bool Lost(TimeSpan at, bool wordMissing) =>
        at >= silentFrom + AgreementTimes.LostAfter
        || at >= isolatedFrom + AgreementTimes.LostAfter
        || at >= oldFrom + AgreementTimes.LostAfter
        || (wordMissing && at >= unansweredFrom);

    // The view's own stamp serves as the look's identity here, not as a time.
    private static bool JudgedWithout(SiteView view, Verdict? before) =>
        before is { SingleSite: true }
        && before.Evidence.FirstOrDefault(e => e.Site == view.Site) is { } last
        && last.Vote is (VoteKind.VoidSilent or VoteKind.VoidOld or VoteKind.VoidUnknown or VoteKind.VoidIsolated)
        && last.LookUtc == view.LookUtc;
}
