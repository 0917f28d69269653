using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>From what sites read in logs to the incident of an item's log: each hit once, whichever site brings it first and however late.</summary>
internal static class LogFlow
{
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

        var open = work.LogIncidentOf(item.Id);
        var found = LogRules.Found(open?.Log ?? LogFold.Nothing, site, fresh, work.Now);
        if (open is null)
        {
            open = Open(work, item, found);
        }
        else
        {
            work.Append(open, LogRules.Continue(open, found));
            Tell(work, open);
        }

        work.Stores.Logs.Assign(work.Tx, item.Id, open.Id);
    }

    // An incident of its own: its alert, decided and queued with it, tells the hits.
    private static Incident Open(DeskWork work, ItemPlan item, LogHitsFound found)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(work.Now.Utc, work.Plan.Customer(item.Customer)!.Zone).Date);
        var opened = LogRules.Open(item, work.Stores.Incidents.NextNumber(work.Tx, day), work.Stores.Incidents.NextLogEpisode(work.Tx, item.Id), found);
        var incident = work.Stores.Incidents.Create(work.Tx, opened);
        work.Record(incident, found);
        NoticeFlow.Tell(work, work.Incident(incident.Id)!, opened);
        return incident;
    }

    /// <summary>Incidents whose list is to be told now of hits that it was not told of. Asked anew each time: nothing is remembered that a crash could lose.</summary>
    internal static IReadOnlyList<Incident> Due(DeskBoard board, DateTimeOffset utc) =>
        board.Untold.Count == 0 ? [] : [.. board.Untold.Where(i => IsDue(board.Silences, board.Item(i.Facts.Item), i, utc))];

    /// <summary>Tells them, if it is time to.</summary>
    internal static void Tell(DeskWork work, Incident incident)
    {
        if (work.Incident(incident.Id) is { } now && IsDue(work.Silences, work.Item(now.Facts.Item), now, work.Now.Utc))
        {
            NoticeFlow.TellHits(work, now);
        }
    }

    private static bool IsDue(SilenceBook silences, ItemEntry? entry, Incident incident, DateTimeOffset utc) =>
        LogRules.UpdateDue(incident) <= utc && SilenceFlow.HoldOf(silences, entry, incident, utc) is null;
}
