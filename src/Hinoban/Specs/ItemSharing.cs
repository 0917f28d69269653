using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// Lets items that say the same share what they say it with: names, addresses, lists of sites, looks. Of a million items nearly all are alike but for their ids, and each would
/// otherwise hold copies of its own. For one reading of a plan, then thrown away.
/// </summary>
internal sealed class ItemSharing
{
    // Looks that are all different would only fill the table.
    private const int MostLooks = 10_000;

    private readonly HashSet<string> texts = [];
    private readonly Dictionary<string, IReadOnlyList<SiteName>> sites = [];
    private readonly HashSet<LookPlan> looks = [];

    internal ItemPlan Share(ItemPlan item) => item with
    {
        Customer = new CustomerId(Of(item.Customer.Value)),
        Host = Of(item.Host),
        Service = Of(item.Service),
        Address = Of(item.Address),
        Look = Of(item.Look),
        Sites = Of(item.Sites),
        Runbook = item.Runbook is null ? null : Of(item.Runbook),
    };

    private string Of(string text)
    {
        if (texts.TryGetValue(text, out var known))
        {
            return known;
        }

        texts.Add(text);
        return text;
    }

    private LookPlan Of(LookPlan look)
    {
        if (looks.TryGetValue(look, out var known))
        {
            return known;
        }

        if (looks.Count < MostLooks)
        {
            looks.Add(look);
        }

        return look;
    }

    private IReadOnlyList<SiteName> Of(IReadOnlyList<SiteName> names)
    {
        var key = names.Count == 1 ? names[0].Value : string.Join(',', names);
        return sites.TryGetValue(key, out var known) ? known : sites[key] = [.. names.Select(n => new SiteName(Of(n.Value)))];
    }
}
