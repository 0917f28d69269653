using Dapper;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>How far one site's samples have been sent on.</summary>
internal sealed record ExportCursor(string Site, long Epoch, long Sequence, long Sent, long Dropped);

/// <summary>A batch that is still to be sent on.</summary>
internal sealed record ExportBatch(long Epoch, long Sequence, long Samples, byte[] Body);

/// <summary>Keeps how far samples have been sent on, so that neither a restart nor the other node sends them from the beginning or leaves any out.</summary>
internal static class ExportStore
{
    /// <summary>All sites with samples, those included of which none was sent yet.</summary>
    internal static IReadOnlyList<ExportCursor> Cursors(Tx tx)
    {
        var known = tx.Connection.Query<ExportCursor>(
            "select site as Site, epoch as Epoch, sequence as Sequence, sent as Sent, dropped as Dropped from sample_exports", null, tx.Transaction).ToDictionary(c => c.Site);
        var sites = tx.Connection.Query<string>("select distinct site from sample_batches", null, tx.Transaction);
        return [.. known.Keys.Union(sites).Order(StringComparer.Ordinal).Select(s => known.GetValueOrDefault(s) ?? new ExportCursor(s, 0, 0, 0, 0))];
    }

    internal static IReadOnlyList<ExportBatch> After(Tx tx, ExportCursor cursor, int limit) => tx.Connection.Query<ExportBatch>(
        """
        select epoch as Epoch, sequence as Sequence, samples as Samples, body as Body from sample_batches
        where site = @Site and (epoch > @Epoch or (epoch = @Epoch and sequence > @Sequence)) order by epoch, sequence limit @limit
        """,
        new { cursor.Site, cursor.Epoch, cursor.Sequence, limit }, tx.Transaction).AsList();

    /// <summary>Samples that wait.</summary>
    internal static long Waiting(Tx tx, ExportCursor cursor) => tx.Connection.ExecuteScalar<long>(
        "select coalesce(sum(samples), 0) from sample_batches where site = @Site and (epoch > @Epoch or (epoch = @Epoch and sequence > @Sequence))",
        new { cursor.Site, cursor.Epoch, cursor.Sequence }, tx.Transaction);

    /// <summary>Everything up to it is settled; batches that stayed only for that go.</summary>
    internal static void Save(Tx tx, ExportCursor cursor)
    {
        tx.Connection.Execute(
            """
            insert into sample_exports (site, epoch, sequence, sent, dropped) values (@Site, @Epoch, @Sequence, @Sent, @Dropped)
            on conflict (site) do update set epoch = excluded.epoch, sequence = excluded.sequence, sent = excluded.sent, dropped = excluded.dropped
            """,
            cursor, tx.Transaction);
        tx.Connection.Execute(
            "delete from sample_batches where site = @Site and moved = 1 and (epoch < @Epoch or (epoch = @Epoch and sequence <= @Sequence))", cursor, tx.Transaction);
    }
}
