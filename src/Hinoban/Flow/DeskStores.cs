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

    internal InboundStore Inbound { get; } = new();
}
