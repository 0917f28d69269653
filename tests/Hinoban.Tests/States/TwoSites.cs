using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>How a target fails as seen from one site.</summary>
internal enum Fate
{
    /// <summary>It answers.</summary>
    Fine,

    /// <summary>The connection is refused at once.</summary>
    Refused,

    /// <summary>No packet ever comes back.</summary>
    BlackHole,
}

/// <summary>
/// Two sites and a desk on one virtual clock, made of the rooms' pure functions and the worst delays that the architecture allows: a
/// check-now starts 3 s after it was asked, everything else takes 0.2 s to the desk.
/// </summary>
/// <param name="terms">The item's terms.</param>
/// <param name="fate">What a look of the site at that second meets.</param>
/// <param name="heard">Whether what the site sends at that second arrives; always, if null.</param>
/// <param name="obeys">Whether the site makes a look that it is asked for at that second; always, if null.</param>
internal sealed class TwoSites(
    AgreementTerms terms, Func<SiteName, double, Fate> fate, Func<SiteName, double, bool>? heard = null, Func<SiteName, double, bool>? obeys = null)
{
    private const double Ship = 0.2;
    private const double CheckNowStarts = 3;
    private const double Retry = 15;

    private readonly PriorityQueue<Action, (double At, int Order)> events = new();
    private readonly Dictionary<SiteName, SiteView> atSite = [];
    private readonly Dictionary<SiteName, SiteView> atDesk = [];
    private readonly HashSet<SiteName> looking = [];
    private readonly List<PendingLook> pending = [];
    private Verdict? verdict;
    private double now;
    private int order;
    private bool okArrived;

    /// <summary>Every change of the verdict, with its second.</summary>
    internal List<(double At, Verdict Verdict)> Story { get; } = [];

    /// <summary>The problems as incidents would tell them: when each began and ended, and the views and verdict at its end.</summary>
    internal List<(double From, double? Until, IReadOnlyList<SiteView> Views, Verdict? End)> Problems { get; } = [];

    internal double? FirstFailing => Story.Where(s => s.Verdict.Judgement == Judgement.Failing).Select(s => (double?)s.At).FirstOrDefault();

    /// <summary>Runs from <paramref name="from"/> on; Tokyo's slots begin there, Osaka's half an interval later.</summary>
    internal TwoSites Run(double from, double until)
    {
        now = from;
        foreach (var (site, rank) in terms.Sites.Select((s, i) => (s, i)))
        {
            atSite[site] = atDesk[site] = Never(site);
            At(from + (rank * terms.Interval.TotalSeconds / terms.Sites.Count), () => Slot(site));
        }

        while (events.TryDequeue(out var next, out var when) && when.At <= until)
        {
            now = when.At;
            next();
            Judge();
        }

        return this;
    }

    private void At(double when, Action what) => events.Enqueue(what, (when, order++));

    private void Slot(SiteName site)
    {
        At(now + terms.Interval.TotalSeconds, () => Slot(site));
        Look(site, terms.Timeout.TotalSeconds);
    }

    private void Look(SiteName site, double timeout)
    {
        if (!looking.Add(site))
        {
            return;
        }

        var started = now;
        var found = fate(site, started);
        if (found == Fate.BlackHole)
        {
            At(started + 3, () => Post(site, () => Suspect(new Suspect(site, S(started)))));
        }

        At(started + (found == Fate.BlackHole ? timeout : 0), () => Ended(site, started, found));
    }

    private void Ended(SiteName site, double started, Fate found)
    {
        looking.Remove(site);
        var answer = found == Fate.Fine
            ? new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, "OK")
            : new LookAnswer(CheckStatus.Critical, Reply.Transport, found == Fate.Refused ? NoValue.Refused : NoValue.TimedOut, "no answer");
        var seen = new Sighting(answer, Epoch + S(started), S(started), S(now - started));
        var step = StateMachine.Step(new StateTerms(terms.Attempts, false), atSite[site], seen, hostUp: true);
        atSite[site] = step.After;
        if (step.After.SoftFailing)
        {
            At(Math.Max(now, started + Retry), () => Look(site, AgreementTimes.Confirmation(terms).TotalSeconds));
        }

        Post(site, () => Arrived(site, seen));
    }

    private void Arrived(SiteName site, Sighting seen)
    {
        atDesk[site] = StateMachine.Step(new StateTerms(terms.Attempts, false), atDesk[site], seen, hostUp: true).After;
        pending.RemoveAll(p => p.Site == site && seen.StartedMono >= p.AskedMono);
        okArrived |= seen.Answer.Status == CheckStatus.Ok;
        if (Hinoban.States.Suspect.Of(atDesk[site]) is { } suspect)
        {
            Suspect(suspect);
            At(now + 60, () => { });
        }
    }

    private void Suspect(Suspect suspect)
    {
        foreach (var ask in Suspicion.AsksFor(terms, [.. atDesk.Values], pending, suspect, new Moment(Epoch, S(now))))
        {
            Ask(ask);
        }
    }

    private void Ask(LookAsk ask)
    {
        pending.Add(new PendingLook(pending.Count + 1, ask.Site, S(now)));
        if (obeys?.Invoke(ask.Site, now) != false)
        {
            At(now + CheckNowStarts, () => Look(ask.Site, ask.Timeout.TotalSeconds));
        }
    }

    private void Post(SiteName site, Action arrives)
    {
        if (heard?.Invoke(site, now) != false)
        {
            At(now + Ship, arrives);
        }
    }

    private void Judge()
    {
        var after = SiteAgreement.Judge(terms, [.. atDesk.Values], [.. terms.Sites.Select(Signal)], pending, verdict, new Moment(Epoch, S(now)));
        if (verdict is null || !verdict.SaysSameAs(after))
        {
            Story.Add((now, after));
        }

        if (after.ReviewAt is { } review && review != verdict?.ReviewAt)
        {
            At(review.TotalSeconds, () => { });
        }

        verdict = after;
        Fold(after);
        if (okArrived)
        {
            okArrived = false;
            foreach (var look in Suspicion.AsksForRecovery(terms, [.. atDesk.Values], pending, after, new Moment(Epoch, S(now))))
            {
                Ask(look);
            }
        }

        if (Suspicion.AskAlone(terms, [.. atDesk.Values], pending, after, new Moment(Epoch, S(now))) is { } ask)
        {
            Ask(ask);
        }
    }

    // As incidents do: the first Failing opens, the first Working after it closes.
    private void Fold(Verdict after)
    {
        var open = Problems is [.., { Until: null }];
        if (!open && after.Judgement == Judgement.Failing)
        {
            Problems.Add((now, null, [], null));
        }
        else if (open && after.Judgement == Judgement.Working)
        {
            Problems[^1] = (Problems[^1].From, now, [.. terms.Sites.Select(s => atDesk[s])], after);
        }
    }

    // Heartbeats come every 5 s from whoever is heard.
    private SiteSignal Signal(SiteName site)
    {
        var beat = now;
        while (heard is not null && !heard(site, beat) && beat > now - 1000)
        {
            beat -= 1;
        }

        return new SiteSignal(site, S(beat), now - beat >= 15 ? S(beat + 15) : null);
    }
}
