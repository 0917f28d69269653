using Dapper;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// Moves samples from the rows of batches into the rows of items, and sums up the hours and days they fall in, in the same transaction. A chunk is the union of what is known of its
/// block, and an hour is made of all its samples: done twice, or broken off and begun again, it comes to the same.
/// </summary>
internal sealed class SampleMoving(Db db, Func<int, TimeSpan> intervalOf)
{
    /// <summary>Rows of items in one transaction: it holds the desk's only writer for some hundredths of a second.</summary>
    private const int AtOnce = 300;

    private const int RemovedAtOnce = 5_000;

    /// <summary>Samples in memory at once; where there are more, the batches are read through several times, for some of the items each.</summary>
    private const int InMemory = 500_000;

    /// <summary>Items beside each other lie on the same pages.</summary>
    private const int Neighbours = 64;

    /// <summary>Is told of what cannot be read, damaged or written by a newer version: where it lies. It stays there, and all else goes on.</summary>
    internal Action<string> Unreadable { get; init; } = _ => { };

    /// <summary>
    /// Moves what is older, a transaction a step; pause between them as you like. Samples from before <paramref name="notBeforeUtc"/> are let go: the rest of their hour is there no
    /// more, and half an hour must not take the place of a whole one.
    /// </summary>
    /// <param name="stays">Batches stay, marked, for somebody who has still to send them on.</param>
    internal IEnumerable<int> Steps(DateTimeOffset olderThanUtc, DateTimeOffset notBeforeUtc, bool stays)
    {
        var batches = db.Read(tx => tx.Connection.Query<BatchKey>(
            "select site as Site, epoch as Epoch, sequence as Sequence, samples as Samples from sample_batches where to_utc < @olderThanUtc and moved = 0", new { olderThanUtc }, tx.Transaction).AsList());
        var unread = new HashSet<BatchId>();
        var slices = (int)(batches.Sum(b => b.Samples) / InMemory) + 1;
        var first = SampleStore.BlockOf(SqlTypes.ToMicros(notBeforeUtc));
        for (var slice = 0; slice < slices && batches.Count > 0; slice++)
        {
            var rows = Slice(olderThanUtc, first, (slice, slices), unread);
            foreach (var some in rows.Chunk(AtOnce))
            {
                db.Write(tx => Array.ForEach(some, row => Merge(tx, row.Key, row.Value)));
                yield return some.Length;
            }
        }

        foreach (var some in batches.Where(b => !unread.Contains(new BatchId(b.Site, b.Epoch, b.Sequence))).Chunk(RemovedAtOnce))
        {
            db.Write(tx => Array.ForEach(some, b => tx.Run(
                stays
                    ? "update sample_batches set moved = 1 where site = @p0 and epoch = @p1 and sequence = @p2"
                    : "delete from sample_batches where site = @p0 and epoch = @p1 and sequence = @p2",
                b.Site,
                b.Epoch,
                b.Sequence)));
            yield return some.Length;
        }
    }

    private List<KeyValuePair<(int Item, string Site, long Block), List<Sample>>> Slice(
        DateTimeOffset olderThanUtc, long first, (int Number, int Of) slice, HashSet<BatchId> unread) => db.Read(tx =>
    {
        var rows = new Dictionary<(int Item, string Site, long Block), List<Sample>>();
        var bodies = tx.Connection.Query<(string Site, long Epoch, long Sequence, byte[] Body)>(
            "select site, epoch, sequence, body from sample_batches where to_utc < @olderThanUtc and moved = 0", new { olderThanUtc }, tx.Transaction, buffered: false);
        foreach (var (site, epoch, sequence, body) in bodies)
        {
            if (SampleBatch.TryRead(body, item => item / Neighbours % slice.Of == slice.Number) is not { } samples)
            {
                if (unread.Add(new BatchId(site, epoch, sequence)))
                {
                    Unreadable($"sample_batches {site}, {epoch}, {sequence}");
                }

                continue;
            }

            foreach (var sample in samples.Where(s => SampleStore.BlockOf(s.AtMicros) >= first))
            {
                var key = (sample.Item, site, SampleStore.BlockOf(sample.AtMicros));
                rows.TryAdd(key, []);
                rows[key].Add(sample);
            }
        }

        return rows.OrderBy(r => r.Key.Item).ToList();
    });

    private void Merge(Tx tx, (int Item, string Site, long Block) key, List<Sample> samples)
    {
        var present = Body(tx, "select body from sample_chunks where item = @p0 and site = @p1 and block = @p2", key.Item, key.Site, key.Block);
        if ((present is null ? [] : SampleChunk.TryRead(present, key.Item)) is not { } before)
        {
            Unreadable($"sample_chunks {key.Item}, {key.Site}, {key.Block}");
            return;
        }

        var merged = Sample.InOrder(before.Concat(samples));
        tx.Run(
            """
            insert into sample_chunks (item, site, block, samples, body) values (@p0, @p1, @p2, @p3, @p4)
            on conflict (item, site, block) do update set samples = excluded.samples, body = excluded.body
            """,
            key.Item, key.Site, key.Block, merged.Count, SampleChunk.Write(merged));

        var touched = samples.Select(HourOf).ToHashSet();
        var interval = intervalOf(key.Item);
        var made = merged.GroupBy(HourOf).Where(g => touched.Contains(g.Key)).Select(g => RollupMath.Hour(g.Key, [.. g], interval)).ToList();
        if (Replace(tx, RollupStep.Hour, key.Item, key.Site, made) is { } hours)
        {
            var day = SampleStore.Floor(made[0].Start, RollupMath.DaySeconds) * RollupMath.DaySeconds;
            Replace(tx, RollupStep.Day, key.Item, key.Site, [RollupMath.Sum(day, hours)]);
        }
    }

    // All of them lie in one row: a block is within one day. Null where that cannot be read.
    private List<Rollup>? Replace(Tx tx, RollupStep step, int item, string site, IReadOnlyList<Rollup> made)
    {
        var block = SampleStore.RollupBlock(step, made[0].Start);
        var present = Body(tx, "select body from sample_rollups where item = @p0 and site = @p1 and block = @p2 and step = @p3", item, site, block, (long)step);
        if ((present is null ? [] : RollupCodec.TryRead(present)) is not { } before)
        {
            Unreadable($"sample_rollups {item}, {site}, {(long)step}, {block}");
            return null;
        }

        var starts = made.Select(m => m.Start).ToHashSet();
        List<Rollup> all = [.. before.Where(r => !starts.Contains(r.Start)).Concat(made).OrderBy(r => r.Start)];
        tx.Run(
            """
            insert into sample_rollups (item, site, step, block, body) values (@p0, @p1, @p2, @p3, @p4)
            on conflict (item, site, step, block) do update set body = excluded.body
            """,
            item, site, (long)step, block, RollupCodec.Write(all));
        return all;
    }

    private static byte[]? Body(Tx tx, string sql, params ReadOnlySpan<object> values)
    {
        using var rows = tx.Rows(sql, values);
        return rows.Read() ? (byte[])rows.GetValue(0) : null;
    }

    private static long HourOf(Sample sample) => SampleStore.Floor(sample.AtMicros, RollupMath.HourSeconds * 1_000_000) * RollupMath.HourSeconds;

    private readonly record struct BatchId(string Site, long Epoch, long Sequence);

    private sealed record BatchKey(string Site, long Epoch, long Sequence, long Samples);
}
