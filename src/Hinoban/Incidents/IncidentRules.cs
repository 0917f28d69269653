using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>What a verdict does to an item's problem. Pure: the events that follow are the answer.</summary>
internal static class IncidentRules
{
    internal const string Engine = "engine";

    /// <summary>A failing item without an open problem: a new incident begins.</summary>
    internal static Opened Open(ItemPlan item, string number, int episode, Verdict verdict, DateTimeOffset firstFailureUtc, Moment now) =>
        new(
            now.Utc,
            Engine,
            new ProblemFacts(
                number,
                item.Customer,
                item.Id,
                episode,
                item.Host,
                item.Service,
                item.Address,
                item.Look.Kind,
                item.Look.Thresholds,
                item.Runbook,
                item.Edition,
                item.Revision,
                firstFailureUtc),
            verdict.Reach,
            verdict.Severity,
            verdict.SingleSite,
            verdict.Evidence);

    /// <summary>
    /// What the verdict changes about a problem that is open, and that flaps or does not. While it flaps nothing changes; when it has settled,
    /// the verdict of that moment decides, as if it were the first.
    /// </summary>
    internal static IReadOnlyList<IncidentEvent> Continue(Incident incident, Verdict verdict, bool flaps, double percent, Moment now)
    {
        var state = verdict.Judgement == Judgement.Failing ? verdict.Severity : CheckStatus.Ok;
        return (incident.Failing, incident.Flapping, flaps) switch
        {
            (false, _, _) => [],
            (true, false, true) => [new FlappingStarted(now.Utc, Engine, percent, state)],
            (true, true, true) => [],
            (true, true, false) => [new FlappingEnded(now.Utc, Engine, percent, state), .. Continue(incident, verdict, now)],
            (true, false, false) => Continue(incident, verdict, now),
        };
    }

    /// <summary>What the verdict changes about a problem that is open.</summary>
    internal static IReadOnlyList<IncidentEvent> Continue(Incident incident, Verdict verdict, Moment now)
    {
        if (!incident.Failing || verdict.Judgement == Judgement.Hold)
        {
            return [];
        }

        if (verdict.Judgement == Judgement.Working)
        {
            if (incident.Storm.Failing > 0)
            {
                // Whether that ends the storm is asked when the others of the same results have been judged too.
                return incident.Storm.OwnBack is null ? [new LeadBack(now.Utc, Engine, verdict.Evidence, incident.Storm.Failing)] : [];
            }

            var recovered = new Recovered(now.Utc, Engine, verdict.Evidence, RecoveryReason.SeenWorking);
            return IsOwn(incident) && incident.Holder is null ? [recovered, Done(now)] : [recovered];
        }

        IReadOnlyList<IncidentEvent> again = incident.Storm.OwnBack is null ? [] : [new LeadDown(now.Utc, Engine, verdict.Evidence)];
        return verdict.Severity == incident.Severity
            ? again
            : [.. again, new SeverityChanged(now.Utc, Engine, incident.Severity, verdict.Severity, verdict.Evidence)];
    }

    /// <summary>The provider's own alarm: nobody is owed a report of it.</summary>
    internal static bool IsOwn(Incident incident) => incident.Facts.Customer == ProviderPlan.Customer;

    /// <summary>The item left the agreed edition while its incident was open.</summary>
    internal static IReadOnlyList<IncidentEvent> Retire(Incident incident, Moment now)
    {
        var events = new List<IncidentEvent>();
        if (incident is { Failing: true, Facts.IsLog: false })
        {
            events.AddRange(Release(incident, now));
            events.Add(new Recovered(now.Utc, Engine, [], RecoveryReason.ItemRemoved));
        }

        if (incident.Open)
        {
            events.Add(new Closed(now.Utc, Engine, IncidentText.ItemRemoved));
        }

        return events;
    }

    private static Closed Done(Moment now) => new(now.Utc, Engine, IncidentText.OverUnclaimed);

    /// <summary>An item fails because this host is down: its service, or a host behind it; or because it needs what failed. It joins the incident, once.</summary>
    internal static IReadOnlyList<IncidentEvent> Attach(Incident host, ItemPlan item, Verdict verdict, bool depends, Moment now)
    {
        if (host.HasAttached(item.Id) || !host.Failing)
        {
            return [];
        }

        var output = verdict.Evidence.FirstOrDefault(e => e.Status != CheckStatus.Ok)?.Output ?? "";
        return item.IsHostCheck
            ? [new HostAttached(now.Utc, Engine, item.Id, item.Host, item.Address, output) { Kind = item.Look.Kind }]
            : [new ServiceAttached(now.Utc, Engine, item.Id, item.Host == host.Facts.Host ? item.Service : item.Title, verdict.Severity, output) { Kind = item.Look.Kind, Depends = depends }];
    }

    /// <summary>A host problem with a cause that it shares with an open one joins that.</summary>
    internal static StormJoined Join(ItemPlan host, StormCause cause, Verdict verdict, Moment now) => new(
        now.Utc, Engine, host.Id, host.Host, host.Address, cause.Kind, cause.Name, verdict.Evidence.FirstOrDefault(e => e.Status != CheckStatus.Ok)?.Output ?? "") { Kind = host.Look.Kind };

    /// <summary>
    /// The storm is over once the incident's own host works and fewer than a storm of the others fail: these are let go, to be judged anew. A
    /// problem that flaps waits until it has settled.
    /// </summary>
    internal static IReadOnlyList<IncidentEvent> EndStorm(Incident incident, Moment now)
    {
        if (incident is not { Failing: true, Flapping: false, Storm: { OwnBack: { } back } storm } || (incident.Open && StormRules.Stands(storm.Failing)))
        {
            return [];
        }

        return [.. Release(incident, now), new Recovered(now.Utc, Engine, back.Evidence, RecoveryReason.SeenWorking)];
    }

    /// <summary>Those that still fail at the end, let go.</summary>
    internal static IEnumerable<StormLeft> Release(Incident incident, Moment now) =>
        incident.Storm.All.Where(m => m.Fails).Select(m => new StormLeft(now.Utc, Engine, m.Joined.Item, m.Joined.Host, StormExit.StormOver));

    /// <summary>When the first failing look of the present run began, over all sites that saw it.</summary>
    internal static DateTimeOffset FirstFailure(IEnumerable<SiteView> views, Moment now) =>
        views.Where(v => v.HardFailing || v.SoftFailing).Select(v => v.FailingSinceUtc).Min() ?? now.Utc;
}
