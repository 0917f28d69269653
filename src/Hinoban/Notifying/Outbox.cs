using Hinoban.Basics;
using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>
/// A mail to be written into the outbox together with its decision. <see cref="Key"/> = episode key + kind + count: unique, so that the
/// same mail is never queued twice; the Message-ID derives from it. <see cref="References"/> are the keys of the thread's earlier mails.
/// Subject and body are final text; bytes are made at sending, the same each time.
/// </summary>
internal sealed record OutboxMail(
    string Key,
    IncidentId Incident,
    CustomerId Customer,
    NoticeKind Kind,
    string Subject,
    string Body,
    string Charset,
    string ListAddress,
    string ListName,
    bool Automatic,
    string FromName,
    IReadOnlyList<string> References,
    DateTimeOffset DateUtc,
    IReadOnlyList<OutboxRecipient> Recipients)
{
    /// <summary>The mail of the archive whose content it passes on (a member's post); null for what the desk says itself.</summary>
    internal long? Archived { get; init; }

    /// <summary>That mail as it came, at sending.</summary>
    internal byte[]? Passed { get; init; }
}

/// <summary>One envelope. <see cref="Desk"/> marks the desk's own mailbox, whose acceptance starts the SLO clock.</summary>
internal sealed record OutboxRecipient(string Address, bool Desk);
