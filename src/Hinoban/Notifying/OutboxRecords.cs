using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying.Inbound;

namespace Hinoban.Notifying;

// Named as the columns are, for Dapper.
#pragma warning disable IDE1006

/// <summary>A row of <c>outbox_mails</c> as the database gives it.</summary>
internal sealed class MailRecord
{
    internal const string Columns =
        """
        m.mail_key, m.incident, m.customer, m.kind, m.subject, m.body, m.charset, m.list_address, m.list_name, m.automatic, m.from_name,
        m.thread, m.date_utc, m.archived
        """;

    internal string mail_key { get; set; } = "";

    internal long incident { get; set; }

    internal string customer { get; set; } = "";

    internal string kind { get; set; } = "";

    internal string subject { get; set; } = "";

    internal string body { get; set; } = "";

    internal string charset { get; set; } = "";

    internal string list_address { get; set; } = "";

    internal string list_name { get; set; } = "";

    internal long automatic { get; set; }

    internal string from_name { get; set; } = "";

    internal string thread { get; set; } = "";

    internal DateTimeOffset date_utc { get; set; }

    internal long? archived { get; set; }

    internal OutboxMail ToMail(IReadOnlyList<DeliveryRow> deliveries) => new(
        mail_key,
        new IncidentId(incident),
        new CustomerId(customer),
        Enum.Parse<NoticeKind>(kind),
        subject,
        body,
        charset,
        list_address,
        list_name,
        automatic != 0,
        from_name,
        JsonSerializer.Deserialize<string[]>(thread) ?? [],
        date_utc,
        [.. deliveries.Select(d => new OutboxRecipient(d.Recipient, d.Desk))])
    {
        Archived = archived,
    };
}

/// <summary>A delivery that failed, as the database gives it.</summary>
internal sealed class FailedRecord
{
    internal string customer { get; set; } = "";

    internal string recipient { get; set; } = "";

    internal long id { get; set; }

    internal string dsn_action { get; set; } = "";

    internal string last_reply { get; set; } = "";

    internal string dsn_status { get; set; } = "";

    internal string dsn_words { get; set; } = "";

    internal DateTimeOffset failed_utc { get; set; }

    internal RecipientTrouble ToTrouble(DateTimeOffset? goodUtc)
    {
        var bounced = dsn_action == nameof(DsnAction.Failed);
        var words = bounced ? (dsn_words.Length > 0 ? dsn_words : dsn_status) : last_reply;
        return new RecipientTrouble(new CustomerId(customer), recipient, words, bounced, failed_utc, goodUtc);
    }
}

/// <summary>A row of <c>outbox_deliveries</c> as the database gives it.</summary>
internal sealed class DeliveryRecord
{
    internal const string Columns =
        """
        d.id, d.mail_key, d.incident, d.recipient, d.desk, d.state, d.attempts, d.next_utc, d.attempt_utc, d.outcome_unknown, d.possibly_twice,
        d.looked_up, d.queue_id, d.last_reply, d.settled_utc, d.relay, d.troubled_utc, d.may_have, d.refused_by, d.dsn_action, d.dsn_status, d.dsn_words, d.dsn_utc
        """;

    internal long id { get; set; }

    internal string mail_key { get; set; } = "";

    internal long incident { get; set; }

    internal string recipient { get; set; } = "";

    internal long desk { get; set; }

    internal string state { get; set; } = "";

    internal long attempts { get; set; }

    internal DateTimeOffset next_utc { get; set; }

    internal DateTimeOffset? attempt_utc { get; set; }

    internal long outcome_unknown { get; set; }

    internal long possibly_twice { get; set; }

    internal long looked_up { get; set; }

    internal string queue_id { get; set; } = "";

    internal string last_reply { get; set; } = "";

    internal DateTimeOffset? settled_utc { get; set; }

    internal long relay { get; set; }

    internal DateTimeOffset? troubled_utc { get; set; }

    internal long may_have { get; set; }

    internal long refused_by { get; set; }

    internal string dsn_action { get; set; } = "";

    internal string dsn_status { get; set; } = "";

    internal string dsn_words { get; set; } = "";

    internal DateTimeOffset? dsn_utc { get; set; }

    internal DeliveryRow ToRow() => new(
        id,
        mail_key,
        new IncidentId(incident),
        recipient,
        desk != 0,
        Enum.Parse<DeliveryState>(state, ignoreCase: true),
        (int)attempts,
        next_utc,
        attempt_utc,
        outcome_unknown != 0,
        possibly_twice != 0,
        looked_up != 0,
        queue_id,
        last_reply,
        settled_utc)
    {
        Relay = (RelayRank)relay,
        TroubledUtc = troubled_utc,
        MayHave = (RelaySet)may_have,
        RefusedBy = (RelaySet)refused_by,
        Reported = dsn_action.Length == 0 ? null : new DeliveryReport(Enum.Parse<DsnAction>(dsn_action), dsn_status, dsn_words, dsn_utc ?? default),
    };
}
