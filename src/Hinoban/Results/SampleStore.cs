using System.Data;
using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// Samples in the desk's database. A batch's samples are one row in its own transaction; later they are moved into one row per item,
/// site and block of time, where a day is four rows.
/// </summary>
internal sealed class SampleStore : ISampleStore
{
    internal static readonly TimeSpan Block = TimeSpan.FromHours(6);

    /// <summary>Batches moved in one transaction: it holds the desk's only writer for some tenths of a second at most.</summary>
    private const int CompactAtOnce = 10_000;

    /// <summary>From this many items of one block and site on, the block is read whole instead of item by item.</summary>
    private const int ReadBlockFrom = 100;

    private static readonly long BlockMicros = Block.Ticks / TimeSpan.TicksPerMicrosecond;

    public void Append(Tx tx, ResultBatch batch)
    {
        if (batch.Results.Count == 0)
        {
            return;
        }

        tx.Run(
            """
            insert into sample_batches (site, epoch, sequence, from_utc, to_utc, samples, body)
            values (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
            """,
            batch.Site.Value,
            batch.Epoch,
            batch.Sequence,
            SqlTypes.ToMicros(batch.Results.Min(r => r.StartedUtc)),
            SqlTypes.ToMicros(batch.Results.Max(r => r.StartedUtc)),
            batch.Results.Count,
            SampleCodec.Batch(batch.Results.Select(Sample.Of), batch.Results.Count));
    }

    public IReadOnlyList<SampleSeries> Read(Tx tx, Scope scope, CustomerId owner, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc)
    {
        if (!scope.Covers(owner))
        {
            return [];
        }

        var (from, to) = (SqlTypes.ToMicros(fromUtc), SqlTypes.ToMicros(toUtc));
        var chunks = tx.Connection.Query<(string Site, byte[] Body)>(
            "select site, body from sample_chunks where item = @item and block between @first and @last",
            new { item = item.Value, first = BlockOf(from), last = BlockOf(to) }, tx.Transaction)
            .SelectMany(c => SampleCodec.ReadChunk(c.Body, item.Value).Select(s => (c.Site, Sample: s)));
        var batches = tx.Connection.Query<(string Site, byte[] Body)>(
            "select site, body from sample_batches where to_utc >= @from and from_utc <= @to", new { from, to }, tx.Transaction)
            .SelectMany(b => SampleCodec.ReadBatch(b.Body).Where(s => s.Item == item.Value).Select(s => (b.Site, Sample: s)));
        return chunks.Concat(batches)
            .Where(s => s.Sample.AtMicros >= from && s.Sample.AtMicros <= to)
            .GroupBy(s => s.Site, s => s.Sample)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SampleSeries(new SiteName(g.Key), InOrder(g).Select(s => s.Point).ToList()))
            .ToList();
    }

    public int Compact(Tx tx, DateTimeOffset olderThanUtc)
    {
        var batches = tx.Connection.Query<BatchRow>(
            "select site, epoch, sequence, body from sample_batches where to_utc < @olderThanUtc order by site, epoch, sequence limit @limit",
            new { olderThanUtc, limit = CompactAtOnce }, tx.Transaction).AsList();
        var groups = batches.SelectMany(b => SampleCodec.ReadBatch(b.Body).Select(s => (b.Site, Sample: s)))
            .GroupBy(s => (s.Site, Block: BlockOf(s.Sample.AtMicros)));
        using var save = new Upsert(tx);
        foreach (var group in groups)
        {
            var items = group.Select(s => s.Sample).ToLookup(s => s.Item);
            var present = Present(tx, group.Key.Site, group.Key.Block, items);
            foreach (var samples in items)
            {
                var all = present.TryGetValue(samples.Key, out var body) ? SampleCodec.ReadChunk(body, samples.Key).Concat(samples) : samples;
                var merged = InOrder(all);
                save.Run(samples.Key, group.Key.Site, group.Key.Block, merged.Count, SampleCodec.Chunk(merged, merged.Count));
            }
        }

        foreach (var row in batches.GroupBy(b => (b.Site, b.Epoch)))
        {
            // The rows came in the order of the key and whole, so what lies up to the last one and is old enough is what was read.
            tx.Connection.Execute(
                "delete from sample_batches where site = @Site and epoch = @Epoch and sequence <= @last and to_utc < @olderThanUtc",
                new { row.Key.Site, row.Key.Epoch, last = row.Max(b => b.Sequence), olderThanUtc }, tx.Transaction);
        }

        return batches.Count;
    }

    public void Prune(Tx tx, DateTimeOffset olderThanUtc)
    {
        tx.Connection.Execute("delete from sample_batches where to_utc < @olderThanUtc", new { olderThanUtc }, tx.Transaction);
        tx.Connection.Execute(
            "delete from sample_chunks where block < @block", new { block = BlockOf(SqlTypes.ToMicros(olderThanUtc)) }, tx.Transaction);
    }

    private static Dictionary<int, byte[]> Present(Tx tx, string site, long block, ILookup<int, Sample> items)
    {
        const string sql = "select item, body from sample_chunks where site = @site and block = @block";
        var rows = items.Count >= ReadBlockFrom
            ? tx.Connection.Query<(long Item, byte[] Body)>(sql, new { site, block }, tx.Transaction)
            : items.SelectMany(i => tx.Connection.Query<(long Item, byte[] Body)>(sql + " and item = @item", new { site, block, item = i.Key }, tx.Transaction));
        return rows.ToDictionary(r => (int)r.Item, r => r.Body);
    }

    // A site's look at an item is known by when it started; the same one can come twice only when a lost spool began a new epoch.
    private static List<Sample> InOrder(IEnumerable<Sample> samples)
    {
        var sorted = samples.OrderBy(s => s.AtMicros).ToList();
        for (var i = sorted.Count - 1; i > 0; i--)
        {
            if (sorted[i] == sorted[i - 1])
            {
                sorted.RemoveAt(i);
            }
        }

        return sorted;
    }

    private static long BlockOf(long micros) => Math.DivRem(micros, BlockMicros) is var (block, rest) && rest < 0 ? block - 1 : block;

    private sealed record BatchRow(string Site, long Epoch, long Sequence, byte[] Body);

    // Thousands of rows in a transaction: one prepared command, its parameters set anew for each.
    private sealed class Upsert : IDisposable
    {
        private readonly IDbCommand command;
        private readonly IDbDataParameter[] parameters;

        internal Upsert(Tx tx)
        {
            command = tx.Connection.CreateCommand();
            command.Transaction = tx.Transaction;
            command.CommandText =
                """
                insert into sample_chunks (item, site, block, samples, body) values (@item, @site, @block, @samples, @body)
                on conflict (item, site, block) do update set samples = excluded.samples, body = excluded.body
                """;
            parameters = [.. new[] { "@item", "@site", "@block", "@samples", "@body" }.Select(Add)];
        }

        internal void Run(int item, string site, long block, int samples, byte[] body)
        {
            object[] values = [(long)item, site, block, (long)samples, body];
            for (var i = 0; i < values.Length; i++)
            {
                parameters[i].Value = values[i];
            }

            command.ExecuteNonQuery();
        }

        public void Dispose() => command.Dispose();

        private IDbDataParameter Add(string name)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
            return parameter;
        }
    }
}
