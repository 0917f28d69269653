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

    /// <summary>What the verdict changes about a problem that is open.</summary>
    internal static IReadOnlyList<IncidentEvent> Continue(Incident incident, Verdict verdict, Moment now)
    {
        if (!incident.Failing || verdict.Judgement == Judgement.Hold)
        {
            return [];
        }

        if (verdict.Judgement == Judgement.Working)
        {
            var recovered = new Recovered(now.Utc, Engine, verdict.Evidence, RecoveryReason.SeenWorking);
            return IsOwn(incident) && incident.Holder is null ? [recovered, Done(now)] : [recovered];
        }

        return verdict.Severity == incident.Severity
            ? []
            : [new SeverityChanged(now.Utc, Engine, incident.Severity, verdict.Severity, verdict.Evidence)];
    }

    /// <summary>The provider's own alarm: nobody is owed a report of it.</summary>
    internal static bool IsOwn(Incident incident) => incident.Facts.Customer == ProviderPlan.Customer;

    /// <summary>The item left the agreed edition while its incident was open.</summary>
    internal static IReadOnlyList<IncidentEvent> Retire(Incident incident, Moment now)
    {
        var events = new List<IncidentEvent>();
        if (incident.Failing)
        {
            events.Add(new Recovered(now.Utc, Engine, [], RecoveryReason.ItemRemoved));
        }

        if (incident.Open)
        {
            events.Add(new Closed(now.Utc, Engine, IncidentText.ItemRemoved));
        }

        return events;
    }

    private static Closed Done(Moment now) => new(now.Utc, Engine, IncidentText.OverUnclaimed);

    /// <summary>A service fails because its host is down: it joins the host's incident, once.</summary>
    internal static IReadOnlyList<IncidentEvent> Attach(Incident host, ItemPlan service, Verdict verdict, Moment now) =>
        host.HasAttached(service.Id) || !host.Failing
            ? []
            : [new ServiceAttached(now.Utc, Engine, service.Id, service.Service, verdict.Severity, verdict.Evidence.FirstOrDefault(e => e.Status != CheckStatus.Ok)?.Output ?? "")];

    /// <summary>When the first failing look of the present run began, over all sites that saw it.</summary>
    internal static DateTimeOffset FirstFailure(IEnumerable<SiteView> views, Moment now) =>
        views.Where(v => v.HardFailing || v.SoftFailing).Select(v => v.FailingSinceUtc).Min() ?? now.Utc;
}
