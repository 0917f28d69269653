using Hinoban.Basics;
using Hinoban.States;

namespace Hinoban.Incidents;

/// <summary>
/// A host incident: another host, not behind this one, fails together with it for a cause they share (アラート集約). It opens no incident of its own;
/// this one's mails list it.
/// </summary>
internal sealed record StormJoined(
    DateTimeOffset AtUtc, string By, ItemId Item, string Host, string Address, CauseKind Cause, string CauseName, string Output) : IncidentEvent(AtUtc, By)
{
    /// <inheritdoc cref="ServiceAttached.Kind"/>
    public string Kind { get; init; } = "";
}

/// <summary>How a host left the storm it had joined.</summary>
internal enum StormExit
{
    /// <summary>It works again; the recovery of the incident tells it.</summary>
    Back,

    /// <summary>The storm is over and it still fails: it is judged anew, as a problem of its own.</summary>
    StormOver,

    /// <summary>A person had it treated on its own (個別に扱う).</summary>
    Separated,

    /// <summary>It left the agreed edition.</summary>
    ItemRemoved,
}

/// <summary>A host no longer takes part.</summary>
internal sealed record StormLeft(DateTimeOffset AtUtc, string By, ItemId Item, string Host, StormExit Why) : IncidentEvent(AtUtc, By);

/// <summary>The incident's own host works again while too many of those that joined still fail: the incident goes on.</summary>
internal sealed record LeadBack(DateTimeOffset AtUtc, string By, IReadOnlyList<SiteEvidence> Evidence, int StillFailing) : IncidentEvent(AtUtc, By);

/// <summary>The incident's own host fails again before the storm was over.</summary>
internal sealed record LeadDown(DateTimeOffset AtUtc, string By, IReadOnlyList<SiteEvidence> Evidence) : IncidentEvent(AtUtc, By);

/// <summary>This incident was another's until a person had its host treated on its own; it is not grouped again.</summary>
internal sealed record Separated(DateTimeOffset AtUtc, string By, string From) : IncidentEvent(AtUtc, By);
