using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Notifying;

/// <summary>All that a mail of an incident tells; copied from the incident and the agreed edition by the caller.</summary>
/// <param name="Incident">Which.</param>
/// <param name="Problem">What it is about.</param>
/// <param name="Customer">For whom: list, language, zone, runbook titles.</param>
/// <param name="Severity">Of the problem; in a recovery the severity it had.</param>
/// <param name="Before">The state before the problem, if there was one: see <see cref="Stood"/>.</param>
/// <param name="Reach">Reachability as judged.</param>
/// <param name="SingleSite">Judged by one site alone (片系).</param>
/// <param name="Evidence">Per site, of the verdict that is told: the failing one in an alert, the working one in a recovery.</param>
/// <param name="Services">Host mails: the host's services as they are now; empty in service mails.</param>
/// <param name="DetectedUtc">When the problem was judged.</param>
/// <param name="RecoveredUtc">When it was judged gone; null while it lasts.</param>
/// <param name="Removed">The recovery is only that the item left the agreed edition.</param>
internal sealed record NoticeFacts(
    IncidentId Incident,
    ProblemFacts Problem,
    CustomerPlan Customer,
    CheckStatus Severity,
    CheckStatus Before,
    Reach Reach,
    bool SingleSite,
    IReadOnlyList<SiteEvidence> Evidence,
    IReadOnlyList<ServiceLine> Services,
    DateTimeOffset DetectedUtc,
    DateTimeOffset? RecoveredUtc = null,
    bool Removed = false)
{
    /// <summary>What the item was judged before the problem: Hold, that it never was. Null: a record from before this was written down.</summary>
    internal Judgement? Stood { get; init; }

    /// <summary>A silence held the alert back; it is told after its end.</summary>
    internal bool AfterSilence { get; init; }

    /// <summary>It comes and goes too often: no mail of each change until it has settled.</summary>
    internal bool Flapping { get; init; }

    /// <summary>Host mails: the hosts behind this one that it cuts off, or had cut off.</summary>
    internal IReadOnlyList<HostLine> Behind { get; init; } = [];

    /// <summary>The items that need this one, over others too.</summary>
    internal IReadOnlyList<DependentLine> Dependents { get; init; } = [];

    /// <summary>A site speaks, for the desk is away; null when the desk does.</summary>
    internal AwayLine? Away { get; init; }

    /// <summary>The hosts that were taken as one problem with this one; null if none.</summary>
    internal StormFacts? Storm { get; init; }

    /// <summary>What was found in a log; null in the mails of everything else.</summary>
    internal LogFold? Log { get; init; }

    /// <summary>The facts as an incident's events tell them.</summary>
    internal static NoticeFacts Of(Incident incident, CustomerPlan customer, IReadOnlyList<ServiceLine>? services = null) => new(
        incident.Id,
        incident.Facts,
        customer,
        incident.Severity,
        CheckStatus.Ok,
        incident.Opening.Reach,
        incident.Opening.SingleSite && incident.Recovery is null,
        incident.LatestEvidence,
        services ?? [.. incident.Attached.Select(a => new ServiceLine(a.Service, a.Severity, a.Output) { Kind = a.Kind })],
        incident.OpenedUtc,
        incident.Recovery?.AtUtc,
        incident.Recovery?.Reason == RecoveryReason.ItemRemoved)
    {
        AfterSilence = NoticeRules.IsHeld(incident.Events) && !incident.Log.KnownWait,
        Stood = incident.Opening.Stood,
        Flapping = incident.Flapping,
        Log = incident.Facts.IsLog ? incident.Log : null,
    };
}

/// <summary>A host behind another, as the other's mail lists it. Up null: not known; <see cref="Number"/>: its own incident, if it has one.</summary>
internal sealed record HostLine(string Host, string Address, bool? Up, string? Number);

/// <summary>Who speaks while the desk is away, and who looked. <see cref="Alone"/>: it can reach nobody, so another may speak too.</summary>
internal sealed record AwayLine(SiteName Site, bool Alone, IReadOnlyList<SiteName> Lookers);

/// <summary>A service of a host, as the host's mail lists it. Null status: not known.</summary>
internal sealed record ServiceLine(string Service, CheckStatus? Status, string Output)
{
    /// <summary>How it is looked at; empty where that is not known.</summary>
    internal string Kind { get; init; } = "";
}
