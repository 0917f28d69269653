using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What one site has to do at a revision: its items, with its rank among the sites that look at each.</summary>
internal sealed record SitePlan(int Revision, SiteName Site, IReadOnlyList<SiteItem> Items);

/// <summary>An item as one site sees it. <see cref="Rank"/> (0-based) and <see cref="Sites"/> give its phase: sites look in turn.</summary>
internal sealed record SiteItem(ItemPlan Item, int Rank, int Sites);
