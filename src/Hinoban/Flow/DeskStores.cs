using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>The stores that one batch's transaction writes to, and the mail settings its notices are composed with.</summary>
internal sealed record DeskStores(
    IncidentStore Incidents,
    StateStore States,
    CursorStore Cursors,
    ISampleStore Samples,
    OutboxStore Outbox,
    MailOptions Mail)
{
    internal SilenceStore Silences { get; } = new();

    internal MaintenanceStore Maintenance { get; } = new();

    internal PostedStore Posted { get; } = new();

    internal LogStore Logs { get; } = new();

    internal InboundStore Inbound { get; } = new();

    /// <summary>How full the archive of what came in is.</summary>
    internal ArchiveRoom Archive { get; init; } = new(new ArchiveTerms());

    internal AwayStore Away { get; } = new();

    /// <summary>How every item's latest episode stands: a site that must speak without the desk has to know it.</summary>
    internal EpisodeBook Episodes { get; init; } = new();

    /// <summary>Null at the desk; at a site that speaks while the desk is away, what it speaks by.</summary>
    internal AwaySpeaker? Speaker { get; init; }
}
