using Dapper;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>The SQL of the spool file.</summary>
internal static class SpoolStore
{
    /// <summary>Counts this start of the process in, and turns what earlier runs left waiting into backlog.</summary>
    internal static SpoolState Start(Tx tx, long newEpoch)
    {
        tx.Connection.Execute(
            "insert into spool_state (id, epoch, run, formed, dropped) values (1, @newEpoch, 0, 0, 0) on conflict (id) do nothing",
            new { newEpoch }, tx.Transaction);

        // The number given last may be told by a row alone, which the next transaction removes.
        tx.Connection.Execute(
            "update spool_state set run = run + 1, formed = max(formed, (select coalesce(max(sequence), 0) from spool_chunks))", null, tx.Transaction);
        tx.Connection.Execute("update spool_chunks set lane = 1 where sequence is null and lane = 0", null, tx.Transaction);
        return tx.Connection.QuerySingle<SpoolState>(
            """
            select epoch, run, formed, dropped,
                   (select coalesce(sum(results), 0) from spool_chunks) as waiting,
                   (select coalesce(sum(bytes), 0) from spool_chunks) as bytes
            from spool_state
            """, null, tx.Transaction);
    }

    /// <summary>Gives their size.</summary>
    internal static long Insert(Tx tx, long run, Lane lane, IEnumerable<IReadOnlyList<CheckResult>> parts, long? sequence)
    {
        long size = 0;
        foreach (var part in parts)
        {
            var chunk = Chunk.Of(part);
            tx.Run(
                "insert into spool_chunks (run, lane, sequence, results, bytes, body) values (@p0, @p1, @p2, @p3, @p4, @p5)",
                run, (int)lane, (object?)sequence ?? DBNull.Value, chunk.Results, chunk.Bytes, chunk.Body);
            size += chunk.Bytes;
        }

        return size;
    }

    /// <summary>A batch that is posted at once, in the row of the one before, which is at the desk: one statement. That its number was given is told by the row itself.</summary>
    internal static void Replace(Tx tx, long run, Lane lane, Chunk chunk, long sequence)
    {
        var rows = tx.Run(
            "update spool_chunks set run = @p0, lane = @p1, sequence = @p2, results = @p3, bytes = @p4, body = @p5 where sequence < @p2",
            run, (int)lane, sequence, chunk.Results, chunk.Bytes, chunk.Body);
        if (rows != 1)
        {
            throw new InvalidOperationException($"Batch {sequence} was to take the one row of the batch before it; there were {rows}.");
        }
    }

    /// <summary>The batch whose receipt is not noted yet; at most one exists.</summary>
    internal static IReadOnlyList<ChunkRow> InDoubt(Tx tx)
    {
        using var rows = tx.Rows("select id, run, lane, sequence, results, bytes, body from spool_chunks where sequence is not null order by id");
        var list = new List<ChunkRow>();
        while (rows.Read())
        {
            list.Add(new ChunkRow
            {
                Id = rows.GetInt64(0),
                Run = rows.GetInt64(1),
                Lane = rows.GetInt64(2),
                Sequence = rows.GetInt64(3),
                Results = rows.GetInt64(4),
                Bytes = rows.GetInt64(5),
                Body = (byte[])rows.GetValue(6),
            });
        }

        return list;
    }

    /// <summary>What waits in a lane, oldest first, without its content.</summary>
    internal static IReadOnlyList<ChunkRow> Waiting(Tx tx, Lane lane, int limit)
    {
        using var rows = tx.Rows(
            "select id, run, lane, results, bytes from spool_chunks where sequence is null and lane = @p0 order by id limit @p1", (int)lane, limit);
        var list = new List<ChunkRow>();
        while (rows.Read())
        {
            list.Add(new ChunkRow { Id = rows.GetInt64(0), Run = rows.GetInt64(1), Lane = rows.GetInt64(2), Results = rows.GetInt64(3), Bytes = rows.GetInt64(4) });
        }

        return list;
    }

    internal static IReadOnlyList<ChunkRow> WaitingLive(Tx tx) => tx.Connection.Query<ChunkRow>(
        "select id, run, lane, results, bytes, body from spool_chunks where sequence is null and lane = 0 order by id", null, tx.Transaction).AsList();

    /// <summary>Gives the lane's chunks up to <paramref name="last"/> to a batch, for good.</summary>
    internal static void Form(Tx tx, Lane lane, long last, long sequence)
    {
        tx.Run("update spool_chunks set sequence = @p0 where sequence is null and lane = @p1 and id <= @p2", sequence, (int)lane, last);
        Formed(tx, sequence);
    }

    /// <summary>The number of the last batch: never given again.</summary>
    internal static void Formed(Tx tx, long sequence) => tx.Run("update spool_state set formed = @p0", sequence);

    internal static void Delete(Tx tx, IEnumerable<long> ids)
    {
        foreach (var id in ids)
        {
            tx.Connection.Execute("delete from spool_chunks where id = @id", new { id }, tx.Transaction);
        }
    }

    /// <summary>Takes a batch out of the spool; tells how much that was.</summary>
    internal static (long Results, long Bytes) Taken(Tx tx, long sequence)
    {
        var (results, bytes) = (0L, 0L);
        using var rows = tx.Rows("delete from spool_chunks where sequence <= @p0 returning results, bytes", sequence);
        while (rows.Read())
        {
            (results, bytes) = (results + rows.GetInt64(0), bytes + rows.GetInt64(1));
        }

        return (results, bytes);
    }

    /// <summary>Gives up the oldest of the backlog until there is so much less; tells how much that was.</summary>
    internal static (long Results, long Bytes) DropBacklog(Tx tx, long excess)
    {
        (long Results, long Bytes) lost = (0, 0);
        if (excess > 0)
        {
            foreach (var row in Waiting(tx, Lane.Backlog, 200).TakeWhile(_ => lost.Bytes < excess))
            {
                Delete(tx, [row.Id]);
                lost = (lost.Results + row.Results, lost.Bytes + row.Bytes);
            }

            CountDropped(tx, lost.Results);
        }

        return lost;
    }

    /// <summary>Results are given up, perhaps with what logs said: in the same transaction all logs are to be read again.</summary>
    internal static void CountDropped(Tx tx, long results)
    {
        if (results > 0)
        {
            tx.Run("update log_cursors set lost = 1");
            tx.Connection.Execute("update spool_state set dropped = dropped + @results", new { results }, tx.Transaction);
        }
    }

    internal static void Renew(Tx tx, long epoch)
    {
        tx.Connection.Execute("update spool_state set epoch = @epoch, formed = 0", new { epoch }, tx.Transaction);
        tx.Connection.Execute(
            """
            update spool_chunks set sequence = null, lane = case when run < (select run from spool_state) then 1 else lane end
            where sequence is not null
            """, null, tx.Transaction);
    }

    /// <summary>The numbers as they went on while the disk took none; what waited live before is overtaken by what was posted meanwhile.</summary>
    internal static void CatchUp(Tx tx, long epoch, long formed, long dropped, bool overtaken)
    {
        tx.Connection.Execute("update spool_state set epoch = @epoch, formed = @formed, dropped = @dropped", new { epoch, formed, dropped }, tx.Transaction);
        if (overtaken)
        {
            tx.Connection.Execute("update spool_chunks set lane = 1 where sequence is null and lane = 0", null, tx.Transaction);
        }
    }

    /// <summary>Where reading goes on, of each log. That something of it was lost stays until all cursors are forgotten.</summary>
    internal static void SaveCursors(Tx tx, IReadOnlyDictionary<ItemId, string> cursors, bool lost)
    {
        foreach (var (item, cursor) in cursors)
        {
            tx.Run(
                "insert into log_cursors (item, cursor, lost) values (@p0, @p1, @p2) on conflict (item) do update set cursor = excluded.cursor, lost = max(lost, excluded.lost)",
                item.Value, cursor, lost ? 1 : 0);
        }
    }

    internal static Dictionary<ItemId, string> Cursors(Tx tx)
    {
        var cursors = new Dictionary<ItemId, string>();
        using var rows = tx.Rows("select item, cursor from log_cursors");
        while (rows.Read())
        {
            cursors[new ItemId((int)rows.GetInt64(0))] = rows.GetString(1);
        }

        return cursors;
    }

    internal static bool AnyCursorLost(Tx tx) => tx.Number("select count(*) from log_cursors where lost = 1") > 0;

    internal static int ForgetCursors(Tx tx) => tx.Run("delete from log_cursors");

    internal static void SavePlan(Tx tx, byte[] body) => tx.Connection.Execute(
        "insert into spool_plan (id, body) values (1, @body) on conflict (id) do update set body = excluded.body", new { body }, tx.Transaction);

    internal static byte[]? LoadPlan(Tx tx) =>
        tx.Connection.QuerySingleOrDefault<byte[]>("select body from spool_plan", null, tx.Transaction);
}

/// <summary>The spool's own numbers.</summary>
internal sealed record SpoolState(long Epoch, long Run, long Formed, long Dropped, long Waiting, long Bytes);

/// <summary>Results packed for one row; <see cref="Bytes"/> is their size before compression.</summary>
internal sealed record Chunk(int Results, int Bytes, byte[] Body)
{
    internal static Chunk Of(IReadOnlyList<CheckResult> results)
    {
        var writer = new ByteWriter();
        ResultCodec.Write(writer, results);
        return new Chunk(results.Count, writer.Length, Packing.Pack(writer.Written));
    }
}

/// <summary>A stored chunk.</summary>
internal sealed class ChunkRow
{
    internal long Id { get; init; }

    internal long Run { get; init; }

    internal long Lane { get; init; }

    internal long? Sequence { get; init; }

    internal long Results { get; init; }

    internal long Bytes { get; init; }

    internal byte[]? Body { get; init; }

    /// <summary>The results; those of another run than <paramref name="run"/> have no monotonic time any more.</summary>
    internal IEnumerable<CheckResult> Unpack(long run)
    {
        var reader = new ByteReader(Packing.Unpack(Body, int.MaxValue));
        var results = ResultCodec.Read(ref reader);
        return Run == run ? results : results.Select(r => r with { StartedMono = SpooledBatch.UnknownMono });
    }
}
