using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>An incident as its events tell it. Nothing here is stored; everything is folded, each event once.</summary>
internal sealed record Incident(IncidentId Id, IReadOnlyList<IncidentEvent> Events)
{
    private readonly Opened opened = (Opened)Events[0];
    private IncidentFold? folded;

    internal ProblemFacts Facts => opened.Problem;

    internal Opened Opening => opened;

    internal DateTimeOffset OpenedUtc => opened.AtUtc;

    /// <summary>The severity it has now, or had last.</summary>
    internal CheckStatus Severity => Fold.Severity?.After ?? opened.Severity;

    internal Recovered? Recovery => Fold.Recovery;

    /// <summary>Until it recovers; an event until it is closed.</summary>
    internal bool Failing => Recovery is null && !(Facts.IsLog && !Open);

    /// <summary>Between the beginning and the end of flapping; of a problem that is over, never.</summary>
    internal bool Flapping => Failing && Fold.Flapping;

    internal Closed? Closing => Fold.Closing;

    internal bool Open => Closing is null;

    /// <summary>The first claim stops the SLO clock, whoever holds the incident later.</summary>
    internal Claimed? FirstClaim => Fold.FirstClaim;

    /// <summary>Who holds it now; null after a release.</summary>
    internal Claimed? Holder => Fold.Holder;

    internal IEnumerable<ServiceAttached> Attached => Events.OfType<ServiceAttached>();

    /// <summary>Hosts behind this one that cannot be reached.</summary>
    internal IEnumerable<HostAttached> Unreachable => Events.OfType<HostAttached>();

    internal bool HasAttached(ItemId item) => Fold.Attached.Contains(item);

    /// <summary>Sites that spoke of it while the desk was away.</summary>
    internal IEnumerable<SpokenAway> Spoken => Events.OfType<SpokenAway>();

    /// <summary>More than one spoke: the company was fully partitioned, and the customer may have had the problem twice in one thread.</summary>
    internal bool SpokenTwice => Spoken.Select(s => s.Site).Distinct().Count() > 1;

    internal bool Reported => Fold.Reported;

    /// <summary>Its alert is held back by a silence, and still to be told.</summary>
    internal bool IsHeld => Fold.IsHeld;

    /// <summary>The hosts that joined it as one storm.</summary>
    internal StormFold Storm => Fold.Storm;

    /// <summary>What was found in the log.</summary>
    internal LogFold Log => Fold.Log;

    /// <summary>The evidence of the last verdict that an event records.</summary>
    internal IReadOnlyList<SiteEvidence> LatestEvidence => Recovery?.Evidence ?? Fold.Severity?.Evidence ?? opened.Evidence;

    internal IncidentStage Stage => this switch
    {
        { Open: false } => IncidentStage.Closed,
        { Reported: true } => IncidentStage.Reported,
        { Failing: false } => IncidentStage.ReportOwed,
        { Holder: null } => IncidentStage.Unclaimed,
        _ => IncidentStage.Responding,
    };

    private IncidentFold Fold => folded ??= IncidentFold.Nothing.With(Events);

    internal Incident With(IReadOnlyList<IncidentEvent> more) => new(Id, EventList.Add(Events, more)) { folded = Fold.With(more) };
}
