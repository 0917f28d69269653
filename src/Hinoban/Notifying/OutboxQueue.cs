using Dapper;
using Hinoban.Incidents;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Notifying;

/// <summary>
/// The outbox as the pump works it off. A row is due when its time has come and no earlier row of the same incident and recipient is
/// unsettled: a recovery never overtakes its alert, and no recipient waits for another.
/// </summary>
internal sealed class OutboxQueue
{
    private const string IsHead =
        """
        not exists (select 1 from outbox_deliveries e
            where e.incident = d.incident and e.recipient = d.recipient and e.id < d.id and e.state in ('waiting', 'sending'))
        """;

    // Posts of no incident have nothing to do with each other: none waits for another.
    private const string IsNext = $"(d.incident = 0 or {IsHead})";

    private const string IsDue = "(d.next_utc <= @now or d.next_utc > @far)";

    /// <summary>At start: what was under way when the process ended has an unknown outcome, at the relay by which it went.</summary>
    internal int Revive(Tx tx, DateTimeOffset nowUtc) => tx.Connection.Execute(
        """
        update outbox_deliveries set state = 'waiting', outcome_unknown = 1, may_have = may_have | (case when attempt_relay = 0 then 1 else attempt_relay end),
            next_utc = @now
        where state = 'sending'
        """,
        new { now = nowUtc },
        tx.Transaction);

    /// <summary>
    /// Takes due rows for sending: fresh ones first, and at most <paramref name="mostRetries"/> that were tried before. By which relay each goes is
    /// written with it: after a crash that relay is the one to ask.
    /// </summary>
    internal IReadOnlyList<ClaimedDelivery> Claim(Tx tx, DateTimeOffset nowUtc, int most, int mostRetries, Func<DeliveryRow, RelayRank> by)
    {
        var due = Due(tx, nowUtc, fresh: true, most).ToList();
        due.AddRange(Due(tx, nowUtc, fresh: false, Math.Min(most - due.Count, mostRetries)));
        return due.ConvertAll(row => Take(tx, row, by(row), nowUtc));
    }

    /// <summary>When the next head row comes due; null if none waits.</summary>
    internal DateTimeOffset? NextDue(Tx tx) => tx.Connection.ExecuteScalar<long?>(
        $"select min(d.next_utc) from outbox_deliveries d where d.state = 'waiting' and {IsNext}", null, tx.Transaction) is { } micros
        ? SqlTypes.FromMicros(micros)
        : null;

    /// <summary>Unsettled rows: all, and those that have met trouble.</summary>
    internal (int Waiting, int Tried) Count(Tx tx)
    {
        using var row = tx.Rows(
            "select count(*), coalesce(sum(case when last_reply <> '' then 1 else 0 end), 0) from outbox_deliveries where state in ('waiting', 'sending')");
        row.Read();
        return (row.GetInt32(0), row.GetInt32(1));
    }

    /// <summary>
    /// The attempt ended without a settlement: to be tried again. An earlier attempt that is unknown stays so. <paramref name="held"/>: the relay's trouble,
    /// not the recipient's, so that its pause ends when the relay is back.
    /// </summary>
    internal void PutBack(Tx tx, long id, TryAgain again, bool becameUnknown, string reply, bool held = false) => tx.Connection.Execute(
        """
        update outbox_deliveries set state = 'waiting', next_utc = @next, last_reply = @reply, relay = @relay,
            troubled_utc = coalesce(troubled_utc, @since), refused_by = @refusedBy, held = @held,
            may_have = case when @unknown = 1 then may_have | attempt_relay else may_have end,
            outcome_unknown = case when @unknown = 1 then 1 else outcome_unknown end
        where id = @id and state = 'sending'
        """,
        new { id, next = again.AtUtc, unknown = becameUnknown ? 1 : 0, reply, relay = (int)again.By, refusedBy = (int)again.RefusedBy, held = held ? 1 : 0, since = again.TroubledUtc },
        tx.Transaction);

    /// <summary>The attempt goes on by the other relay: noted before a byte leaves.</summary>
    internal void GoesBy(Tx tx, long id, RelayRank relay) => tx.Connection.Execute(
        "update outbox_deliveries set attempt_relay = @relay where id = @id and state = 'sending'", new { id, relay = (int)relay.AsSet() }, tx.Transaction);

    /// <summary>Nothing was attempted (too early, we stop): as before, and this time does not count.</summary>
    internal void Release(Tx tx, long id, DateTimeOffset nextUtc, string reply, bool held = false) => tx.Connection.Execute(
        """
        update outbox_deliveries set state = 'waiting', next_utc = @next, last_reply = @reply, attempts = attempts - 1, held = @held
        where id = @id and state = 'sending'
        """,
        new { id, next = nextUtc, reply, held = held ? 1 : 0 },
        tx.Transaction);

    internal bool WasTwice(Tx tx, long id) =>
        tx.Connection.ExecuteScalar<long>("select possibly_twice from outbox_deliveries where id = @id", new { id }, tx.Transaction) != 0;

    /// <summary>
    /// What the relays' records left open of earlier attempts: a relay that may still have it makes the next one a possible double, which is noted
    /// before a byte leaves.
    /// </summary>
    internal void StillOpen(Tx tx, long id, RelaySet mayHave) => tx.Connection.Execute(
        """
        update outbox_deliveries set may_have = @mayHave, outcome_unknown = case when @mayHave = 0 then 0 else 1 end,
            possibly_twice = case when @mayHave = 0 then possibly_twice else 1 end
        where id = @id
        """,
        new { id, mayHave = (int)mayHave },
        tx.Transaction);

    /// <summary>
    /// The relay cannot be reached: everything that is due waits until it is asked again. No attempts of theirs: after a long outage
    /// the first refusal of a recipient must not begin with the longest pause.
    /// </summary>
    internal void HoldAll(Tx tx, DateTimeOffset nowUtc, DateTimeOffset untilUtc, string reply) => tx.Connection.Execute(
        "update outbox_deliveries set next_utc = @until, last_reply = @reply, held = 1 where state = 'waiting' and next_utc <= @now",
        new { now = nowUtc, until = untilUtc, reply },
        tx.Transaction);

    /// <summary>A relay gives lines again: what was held back for want of one waits no longer. A recipient's own pause goes on.</summary>
    internal void HurryHeld(Tx tx, DateTimeOffset nowUtc) => tx.Connection.Execute(
        "update outbox_deliveries set next_utc = @now where state = 'waiting' and held = 1 and next_utc > @now", new { now = nowUtc }, tx.Transaction);

    /// <summary>A person wants it now: nothing waits any longer. Gives how many deliveries did.</summary>
    internal int HurryAll(Tx tx, Scope scope, DateTimeOffset nowUtc) => tx.Connection.Execute(
        """
        update outbox_deliveries set next_utc = @now
        where state = 'waiting' and next_utc > @now
            and (@customer is null or mail_key in (select mail_key from outbox_mails where customer = @customer))
        """,
        new { now = nowUtc, customer = scope.Customer?.Value },
        tx.Transaction);

    /// <summary>Ends a delivery, once. False if it had ended before, or if it was taken for sending under another epoch: whoever took it settles it.</summary>
    internal bool Settle(Tx tx, long id, RelayRank relay, DeliveryOutcome outcome, string queueId, string reply, bool lookedUp, DateTimeOffset nowUtc) => tx.Connection.Execute(
        """
        update outbox_deliveries set state = @state, relay = @relay, queue_id = @queueId, last_reply = @reply, looked_up = @lookedUp, outcome_unknown = 0,
            settled_utc = @now
        where id = @id and state = 'sending' and epoch = @Epoch
        """,
        new { id, state = StateOf(outcome), relay = (int)relay, queueId, reply, lookedUp = lookedUp ? 1 : 0, now = nowUtc, tx.Epoch },
        tx.Transaction) == 1;

    private static string StateOf(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Accepted => "accepted",
        DeliveryOutcome.Rejected => "rejected",
        DeliveryOutcome.Expired => "expired",
    };

    private static List<DeliveryRow> Due(Tx tx, DateTimeOffset nowUtc, bool fresh, int most) => most <= 0
        ? []
        : tx.Connection.Query<DeliveryRecord>(
                $"""
                select {DeliveryRecord.Columns} from outbox_deliveries d
                where d.state = 'waiting' and {IsDue} and {(fresh ? "d.attempts = 0" : "d.attempts > 0")} and {IsNext}
                order by d.id limit @most
                """,
                new { now = nowUtc, far = nowUtc + OutboxRules.LongestPause + TimeSpan.FromSeconds(1), most },
                tx.Transaction)
            .Select(r => r.ToRow())
            .ToList();

    // AttemptUtc stays the time of the first attempt whose outcome is open: the relay's log is searched from there.
    private static ClaimedDelivery Take(Tx tx, DeliveryRow row, RelayRank by, DateTimeOffset nowUtc)
    {
        var since = row.OutcomeUnknown ? row.AttemptUtc ?? nowUtc : nowUtc;
        tx.Connection.Execute(
            "update outbox_deliveries set state = 'sending', attempts = attempts + 1, attempt_utc = @since, attempt_relay = @relay, epoch = @Epoch where id = @Id",
            new { row.Id, since, relay = (int)by.AsSet(), tx.Epoch },
            tx.Transaction);
        var mail = tx.Connection.QuerySingle<MailRecord>(
            $"select {MailRecord.Columns} from outbox_mails m where m.mail_key = @MailKey", new { row.MailKey }, tx.Transaction);
        var taken = row with { State = DeliveryState.Sending, Attempts = row.Attempts + 1, AttemptUtc = since };
        return new ClaimedDelivery(taken, mail.ToMail([taken])) { By = by };
    }
}
