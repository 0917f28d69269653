using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// From a silence to what it holds back and lets go. An alert that was held back is written on its incident; that it is owed is read there,
/// whatever the clock did and whichever process reads it.
/// </summary>
internal static class SilenceFlow
{
    private static readonly HashSet<ItemId> None = [];

    /// <summary>A mute that a person wants holds from the commit on; gives its id.</summary>
    internal static long Set(DeskWork work, SilenceRequest what, string owner)
    {
        var id = work.Stores.Silences.Set(work.Tx, what, owner, work.Now.Utc);
        work.Silencing(new SetSilence(id, what, work.Now.Utc, owner, null, "", ""));
        return id;
    }

    /// <summary>What holds an alert about the incident back now; null if it may speak.</summary>
    internal static SilenceHold? HoldOf(SilenceBook silences, ItemEntry? entry, Incident incident, DateTimeOffset utc) =>
        entry is null ? null
        : incident.Facts.IsLog ? SilenceRules.HoldsLog(silences.Of(entry.Plan.Customer), entry.Plan, incident.Log.UntoldKnown, utc)
        : SilenceRules.Holds(silences.Of(entry.Plan.Customer), entry.Plan, EvidenceOf(entry, incident), utc);

    /// <summary>Incidents whose alert was held back and that no silence covers any more, though their item still fails.</summary>
    internal static IReadOnlyList<Incident> Due(DeskBoard board, DateTimeOffset utc) =>
    [
        .. board.Held.Where(i =>
            board.Item(i.Facts.Item) is { } entry && (i.Facts.IsLog || entry.Verdict.Judgement == Judgement.Failing) && HoldOf(board.Silences, entry, i, utc) is null),
    ];

    /// <summary>
    /// The silence has ended: the list is told now what it was not told then. A service whose host is down goes on waiting, for the host's
    /// mail lists it.
    /// </summary>
    internal static void Release(DeskWork work, Incident incident)
    {
        if (incident.Facts.IsLog || (work.Item(incident.Facts.Item) is { } entry && work.HostEffect(entry).Route == ProblemRoute.Opens))
        {
            NoticeFlow.TellHeld(work, LogFlow.Recorded(work, incident));
        }
    }

    /// <summary>A told problem whose response is to wait for self-recovery says so, once.</summary>
    internal static void Wait(DeskWork work, IncidentId id)
    {
        if (work.Incident(id) is { } incident
            && !incident.Events.Any(e => e is ResponseWaits)
            && work.Item(incident.Facts.Item) is { } entry
            && SilenceRules.Waits(work.Silences.Of(entry.Plan.Customer), entry.Plan, work.Now.Utc) is { Plan: var plan })
        {
            work.Record(incident, new ResponseWaits(work.Now.Utc, IncidentRules.Engine, plan.For, plan.Reason, plan.Owner));
        }
    }

    /// <summary>Notes what is not to be looked at now; true if that is another set than before, which the sites must learn.</summary>
    internal static bool Stop(DeskBoard board, Moment now)
    {
        if (!board.Silences.AnyStop)
        {
            return false;
        }

        var stopped = Stopped(board, now.Utc);
        var before = board.Silences.Stopped;
        lock (board.Reading)
        {
            board.Silences.Stopped = stopped;
            foreach (var entry in before.Where(i => !stopped.Contains(i)).Select(board.Item).OfType<ItemEntry>().Where(e => e.Plan.IsPassive).ToList())
            {
                // What was posted meanwhile was not taken: the time of the stop does not count against it.
                board.Set(PlanSwap.CountsAnew(entry, now));
            }
        }

        return !stopped.SetEquals(before);
    }

    /// <summary>The same, and the sites learn it at once.</summary>
    internal static void StopAndTell(DeskBoard board, SiteLines lines, Moment now)
    {
        if (Stop(board, now))
        {
            SendPlans(board, lines);
        }
    }

    /// <summary>Every site gets what it has to look at now.</summary>
    internal static void SendPlans(DeskBoard board, SiteLines lines)
    {
        foreach (var line in lines.All)
        {
            line.Send(new PlanOrder(SitePlans.For(board.Plan, line.Site, board.Silences.Stopped)));
        }
    }

    private static HashSet<ItemId> Stopped(DeskBoard board, DateTimeOffset utc)
    {
        HashSet<ItemId>? stopped = null;
        foreach (var (customer, silences) in board.Silences.Stops)
        {
            if (silences.Where(s => SilenceClock.At(s.Plan.When, s.Zone, utc) is not null).ToList() is { Count: > 0 } stops)
            {
                (stopped ??= []).UnionWith(board.Plan.Customer(customer)!.Items.Where(i => stops.Exists(s => s.Plan.Covers(i))).Select(i => i.Id));
            }
        }

        return stopped ?? None;
    }

    // The verdict shows what the item says now; a problem that is held open while it is uncertain shows what it said last.
    private static IReadOnlyList<SiteEvidence> EvidenceOf(ItemEntry entry, Incident incident) =>
        entry.Verdict.Judgement == Judgement.Failing ? entry.Verdict.Evidence : incident.LatestEvidence;
}

/// <summary>
/// Problems at the end of their silence: the sites are asked for a fresh look first, for the last one may be from before the work was
/// done. Who does not answer in time is not waited for.
/// </summary>
internal sealed class SilenceEnds
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<IncidentId, TimeSpan> asked = [];

    /// <summary>Sorts what is due into what may be told now and what is to be looked at first.</summary>
    internal (IReadOnlyList<Incident> Tell, IReadOnlyList<WantedLook> Look) Sort(DeskBoard board, IReadOnlyList<Incident> due, TimeSpan now)
    {
        if (due.Count == 0)
        {
            asked.Clear();
            return ([], []);
        }

        foreach (var gone in asked.Keys.Except(due.Select(d => d.Id)).ToList())
        {
            asked.Remove(gone);
        }

        var tell = new List<Incident>();
        var look = new List<WantedLook>();
        foreach (var incident in due)
        {
            var entry = board.Item(incident.Facts.Item)!;
            if (entry.Plan.IsPassive || incident.Facts.IsLog)
            {
                tell.Add(incident);
            }
            else if (asked.TryAdd(incident.Id, now))
            {
                look.AddRange(entry.Plan.Sites.Select(site => CheckNowFlow.Want(entry.Plan, new LookAsk(site, entry.Plan.Confirmation), now)));
            }
            else if (now >= asked[incident.Id] + entry.Plan.Confirmation + Grace || entry.Views.All(v => v.LookMono >= asked[incident.Id]))
            {
                tell.Add(incident);
            }
        }

        return (tell, look);
    }
}
