using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What an accepted specification does to a customer's items.</summary>
internal sealed record ItemChanges(
    IReadOnlyDictionary<(string Host, string Service), ItemId> Ids,
    IReadOnlyList<ItemIdentity> Added,
    IReadOnlyList<ItemIdentity> Renamed,
    IReadOnlyList<ItemIdentity> Retired)
{
    internal bool Any => Added.Count + Renamed.Count + Retired.Count > 0;
}

/// <summary>Which item keeps which id. Pure.</summary>
internal static class ItemRules
{
    /// <summary>
    /// A name that is in force keeps its id, whatever its <c>was</c> says (which may stay in the file for ever); a new name takes
    /// over the id of a former one that is gone; the rest is new, and what nobody claims is retired for good.
    /// </summary>
    internal static ItemChanges Match(CustomerSpec spec, IReadOnlyList<ItemIdentity> inForce, Func<ItemId> nextId)
    {
        var known = inForce.ToDictionary(i => (i.Host, i.Service));
        var wanted = spec.Hosts.SelectMany(h => h.All.Select(c => (Host: h, Check: c))).ToList();
        var names = wanted.Select(w => (w.Host.Key, w.Check.Key)).ToHashSet();
        var ids = new Dictionary<(string Host, string Service), ItemId>();
        var taken = new HashSet<ItemId>();
        var renamed = new List<ItemIdentity>();
        var added = new List<ItemIdentity>();
        foreach (var (host, check) in wanted)
        {
            var name = (host.Key, check.Key);
            if (known.TryGetValue(name, out var same))
            {
                ids[name] = same.Id;
            }
            else if (Former(host, check).Where(n => !names.Contains(n)).Select(n => known.GetValueOrDefault(n)).FirstOrDefault(i => i is not null && !taken.Contains(i.Id)) is { } former)
            {
                ids[name] = former.Id;
                renamed.Add(former with { Host = host.Key, Service = check.Key });
            }
            else
            {
                ids[name] = nextId();
                added.Add(new ItemIdentity(ids[name], spec.Id, host.Key, check.Key, Retired: false));
            }

            taken.Add(ids[name]);
        }

        return new ItemChanges(ids, added, renamed, [.. inForce.Where(i => !taken.Contains(i.Id))]);
    }

    private static IEnumerable<(string Host, string Service)> Former(HostSpec host, CheckSpec check) =>
        from h in host.Was.Prepend(host.Key)
        from s in check.Was.Prepend(check.Key)
        select (h, s);
}
