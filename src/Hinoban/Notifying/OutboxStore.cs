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
    private long turns;

    /// <summary>Another number whenever a delivery has come to an end, or more was heard of one, or a post was held back.</summary>
    internal long Turns => Interlocked.Read(ref turns);

    /// <summary>Notes, once this is committed, that such a thing has happened.</summary>
    internal void Turned(Tx tx) => tx.Committed.Add(() => Interlocked.Increment(ref turns));

    /// <summary>Queues a mail and its deliveries, due at once. False if this key is queued already: nothing changes then.</summary>
    internal bool Add(Tx tx, OutboxMail mail)
    {
        if (!AddMail(tx, mail))
        {
            return false;
        }

        AddDeliveries(tx, mail);
        return true;
    }

    /// <summary>Queues a mail for those of its recipients who are not queued yet, whether its key is or not.</summary>
    internal void AddMissing(Tx tx, OutboxMail mail)
    {
        AddMail(tx, mail);
        AddDeliveries(tx, mail);
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

    /// <summary>Deliveries of an incident's mails of one kind that are not settled and not under way; they are given up, for somebody else has told it to all but those excepted.</summary>
    internal IReadOnlyList<DeliveryRow> Withdraw(
        Tx tx, Scope scope, IncidentId incident, NoticeKind kind, IReadOnlyCollection<string> except, string why, DateTimeOffset nowUtc)
    {
        var rows = MailsOf(tx, scope, incident).Where(m => m.Mail.Kind == kind).SelectMany(m => m.Deliveries)
            .Where(d => d.State == DeliveryState.Waiting && !except.Contains(d.Recipient)).ToList();
        foreach (var row in rows)
        {
            GiveUp(tx, row.Id, why, nowUtc);
        }

        return rows;
    }

    /// <summary>Ends a delivery that waits; one that is under way goes to its own end.</summary>
    internal static void GiveUp(Tx tx, long delivery, string why, DateTimeOffset nowUtc) => tx.Connection.Execute(
        "update outbox_deliveries set state = 'expired', last_reply = @why, settled_utc = @nowUtc where id = @delivery and state = 'waiting'",
        new { delivery, why, nowUtc },
        tx.Transaction);

    /// <summary>An incident's mails, first to last.</summary>
    internal IReadOnlyList<MailRow> MailsOf(Tx tx, Scope scope, IncidentId incident) => Join(
        tx,
        $"select {MailRecord.Columns} from outbox_mails m where m.incident = @incident and (@customer is null or m.customer = @customer) order by m.date_utc, m.mail_key",
        new { incident = incident.Value, customer = scope.Customer?.Value });

    /// <summary>The latest mails, last one first.</summary>
    internal IReadOnlyList<MailRow> Latest(Tx tx, Scope scope, int limit) => Join(
        tx,
        $"select {MailRecord.Columns} from outbox_mails m where m.kind <> 'Arrival' and (@customer is null or m.customer = @customer) order by m.date_utc desc, m.mail_key desc limit @limit",
        new { customer = scope.Customer?.Value, limit });

    /// <summary>Deliveries that have met trouble and wait for their next try.</summary>
    internal int Waiting(Tx tx, Scope scope) => tx.Connection.ExecuteScalar<int>(
        """
        select count(*) from outbox_deliveries d join outbox_mails m on m.mail_key = d.mail_key
        where d.state = 'waiting' and d.last_reply <> '' and (@customer is null or m.customer = @customer)
        """,
        new { customer = scope.Customer?.Value },
        tx.Transaction);

    /// <summary>A delivery and its mail, by the number in its envelope sender.</summary>
    internal MailRow? Delivery(Tx tx, Scope scope, long delivery) => Join(
        tx,
        $"""
        select {MailRecord.Columns} from outbox_mails m join outbox_deliveries d on d.mail_key = m.mail_key
        where d.id = @delivery and (@customer is null or m.customer = @customer)
        """,
        new { delivery, customer = scope.Customer?.Value }).Select(m => m with { Deliveries = [.. m.Deliveries.Where(d => d.Id == delivery)] }).FirstOrDefault();

    /// <summary>The incident whose thread a mail of ours belongs to (0: of no incident); null if the customer has no such mail.</summary>
    internal IncidentId? IncidentOf(Tx tx, Scope scope, string mailKey) => tx.Connection.ExecuteScalar<long?>(
        "select incident from outbox_mails where mail_key = @mailKey and (@customer is null or customer = @customer)",
        new { mailKey, customer = scope.Customer?.Value },
        tx.Transaction) is { } incident
        ? new IncidentId(incident)
        : null;

    /// <summary>Notes what was reported of a delivery after its acceptance. False if that, or something more final, was known.</summary>
    internal bool Report(Tx tx, long delivery, DeliveryReport report)
    {
        Turned(tx);
        return tx.Connection.Execute(
            """
            update outbox_deliveries set dsn_action = @action, dsn_status = @Status, dsn_words = @Words, dsn_utc = @AtUtc
            where id = @delivery and dsn_action <> 'Failed' and dsn_action <> @action
            """,
            new { delivery, action = report.Action.ToString(), report.Status, report.Words, report.AtUtc },
            tx.Transaction) == 1;
    }

    /// <summary>
    /// The same of a mail that a site sent while the desk was away. Where the desk has a row of its own for it (it had the mail queued, and a site sent
    /// it meanwhile), that row is marked.
    /// </summary>
    internal bool ReportAway(Tx tx, CustomerId customer, string mailKey, string recipient, DeliveryReport report)
    {
        if (tx.Connection.ExecuteScalar<long?>("select id from outbox_deliveries where mail_key = @mailKey and recipient = @recipient", new { mailKey, recipient }, tx.Transaction) is { } row)
        {
            return Report(tx, row, report);
        }

        Turned(tx);
        return tx.Connection.Execute(
            """
            insert into away_reports (mail_key, recipient, customer, action, status, words, at_utc) values (@mailKey, @recipient, @customer, @action, @Status, @Words, @AtUtc)
            on conflict (mail_key, recipient) do update set action = excluded.action, status = excluded.status, words = excluded.words, at_utc = excluded.at_utc
            where away_reports.action <> 'Failed' and away_reports.action <> excluded.action
            """,
            new { mailKey, recipient, customer = customer.Value, action = report.Action.ToString(), report.Status, report.Words, report.AtUtc },
            tx.Transaction) == 1;
    }

    /// <summary>
    /// Recipients whose mail was refused, given up or bounced since then; the mails of one customer do not count. A recipient may be named twice: for a
    /// mail of the desk's, and for one that a site sent.
    /// </summary>
    internal IReadOnlyList<RecipientTrouble> Failing(Tx tx, Scope scope, DateTimeOffset sinceUtc, CustomerId except)
    {
        var failed = tx.Connection.Query<FailedRecord>(
            """
            select m.customer, d.recipient, d.id, d.dsn_action, d.last_reply, d.dsn_status, d.dsn_words, coalesce(d.dsn_utc, d.settled_utc) failed_utc
            from outbox_deliveries d join outbox_mails m on m.mail_key = d.mail_key
            where (d.state in ('rejected', 'expired') or d.dsn_action = 'Failed') and coalesce(d.dsn_utc, d.settled_utc) >= @since
                and m.customer <> @except and (@customer is null or m.customer = @customer)
            order by d.id desc
            """,
            new { since = sinceUtc, except = except.Value, customer = scope.Customer?.Value },
            tx.Transaction);
        var away = tx.Connection.Query<FailedRecord>(
            """
            select customer, recipient, 0 id, action dsn_action, '' last_reply, status dsn_status, words dsn_words, at_utc failed_utc
            from away_reports
            where action = 'Failed' and at_utc >= @since and customer <> @except and (@customer is null or customer = @customer)
            order by at_utc desc
            """,
            new { since = sinceUtc, except = except.Value, customer = scope.Customer?.Value },
            tx.Transaction);
        return
        [
            .. failed.DistinctBy(f => (f.customer, f.recipient)).Concat(away.DistinctBy(f => (f.customer, f.recipient))).Select(f => f.ToTrouble(GoodSince(tx, f))),
        ];
    }

    /// <summary>
    /// The desk's test mails before this one: settled or not, they are of no use any more. The newest stays, so that its number is never given again:
    /// a late report of one must not name another delivery.
    /// </summary>
    internal void ForgetArrivals(Tx tx, string newest)
    {
        tx.Connection.Execute(
            """
            delete from outbox_deliveries where state <> 'sending' and mail_key <> @newest and mail_key in (select mail_key from outbox_mails where kind = 'Arrival')
            """,
            new { newest },
            tx.Transaction);
        tx.Connection.Execute(
            "delete from outbox_mails where kind = 'Arrival' and mail_key not in (select mail_key from outbox_deliveries where incident = 0)", null, tx.Transaction);
    }

    // Of the same customer or another: the mailbox is the same.
    private static DateTimeOffset? GoodSince(Tx tx, FailedRecord failed) => tx.Connection.ExecuteScalar<long?>(
        "select max(settled_utc) from outbox_deliveries where recipient = @recipient and id > @id and state = 'accepted' and dsn_action <> 'Failed'",
        new { failed.recipient, failed.id },
        tx.Transaction) is { } micros
        ? SqlTypes.FromMicros(micros)
        : null;

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

    private static void AddDeliveries(Tx tx, OutboxMail mail)
    {
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
    }

    private static bool AddMail(Tx tx, OutboxMail mail) => tx.Connection.Execute(
        """
        insert into outbox_mails (mail_key, incident, customer, kind, subject, body, charset, list_address, list_name, automatic, from_name,
            thread, date_utc, archived)
        values (@Key, @incident, @customer, @kind, @Subject, @Body, @Charset, @ListAddress, @ListName, @automatic, @FromName, @thread, @DateUtc, @Archived)
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
            mail.Archived,
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
