using Dapper;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Storage;

namespace Hinoban.Notifying;

/// <summary>What waits in an outbox and is left to somebody else's, and taken back if that one is gone again.</summary>
internal static class OutboxHandOver
{
    /// <summary>Ends what waits and of which no attempt's outcome is open. What is under way, or may have arrived, stays here to its own end.</summary>
    internal static IReadOnlyList<HandedDelivery> Leave(Tx tx, string words, DateTimeOffset nowUtc)
    {
        const string Untouched = "d.state = 'waiting' and d.outcome_unknown = 0 and d.possibly_twice = 0";
        var rows = Rows(tx, Untouched, words);
        foreach (var row in rows)
        {
            OutboxStore.GiveUp(tx, row.Id, words, nowUtc);
        }

        return rows;
    }

    /// <summary>What was left with these words waits here again, where <paramref name="which"/> says so.</summary>
    internal static int TakeBack(Tx tx, string words, Func<HandedDelivery, bool> which, DateTimeOffset nowUtc) => Rows(tx, "d.state = 'expired' and d.last_reply = @words", words)
        .Where(which)
        .Sum(row => tx.Connection.Execute(
            "update outbox_deliveries set state = 'waiting', last_reply = '', settled_utc = null, next_utc = @nowUtc where id = @Id",
            new { row.Id, nowUtc },
            tx.Transaction));

    private static List<HandedDelivery> Rows(Tx tx, string where, string words) => tx.Connection
        .Query<(long Id, string Key, long Incident, string Recipient, int Desk, string Kind)>(
            $"""
            select d.id, d.mail_key, d.incident, d.recipient, d.desk, m.kind from outbox_deliveries d join outbox_mails m on m.mail_key = d.mail_key
            where {where} order by d.id
            """,
            new { words },
            tx.Transaction)
        .Select(r => new HandedDelivery(r.Id, r.Key, new IncidentId(r.Incident), r.Recipient, r.Desk != 0, Enum.Parse<NoticeKind>(r.Kind)))
        .ToList();
}

/// <summary>A recipient's delivery that is left to another outbox.</summary>
internal sealed record HandedDelivery(long Id, string MailKey, IncidentId Incident, string Recipient, bool Desk, NoticeKind Kind)
{
    /// <summary>As the incident records it.</summary>
    internal DeliverySettled ToEvent(DateTimeOffset utc, string by, string words) =>
        new(utc, by, Kind, MailKey, Recipient, Desk, DeliveryOutcome.Expired, "", words, PossiblyTwice: false, LookedUp: false);
}
