using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>
/// Proves that every item is looked at by every site that is to: not by what a scheduler says of itself, but by what came in, held against the plan. Each time a part of the hosts, all of
/// them once a minute: of a million items that is some milliseconds. Called under the board's lock.
/// </summary>
internal sealed class RunWatch
{
    private const int Parts = 6;
    private const int MostNamed = 3;
    private const int MostRevisions = 100;

    private readonly Dictionary<SiteName, TimeSpan> heardSince = [];
    private readonly List<(int Revision, TimeSpan Since)> revisions = [];
    private readonly Dictionary<ItemId, TimeSpan> resumed = [];
    private readonly Dictionary<SiteName, UnseenFacts>[] found = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<SiteName, UnseenFacts>())];
    private IReadOnlySet<ItemId> stopped = new HashSet<ItemId>();
    private int part;

    /// <summary>What a site that is heard has not looked at for too long, as far as it was looked for.</summary>
    internal UnseenFacts Of(SiteName site) =>
        found.Select(f => f.GetValueOrDefault(site, UnseenFacts.None)).Aggregate((a, b) => new UnseenFacts(a.Count + b.Count, [.. a.First.Concat(b.First).Order(StringComparer.Ordinal).Take(MostNamed)]));

    internal void Look(DeskBoard board, SiteLines lines, Moment now)
    {
        Heard(board, lines, now);
        var (here, hosts) = (new Dictionary<SiteName, UnseenFacts>(), 0);
        foreach (var customer in board.Plan.Customers.Where(c => !c.IsProvider))
        {
            foreach (var item in customer.Hosts.Where(_ => hosts++ % Parts == part).SelectMany(h => h.All).Where(i => !i.IsPassive && !stopped.Contains(i.Id)))
            {
                Look(here, board.Item(item.Id), now.Mono);
            }
        }

        found[part] = here;
        part = (part + 1) % Parts;
    }

    private void Look(Dictionary<SiteName, UnseenFacts> here, ItemEntry? entry, TimeSpan now)
    {
        foreach (var view in entry?.Views ?? [])
        {
            if (heardSince.TryGetValue(view.Site, out var heard)
                && RunRules.IsOverdue(now, view.LookMono ?? InPlanSince(entry!.Plan.Revision), heard, resumed.GetValueOrDefault(entry!.Plan.Id), entry.Plan.Interval, entry.Plan.Timeout))
            {
                var before = here.GetValueOrDefault(view.Site, UnseenFacts.None);
                here[view.Site] = new UnseenFacts(before.Count + 1, before.First.Count < MostNamed ? [.. before.First, $"{entry.Plan.Customer}/{entry.Plan.Title}"] : before.First);
            }
        }
    }

    // From when on looks may be expected: a site is heard and not isolated, a plan is in force, a stop is over.
    private void Heard(DeskBoard board, SiteLines lines, Moment now)
    {
        foreach (var line in lines.All)
        {
            if (lines.Signal(line.Site, now) is { SilentSince: null, BeatMono: not null, IsolatedSince: null })
            {
                // What came in while the desk heard nobody counts as little as what it knows of that time.
                var since = heardSince.GetValueOrDefault(line.Site, now.Mono);
                heardSince[line.Site] = line.ListensFrom > since ? line.ListensFrom.Value : since;
            }
            else
            {
                heardSince.Remove(line.Site);
            }
        }

        if (revisions.Count == 0 || revisions[^1].Revision != board.Plan.Revision)
        {
            revisions.Add((board.Plan.Revision, now.Mono));
            revisions.RemoveRange(0, Math.Max(0, revisions.Count - MostRevisions));
        }

        foreach (var item in stopped.Where(i => !board.Silences.Stopped.Contains(i)))
        {
            resumed[item] = now.Mono;
        }

        stopped = board.Silences.Stopped;
    }

    private TimeSpan InPlanSince(int revision)
    {
        foreach (var (known, since) in revisions)
        {
            if (known >= revision)
            {
                return since;
            }
        }

        return revisions[^1].Since;
    }
}

/// <summary>Items that a site is to look at and has not for too long: how many, and the first of them by name.</summary>
internal sealed record UnseenFacts(int Count, IReadOnlyList<string> First)
{
    internal static UnseenFacts None { get; } = new(0, []);
}
