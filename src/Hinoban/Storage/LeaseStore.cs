using System.Data;
using System.Data.Common;
using Dapper;

namespace Hinoban.Storage;

/// <summary>
/// Who has the desk, as the database knows it. <see cref="Left"/> is how long it still has it by the database's clock; negative when that is over.
/// </summary>
internal sealed record LeaseView(string Holder, string Address, long Epoch, TimeSpan Left);

/// <summary>
/// The one row that says which node has the desk. Older than every schema: it is made before the first migration, because whoever migrates must have
/// the desk. Times are the database's own, so that the nodes' clocks do not matter.
/// </summary>
internal static class LeaseStore
{
    internal const string Table = "duty_leases";

    // A holder is written with the mark of one holding: after a lost commit another may have been given the same epoch.
    private const char MarkedBy = '#';

    internal static string Marked(string holder, string mark) => holder + MarkedBy + mark;

    /// <summary>Takes the desk if nobody has it any more, or if it is ours from an earlier run; null otherwise. In a write transaction.</summary>
    internal static long? Take(DbTransaction transaction, Dialect dialect, DeskNode node, string mark, TimeSpan lasts, DateTimeOffset now)
    {
        Make(transaction);
        return transaction.Connection!.ExecuteScalar<long?>(
            $"""
            insert into duty_leases (duty, holder, address, epoch, until_utc) values ('desk', @marked, @Address, 1, {dialect.Now} + @lasts)
            on conflict (duty) do update set holder = excluded.holder, address = excluded.address, epoch = duty_leases.epoch + 1, until_utc = excluded.until_utc
            where duty_leases.until_utc < {dialect.Now} or duty_leases.holder = @Holder or substr(duty_leases.holder, 1, @length) = @own
            returning epoch
            """,
            new { node.Holder, own = node.Holder + MarkedBy, length = node.Holder.Length + 1, marked = Marked(node.Holder, mark), node.Address, lasts = Micros(lasts), now },
            transaction);
    }

    /// <summary>False if another holding has begun.</summary>
    internal static bool Renew(DbConnection connection, Dialect dialect, long epoch, string holder, TimeSpan lasts, DateTimeOffset now, int patience) => connection.Execute(
        $"update duty_leases set until_utc = {dialect.Now} + @lasts where duty = 'desk' and epoch = @epoch and holder = @holder",
        new { epoch, holder, lasts = Micros(lasts), now },
        commandTimeout: patience) == 1;

    /// <summary>Gives the desk up for the next one to take at once.</summary>
    internal static void Release(DbConnection connection, long epoch, string holder) =>
        connection.Execute("update duty_leases set until_utc = 0 where duty = 'desk' and epoch = @epoch and holder = @holder", new { epoch, holder });

    /// <summary>A node that waits for the desk says that it does. Nothing is lost if this is: it is said again, and so need not wait for the server's standby.</summary>
    internal static void StandBy(DbConnection connection, Dialect dialect, DeskNode node, DateTimeOffset now, int patience)
    {
        using var transaction = connection.BeginTransaction();
        if (dialect.Careless is { } careless)
        {
            connection.Execute(careless, null, transaction);
        }

        connection.Execute(
            $"""
            insert into duty_leases (duty, holder, address, epoch, until_utc) values ('standby', @Holder, @Address, 0, {dialect.Now})
            on conflict (duty) do update set holder = excluded.holder, address = excluded.address, until_utc = excluded.until_utc
            """,
            new { node.Holder, node.Address, now },
            transaction,
            patience);
        transaction.Commit();
    }

    /// <summary>How long ago a node other than this one said last that it waits; null if none ever did.</summary>
    internal static TimeSpan? StoodByAgo(DbConnection connection, Dialect dialect, DeskNode than, DateTimeOffset now, int patience) =>
        connection.QuerySingleOrDefault<long?>(
            $"select {dialect.Now} - until_utc from duty_leases where duty = 'standby' and holder <> @Holder", new { than.Holder, now }, commandTimeout: patience)
        is { } ago ? TimeSpan.FromMicroseconds(ago) : null;

    /// <summary>Which holding the desk is in.</summary>
    internal static (long Epoch, string? Holder) Holding(Tx tx)
    {
        using var rows = tx.Rows("select epoch, holder from duty_leases where duty = 'desk'");
        return rows.Read() ? (rows.GetInt64(0), rows.GetString(1)) : default;
    }

    /// <summary>Null while nobody ever had it.</summary>
    internal static LeaseView? Look(DbTransaction transaction, Dialect dialect, DateTimeOffset now)
    {
        Make(transaction);
        var (holder, address, epoch, left) = transaction.Connection!.QuerySingleOrDefault<(string, string, long, long)>(
            $"select holder, address, epoch, until_utc - {dialect.Now} from duty_leases where duty = 'desk'", new { now }, transaction);
        return holder is null ? null : new LeaseView(holder.Split(MarkedBy)[0], address, epoch, TimeSpan.FromMicroseconds(left));
    }

    private static void Make(DbTransaction transaction) => transaction.Connection!.Execute(
        """
        create table if not exists duty_leases (
            duty text not null primary key, holder text not null, address text not null, epoch bigint not null, until_utc bigint not null)
        """,
        null,
        transaction);

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
