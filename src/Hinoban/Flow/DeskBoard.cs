using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Hinoban.Basics;
using Hinoban.Checks;
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
    // Of a million items hardly any has one of these: all that have none share one.
    private readonly Seldom seldom = Seldom.Nothing;

    /// <summary>Its last states; null as long as it has never failed.</summary>
    internal FlapHistory? Flaps
    {
        get => seldom.Flaps;
        init => seldom = Seldom.Of(seldom with { Flaps = value });
    }

    /// <summary>It waits for looks that start from then on (desk monotonic): a parent has just recovered.</summary>
    internal TimeSpan? LooksFrom
    {
        get => seldom.LooksFrom;
        init => seldom = Seldom.Of(seldom with { LooksFrom = value });
    }

    /// <summary>Of a host check: the incident it has joined as part of a storm; null if none, or if it has its own.</summary>
    internal IncidentId? Storm
    {
        get => seldom.Storm;
        init => seldom = Seldom.Of(seldom with { Storm = value });
    }

    /// <summary>A storm that it had joined is over: looks that start from then on (desk monotonic) decide whether it is a problem of its own.</summary>
    internal TimeSpan? LetGoMono
    {
        get => seldom.LetGoMono;
        init => seldom = Seldom.Of(seldom with { LetGoMono = value });
    }

    /// <summary>Of a passive item: from when on its freshness counts where nothing has come since (desk monotonic).</summary>
    internal TimeSpan CountsFrom
    {
        get => seldom.CountsFrom;
        init => seldom = Seldom.Of(seldom with { CountsFrom = value });
    }

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

    private sealed record Seldom(FlapHistory? Flaps, TimeSpan? LooksFrom, IncidentId? Storm, TimeSpan? LetGoMono, TimeSpan CountsFrom)
    {
        internal static Seldom Nothing { get; } = new(null, null, null, null, TimeSpan.Zero);

        internal static Seldom Of(Seldom some) => some == Nothing ? Nothing : some;
    }
}

/// <summary>
/// What the desk knows, in memory: written only by the engine under its gate and only after the database has committed the same.
/// Entries are immutable, so that readers may keep what they were given. A work under way reads it as it is, for nobody else writes; everyone
/// else reads it under <see cref="Reading"/>.
/// </summary>
internal sealed class DeskBoard
{
    private readonly Dictionary<ItemId, ItemEntry> items = [];
    private readonly Dictionary<IncidentId, Incident> open = [];
    private readonly HashSet<ItemId> restless = [];
    private readonly Dictionary<IncidentId, Incident> held = [];
    private readonly Dictionary<IncidentId, Incident> owed = [];
    private readonly Dictionary<ItemId, IncidentId> logs = [];
    private readonly Dictionary<IncidentId, Incident> untold = [];
    private readonly Dictionary<(CustomerId, string), ImmutableArray<ItemId>> hosts = [];
    private readonly Dictionary<(string Host, string Service), ItemId> own = [];
    private readonly HashSet<ItemId> joined = [];
    private readonly HashSet<ItemId> troubled = [];
    private readonly int[] severities = new int[Enum.GetValues<CheckStatus>().Length];

    /// <summary>
    /// Held for the moment in which it changes, and by whoever reads it without being its writer: a page does not wait for the batch that holds the gate. Comes after
    /// the gate; whoever holds it asks for no other lock.
    /// </summary>
    internal Lock Reading { get; } = new();

    /// <summary>No item's review is due before.</summary>
    internal TimeSpan NextReview { get; private set; } = TimeSpan.MaxValue;

    internal bool IsRestless => restless.Count > 0;

    /// <summary>Some site does not reach something that another reaches.</summary>
    internal bool HasPathTrouble => troubled.Count > 0;

    internal IEnumerable<ItemEntry> PathTroubled => troubled.Select(id => items[id]);

    internal DeskPlan Plan { get; private set; } = DeskPlan.Empty;

    internal SilenceBook Silences { get; } = new();

    /// <summary>Posted results that wait for the gate.</summary>
    internal PostDoor Door { get; } = new();

    /// <summary>Items with looks that wait for the desk-wide cap: their verdicts wait with them, and say so.</summary>
    internal IReadOnlySet<ItemId> LooksWait { get; set; } = new HashSet<ItemId>();

    internal HostTree Tree { get; private set; } = HostTree.Empty;

    internal DependsMap Depends { get; private set; } = DependsMap.Empty;

    internal StormGroups Groups { get; private set; } = StormGroups.Empty;

    /// <summary>Hosts that have joined another's incident.</summary>
    internal IReadOnlyCollection<ItemId> Joined => joined;

    internal IEnumerable<ItemEntry> Items => items.Values;

    /// <summary>Incidents that are not closed.</summary>
    internal IEnumerable<Incident> OpenIncidents => open.Values;

    /// <summary>Incidents whose end is still to be told: open, or closed by a person while they fail.</summary>
    internal IEnumerable<Incident> Failing => open.Values.Where(i => i.Failing).Concat(owed.Values);

    /// <summary>Open incidents that still fail and whose alert was held back.</summary>
    internal IReadOnlyCollection<Incident> Held => held.Values;

    /// <summary>Open incidents with log hits that the list was not told of.</summary>
    internal IReadOnlyCollection<Incident> Untold => untold.Values;

    /// <summary>The open incident of what stands in the item's log; null if there is none.</summary>
    internal IncidentId? LogIncident(ItemId item) => logs.TryGetValue(item, out var id) ? id : null;

    internal ItemEntry? Item(ItemId id) => items.GetValueOrDefault(id);

    /// <summary>In which order items are judged: hosts by their way, then what needs nothing, then the others behind what they need.</summary>
    internal int RankOf(ItemId item) => Item(item)?.Plan is { IsHostCheck: true } host ? Tree.Depth(host.Customer, host.Host) : (int.MaxValue / 2) + Depends.Depth(item);

    /// <summary>One that is open, or was closed while it failed: its end is still to be told.</summary>
    internal Incident? Incident(IncidentId id) => open.GetValueOrDefault(id) ?? owed.GetValueOrDefault(id);

    /// <summary>The open alarm of one of the provider's own items; null if there is none.</summary>
    internal Incident? OwnProblem(string host, string service) => OwnItem(host, service)?.Problem is { } id ? open.GetValueOrDefault(id) : null;

    internal ItemEntry? OwnItem(string host, string service) => own.TryGetValue((host, service), out var id) ? Item(id) : null;

    internal ImmutableArray<ItemId> OnHost(CustomerId customer, string host) => hosts.GetValueOrDefault((customer, host), []);

    /// <summary>Items that the passing of time concerns beyond their review: one whose site judges alone, or that waits.</summary>
    internal IEnumerable<ItemEntry> Restless => restless.Count == 0 ? [] : restless.Select(id => items[id]);

    /// <summary>Items whose review is due. Most calls find none, and cost nothing.</summary>
    internal IReadOnlyList<ItemId> Due(TimeSpan now)
    {
        if (now < NextReview)
        {
            return [];
        }

        // What is due stays due until it has been judged, which a full disk may delay.
        var due = items.Values.Where(e => e.ReviewAt <= now).Select(e => e.Plan.Id).ToList();
        NextReview = due.Count > 0 ? now : items.Values.Min(e => e.ReviewAt) ?? TimeSpan.MaxValue;
        return due;
    }

    /// <summary>How many of the customers' items are of the severity.</summary>
    internal int Count(CheckStatus severity) => severities[(int)severity];

    internal void Set(ItemEntry entry)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(items, entry.Plan.Id, out _);
        if (entry.Plan.Customer != ProviderPlan.Customer)
        {
            severities[(int)entry.Verdict.Severity]++;
            if (place is { Verdict.Severity: var before })
            {
                severities[(int)before]--;
            }
        }

        place = entry;
        if (entry.ReviewAt < NextReview)
        {
            NextReview = entry.ReviewAt.Value;
        }

        if (entry.Verdict.SingleSite || entry.Waits)
        {
            restless.Add(entry.Plan.Id);
        }
        else
        {
            restless.Remove(entry.Plan.Id);
        }

        if (entry.Verdict.Reach == Reach.PathTrouble)
        {
            troubled.Add(entry.Plan.Id);
        }
        else
        {
            troubled.Remove(entry.Plan.Id);
        }

        if (entry.Storm is not null)
        {
            joined.Add(entry.Plan.Id);
        }
        else if (joined.Count > 0)
        {
            joined.Remove(entry.Plan.Id);
        }
    }

    internal void Set(Incident incident)
    {
        Keep(open, incident, incident.Open);
        Keep(owed, incident, !incident.Open && incident.Failing);
        Keep(held, incident, incident is { Open: true, Failing: true, IsHeld: true });
        if (incident.Facts.IsLog)
        {
            Keep(untold, incident, LogRules.UpdateDue(incident) is not null);
            SetLog(incident);
        }
    }

    private void SetLog(Incident incident)
    {
        if (incident.Open)
        {
            logs[incident.Facts.Item] = incident.Id;
        }
        else if (LogIncident(incident.Facts.Item) == incident.Id)
        {
            logs.Remove(incident.Facts.Item);
        }
    }

    /// <summary>Takes a plan: entries of items that stay are kept, those of items that have gone are dropped.</summary>
    internal void Swap(DeskPlan plan, IReadOnlyList<ItemEntry> entries)
    {
        lock (Reading)
        {
            Take(plan, entries);
        }
    }

    private void Take(DeskPlan plan, IReadOnlyList<ItemEntry> entries)
    {
        (Plan, Tree, Groups, Depends) = (plan, HostTree.Of(plan), StormGroups.Of(plan), DependsMap.Of(plan));
        Silences.Take(plan);
        items.Clear();
        Array.Clear(severities);
        restless.Clear();
        troubled.Clear();
        joined.Clear();
        hosts.Clear();
        own.Clear();
        foreach (var entry in entries)
        {
            Set(entry);
        }

        foreach (var host in plan.Customers.SelectMany(c => c.Hosts.Select(h => (c.Id, h))))
        {
            hosts[(host.Id, host.h.Key)] = [.. host.h.All.Select(i => i.Id)];
            foreach (var item in host.Id == ProviderPlan.Customer ? host.h.All : [])
            {
                own.TryAdd((host.h.Key, item.Service), item.Id);
            }
        }

        foreach (var item in joined)
        {
            if (Groups.Of(item) is { } group)
            {
                group.Lead = items[item].Storm;
            }
        }
    }

    private static void Keep(Dictionary<IncidentId, Incident> among, Incident incident, bool keeps)
    {
        if (keeps)
        {
            among[incident.Id] = incident;
        }
        else
        {
            among.Remove(incident.Id);
        }
    }
}
