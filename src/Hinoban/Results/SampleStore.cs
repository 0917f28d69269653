using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// Samples in the desk's database. A batch's samples are one row in its own transaction; <see cref="SampleMoving"/> brings them within the hour into one row per item,
/// site and block of time, where a day is four rows, and sums them up.
/// </summary>
internal sealed class SampleStore : ISampleStore
{
    internal static readonly TimeSpan Block = TimeSpan.FromHours(6);

    private const int LongestText = 500;

    /// <summary>Of one item and site in an hour: an output with a random word in it must not fill the disk.</summary>
    internal const long MostTexts = 60;

    private const long HourMicros = RollupMath.HourSeconds * 1_000_000;

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
            SampleBatch.Write(batch.Results));

        // What waited steps no view: what it printed is compared with what was printed before it.
        if (batch.Lane == Lane.Backlog)
        {
            foreach (var result in BacklogTexts.New(tx, batch))
            {
                Note(tx, batch.Site, result);
            }
        }
    }

    public void Note(Tx tx, SiteName site, CheckResult result) => tx.Run(
        """
        insert into sample_texts (item, site, at_utc, status, output) select @p0, @p1, @p2, @p3, @p4
        where (select count(*) from sample_texts where item = @p0 and site = @p1 and at_utc between @p5 and @p2) < @p6
        and (@p7 = 0 or coalesce((select output from sample_texts where item = @p0 and site = @p1 and at_utc <= @p2 order by at_utc desc limit 1), '') <> @p4)
        on conflict (item, site, at_utc) do nothing
        """,
        result.Item.Value,
        site.Value,
        Sample.AtOf(result),
        (long)result.Answer.Status,
        Kept(result),
        Sample.AtOf(result) - HourMicros,
        MostTexts,
        result.Answer.NoValue == NoValue.EngineFault ? 1 : 0);

    // What cannot be read is a gap in a chart, and SampleMoving tells of it; nobody's page ends for it.
    public IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Sample>> Raw(Tx tx, SampleWish wish)
    {
        if (!wish.Scope.Covers(wish.Owner))
        {
            return new Dictionary<(ItemId, SiteName), List<Sample>>();
        }

        var (from, to) = (SqlTypes.ToMicros(wish.FromUtc), SqlTypes.ToMicros(wish.ToUtc));
        var wanted = wish.Items.Select(i => i.Value).ToHashSet();
        var chunks = wanted.SelectMany(item => tx.Connection.Query<(string Site, byte[] Body)>(
            "select site, body from sample_chunks where item = @item and block between @first and @last",
            new { item, first = BlockOf(from), last = BlockOf(to) }, tx.Transaction)
            .SelectMany(c => (SampleChunk.TryRead(c.Body, item) ?? []).Select(s => (c.Site, Sample: s))));
        var batches = tx.Connection.Query<(string Site, byte[] Body)>(
            "select site, body from sample_batches where to_utc >= @from and from_utc <= @to and moved = 0", new { from, to }, tx.Transaction)
            .SelectMany(b => (SampleBatch.TryRead(b.Body, wanted.Contains) ?? []).Select(s => (b.Site, Sample: s)));
        return chunks.Concat(batches)
            .Where(s => s.Sample.AtMicros >= from && s.Sample.AtMicros <= to)
            .GroupBy(s => (new ItemId(s.Sample.Item), new SiteName(s.Site)), s => s.Sample)
            .ToDictionary(g => g.Key, Sample.InOrder);
    }

    public IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>> Rollups(Tx tx, SampleWish wish, RollupStep step)
    {
        if (!wish.Scope.Covers(wish.Owner))
        {
            return new Dictionary<(ItemId, SiteName), List<Rollup>>();
        }

        var (from, to) = (wish.FromUtc.ToUnixTimeSeconds(), wish.ToUtc.ToUnixTimeSeconds());
        return wish.Items.SelectMany(item => tx.Connection.Query<(string Site, byte[] Body)>(
            "select site, body from sample_rollups where item = @item and step = @step and block between @first and @last order by block",
            new { item = item.Value, step = (long)step, first = RollupBlock(step, from), last = RollupBlock(step, to) }, tx.Transaction)
            .SelectMany(r => (RollupCodec.TryRead(r.Body) ?? []).Where(h => h.Start >= from && h.Start <= to).Select(h => (item, r.Site, Rollup: h))))
            .GroupBy(r => (r.item, new SiteName(r.Site)), r => r.Rollup)
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Start).ToList());
    }

    public IReadOnlyList<TextChange> Texts(Tx tx, SampleWish wish, int limit) => !wish.Scope.Covers(wish.Owner) ? [] :
    [
        .. wish.Items.SelectMany(item => tx.Connection.Query<(string Site, long At, long Status, string Output)>(
            "select site, at_utc, status, output from sample_texts where item = @item and at_utc between @from and @to order by at_utc desc limit @limit",
            new { item = item.Value, from = SqlTypes.ToMicros(wish.FromUtc), to = SqlTypes.ToMicros(wish.ToUtc), limit }, tx.Transaction))
            .OrderByDescending(t => t.At)
            .Take(limit)
            .Select(t => new TextChange(new SiteName(t.Site), SqlTypes.FromMicros(t.At), (CheckStatus)t.Status, t.Output)),
    ];

    internal static long BlockOf(long micros) => Floor(micros, BlockMicros);

    /// <summary>The row of rollups that holds what begins in this second since 1970.</summary>
    internal static long RollupBlock(RollupStep step, long second) => Floor(second, RollupMath.DaySeconds * (step == RollupStep.Hour ? 1 : 32));

    internal static long Floor(long number, long unit) => Math.DivRem(number, unit) is var (whole, rest) && rest < 0 ? whole - 1 : whole;

    internal static string Kept(CheckResult result) =>
        SqlTypes.Storable(result.Answer.Output.Length > LongestText ? result.Answer.Output[..LongestText] : result.Answer.Output);
}
