using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>Which host is behind which, of a whole plan: built once when the plan is taken. The specification allows no circles.</summary>
internal sealed class HostTree
{
    // A chain of devices is a few long; the files may hold anything.
    private const int MostAncestors = 16;

    private readonly Dictionary<(CustomerId, string), HostPlan> hosts = [];
    private readonly Dictionary<(CustomerId, string), List<string>> children = [];
    private readonly Dictionary<(CustomerId, string), int> depths = [];

    internal static HostTree Empty { get; } = new();

    internal static HostTree Of(DeskPlan plan)
    {
        var tree = new HostTree();
        foreach (var customer in plan.Customers)
        {
            foreach (var host in customer.Hosts)
            {
                tree.hosts[(customer.Id, host.Key)] = host;
                foreach (var parent in host.Parents.Distinct())
                {
                    tree.ChildrenOf(customer.Id, parent).Add(host.Key);
                }
            }

            foreach (var (host, depth) in Walk.Depths([.. customer.Hosts.Select(h => h.Key)], h => tree.Host(customer.Id, h)!.Parents.Distinct().Count(), h => tree.Children(customer.Id, h)))
            {
                tree.depths[(customer.Id, host)] = depth;
            }
        }

        return tree;
    }

    internal HostPlan? Host(CustomerId customer, string host) => hosts.GetValueOrDefault((customer, host));

    internal IReadOnlyList<string> Children(CustomerId customer, string host) => children.TryGetValue((customer, host), out var found) ? found : [];

    /// <summary>Parents come before children: a host is at least one deeper than its deepest parent.</summary>
    internal int Depth(CustomerId customer, string host) => depths.GetValueOrDefault((customer, host));

    /// <summary>The hosts before it, nearest first, each once.</summary>
    internal IEnumerable<string> Ancestors(CustomerId customer, string host) =>
        Walk.From(host, h => Host(customer, h)?.Parents ?? []).Take(MostAncestors);

    /// <summary>The hosts behind it, nearest first, each once.</summary>
    internal IEnumerable<string> Descendants(CustomerId customer, string host) => Walk.From(host, h => Children(customer, h));

    /// <summary>The nearest watched hosts behind it, and the unwatched ones on the way to them, whose services have nobody else to ask.</summary>
    internal IEnumerable<HostPlan> Dependents(CustomerId customer, string host) =>
        Walk.From(host, h => h == host || Host(customer, h)?.Alive is null ? Children(customer, h) : []).Select(h => Host(customer, h)).OfType<HostPlan>();

    private List<string> ChildrenOf(CustomerId customer, string host)
    {
        if (!children.TryGetValue((customer, host), out var list))
        {
            children[(customer, host)] = list = [];
        }

        return list;
    }
}
