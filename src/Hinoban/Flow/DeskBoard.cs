using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// An item at the desk now: its plan, each site's view (in the plan's order of sites), the verdict, and the problem that is open.
/// <see cref="Waits"/>: it fails, and its problem waits for the host's word, at most until <see cref="WaitsUntil"/> (null: no time decides).
/// </summary>
internal sealed record ItemEntry(
    ItemPlan Plan,
    ImmutableArray<SiteView> Views,
    Verdict Verdict,
    DateTimeOffset VerdictSinceUtc,
    IncidentId? Problem,
    bool Waits = false,
    TimeSpan? WaitsUntil = null)
{
    /// <summary>Its last states; null as long as it has never failed.</summary>
    internal FlapHistory? Flaps { get; init; }

    /// <summary>It waits for looks that start from then on (desk monotonic): a parent has just recovered.</summary>
    internal TimeSpan? LooksFrom { get; init; }

    /// <summary>When time alone may change something about it (desk monotonic).</summary>
    internal TimeSpan? ReviewAt => WaitsUntil is { } until && !(Verdict.ReviewAt < until) ? until : Verdict.ReviewAt;

    internal int SiteIndex(SiteName site)
    {
        for (var i = 0; i < Views.Length; i++)
        {
            if (Views[i].Site == site)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>
/// What the desk knows, in memory: written only by the engine under its gate and only after the database has committed the same.
/// Entries are immutable, so that readers may keep what they were given.
/// </summary>
internal sealed class DeskBoard
{
    private readonly Dictionary<ItemId, ItemEntry> items = [];
    private readonly Dictionary<IncidentId, Incident> open = [];
    private readonly Dictionary<(CustomerId, string), ImmutableArray<ItemId>> hosts = [];

    internal DeskPlan Plan { get; private set; } = DeskPlan.Empty;

    internal SilenceBook Silences { get; } = new();

    /// <summary>Items with looks that wait for the desk-wide cap: their verdicts wait with them, and say so.</summary>
    internal IReadOnlySet<ItemId> LooksWait { get; set; } = new HashSet<ItemId>();

    internal HostTree Tree { get; private set; } = HostTree.Empty;

    internal IEnumerable<ItemEntry> Items => items.Values;

    /// <summary>Incidents that are not closed.</summary>
    internal IEnumerable<Incident> OpenIncidents => open.Values;

    internal ItemEntry? Item(ItemId id) => items.GetValueOrDefault(id);

    internal Incident? Incident(IncidentId id) => open.GetValueOrDefault(id);

    /// <summary>The open alarm of one of the provider's own items; null if there is none.</summary>
    internal Incident? OwnProblem(string host, string service) => OwnItem(host, service)?.Problem is { } id ? Incident(id) : null;

    internal ItemEntry? OwnItem(string host, string service) =>
        OnHost(ProviderPlan.Customer, host).Select(Item).FirstOrDefault(e => e?.Plan.Service == service);

    internal ImmutableArray<ItemId> OnHost(CustomerId customer, string host) => hosts.GetValueOrDefault((customer, host), []);

    internal void Set(ItemEntry entry) => items[entry.Plan.Id] = entry;

    internal void Set(Incident incident)
    {
        if (incident.Open)
        {
            open[incident.Id] = incident;
        }
        else
        {
            open.Remove(incident.Id);
        }
    }

    /// <summary>Takes a plan: entries of items that stay are kept, those of items that have gone are dropped.</summary>
    internal void Swap(DeskPlan plan, IEnumerable<ItemEntry> entries)
    {
        (Plan, Tree) = (plan, HostTree.Of(plan));
        Silences.Take(plan);
        items.Clear();
        hosts.Clear();
        foreach (var entry in entries)
        {
            Set(entry);
        }

        foreach (var host in plan.Customers.SelectMany(c => c.Hosts.Select(h => (c.Id, h))))
        {
            hosts[(host.Id, host.h.Key)] = [.. host.h.All.Select(i => i.Id)];
        }
    }
}
