using System.Text.Json;
using Dapper;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Notifying;

/// <summary>The outbox as the desk uses it: mails go in with their decision, and are read for people. <see cref="OutboxQueue"/> is the sender's side.</summary>
internal sealed class OutboxStore
{
    /// <summary>Queues a mail and its deliveries, due at once. False if this key is queued already: nothing changes then.</summary>
    internal bool Add(Tx tx, OutboxMail mail)
    {
        if (!AddMail(tx, mail))
        {
            return false;
        }

        foreach (var recipient in mail.Recipients)
        {
            tx.Connection.Execute(
                """
                insert into outbox_deliveries (mail_key, incident, recipient, desk, state, attempts, next_utc, outcome_unknown, possibly_twice,
                    looked_up, queue_id, last_reply)
                values (@Key, @incident, @Address, @desk, 'waiting', 0, @DateUtc, 0, 0, 0, '', '')
                on conflict (mail_key, recipient) do nothing
                """,
                new { mail.Key, incident = mail.Incident.Value, recipient.Address, desk = recipient.Desk ? 1 : 0, mail.DateUtc },
                tx.Transaction);
        }

        return true;
    }

    /// <summary>
    /// Somebody else has brought this mail to its end with this recipient: what waits here of it does not go out. One that is under way is left to
    /// its own end.
    /// </summary>
    internal void SettledElsewhere(Tx tx, DeliverySettled settled) => tx.Connection.Execute(
        """
        update outbox_deliveries set state = @state, queue_id = @QueueId, last_reply = @Reply, outcome_unknown = 0, settled_utc = @AtUtc
        where mail_key = @MailKey and recipient = @Recipient and state = 'waiting'
        """,
        new { state = settled.Outcome.ToString().ToLowerInvariant(), settled.QueueId, settled.Reply, settled.AtUtc, settled.MailKey, settled.Recipient },
        tx.Transaction);

    /// <summary>Deliveries of an incident's mails of one kind that are not settled and not under way; they are given up, for somebody else has told it.</summary>
    internal IReadOnlyList<DeliveryRow> Withdraw(Tx tx, Scope scope, IncidentId incident, NoticeKind kind, string why, DateTimeOffset nowUtc)
    {
        var rows = MailsOf(tx, scope, incident).Where(m => m.Mail.Kind == kind).SelectMany(m => m.Deliveries).Where(d => d.State == DeliveryState.Waiting).ToList();
        foreach (var row in rows)
        {
            tx.Connection.Execute(
                "update outbox_deliveries set state = 'expired', last_reply = @why, settled_utc = @nowUtc where id = @Id and state = 'waiting'",
                new { row.Id, why, nowUtc },
                tx.Transaction);
        }

        return rows;
    }

    /// <summary>An incident's mails, first to last.</summary>
    internal IReadOnlyList<MailRow> MailsOf(Tx tx, Scope scope, IncidentId incident) => Join(
        tx,
        $"select {MailRecord.Columns} from outbox_mails m where m.incident = @incident and (@customer is null or m.customer = @customer) order by m.date_utc, m.mail_key",
        new { incident = incident.Value, customer = scope.Customer?.Value });

    /// <summary>The latest mails, last one first.</summary>
    internal IReadOnlyList<MailRow> Latest(Tx tx, Scope scope, int limit) => Join(
        tx,
        $"select {MailRecord.Columns} from outbox_mails m where (@customer is null or m.customer = @customer) order by m.date_utc desc, m.mail_key desc limit @limit",
        new { customer = scope.Customer?.Value, limit });

    /// <summary>Envelopes refused for good or given up since then; the mails of one customer do not count.</summary>
    internal int FailedSince(Tx tx, Scope scope, DateTimeOffset sinceUtc, CustomerId except) => (int)tx.Number(
        """
        select count(*) from outbox_deliveries d join outbox_mails m on m.mail_key = d.mail_key
        where d.state in ('rejected', 'expired') and d.settled_utc >= @p0 and m.customer <> @p1 and (@p2 = '' or m.customer = @p2)
        """,
        SqlTypes.ToMicros(sinceUtc), except.Value, scope.Customer?.Value ?? "");

    /// <summary>Incidents with deliveries that are not accepted, whatever the reason.</summary>
    internal IReadOnlyList<MailTroubleRow> Troubles(Tx tx, Scope scope) => tx.Connection
        .Query<(long Incident, int Fresh, int Retrying, int Failed, string Reply)>(
            """
            select d.incident,
                sum(case when d.state in ('waiting', 'sending') and d.last_reply = '' then 1 else 0 end),
                sum(case when d.state in ('waiting', 'sending') and d.last_reply <> '' then 1 else 0 end),
                sum(case when d.state in ('rejected', 'expired') then 1 else 0 end),
                max(d.last_reply)
            from outbox_deliveries d join outbox_mails m on m.mail_key = d.mail_key
            where d.state in ('waiting', 'sending', 'rejected', 'expired') and (@customer is null or m.customer = @customer)
            group by d.incident order by d.incident
            """,
            new { customer = scope.Customer?.Value },
            tx.Transaction)
        .Select(r => new MailTroubleRow(new IncidentId(r.Incident), r.Fresh, r.Retrying, r.Failed, r.Reply))
        .ToList();

    private static bool AddMail(Tx tx, OutboxMail mail) => tx.Connection.Execute(
        """
        insert into outbox_mails (mail_key, incident, customer, kind, subject, body, charset, list_address, list_name, automatic, from_name,
            thread, date_utc)
        values (@Key, @incident, @customer, @kind, @Subject, @Body, @Charset, @ListAddress, @ListName, @automatic, @FromName, @thread, @DateUtc)
        on conflict (mail_key) do nothing
        """,
        new
        {
            mail.Key,
            incident = mail.Incident.Value,
            customer = mail.Customer.Value,
            kind = mail.Kind.ToString(),
            mail.Subject,
            mail.Body,
            mail.Charset,
            mail.ListAddress,
            mail.ListName,
            automatic = mail.Automatic ? 1 : 0,
            mail.FromName,
            thread = JsonSerializer.Serialize(mail.References),
            mail.DateUtc,
        },
        tx.Transaction) == 1;

    private static List<MailRow> Join(Tx tx, string mailSql, object arguments)
    {
        var mails = tx.Connection.Query<MailRecord>(mailSql, arguments, tx.Transaction).ToList();
        var deliveries = tx.Connection.Query<DeliveryRecord>(
                $"select {DeliveryRecord.Columns} from outbox_deliveries d join ({mailSql}) m on m.mail_key = d.mail_key order by d.id",
                arguments,
                tx.Transaction)
            .Select(d => d.ToRow())
            .ToLookup(d => d.MailKey);
        return mails.ConvertAll(m => new MailRow(m.ToMail([.. deliveries[m.mail_key]]), [.. deliveries[m.mail_key]]));
    }
}
