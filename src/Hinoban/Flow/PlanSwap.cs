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

    private static ImmutableArray<SiteView> Views(ItemPlan item, Func<SiteName, SiteView?> known) =>
        [.. item.Sites.Select(site => known(site) ?? new SiteView(site))];
}
