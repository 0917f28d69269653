using Dapper;
using Hinoban.Storage;

namespace Hinoban.Notifying.Inbound;

/// <summary>What goes out of the archive of mails that came in, a few at a time. Of no one customer's.</summary>
internal static class ArchiveStore
{
    /// <summary>A mail of 25 MB takes a while to remove, and everything else waits meanwhile.</summary>
    internal const int Step = 10;

    // A report belongs to its incident; what strangers and machines wrote belongs to nobody, wherever it stands.
    private const string IsOthers = "(i.standing in ('Stranger', 'Kept', 'Braked') or (i.standing = 'Report' and i.incident is null))";

    private const string IsPassedOn =
        """
        not exists (select 1 from outbox_mails m join outbox_deliveries d on d.mail_key = m.mail_key
            where m.archived = i.id and d.state in ('waiting', 'sending'))
        """;

    /// <summary>Octets of all that is kept, packed.</summary>
    internal static long Stored(Tx tx) => tx.Connection.ExecuteScalar<long>("select coalesce(sum(stored), 0) from inbound_mails", null, tx.Transaction);

    /// <summary>What is older than it is to be kept.</summary>
    internal static IReadOnlyList<(long Id, long Stored)> Old(Tx tx, DateTimeOffset postsUtc, DateTimeOffset othersUtc) => Few(
        tx,
        $"""
        i.received_utc < @latest
            and (({IsOthers} and i.received_utc < @others) or (i.standing = 'Member' and i.incident is null and i.received_utc < @posts and {IsPassedOn}))
        """,
        new { latest = postsUtc > othersUtc ? postsUtc : othersUtc, others = othersUtc, posts = postsUtc });

    /// <summary>The oldest that is no member's, whatever its age.</summary>
    internal static IReadOnlyList<(long Id, long Stored)> Others(Tx tx) => Few(tx, IsOthers, new { });

    /// <summary>Posts that were kept only until all members have them, and all have.</summary>
    internal static IReadOnlyList<long> PassedOn(Tx tx) =>
        [.. tx.Connection.Query<long>($"select i.id from inbound_mails i where i.kept = 'UntilPassed' and {IsPassedOn} order by i.id limit {Step}", null, tx.Transaction)];

    /// <summary>From now on no more than this is kept of a mail.</summary>
    internal static void Shorten(Tx tx, long id, byte[] head) => tx.Connection.Execute(
        "update inbound_mails set packed = @head, kept = 'Head', stored = @stored where id = @id", new { id, head, stored = (long)head.Length }, tx.Transaction);

    internal static void Remove(Tx tx, IEnumerable<(long Id, long Stored)> mails)
    {
        foreach (var (id, _) in mails)
        {
            tx.Connection.Execute("delete from inbound_parts where mail = @id", new { id }, tx.Transaction);
            tx.Connection.Execute("delete from inbound_mails where id = @id", new { id }, tx.Transaction);
        }
    }

    private static List<(long Id, long Stored)> Few(Tx tx, string which, object arguments) => tx.Connection.Query<(long Id, long Stored)>(
        $"select i.id, i.stored from inbound_mails i where {which} order by i.received_utc, i.id limit {Step}", arguments, tx.Transaction).AsList();
}
