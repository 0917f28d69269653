using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// The sentence, from a result to the mail: result → state → verdict → incident → notice. Each line calls the room that answers
/// that question; what follows is collected in the <see cref="DeskWork"/> and written in one transaction.
/// </summary>
internal static class CheckFlow
{
    /// <summary>What a look printed is kept where it differs from what its site saw before; then it steps that site's view.</summary>
    internal static bool Take(DeskWork work, ResultBatch batch, CheckResult result)
    {
        if (work.Item(result.Item) is { } entry && entry.SiteIndex(batch.Site) is >= 0 and var site
            && entry.Views[site] is var before && (!before.Known || OutputChange.Is(before.Status, before.Output, result.Answer.Status, result.Answer.Output)))
        {
            work.Stores.Samples.Note(work.Tx, batch.Site, result);
        }

        return Step(work, batch, result);
    }

    /// <summary>A result steps its site's view. True if the item's verdict must be drawn anew. It writes nothing: quiet work has no transaction.</summary>
    internal static bool Step(DeskWork work, ResultBatch batch, CheckResult result)
    {
        var entry = work.Item(result.Item);
        var site = entry?.SiteIndex(batch.Site) ?? -1;
        if (entry is null || site < 0 || result.Answer.NoValue == NoValue.EngineFault || work.Silences.Stopped.Contains(result.Item))
        {
            // An item that left the plan or is stopped, a site that no longer looks at it, or a look that our own engine could not make:
            // no evidence about the target. The view ages, and an aged view is no vote.
            return false;
        }

        var sighting = new Sighting(result.Answer, result.StartedUtc, work.Now.Mono - batch.AgeOf(result), result.Took);
        var transition = StateMachine.Step(new StateTerms(entry.Plan.Attempts, entry.Plan.IsHostCheck), entry.Views[site], sighting, work.HostUp(entry.Plan));
        work.Set(entry with { Views = entry.Views.SetItem(site, transition.After) });
        if (work.HasBehind(entry.Plan))
        {
            work.MustJudgeWaiting(entry.Plan);
        }

        return !IsQuiet(entry, transition, result);
    }

    /// <summary>The verdict over all views, and what it does to the item's problem.</summary>
    internal static void Judge(DeskWork work, ItemId item)
    {
        if (work.Item(item) is not { } entry)
        {
            return;
        }

        var (verdict, stood) = (work.Verdict(entry), entry.Verdict.Standing);
        entry = work.SetVerdict(entry with { Waits = false, WaitsUntil = null, LooksFrom = null }, verdict);
        if (work.ProblemOf(entry) is { } problem)
        {
            if (work.Stores.Speaker is null || !EpisodeBook.IsElsewhere(problem))
            {
                Continue(work, entry, problem);
            }
        }
        else if (work.LeadOf(entry) is { } lead)
        {
            StormFlow.Continue(work, entry, lead);
        }
        else if (verdict.Judgement == Judgement.Failing)
        {
            Begin(work, entry, stood);
        }
        else if (verdict.Judgement == Judgement.Working && entry.LetGoMono is not null)
        {
            work.Set(entry with { LetGoMono = null });
        }
    }

    private static void Continue(DeskWork work, ItemEntry entry, Incident problem)
    {
        entry = work.NoteState(entry);
        var percent = entry.Flaps is { } history ? FlapRules.Percent(history) : 0;
        var flaps = FlapRules.Flaps(entry.Plan.Flapping, percent, problem.Flapping);
        var events = IncidentRules.Continue(problem, entry.Verdict, flaps, percent, work.Now);
        work.Append(problem, events);
        if (events.Any(e => e is LeadBack))
        {
            work.MayEnd(problem.Id);
        }

        if (events.Any(e => e is Recovered))
        {
            work.ProblemEnded(entry);
        }
    }

    private static void Begin(DeskWork work, ItemEntry entry, Judgement stood)
    {
        var effect = work.HostEffect(entry);
        var cover = effect.Route == ProblemRoute.JoinsHost ? work.Upstream.Cover(entry) : null;
        if (effect.Route == ProblemRoute.JoinsHost && cover is null)
        {
            effect = UpstreamRules.Uncovered(work.Upstream.CoverWaits(entry), entry.Verdict, entry.Views, work.Now);
        }

        effect = StormFlow.Settled(entry, effect);
        entry = entry with { Waits = effect.Route == ProblemRoute.Waits, WaitsUntil = effect.ReviewAt, LooksFrom = effect.LooksFrom, Storm = null };
        work.Set(entry);
        if (effect.Route == ProblemRoute.Opens && StormFlow.LeadFor(work, entry) is { } lead)
        {
            StormFlow.Join(work, entry, lead);
        }
        else if (effect.Route == ProblemRoute.Opens)
        {
            work.Open(entry, stood: stood);
        }
        else if (cover is not null)
        {
            CoverFlow.Attach(work, entry, cover);
        }

        if (work.HasBehind(entry.Plan))
        {
            // Whatever was decided, those that waited for it are decided with it.
            work.MustJudgeWaiting(entry.Plan);
        }
    }

    // Nearly every result is an OK after an OK of an item that both sites see working: its verdict cannot change.
    private static bool IsQuiet(ItemEntry before, Transition transition, CheckResult result) =>
        transition.Change == ViewChange.None
        && result.Answer.Status == CheckStatus.Ok
        && result.Request == 0
        && before.Verdict is { Judgement: Judgement.Working, Reach: Reach.Reached }
        && before.Problem is null;
}
