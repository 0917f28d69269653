using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>From a host problem to the storm it is part of, and back: who joins whose incident, who leaves, and when that is over.</summary>
internal static class StormFlow
{
    /// <summary>The open incident that a host's new problem joins; null: it opens its own.</summary>
    internal static Incident? LeadFor(DeskWork work, ItemEntry host)
    {
        if (work.StormGroup(host) is not { } group || !UpstreamRules.IsDown(host.Verdict) || IsHeldBack(work, host))
        {
            return null;
        }

        if (group.Lead is { } known && work.Incident(known) is { } standing && MayLead(standing) && StormRules.Stands(StillFailing(standing)))
        {
            return standing;
        }

        var sight = SightOf(host);
        var others = group.Hosts.Where(i => i != host.Plan.Id).Select(work.Item).OfType<ItemEntry>().ToList();
        return StormRules.IsStorm(sight, [.. others.Select(o => CountsOf(work, o))])
            ? others.Select(o => LedBy(work, o, sight)).OfType<Incident>().MinBy(i => i.Id.Value)
            : null;
    }

    /// <summary>The host's problem is that of the lead: no incident and no alert of its own.</summary>
    internal static void Join(DeskWork work, ItemEntry host, Incident lead)
    {
        var group = work.StormGroup(host)!;
        group.Lead = lead.Id;
        work.NoteState(host);
        work.Append(lead, [IncidentRules.Join(host.Plan, group.Cause, host.Verdict, work.Now)]);
        work.Set(work.Item(host.Plan.Id)! with { Storm = lead.Id, LetGoMono = null });
        CoverFlow.JoinBehind(work, host, lead.Id);
    }

    /// <summary>A host that has joined is judged anew: working, it leaves; else nothing changes.</summary>
    internal static void Continue(DeskWork work, ItemEntry host, Incident lead)
    {
        work.NoteState(host);
        if (host.Verdict.Judgement == Judgement.Working)
        {
            Leave(work, host, lead, StormExit.Back, IncidentRules.Engine);
        }
    }

    /// <summary>The incident is over. Those that it let go may be back without anybody having looked: they get time, and a look after that.</summary>
    private static void LetGo(DeskWork work, IReadOnlyList<IncidentEvent> events)
    {
        foreach (var gone in events.OfType<StormLeft>().Where(e => e.Why == StormExit.StormOver))
        {
            if (work.Item(gone.Item) is { } host)
            {
                work.Set(host with { Storm = null, LetGoMono = work.Now.Mono + HostRules.TimeToStart });
                work.MustJudge(gone.Item);
                work.MustJudgeBehind(host.Plan);
            }
        }
    }

    /// <summary>個別に扱う: the host gets an incident and an alert of its own, and is not grouped again as long as that is open.</summary>
    internal static CommandOutcome Separate(DeskWork work, Incident lead, string host, Actor by)
    {
        if (lead.Storm.All.FirstOrDefault(m => m.Joined.Host == host) is not { } member || work.Item(member.Joined.Item) is not { } entry)
        {
            return new CommandOutcome(Refusal.NotFound, DeskText.NotInStorm);
        }

        if (!member.Fails || entry.Storm != lead.Id)
        {
            return new CommandOutcome(Refusal.Conflict, DeskText.LeftStorm);
        }

        if (entry.Verdict.Judgement != Judgement.Failing)
        {
            return new CommandOutcome(Refusal.Conflict, DeskText.BeingLookedAt);
        }

        Leave(work, entry, lead, StormExit.Separated, by.Name);
        work.Open(work.Item(entry.Plan.Id)!, new Separated(work.Now.Utc, by.Name, lead.Facts.Number));
        return CommandOutcome.Done;
    }

    /// <summary>What time or a new plan has made of storms: hosts to tell of, hosts that are gone, hosts whose incident is over.</summary>
    internal static Action<DeskWork>? Due(DeskBoard board, DateTimeOffset utc)
    {
        var due = new List<Action<DeskWork>>();
        foreach (var incident in board.Failing.Where(i => i.Storm.Any))
        {
            if (incident.Storm.All.Any(m => m.Fails && board.Item(m.Joined.Item) is null))
            {
                due.Add(work => Retire(work, incident.Id));
            }

            if (incident.Storm.FirstUntoldUtc is { } since && StormRules.IsDue(since, incident.Storm.ToldUtc, utc))
            {
                due.Add(work => NoticeFlow.TellStorm(work, work.Incident(incident.Id)!));
            }
        }

        due.AddRange(board.Joined.Where(i => board.Incident(board.Item(i)!.Storm!.Value) is not { Failing: true }).ToList().Select(i => (Action<DeskWork>)(work => work.MustJudge(i))));
        return due.Count == 0 ? null : work => due.ForEach(act => act(work));
    }

    /// <summary>A host that a storm has let go waits for looks from then on.</summary>
    internal static HostEffect Settled(ItemEntry host, HostEffect effect) =>
        effect.Route == ProblemRoute.Opens && host.LetGoMono is { } from && HostRules.Failing(host.Verdict, host.Views).Exists(v => v.LookMono < from)
            ? new HostEffect(ProblemRoute.Waits, RouteReason.StormJustOver) { LooksFrom = from }
            : effect;

    /// <summary>At start: which hosts had joined which incident, by the incidents' events. A problem of one's own goes before.</summary>
    internal static IReadOnlyDictionary<ItemId, IncidentId> Restored(IReadOnlyList<Incident> unfinished)
    {
        var failing = unfinished.Where(i => i.Failing).OrderBy(i => i.Id.Value).ToList();
        var own = failing.Select(i => i.Facts.Item).ToHashSet();
        var leads = new Dictionary<ItemId, IncidentId>();
        foreach (var (lead, item) in failing.SelectMany(i => i.Storm.All.Where(m => m.Fails && !own.Contains(m.Joined.Item)).Select(m => (i.Id, m.Joined.Item))))
        {
            leads[item] = lead;
        }

        return leads;
    }

    /// <summary>Failing hosts of the incident, its own among them.</summary>
    internal static int StillFailing(Incident lead) => lead.Storm.Failing + (lead.Storm.OwnBack is null ? 1 : 0);

    private static void Leave(DeskWork work, ItemEntry host, Incident lead, StormExit why, string by)
    {
        work.Append(work.Incident(lead.Id) ?? lead, [new StormLeft(work.Now.Utc, by, host.Plan.Id, host.Plan.Host, why)]);
        work.Set((work.Item(host.Plan.Id) ?? host) with { Storm = null });
        work.MustJudgeBehind(host.Plan);
        work.MayEnd(lead.Id);
    }

    /// <summary>Its own host works and few enough others fail: it has recovered.</summary>
    internal static void EndIfOver(DeskWork work, IncidentId id)
    {
        if (work.Incident(id) is { } lead && IncidentRules.EndStorm(lead, work.Now) is { Count: > 0 } events)
        {
            work.Append(lead, events);
            LetGo(work, events);
            if (work.Item(lead.Facts.Item) is { } own)
            {
                work.ProblemEnded(own);
            }
        }
    }

    private static void Retire(DeskWork work, IncidentId id)
    {
        var lead = work.Incident(id)!;
        var gone = lead.Storm.All.Where(m => m.Fails && work.Item(m.Joined.Item) is null).ToList();
        work.Append(lead, [.. gone.Select(m => new StormLeft(work.Now.Utc, IncidentRules.Engine, m.Joined.Item, m.Joined.Host, StormExit.ItemRemoved))]);
        work.MayEnd(id);
    }

    // What a silence holds back would be told by the lead's mails after all.
    private static bool IsHeldBack(DeskWork work, ItemEntry host) =>
        SilenceRules.Holds(work.Silences.Of(host.Plan.Customer), host.Plan, host.Verdict.Evidence, work.Now.Utc) is not null;

    private static StormSight SightOf(ItemEntry host) => StormRules.Sight(new HostSight(host.Verdict, host.Views));

    // A host that its parents cut off, or that a person took out, fails for a cause that is known.
    private static StormSight CountsOf(DeskWork work, ItemEntry other) =>
        SightOf(other) is { Fails: true } sight && !work.Upstream.IsCut(other.Plan.Customer, other.Plan.Host) && work.ProblemOf(other) is not { Storm.IsSeparated: true }
            ? sight
            : StormSight.Well;

    private static Incident? LedBy(DeskWork work, ItemEntry other, StormSight host)
    {
        if (work.LeadOf(other) is { } joined)
        {
            return MayLead(joined) ? joined : null;
        }

        return work.ProblemOf(other) is { } own && MayLead(own) && UpstreamRules.IsDown(other.Verdict) && StormRules.AreTogether(SightOf(other).SinceMono, host.SinceMono) ? own : null;
    }

    // Nobody would learn of a host that joined an incident whose own alert a silence holds back.
    private static bool MayLead(Incident lead) =>
        lead is { Failing: true, Open: true, Storm.IsSeparated: false } && lead.Facts.IsHost && !lead.IsHeld;
}
