using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>From what sites read in logs to the incident of an item's log: each hit once, whichever site brings it first and however late.</summary>
internal static class LogFlow
{
    // All of one reading: where it made the incident worse, the record that did is among them.
    private const int MostRead = LogReading.Most;

    /// <summary>
    /// Takes a result's hits. What is in the table is known already; the rest opens an incident or makes it longer, at once or with what follows. A site that speaks while the desk is away
    /// leaves them to the desk, which gets them all the same.
    /// </summary>
    internal static void Take(DeskWork work, SiteName site, CheckResult result)
    {
        if (work.Stores.Speaker is not null
            || result.Answer.Log is not { Hits.Count: > 0 } log
            || work.Item(result.Item) is not { Plan: { Look: LogLookPlan } item } entry
            || entry.SiteIndex(site) < 0
            || work.Stores.Logs.Take(work.Tx, item.Customer, item.Id, site, log.Hits, work.Now.Utc) is not { Count: > 0 } fresh)
        {
            return;
        }

        var oldest = work.Now.Utc - LogStore.Tells;
        var tells = fresh.Where(h => h.ReadUtc >= oldest).ToList();
        if (tells.Count < fresh.Count)
        {
            work.Stores.Logs.PassOver(work.Tx, item.Id, oldest, work.Now.Utc);
        }

        if (tells.Count == 0)
        {
            return;
        }

        var waiting = work.Stores.Logs.CountWaiting(work.Tx, item.Id);
        if (work.LogIncidentOf(item.Id) is { } open && !LogRules.Records(open, [.. Sorted(work, item, tells).Select(h => (h.Hits, h.Known.Count > 0))], waiting, work.Now.Utc))
        {
            work.Keep(open); // its page shows them
            return;
        }

        foreach (var brought in Brought(work, item.Id, site, tells, waiting))
        {
            Sorted(work, item, brought.Hits).ForEach(h => Take(work, item, brought.Site, h.Hits, h.Known));
        }
    }

    // With those that waited, site by site.
    private static IEnumerable<(SiteName Site, IReadOnlyList<LogHit> Hits)> Brought(DeskWork work, ItemId item, SiteName site, IReadOnlyList<LogHit> hits, int waiting) => waiting > hits.Count
        ? work.Stores.Logs.Waiting(work.Tx, item).GroupBy(h => h.Site).Select(g => (g.Key, (IReadOnlyList<LogHit>)[.. g.Select(h => h.Hit)]))
        : [(site, hits)];

    // What is known waits by itself, so that it holds back nothing but itself.
    private static List<(IReadOnlyList<LogHit> Hits, IReadOnlyList<string> Known)> Sorted(DeskWork work, ItemPlan item, IReadOnlyList<LogHit> hits)
    {
        var silences = work.Silences.Of(item.Customer);
        var known = hits.ToLookup(h => SilenceRules.KnownBy(silences, item, h.Text, work.Now.Utc));
        List<(IReadOnlyList<LogHit> Hits, IReadOnlyList<string> Known)> sorted = [([.. known[null]], []), ([.. hits.Except(known[null])], [.. known.Select(k => k.Key).OfType<string>()])];
        sorted.RemoveAll(s => s.Hits.Count == 0);
        return sorted;
    }

    private static void Take(DeskWork work, ItemPlan item, SiteName site, IReadOnlyList<LogHit> hits, IReadOnlyList<string> known)
    {
        var open = work.LogIncidentOf(item.Id);
        var found = LogRules.Found(open?.Log ?? LogFold.Nothing, site, hits, work.Now) with { Known = known };
        if (open is null)
        {
            Open(work, item, found);
            return;
        }

        work.Stores.Logs.Assign(work.Tx, item.Id, open.Id);
        work.Append(open, LogRules.Continue(open, found, hits));
        Tell(work, open);
    }

    /// <summary>The incident with what waits recorded: whatever is told of it, and its end, counts all.</summary>
    internal static Incident Recorded(DeskWork work, Incident incident)
    {
        if (incident is not { Facts.IsLog: true, Open: true } || work.Stores.Logs.Waiting(work.Tx, incident.Facts.Item) is not { Count: > 0 } waiting)
        {
            return incident;
        }

        work.Stores.Logs.Assign(work.Tx, incident.Facts.Item, incident.Id);
        foreach (var brought in waiting.GroupBy(h => h.Site))
        {
            var hits = brought.Select(h => h.Hit).ToList();
            foreach (var (some, known) in work.Item(incident.Facts.Item) is { } entry ? Sorted(work, entry.Plan, hits) : [(hits, [])])
            {
                work.Record(incident, LogRules.Found(work.Incident(incident.Id)?.Log ?? incident.Log, brought.Key, some, work.Now) with { Known = known });
            }
        }

        return work.Incident(incident.Id) ?? incident;
    }

    // An incident of its own: its alert, decided and queued with it, tells the hits.
    private static void Open(DeskWork work, ItemPlan item, LogHitsFound found)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(work.Now.Utc, work.Plan.Customer(item.Customer)!.Zone).Date);
        var opened = LogRules.Open(item, work.Stores.Incidents.NextNumber(work.Tx, day), work.Stores.Incidents.NextLogEpisode(work.Tx, item.Id), found);
        var incident = work.Stores.Incidents.Create(work.Tx, opened);
        work.Stores.Logs.Assign(work.Tx, item.Id, incident.Id);
        work.Record(incident, found);
        NoticeFlow.Tell(work, work.Incident(incident.Id)!, opened);
    }

    /// <summary>Incidents whose list is to be told now of hits that it was not told of. Asked anew each time: nothing is remembered that a crash could lose.</summary>
    internal static IReadOnlyList<Incident> Due(DeskBoard board, DateTimeOffset utc) =>
        board.Untold.Count == 0 ? [] : [.. board.Untold.Where(i => IsDue(board.Silences, board.Item(i.Facts.Item), i, utc))];

    /// <summary>Tells them, if it is time to; at once where the alert was held back for what is known only, and this is not.</summary>
    internal static void Tell(DeskWork work, Incident incident)
    {
        if (work.Incident(incident.Id) is not { } now)
        {
            return;
        }

        if (now is { IsHeld: true, Log.Untold: > 0 } && IsFree(work, now))
        {
            NoticeFlow.TellHeld(work, Recorded(work, now));
        }
        else if (IsDue(work.Silences, work.Item(now.Facts.Item), now, work.Now.Utc))
        {
            NoticeFlow.TellHits(work, Recorded(work, now));
        }
    }

    /// <summary>The incident as it is to be closed: nothing is told after that, so the list is told first of hits that it was not told of, unless a silence holds.</summary>
    internal static Incident BeforeEnd(DeskWork work, Incident incident, IReadOnlyList<IncidentEvent> events)
    {
        if (!events.Any(e => e is Closed))
        {
            return work.Incident(incident.Id) ?? incident;
        }

        incident = Recorded(work, incident);
        if (incident is { Facts.IsLog: true, Open: true, Log.Untold: > 0 } && IsFree(work, incident))
        {
            if (incident.IsHeld)
            {
                NoticeFlow.TellHeld(work, incident);
            }
            else
            {
                NoticeFlow.TellHits(work, incident);
            }
        }

        return work.Incident(incident.Id) ?? incident;
    }

    /// <summary>What a mail shows of an incident's log: from the table, where its events keep no more lines. Null of what is no log.</summary>
    internal static LogFold? Shown(DeskWork work, Incident incident)
    {
        var log = incident.Log;
        return !incident.Facts.IsLog ? null
            : log.UntoldLines.Count >= Math.Min(log.Untold, LogRules.MostLines) ? log
            : log.Showing(work.Stores.Logs.Since(work.Tx, incident.Id, log.UntoldSinceUtc, MostRead).Where(log.IsNext).Concat(log.UntoldLines).DistinctBy(h => h.Identity));
    }

    // A silence that held the alert of an item which the plan does not have any more cannot be asked.
    private static bool IsFree(DeskWork work, Incident incident) => work.Item(incident.Facts.Item) is { } entry
        ? SilenceFlow.HoldOf(work.Silences, entry, incident, work.Now.Utc) is null
        : !incident.IsHeld;

    private static bool IsDue(SilenceBook silences, ItemEntry? entry, Incident incident, DateTimeOffset utc) =>
        LogRules.UpdateDue(incident) <= utc && SilenceFlow.HoldOf(silences, entry, incident, utc) is null;
}
