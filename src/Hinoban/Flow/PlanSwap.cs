using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>What becomes of an item's entry when a plan is taken.</summary>
internal static class PlanSwap
{
    /// <summary>An item under a new plan: the sites that stay keep their views, new sites know nothing yet.</summary>
    internal static ItemEntry Entry(ItemEntry? before, ItemPlan item, Moment now) =>
        Counted(
            before is null
                ? new ItemEntry(item, Views(item, _ => null), Verdict.None, now.Utc, null)
                : before with { Plan = item, Views = Views(item, site => before.Views.FirstOrDefault(v => v.Site == site)) },
            before?.Plan,
            now);

    /// <summary>An item at the desk's start: stored views, whose ages are unknown, and the problem that was open.</summary>
    internal static ItemEntry Restore(ItemPlan item, IReadOnlyDictionary<(ItemId, SiteName), SiteView> stored, StoredVerdict? verdict, IncidentId problem, FlapHistory? flaps, Moment now) => Counted(
        new ItemEntry(
            item,
            Views(item, site => stored.GetValueOrDefault((item.Id, site))),
            verdict?.Verdict ?? Verdict.None,
            verdict?.SinceUtc ?? now.Utc,
            problem == default ? null : problem)
        {
            Flaps = flaps,
        },
        null,
        now);

    /// <summary>Items that the plan no longer has: their problems end, also of an incident that a lead closed while it failed, whose recovery is owed all the same.</summary>
    internal static void Retire(DeskWork work, DeskBoard board, DeskPlan plan, IEnumerable<Incident> unfinished)
    {
        foreach (var incident in unfinished.DistinctBy(i => i.Id).Where(i => plan.Item(i.Facts.Item) is null).ToList())
        {
            work.Append(incident, IncidentRules.Retire(incident, work.Now));
        }

        foreach (var gone in board.Items.Where(e => plan.Item(e.Plan.Id) is null))
        {
            work.Stores.States.Forget(work.Tx, gone.Plan.Id);
            work.Stores.Posted.Forget(work.Tx, gone.Plan.Id);
        }
    }

    /// <summary>A passive item whose freshness begins to count anew, and which is judged by it at once.</summary>
    internal static ItemEntry CountsAnew(ItemEntry entry, Moment now) => entry with { CountsFrom = now.Mono, Verdict = entry.Verdict with { ReviewAt = now.Mono } };

    private static ItemEntry Counted(ItemEntry entry, ItemPlan? before, Moment now) =>
        !entry.Plan.IsPassive || entry.Plan.Look == before?.Look ? entry : CountsAnew(entry, now);

    private static ImmutableArray<SiteView> Views(ItemPlan item, Func<SiteName, SiteView?> known) =>
        [.. item.Sites.Select(site => known(site) ?? new SiteView(site))];
}
