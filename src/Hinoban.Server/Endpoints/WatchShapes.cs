using System.ComponentModel;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Server.Endpoints;

/// <summary>A watched item now.</summary>
internal sealed record ServiceShape(
    ItemId Id,
    CustomerId Customer,
    Text CustomerName,
    string Host,
    [property: Description("Empty for the host check")] string Service,
    [property: Description("The check's kind: ping, http, https, tcp, plugin, passive")] string Kind,
    string Thresholds,
    Judgement Judgement,
    Reach Reach,
    CheckStatus Severity,
    bool NoValue,
    IReadOnlyList<SiteEvidence> Evidence,
    IReadOnlyList<ViewShape> Views,
    IncidentId? OpenIncident,
    int Edition,
    int Revision,
    [property: Description("Seconds between looks")] TimeSpan Interval,
    [property: Description("A host that is UNREACHABLE: the parent that is down; null if it is not")] string? Behind,
    [property: Description("The incident that covers it: of the host that cuts it off, or of what it depends on")] IncidentId? CoveredBy,
    [property: Description("It comes and goes too often; its incident stays open until it has settled")] bool Flapping,
    [property: Description("The silence that holds for it now; null if none does")] SilenceMark? Silence,
    [property: Description("Items and hosts that it depends on")] IReadOnlyList<string> DependsOn,
    [property: Description("What it depends on and fails, so that its own failure belongs to that; null if none")] string? Cause)
{
    internal static ServiceShape Of(ItemRow r) => new(
        r.Id, r.Customer, r.CustomerName, r.Host, r.Service, r.Kind, r.Thresholds, r.Judgement, r.Reach, r.Severity, r.NoValue, r.Evidence,
        [.. r.Views.Select(ViewShape.Of)], r.OpenIncident, r.Edition, r.Revision, r.Interval, r.Behind, r.CoveredBy, r.Flapping, r.Silence, r.DependsOn, r.Cause);
}

/// <summary>A list of watched items.</summary>
internal sealed record ServicesShape(IReadOnlyList<ServiceShape> Services);

/// <summary>What the sites measured over time.</summary>
internal sealed record SamplesShape(ItemId Service, DateTimeOffset FromUtc, DateTimeOffset ToUtc, IReadOnlyList<SampleSeries> Series);

/// <summary>A host with its checks.</summary>
internal sealed record HostShape(
    CustomerId Customer,
    Text CustomerName,
    string Host,
    Text Name,
    string Address,
    MachineKind Machine,
    [property: Description("The host check; null where the specification has none")] ServiceShape? Alive,
    IReadOnlyList<ServiceShape> Services)
{
    internal static HostShape Of(HostRow r) => new(
        r.Customer, r.CustomerName, r.Host, r.Name, r.Address, r.Machine, r.Alive is null ? null : ServiceShape.Of(r.Alive),
        [.. r.Services.Select(ServiceShape.Of)]);
}

/// <summary>A list of hosts.</summary>
internal sealed record HostsShape(IReadOnlyList<HostShape> Hosts);

/// <summary>A list of sites.</summary>
internal sealed record SitesShape(IReadOnlyList<SiteRow> Sites);

/// <summary>A list of customers.</summary>
internal sealed record CustomersShape(IReadOnlyList<CustomerRow> Customers);
