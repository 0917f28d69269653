using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>
/// One unit of the desk's work: reads the board, collects what changes, writes incidents as it goes and states at its end, all in one
/// transaction. Only when that has committed does <see cref="Publish"/> bring the changes to the board: a transaction that fails
/// leaves no trace in memory.
/// </summary>
internal sealed class DeskWork(DeskStores stores, DeskBoard board, SiteLines lines, LookRequests requests, Tx tx, Moment now)
{
    private readonly Dictionary<ItemId, ItemEntry> items = [];
    private readonly Dictionary<IncidentId, Incident> incidents = [];
    private readonly SortedSet<(int Rank, int Item)> toJudge = [];
    private readonly SortedSet<long> toEnd = [];
    private readonly List<SetSilence> silencing = [];
    private readonly List<CustomerId> asked = [];
    private readonly List<(CustomerId Customer, IncidentId? Incident)> arrived = [];
    private bool anyWaits;

    internal Moment Now => now;

    internal Tx Tx => tx;

    internal DeskPlan Plan => board.Plan;

    internal DeskStores Stores => stores;

    internal SilenceBook Silences => board.Silences;

    /// <summary>Mails were queued: the pump must wake once this is committed.</summary>
    internal bool Mailed { get; set; }

    /// <summary>What was posted in it: the looks that its failures wait for are asked for when it is committed.</summary>
    internal ResultBatch? Posted { get; set; }

    internal IReadOnlyCollection<ItemEntry> ChangedItems => items.Values;

    internal IReadOnlyCollection<Incident> ChangedIncidents => incidents.Values;

    internal ItemEntry? Item(ItemId id) => items.GetValueOrDefault(id) ?? board.Item(id);

    internal Incident? Incident(IncidentId id) => incidents.GetValueOrDefault(id) ?? board.Incident(id);

    /// <summary>An incident in somebody's scope, open or closed, as it is inside this work.</summary>
    internal Incident? Load(Scope scope, IncidentId id) =>
        Incident(id) is { } known
            ? scope.Covers(known.Facts.Customer) ? known : null
            : stores.Incidents.Load(tx, scope, id);

    internal void Set(ItemEntry entry)
    {
        items[entry.Plan.Id] = entry;
        anyWaits |= entry.Waits;
    }

    /// <summary>An incident that was made or loaded here belongs to this work, and to the board after it.</summary>
    internal void Keep(Incident incident) => incidents[incident.Id] = incident;

    internal Upstream Upstream => field ??= new Upstream(board, Item, CoverOf);

    internal DependsMap Depends => board.Depends;

    internal HostPlan? HostPlan(CustomerId customer, string host) => board.Tree.Host(customer, host);

    internal StormGroup? StormGroup(ItemEntry host) => board.Groups.Of(host.Plan.Id);

    /// <summary>The item's verdict must be drawn before this work ends.</summary>
    internal void MustJudge(ItemId item) => toJudge.Add((board.RankOf(item), item.Value));

    /// <summary>Judges what must be judged, host checks first and parents before children: a problem may have to join that of a host before it.</summary>
    internal void JudgeAll()
    {
        while (toJudge.Count > 0 || toEnd.Count > 0)
        {
            if (toJudge.Count == 0)
            {
                var storm = toEnd.Min;
                toEnd.Remove(storm);
                StormFlow.EndIfOver(this, new IncidentId(storm));
                continue;
            }

            var next = toJudge.Min;
            toJudge.Remove(next);
            CheckFlow.Judge(this, new ItemId(next.Item));
        }
    }

    /// <summary>A host has left the incident's storm: whether that is over is asked when all verdicts of this work are drawn.</summary>
    internal void MayEnd(IncidentId storm) => toEnd.Add(storm.Value);

    /// <summary>Items whose problem waits for this host's word are judged with every look at the host.</summary>
    internal void MustJudgeWaiting(ItemPlan host)
    {
        foreach (var waiting in anyWaits || board.IsRestless ? BehindOf(host).Where(s => s.Waits) : [])
        {
            MustJudge(waiting.Plan.Id);
        }
    }

    internal Verdict Verdict(ItemEntry entry) => entry.Plan.Freshness is { } freshness
        ? FreshnessRules.Judge(freshness, entry.Views[0], HeardOf(entry), entry.Verdict, now)
        : SiteAgreement.Judge(
        TermsOf(entry.Plan),
        entry.Views,
        [.. entry.Plan.Sites.Select(s => lines.SignalForVerdict(s, now))],
        requests.Pending(entry.Plan.Id, now.Mono),
        entry.Verdict,
        now);

    // While it is stopped nothing is expected of it.
    private Heard HeardOf(ItemEntry entry) =>
        new(Silences.Stopped.Contains(entry.Plan.Id) ? now.Mono : entry.CountsFrom, board.Door.Waiting(entry.Plan.Customer, entry.Plan.Title));

    /// <summary>Where a failing item's problem goes: a service's may be its host's or that of what it needs, a host's that of the hosts before it.</summary>
    internal HostEffect HostEffect(ItemEntry entry)
    {
        var effect = HostOf(entry.Plan) is { } host
            ? HostRules.Affects(new HostSight(host.Verdict, host.Views), entry.Verdict, entry.Views, now, entry.Plan.IsPassive)
            : UpstreamRules.Affects(Upstream.Say(entry, now), entry.Verdict, entry.Views, now, entry.Plan.IsPassive);
        return effect.Route == ProblemRoute.Opens && board.Depends.HasNeeds(entry.Plan.Id)
            ? UpstreamRules.Affects(Upstream.SayNeeded(entry, now), entry.Verdict, entry.Views, now, entry.Plan.IsPassive)
            : effect;
    }

    internal ItemEntry SetVerdict(ItemEntry entry, Verdict verdict)
    {
        var same = verdict.SaysSameAs(entry.Verdict);
        var after = entry with { Verdict = verdict, VerdictSinceUtc = same ? entry.VerdictSinceUtc : now.Utc };
        Set(after);
        if (!same && HasBehind(entry.Plan))
        {
            foreach (var behind in BehindOf(entry.Plan).Where(s => s.Verdict.Judgement != Judgement.Working))
            {
                MustJudge(behind.Plan.Id);
            }
        }

        return after;
    }

    /// <summary>The host's entry; null where the specification says <c>alive: none</c>.</summary>
    internal ItemEntry? HostOf(ItemPlan item)
    {
        if (item.IsHostCheck)
        {
            return null;
        }

        return board.OnHost(item.Customer, item.Host).Select(Item).FirstOrDefault(e => e?.Plan.IsHostCheck == true);
    }

    internal bool HostUp(ItemPlan item) => HostOf(item) is not { Verdict.Standing: Judgement.Failing };

    internal IEnumerable<ItemEntry> ServicesOf(ItemPlan host) =>
        board.OnHost(host.Customer, host.Host).Select(Item).OfType<ItemEntry>().Where(e => !e.Plan.IsHostCheck);

    /// <summary>Of a host its services and what is next behind it; of any item those that need it.</summary>
    internal IEnumerable<ItemEntry> BehindOf(ItemPlan item) => (item.IsHostCheck ? ServicesOf(item).Concat(Upstream.Dependents(item)) : []).Concat(Upstream.NeedIt(item));

    internal bool HasBehind(ItemPlan item) => item.IsHostCheck || board.Depends.HasDependents(item.Id);

    /// <summary>The item's open problem; also of an incident that a lead closed while it still failed, for its recovery is owed all the same.</summary>
    internal Incident? ProblemOf(ItemEntry entry) =>
        entry.Problem is { } id ? Incident(id) ?? stores.Incidents.Load(tx, Scope.Across("engine"), id) : null;

    /// <summary>The open incident of what stands in the item's log.</summary>
    internal Incident? LogIncidentOf(ItemId item) =>
        incidents.Values.FirstOrDefault(i => i is { Facts.IsLog: true, Open: true } && i.Facts.Item == item)
        ?? (board.LogIncident(item) is { } id && Incident(id) is { Open: true } known ? known : null);

    /// <summary>The incident that a host has joined as part of a storm, as long as that lasts.</summary>
    internal Incident? LeadOf(ItemEntry host) =>
        host.Storm is { } id && (Incident(id) ?? stores.Incidents.Load(tx, Scope.Across("engine"), id)) is { Failing: true } lead ? lead : null;

    private Incident? CoverOf(ItemEntry host) => ProblemOf(host) ?? LeadOf(host);

    /// <summary>The item's state joins its last ones; undecided, it has the one it had.</summary>
    internal ItemEntry NoteState(ItemEntry entry)
    {
        CheckStatus? state = entry.Verdict.Judgement switch
        {
            Judgement.Working => CheckStatus.Ok,
            Judgement.Failing => entry.Verdict.Severity,
            Judgement.Hold => null,
        };
        var after = entry with { Flaps = FlapRules.Note(entry.Flaps ?? FlapHistory.Calm(now), state, entry.Plan.Interval, now) };
        Set(after);
        return after;
    }

    /// <summary>A new incident, its alert decided and queued with it. <paramref name="stood"/>: what the item was judged before.</summary>
    internal void Open(ItemEntry entry, IncidentEvent? because = null, Judgement stood = Judgement.Failing)
    {
        entry = NoteState(entry);
        var customer = Plan.Customer(entry.Plan.Customer)!;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now.Utc, customer.Zone).Date);
        var (number, episode) = stores.Speaker?.Name(tx, stores.Incidents, entry.Plan.Id)
            ?? (stores.Incidents.NextNumber(tx, day), stores.Incidents.NextEpisode(tx, entry.Plan.Id));
        var opened = IncidentRules.Open(
            entry.Plan,
            number,
            episode,
            entry.Verdict,
            IncidentRules.FirstFailure(entry.Views, now),
            now) with
        {
            // A site that speaks for the desk has no verdicts of before: what it does not know it does not say.
            Stood = stood == Judgement.Hold && stores.Speaker is not null ? Judgement.Failing : stood,
        };
        var incident = stores.Incidents.Create(tx, opened);
        incidents[incident.Id] = incident;
        Set(entry with { Problem = incident.Id, Storm = null, LetGoMono = null });
        if (stores.Speaker is { } speaker)
        {
            Record(incident, speaker.Event(now.Utc));
        }

        if (because is not null)
        {
            Record(incident, because);
        }

        if (entry.Flaps is { } history && FlapRules.Percent(history) is var percent && FlapRules.Flaps(entry.Plan.Flapping, percent, before: false))
        {
            // Its alert says so; a mail of its own would come at the same moment.
            Record(incident, new FlappingStarted(now.Utc, IncidentRules.Engine, percent, entry.Verdict.Severity));
        }

        CoverFlow.Join(this, entry, incident.Id);
        NoticeFlow.Tell(this, Incident(incident.Id)!, opened);
    }

    /// <summary>Writes events, and the notices that follow from them.</summary>
    internal void Append(Incident incident, IReadOnlyList<IncidentEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        incidents[incident.Id] = stores.Incidents.Append(tx, LogFlow.BeforeEnd(this, incident, events), events);
        foreach (var change in events.DistinctBy(e => e is ServiceAttached or HostAttached ? (object)e.GetType() : e, ReferenceEqualityComparer.Instance))
        {
            NoticeFlow.Tell(this, Incident(incident.Id)!, change);
        }
    }

    /// <summary>Writes events that are themselves the outcome of a notice: nothing follows from them.</summary>
    internal void Record(Incident incident, params IReadOnlyList<IncidentEvent> events) =>
        incidents[incident.Id] = stores.Incidents.Append(tx, Incident(incident.Id) ?? incident, events);

    /// <summary>The problem is over: the item may begin a new one; of a host, its services and what is behind it are judged anew.</summary>
    internal void ProblemEnded(ItemEntry entry)
    {
        Set((Item(entry.Plan.Id) ?? entry) with { Problem = null });
        if (HasBehind(entry.Plan))
        {
            MustJudgeBehind(entry.Plan);
        }
    }

    /// <summary>What was covered by a host's problem is judged anew.</summary>
    internal void MustJudgeBehind(ItemPlan host)
    {
        foreach (var behind in BehindOf(host))
        {
            MustJudge(behind.Plan.Id);
        }
    }

    /// <summary>Nothing is to be judged, and nothing has changed that is worth a row: what changed in memory may be published without a transaction.</summary>
    internal bool ChangesNoRow
    {
        get
        {
            if (toJudge.Count > 0 || incidents.Count > 0 || Mailed)
            {
                return false;
            }

            foreach (var after in items.Values)
            {
                if (board.Item(after.Plan.Id) is not { } before || before.Problem != after.Problem || QuietWork.IsWorthARow(before, after))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Views and verdicts that changed are written; an unchanged OK writes nothing.</summary>
    internal void SaveStates()
    {
        List<(ItemEntry? Before, ItemEntry After)>? pairs = null;
        foreach (var after in items.Values)
        {
            if (board.Item(after.Plan.Id) is not { } before || QuietWork.IsWorthARow(before, after))
            {
                (pairs ??= []).Add((board.Item(after.Plan.Id), after));
            }
        }

        if (pairs is null)
        {
            return;
        }

        stores.States.SaveFlaps(
            tx,
            pairs.Where(p => p.After.Flaps is { } after && p.Before?.Flaps?.Newest != after.Newest)
                .Select(p => (p.After.Plan.Id, p.After.Plan.Customer, p.After.Flaps!)));
        stores.States.Save(
            tx,
            pairs.SelectMany(p => p.After.Views.Select((view, i) =>
                new ViewToSave(p.After.Plan.Id, p.After.Plan.Customer, p.Before?.Views.ElementAtOrDefault(i), view))),
            pairs.Select(p => new VerdictToSave(p.After.Plan.Id, p.After.Plan.Customer, p.Before?.Verdict, p.After.Verdict, p.After.VerdictSinceUtc)));
    }

    /// <summary>A silence was set or ended: after the commit it holds, or holds no more.</summary>
    internal void Silencing(SetSilence silence) => silencing.Add(silence);

    /// <summary>A mail came in: pages that show mails show it after the commit.</summary>
    internal void Arrived(CustomerId customer, IncidentId? incident) => arrived.Add((customer, incident));

    /// <summary>A customer has asked for a maintenance, or the desk has decided: pages that list these show it after the commit.</summary>
    internal void Asked(CustomerId customer) => asked.Add(customer);

    internal bool Silenced => silencing.Count > 0;

    /// <summary>After the commit: the board takes what the database has, all of it at once.</summary>
    internal void Publish(DeskChanges changes)
    {
        lock (board.Reading)
        {
            foreach (var entry in items.Values)
            {
                board.Set(entry);
            }

            silencing.ForEach(board.Silences.Set);
            foreach (var incident in incidents.Values)
            {
                board.Set(incident);
            }
        }

        Announce(changes);
    }

    private void Announce(DeskChanges changes)
    {
        foreach (var silence in silencing)
        {
            changes.Announce("silences", silence.What.Customer);
            changes.Announce("hosts", silence.What.Customer);
        }

        asked.ForEach(customer => changes.Announce("silences", customer));
        foreach (var incident in incidents.Values)
        {
            changes.Announce("incidents", incident.Facts.Customer);
            changes.Announce($"incident/{incident.Id}", incident.Facts.Customer);
        }

        foreach (var (customer, incident) in arrived)
        {
            changes.Announce("mails", customer);
            if (incident is { } threaded)
            {
                changes.Announce($"incident/{threaded}", customer);
            }
        }

        CustomerId? last = null;
        foreach (var customer in items.Values.Select(entry => entry.Plan.Customer))
        {
            // Nearly always all of one; a name that is told twice is taken once.
            if (customer != last)
            {
                last = customer;
                changes.Announce("hosts", customer);
            }
        }
    }

    internal static AgreementTerms TermsOf(ItemPlan plan) => new(plan.Interval, plan.Retry, plan.Attempts, plan.Timeout, plan.LongestAnswer, plan.Sites);
}
