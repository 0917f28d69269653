using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Notifying;

/// <summary>Where one recipient's delivery stands.</summary>
internal enum DeliveryState
{
    /// <summary>To be sent at its next time, for the first time or again.</summary>
    Waiting,

    /// <summary>A dialogue with the relay is under way; found so at start, the outcome is unknown.</summary>
    Sending,

    /// <summary>The relay took responsibility.</summary>
    Accepted,

    /// <summary>The relay refused for good, or the address cannot be written in an envelope.</summary>
    Rejected,

    /// <summary>Given up after the retry time.</summary>
    Expired,
}

/// <summary>
/// One recipient's row. <see cref="AttemptUtc"/> is when the last attempt was marked; <see cref="OutcomeUnknown"/>: that attempt may
/// have been accepted, nobody has told; <see cref="PossiblyTwice"/>: it was sent again all the same.
/// </summary>
internal sealed record DeliveryRow(
    long Id,
    string MailKey,
    IncidentId Incident,
    string Recipient,
    bool Desk,
    DeliveryState State,
    int Attempts,
    DateTimeOffset NextUtc,
    DateTimeOffset? AttemptUtc,
    bool OutcomeUnknown,
    bool PossiblyTwice,
    bool LookedUp,
    string QueueId,
    string LastReply,
    DateTimeOffset? SettledUtc)
{
    /// <summary>By which relay it goes, or went.</summary>
    internal RelayRank Relay { get; init; }

    /// <summary>Since when this recipient has met trouble; null while it has not.</summary>
    internal DateTimeOffset? TroubledUtc { get; init; }

    /// <summary>Of an unknown outcome: the relays that may have it.</summary>
    internal RelaySet MayHave { get; init; }

    /// <summary>Relays that have refused this recipient for good.</summary>
    internal RelaySet RefusedBy { get; init; }

    /// <summary>What was reported of it after a relay had accepted it; null if nothing was.</summary>
    internal DeliveryReport? Reported { get; init; }
}

/// <summary>The relays in the order in which they are used.</summary>
internal enum RelayRank
{
    /// <summary>The provider's own.</summary>
    First,

    /// <summary>For recipients that the first does not serve.</summary>
    Second,
}

/// <summary>Some of the relays, as the database keeps them.</summary>
[Flags]
internal enum RelaySet
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The first.</summary>
    First = 1,

    /// <summary>The second.</summary>
    Second = 2,
}

/// <summary>One relay as a set.</summary>
internal static class RelaySets
{
    internal static RelaySet AsSet(this RelayRank relay) => relay == RelayRank.First ? RelaySet.First : RelaySet.Second;
}

/// <summary>What a mail system on the way reported of a delivery (RFC 3464); words are its own.</summary>
internal sealed record DeliveryReport(DsnAction Action, string Status, string Words, DateTimeOffset AtUtc);

/// <summary>A mail with its deliveries, in the order of the list.</summary>
internal sealed record MailRow(OutboxMail Mail, IReadOnlyList<DeliveryRow> Deliveries);

/// <summary>What is not well with an incident's mails; counts of deliveries.</summary>
internal sealed record MailTroubleRow(IncidentId Incident, int Fresh, int Retrying, int Failed, string LastReply);

/// <summary>A row taken for sending, with its mail.</summary>
internal sealed record ClaimedDelivery(DeliveryRow Row, OutboxMail Mail)
{
    /// <summary>The relay that this attempt begins with, as the database has it.</summary>
    internal RelayRank By { get; init; }
}

/// <summary>A delivery that has come to its end, as the incident records it.</summary>
internal sealed record SettledDelivery(
    IncidentId Incident,
    CustomerId Customer,
    NoticeKind Kind,
    string MailKey,
    string Recipient,
    bool Desk,
    DeliveryOutcome Outcome,
    string QueueId,
    string Reply,
    bool PossiblyTwice,
    bool LookedUp,
    DateTimeOffset AtUtc)
{
    /// <summary>By which relay.</summary>
    internal RelayRank Relay { get; init; }

    /// <summary>The incident's event of this.</summary>
    internal DeliverySettled ToEvent(string by) =>
        new(AtUtc, by, Kind, MailKey, Recipient, Desk, Outcome, QueueId, Reply, PossiblyTwice, LookedUp) { SecondRelay = Relay == RelayRank.Second };
}
