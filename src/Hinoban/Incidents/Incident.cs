using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>An incident as its events tell it. Nothing here is stored; everything is folded.</summary>
internal sealed record Incident(IncidentId Id, IReadOnlyList<IncidentEvent> Events)
{
    private readonly Opened opened = (Opened)Events[0];

    internal ProblemFacts Facts => opened.Problem;

    internal Opened Opening => opened;

    internal DateTimeOffset OpenedUtc => opened.AtUtc;

    /// <summary>The severity it has now, or had last.</summary>
    internal CheckStatus Severity => Last<SeverityChanged>()?.After ?? opened.Severity;

    internal Recovered? Recovery => Last<Recovered>();

    internal bool Failing => Recovery is null;

    /// <summary>Between the beginning and the end of flapping; of a problem that is over, never.</summary>
    internal bool Flapping => Failing && Events.LastOrDefault(e => e is FlappingStarted or FlappingEnded) is FlappingStarted;

    internal Closed? Closing => Last<Closed>();

    internal bool Open => Closing is null;

    /// <summary>The first claim stops the SLO clock, whoever holds the incident later.</summary>
    internal Claimed? FirstClaim => Events.OfType<Claimed>().FirstOrDefault();

    /// <summary>Who holds it now; null after a release.</summary>
    internal Claimed? Holder
    {
        get
        {
            var last = Events.LastOrDefault(e => e is Claimed or Released);
            return last as Claimed;
        }
    }

    internal IEnumerable<ServiceAttached> Attached => Events.OfType<ServiceAttached>();

    /// <summary>Hosts behind this one that cannot be reached.</summary>
    internal IEnumerable<HostAttached> Unreachable => Events.OfType<HostAttached>();

    internal bool HasAttached(ItemId item) => Events.Any(e => e is ServiceAttached service ? service.Item == item : e is HostAttached host && host.Item == item);

    /// <summary>Sites that spoke of it while the desk was away.</summary>
    internal IEnumerable<SpokenAway> Spoken => Events.OfType<SpokenAway>();

    /// <summary>More than one spoke: the company was fully partitioned, and the customer may have had the problem twice in one thread.</summary>
    internal bool SpokenTwice => Spoken.Select(s => s.Site).Distinct().Count() > 1;

    internal bool Reported => Events.OfType<ReportSent>().Any(r => !r.Interim);

    /// <summary>The evidence of the last verdict that an event records.</summary>
    internal IReadOnlyList<SiteEvidence> LatestEvidence => Recovery?.Evidence ?? Last<SeverityChanged>()?.Evidence ?? opened.Evidence;

    internal IncidentStage Stage => this switch
    {
        { Open: false } => IncidentStage.Closed,
        { Reported: true } => IncidentStage.Reported,
        { Failing: false } => IncidentStage.ReportOwed,
        { Holder: null } => IncidentStage.Unclaimed,
        _ => IncidentStage.Responding,
    };

    internal Incident With(IEnumerable<IncidentEvent> more) => new(Id, [.. Events, .. more]);

    private T? Last<T>()
        where T : IncidentEvent => Events.OfType<T>().LastOrDefault();
}
