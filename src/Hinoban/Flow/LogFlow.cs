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
    private const int MostRead = 200;

    /// <summary>
    /// Takes a result's hits. What is in the table is known already; the rest opens an incident or makes it longer. A site that speaks while the desk is away leaves them
    /// to the desk, which gets them all the same.
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
            work.Stores.Logs.PassOver(work.Tx, item.Id, oldest);
        }

        // What is known waits by itself, so that it holds back nothing but itself.
        var silences = work.Silences.Of(item.Customer);
        var known = tells.ToLookup(h => SilenceRules.KnownBy(silences, item, h.Text, work.Now.Utc));
        Take(work, item, site, [.. known[null]], []);
        Take(work, item, site, [.. tells.Except(known[null])], [.. known.Select(k => k.Key).OfType<string>()]);
    }

    private static void Take(DeskWork work, ItemPlan item, SiteName site, IReadOnlyList<LogHit> hits, IReadOnlyList<string> known)
    {
        if (hits.Count == 0)
        {
            return;
        }

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
            NoticeFlow.TellHeld(work, now);
        }
        else if (IsDue(work.Silences, work.Item(now.Facts.Item), now, work.Now.Utc))
        {
            NoticeFlow.TellHits(work, now);
        }
    }

    /// <summary>The incident as it is to be closed: nothing is told after that, so the list is told first of hits that it was not told of, unless a silence holds.</summary>
    internal static Incident BeforeEnd(DeskWork work, Incident incident, IReadOnlyList<IncidentEvent> events)
    {
        if (incident is { Facts.IsLog: true, Open: true, Log.Untold: > 0 } && events.Any(e => e is Closed) && IsFree(work, incident))
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
