using Hinoban.Checks;

namespace Hinoban.States;

/// <summary>All seats together, with the verdict before: the rules from votes to verdict.</summary>
internal sealed class Bench(AgreementTerms terms, IReadOnlyList<Seat> seats, Verdict? before)
{
    private readonly Judgement standing = before?.Standing ?? Judgement.Hold;
    private readonly TimeSpan lastFailure = Relief.LastFailure(seats.Select(s => s.View));

    private bool HasPeers => seats.Count > 1;

    internal Verdict Verdict(TimeSpan at)
    {
        var ballot = Ballot(at);
        var finding = FindingOf(ballot);
        var stands = finding.Judgement == Judgement.Hold ? standing : finding.Judgement;
        return new Verdict(finding.Judgement, finding.Reach, SeverityOf(ballot, finding), ballot.Alone, [.. ballot.Words.Select(Evidence)], null)
        {
            Standing = stands,
            StandingMono = StandingSince(finding.Judgement, at),
            ReliefMono = stands == Judgement.Failing || ballot.Words.Any(w => w.Owes) ? ballot.Relief?.SinceMono : null,
        };
    }

    /// <summary>The first instant after <paramref name="now"/> at which time alone makes the verdict another one.</summary>
    internal TimeSpan? FirstOther(Verdict verdict, TimeSpan now)
    {
        foreach (var at in seats.SelectMany(s => s.TurnsAfter(before?.ReliefMono)).Where(t => t > now).Distinct().Order())
        {
            if (!Verdict(at).SaysSameAs(verdict))
            {
                return at;
            }
        }

        return null;
    }

    // A lost site is back with its next look, and when nobody else is left to be heard, or more than one: whoever judges by this verdict again counts it too.
    private Ballot Ballot(TimeSpan at)
    {
        var votes = seats.Select(s => s.Vote(at)).ToArray();
        return seats.Any(s => s.WasLost) && Ballot(votes, s => s.WasLost, at) is { Alone: true } left ? left : Ballot(votes, _ => false, at);
    }

    private Ballot Ballot(VoteKind[] votes, Func<Seat, bool> isOut, TimeSpan at)
    {
        var runStart = seats.Zip(votes).Where(s => IsFailing(s.Second)).Select(s => s.First.View.RunMono ?? TimeSpan.MinValue)
            .DefaultIfEmpty(TimeSpan.MinValue).Max();
        var relief = ReliefIn(votes, isOut, at);

        // While the target itself answers a site that it fails, no look of another site would end the problem: none is owed.
        var answered = seats.Zip(votes).Any(s => s.Second == VoteKind.Answer && !isOut(s.First));
        var words = seats.Zip(votes).Select(s => (Seat: s.First, Word: WordOf(s.First, s.Second, runStart, answered ? null : relief, at)));
        return new Ballot([.. words.Select(w => isOut(w.Seat) ? Without(w.Word) : w.Word)], relief);
    }

    // Also after the recovery, while a site has not looked: else its old failure would come back as its word.
    private Relief? ReliefIn(VoteKind[] votes, Func<Seat, bool> isOut, TimeSpan at)
    {
        var fresh = seats.Zip(votes).Where(s => s.Second == VoteKind.Ok && !isOut(s.First)).Select(s => s.First.View)
            .Where(v => Relief.IsFresh(v, lastFailure)).ToList();
        return fresh.Count > 0 && HasPeers && (standing == Judgement.Failing || before?.ReliefMono is not null)
            ? new Relief(before?.ReliefMono ?? at, Relief.RunOf(fresh))
            : null;
    }

    private Word WordOf(Seat seat, VoteKind vote, TimeSpan runStart, Relief? relief, TimeSpan at)
    {
        // An OK from before a failure began elsewhere says nothing about that failure. A re-check under way does not suspend what
        // has been decided.
        var outdated = vote == VoteKind.Ok && seat.View.LookMono <= runStart;
        var owes = vote is VoteKind.Transport or VoteKind.VoidSoft or VoteKind.VoidOld && relief?.IsOwedBy(seat.View) == true;
        var missing = outdated || owes || !IsValid(vote);
        var decided = before is { Reach: Reach.PathTrouble } or { Judgement: Judgement.Failing };
        var unaged = vote == VoteKind.VoidOld && seat.View is { Known: true, Status: CheckStatus.Ok, LookMono: null } && seat.Asked(at);
        var word = new Word(seat.View, vote, Lost: false, Awaited: missing || (vote == VoteKind.Ok && seat.Asked(at) && !decided), owes, unaged);
        return HasPeers && (seat.Lost(at, missing) || (owes && at >= seat.OwesUntil(relief!.SinceMono))) ? Without(word) : word;
    }

    private static Word Without(Word word) => word with
    {
        Vote = word.Vote is VoteKind.VoidOld or VoteKind.VoidUnknown or VoteKind.VoidIsolated ? word.Vote : VoteKind.VoidSilent,
        Lost = true,
    };

    private Finding FindingOf(Ballot ballot)
    {
        if (!ballot.Sitting.Any(w => IsValid(w.Vote)))
        {
            return ballot.Words.Any(w => w.Vote == VoteKind.VoidIsolated) && !ballot.Sitting.Any(w => w.Vote == VoteKind.VoidSoft)
                ? new Finding(Judgement.Hold, Reach.SiteIsolated)
                : Waiting(ballot.Sitting.Any(w => w.Vote == VoteKind.VoidSoft));
        }

        if (HasRecovered(ballot))
        {
            return new Finding(Judgement.Working, ballot.Transport.Count > 0 ? Reach.PathTrouble : Reach.Reached);
        }

        var failing = ballot.Answers.Count + ballot.Transport.Count;
        if (failing == 0 || (ballot.Alone && (IsContradicted(ballot) || ballot.Sitting[0].View.FailingLooks < AgreementTimes.LooksAlone(terms))))
        {
            return Waiting(true);
        }

        var outvoted = failing > 1 && !ballot.Sitting.Any(w => w.Vote == VoteKind.Ok || w.Unaged);
        return !outvoted && ballot.Sitting.Any(w => w.Awaited) ? Waiting(true) : Decided(ballot);
    }

    /// <summary>
    /// A hard OK from a look after the last failure anywhere, no site that owes its look on it, and none whose last hard word was
    /// the target's own failing answer. Transport failures that stay are then the path's.
    /// </summary>
    private bool HasRecovered(Ballot ballot) =>
        ballot.Sitting.Any(w => w.Vote == VoteKind.Ok && w.View.LookMono > lastFailure)
        && !ballot.Sitting.Any(w => w.Owes)
        && !ballot.Sitting.Any(w => w.View is { Known: true, Reply: Reply.Answer } v && v.Status != CheckStatus.Ok && v.LastHard != CheckStatus.Ok);

    // Left alone with a failure of its way that is older than the lost site's OK: what the way is like now its next look will tell, and it is asked for one.
    private static bool IsContradicted(Ballot ballot) =>
        ballot.Answers.Count == 0
        && ballot.Words.Where(w => w.Lost && w.View is { Known: true, Status: CheckStatus.Ok }).Max(w => w.View.LookMono) is { } ok
        && ballot.Sitting[0].View.LookMono < ok;

    private Finding Decided(Ballot ballot)
    {
        if (ballot.Answers.Count > 0)
        {
            return new Finding(Judgement.Failing, ballot.Transport.Count > 0 ? Reach.PathTrouble : Reach.Reached);
        }

        // What works stays working while a path is broken: the judgement does not flutter with each site's latest look.
        return ballot.Sitting.Any(w => w.Vote == VoteKind.Ok)
            ? new Finding(standing == Judgement.Working ? Judgement.Working : Judgement.Hold, Reach.PathTrouble)
            : new Finding(Judgement.Failing, Reach.Down);
    }

    private TimeSpan? StandingSince(Judgement judgement, TimeSpan at)
    {
        var changed = judgement != Judgement.Hold && judgement != standing;
        var first = standing == Judgement.Hold && judgement == Judgement.Working;
        return !changed ? before?.StandingMono : first ? null : at;
    }

    private static Finding Waiting(bool forLooks) => new(Judgement.Hold, forLooks ? Reach.Undecided : Reach.NoData);

    private static CheckStatus SeverityOf(Ballot ballot, Finding finding) => finding.Judgement == Judgement.Working
        ? CheckStatus.Ok
        : (ballot.Answers.Count > 0 ? ballot.Answers : ballot.Transport)
            .Select(w => w.View.Status).OrderByDescending(AgreementTimes.Weight).FirstOrDefault(CheckStatus.Ok);

    private static SiteEvidence Evidence(Word word) =>
        new(word.View.Site, word.Vote, word.View.Status, word.View.NoValue, word.View.LookUtc, word.View.Output);

    private static bool IsFailing(VoteKind vote) => vote is VoteKind.Answer or VoteKind.Transport;

    private static bool IsValid(VoteKind vote) => vote is VoteKind.Ok or VoteKind.Answer or VoteKind.Transport;
}

/// <summary>
/// A site's word at an instant. Awaited: what it says now does not settle anything, a look is to come. Owes: its failure is from before
/// the OK that stands against the problem. Unaged: its OK is from before the desk's start, so that nobody knows how old it is, and a look is on its way.
/// </summary>
internal sealed record Word(SiteView View, VoteKind Vote, bool Lost, bool Awaited, bool Owes, bool Unaged);

/// <summary>All words at an instant.</summary>
internal sealed class Ballot(IReadOnlyList<Word> words, Relief? relief)
{
    /// <summary>The OK that stands against the problem.</summary>
    internal Relief? Relief { get; } = relief;

    internal IReadOnlyList<Word> Words { get; } = words;

    /// <summary>The sites that take part.</summary>
    internal IReadOnlyList<Word> Sitting { get; } = [.. words.Where(w => !w.Lost)];

    internal IReadOnlyList<Word> Answers { get; } = [.. words.Where(w => !w.Lost && w.Vote == VoteKind.Answer)];

    internal IReadOnlyList<Word> Transport { get; } = [.. words.Where(w => !w.Lost && w.Vote == VoteKind.Transport)];

    /// <summary>片系: one site is left of several, and it does look.</summary>
    internal bool Alone => Words.Count > 1 && Sitting is [{ Vote: VoteKind.Ok or VoteKind.Answer or VoteKind.Transport or VoteKind.VoidSoft }];
}

/// <summary>What a ballot comes to.</summary>
internal readonly record struct Finding(Judgement Judgement, Reach Reach);
