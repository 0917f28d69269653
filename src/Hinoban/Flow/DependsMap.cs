using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>Which item needs which, of a whole plan: built once when the plan is taken. The specification allows no circles.</summary>
internal sealed class DependsMap
{
    private readonly Dictionary<ItemId, (ParentsNeeded Needed, ImmutableArray<ItemId> Items)> needs = [];
    private readonly Dictionary<ItemId, List<ItemId>> dependents = [];
    private Dictionary<ItemId, int> depths = [];

    internal static DependsMap Empty { get; } = new();

    internal static DependsMap Of(DeskPlan plan)
    {
        var map = new DependsMap();
        foreach (var customer in plan.Customers.Where(c => c.Items.Any(i => i.DependsOn is not null)))
        {
            var ids = customer.Items.ToDictionary(i => i.Title, i => i.Id);
            foreach (var item in customer.Items.Where(i => i.DependsOn is not null))
            {
                map.Add(item, [.. item.DependsOn!.Titles.Where(ids.ContainsKey).Select(t => ids[t])]);
            }
        }

        map.depths = Walk.Depths([.. map.needs.Keys.Union(map.dependents.Keys)], i => map.Needs(i).Items.Length, map.Dependents);
        return map;
    }

    /// <summary>What the item needs; nothing for most.</summary>
    internal (ParentsNeeded Needed, ImmutableArray<ItemId> Items) Needs(ItemId item) => needs.TryGetValue(item, out var known) ? known : (ParentsNeeded.All, []);

    internal bool Any => needs.Count > 0;

    internal bool HasNeeds(ItemId item) => needs.Count > 0 && needs.ContainsKey(item);

    internal bool HasDependents(ItemId item) => dependents.Count > 0 && dependents.ContainsKey(item);

    internal IReadOnlyList<ItemId> Dependents(ItemId item) => dependents.TryGetValue(item, out var found) ? found : [];

    /// <summary>All that needs the item, over others too, nearest first.</summary>
    internal IEnumerable<ItemId> Descendants(ItemId item) => Walk.From(item, Dependents);

    /// <summary>What is needed comes first: an item is at least one deeper than the deepest that it needs.</summary>
    internal int Depth(ItemId item) => depths.GetValueOrDefault(item);

    private void Add(ItemPlan item, ImmutableArray<ItemId> items)
    {
        if (items.IsEmpty)
        {
            return;
        }

        needs[item.Id] = (item.DependsOn!.Needed, items);
        foreach (var needed in items)
        {
            if (!dependents.TryGetValue(needed, out var list))
            {
                dependents[needed] = list = [];
            }

            list.Add(item.Id);
        }
    }
}
