using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Cuts the desk's plan to what one site has to look at.</summary>
internal static class SitePlans
{
    /// <summary>Ranks follow the order in which the item's sites are written, so that every site computes the same turn.</summary>
    internal static SitePlan For(DeskPlan plan, SiteName site, IReadOnlySet<ItemId>? stopped = null)
    {
        var items = new List<SiteItem>();
        foreach (var item in plan.Customers.SelectMany(c => c.Items).Where(i => stopped?.Contains(i.Id) != true))
        {
            for (var rank = 0; rank < item.Sites.Count; rank++)
            {
                if (item.Sites[rank] == site)
                {
                    items.Add(new SiteItem(item, rank, item.Sites.Count));
                    break;
                }
            }
        }

        return new SitePlan(plan.Revision, site, items);
    }
}
