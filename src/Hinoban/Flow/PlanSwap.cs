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
        before is null
            ? new ItemEntry(item, Views(item, _ => null), Verdict.None, now.Utc, null)
            : before with { Plan = item, Views = Views(item, site => before.Views.FirstOrDefault(v => v.Site == site)) };

    /// <summary>An item at the desk's start: stored views, whose ages are unknown, and the problem that was open.</summary>
    internal static ItemEntry Restore(ItemPlan item, IReadOnlyDictionary<(ItemId, SiteName), SiteView> stored, StoredVerdict? verdict, IncidentId problem, FlapHistory? flaps, Moment now) => new(
        item,
        Views(item, site => stored.GetValueOrDefault((item.Id, site))),
        verdict?.Verdict ?? Verdict.None,
        verdict?.SinceUtc ?? now.Utc,
        problem == default ? null : problem)
    {
        Flaps = flaps,
    };

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
        }
    }

    private static ImmutableArray<SiteView> Views(ItemPlan item, Func<SiteName, SiteView?> known) =>
        [.. item.Sites.Select(site => known(site) ?? new SiteView(site))];
}
