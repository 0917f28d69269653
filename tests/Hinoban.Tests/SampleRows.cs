using Hinoban.Checks;
using Hinoban.Flow;

namespace Hinoban.Tests;

/// <summary>What the desk counts and searches as it goes, said plainly over rows that are whole: what a sample desk answers, and what the desk's own answers are held against.</summary>
internal static class SampleRows
{
    internal static HostList Find(IReadOnlyList<HostRow> all, HostWish wish)
    {
        var found = all.Where(h => (wish.Customer.Length == 0 || h.Customer.Value == wish.Customer) && (!wish.Problems || h.HasProblem)
            && (wish.Search.Length == 0 || new[] { h.Host, h.Address, h.Name.Ja, h.Name.En }.Concat(h.Services.Select(s => s.Service)).Any(w => w.Contains(wish.Search.Trim(), StringComparison.OrdinalIgnoreCase)))).ToList();
        return new HostList(
            [.. all.Select(h => (h.Customer, h.CustomerName)).DistinctBy(c => c.Customer)], found.Count, found.Sum(h => h.All.Count()), found.Sum(h => h.All.Count(i => i.HasProblem)), [.. found.Take(wish.Limit)]);
    }

    internal static ItemCounts Count(IReadOnlyList<HostRow> all)
    {
        var items = all.SelectMany(h => h.All).ToList();
        return new ItemCounts(all.Count, Enum.GetValues<CheckStatus>().ToDictionary(s => s, s => items.Count(i => i.Severity == s)), items.Count(i => i.LookWaits));
    }
}
