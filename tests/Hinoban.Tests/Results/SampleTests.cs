using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Results;

/// <summary>Samples come back as they were measured, before and after they are compacted, and cost little.</summary>
public abstract class SampleTests : IDisposable
{
    private static readonly CustomerId Owner = new("sample-trading");
    private static readonly Scope All = Scope.Across("test");
    private protected static readonly Moment Day = new(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(9));

    private protected readonly CountingDoor desk;

    private protected SampleTests(Engine engine) => desk = new CountingDoor(engine);

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_day_reads_the_same_before_during_and_after_compaction()
    {
        var truth = await FillDayAsync();
        var window = (From: Day.Utc, To: Day.Utc + TimeSpan.FromDays(1));
        AssertSame(truth, window);
        Move(Day.Utc + TimeSpan.FromHours(7.5));
        Assert.InRange(Count("sample_batches"), 1, 1000);
        AssertSame(truth, window);
        MoveAll();
        Assert.Equal(0, Count("sample_batches"));
        AssertSame(truth, window);
        AssertSame(truth, (Day.Utc + TimeSpan.FromHours(5), Day.Utc + TimeSpan.FromHours(6)));
        AssertSame(truth, (Day.Utc + TimeSpan.FromHours(6), Day.Utc + TimeSpan.FromHours(6)));
        Assert.Equal(3 * 2 * 4, Count("sample_chunks"));
    }

    [Fact]
    public async Task Where_a_site_did_not_look_there_is_no_point()
    {
        await PostAsync(1, At(1, 0), At(1, 3));
        await PostAsync(2, At(1, 120), At(1, 123));
        MoveAll();
        Assert.Equal([0, 3, 120, 123], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public async Task Backlog_that_comes_after_compaction_takes_its_place_in_time()
    {
        await PostAsync(1, At(1, 0), At(1, 30));
        MoveAll();
        await PostAsync(2, At(1, 20), At(1, 10));
        Assert.Equal([0, 10, 20, 30], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
        MoveAll();
        Assert.Equal([0, 10, 20, 30], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public async Task A_look_that_came_under_two_epochs_is_one_point()
    {
        await PostAsync(1, At(1, 0));
        await desk.AcceptAsync(Some.Batch(1, Day, At(1, 0)) with { Epoch = 2000 }, default);
        Assert.Single(Read(1).Single().Points);
        MoveAll();
        Assert.Single(Read(1).Single().Points);
    }

    [Fact]
    public async Task A_look_without_value_is_a_point_without_value()
    {
        var timedOut = At(1, 3) with { Answer = new LookAnswer(CheckStatus.Critical, Reply.Transport, NoValue.TimedOut, "timed out") };
        await PostAsync(1, At(1, 0) with { Took = TimeSpan.FromMilliseconds(12.345) }, timedOut, At(1, 6, "'a b=c'=12.5%;80;90"));
        SamplePoint[] expected =
        [
            new(Day.Utc, 0.0123, CheckStatus.Ok),
            new(Day.Utc + TimeSpan.FromMinutes(3), null, CheckStatus.Critical),
            new(Day.Utc + TimeSpan.FromMinutes(6), 0.0015, CheckStatus.Ok, 12.5),
        ];
        Assert.Equal(expected, Read(1).Single().Points);
        MoveAll();
        Assert.Equal(expected, Read(1).Single().Points);
    }

    [Fact]
    public void What_keeps_us_from_looking_is_written_once()
    {
        CheckResult Kept(double minute, string why) => At(1, minute) with { Answer = LookFailures.Engine("", why) };
        desk.Db.Write(tx => Array.ForEach([Kept(0, "no socket"), Kept(3, "no socket"), Kept(6, "no plugin"), Kept(9, "no plugin"), Kept(12, "no socket")], one => desk.Samples.Note(tx, Some.Tokyo, one)));
        var texts = desk.Db.Read(tx => desk.Samples.Texts(tx, Wish(1, Day.Utc, Day.Utc + TimeSpan.FromDays(1)), 10));
        Assert.Equal([12.0, 6.0, 0.0], texts.Select(t => (t.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public async Task Another_customers_scope_reads_nothing()
    {
        await PostAsync(1, At(1, 0));
        MoveAll();
        await PostAsync(2, At(1, 1));
        foreach (var (scope, count) in new[] { (Scope.Of(new CustomerId("other")), 0), (Scope.Of(Owner), 1) })
        {
            var wish = Wish(1, Day.Utc, Day.Utc + TimeSpan.FromDays(1)) with { Scope = scope };
            Assert.Equal(count, desk.Db.Read(tx => desk.Samples.Raw(tx, wish)).Count);
            Assert.Equal(count, desk.Db.Read(tx => desk.Samples.Rollups(tx, wish, RollupStep.Hour)).Count);
            desk.Db.Write(tx => desk.Samples.Note(tx, Some.Tokyo, At(1, 0)));
            Assert.Equal(count, desk.Db.Read(tx => desk.Samples.Texts(tx, wish, 10)).Count);
        }
    }

    [Fact]
    public async Task What_is_older_than_is_kept_goes_by_blocks_and_its_rollups_stay()
    {
        await PostAsync(1, At(1, 0), At(1, 7 * 60), At(2, 1));
        MoveAll();
        var before = Rollups(1, RollupStep.Hour);
        var terms = new SampleTerms(TimeSpan.FromDays(35), TimeSpan.FromDays(400), TimeSpan.FromDays(1830));
        foreach (var _ in SamplePruning.Steps(desk.Db, terms, Day.Utc + terms.Raw + TimeSpan.FromHours(6.5), sentOn: false))
        {
        }

        Assert.Equal([420], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
        Assert.Equal(before.Select(r => r.Start), Rollups(1, RollupStep.Hour).Select(r => r.Start));
        foreach (var _ in SamplePruning.Steps(desk.Db, terms, Day.Utc + terms.Hours + TimeSpan.FromDays(1.5), sentOn: false))
        {
        }

        Assert.Empty(Rollups(1, RollupStep.Hour));
        Assert.Single(Rollups(1, RollupStep.Day));
        foreach (var _ in SamplePruning.Steps(desk.Db, terms, Day.Utc + terms.Days + TimeSpan.FromDays(64), sentOn: false))
        {
        }

        Assert.Equal(0, Count("sample_rollups"));
        Assert.Equal(0, Count("sample_chunks"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_left_out_and_all_else_is_moved()
    {
        await PostAsync(1, At(1, 0), At(2, 0), At(3, 0));
        MoveAll();
        await PostAsync(2, At(4, 0));
        Damage("sample_chunks", "item = 1");
        Damage("sample_rollups", "item = 2 and step = 1");
        Damage("sample_batches", "sequence = 2");
        await PostAsync(3, At(1, 3), At(2, 3), At(3, 3), At(4, 3));
        var told = new List<string>();
        foreach (var _ in new SampleMoving(desk.Db, _ => Interval) { Unreadable = told.Add }.Steps(Day.Utc + TimeSpan.FromDays(1), Day.Utc - TimeSpan.FromDays(1), stays: false))
        {
        }

        var block = SampleStore.BlockOf(SqlTypes.ToMicros(Day.Utc));
        Assert.Equal(["sample_batches tokyo, 1000, 2", $"sample_chunks 1, tokyo, {block}", $"sample_rollups 2, tokyo, 1, {block / 4}"], told);
        Assert.Equal(1, Count("sample_batches"));
        Assert.Empty(Read(1));
        Assert.Empty(Rollups(2, RollupStep.Hour));
        Assert.Equal([2, 2, 1], new[] { 2, 3, 4 }.Select(i => Read(i).Single().Points.Count));
        Assert.Equal(2, Rollups(3, RollupStep.Day).Single().Count);

        // It goes when it would have gone.
        Assert.NotEmpty(SamplePruning.Steps(desk.Db, SampleTerms.Usual, Day.Utc + SampleTerms.Usual.Raw + TimeSpan.FromHours(7), sentOn: false).ToList());
        Assert.Equal(0, Count("sample_batches"));
    }

    private void Damage(string table, string where) => desk.Db.Write(tx => tx.Connection.Execute($"update {table} set body = @body where {where}", new { body = new byte[] { 99 } }, tx.Transaction));

    [Fact]
    public void However_much_is_old_a_transaction_removes_so_many_rows_at_most()
    {
        // All of it is one item's.
        Fill("insert into sample_chunks (item, site, block, samples, body) select 1, 'tokyo', n, 1, body from m");
        Fill("insert into sample_rollups (item, site, step, block, body) select 1, 'tokyo', 1 + n % 2, -n, body from m");
        Fill("insert into sample_texts (item, site, at_utc, status, output) select 1, 'tokyo', n, 0, '' from m");
        Fill("insert into sample_batches (site, epoch, sequence, from_utc, to_utc, samples, body, moved) select 'tokyo', 1, n, n, n, 1, body, n % 2 from m");
        var steps = SamplePruning.Steps(desk.Db, SampleTerms.Usual, Day.Utc, sentOn: false).ToList();
        Assert.Equal(SamplePruning.AtOnce, steps.Max());
        Assert.Equal(4 * 5_000, steps.Sum());
        Assert.All(new[] { "sample_chunks", "sample_rollups", "sample_texts", "sample_batches" }, t => Assert.Equal(0, Count(t)));
    }

    [Fact]
    public void What_was_moved_and_sent_goes_though_its_site_ships_no_more()
    {
        Fill("insert into sample_batches (site, epoch, sequence, from_utc, to_utc, samples, body, moved) select 'tokyo', 1, n, n, n, 1, body, 1 from m");
        desk.Db.Write(tx => tx.Connection.Execute("insert into sample_exports (site, epoch, sequence, sent, dropped) values ('tokyo', 1, 4000, 4000, 0)", null, tx.Transaction));
        Assert.Equal(4_000, SamplePruning.Steps(desk.Db, SampleTerms.Usual, Day.Utc, sentOn: true).Sum());
        Assert.Equal(1_000, Count("sample_batches"));
    }

    [Fact]
    public void Of_an_output_that_is_always_new_so_many_are_kept_an_hour()
    {
        foreach (var minute in Enumerable.Range(0, 240).Select(i => i / 2.0))
        {
            desk.Db.Write(tx => desk.Samples.Note(tx, Some.Tokyo, At(1, minute)));
        }

        desk.Db.Write(tx => desk.Samples.Note(tx, Some.Tokyo, At(2, 10)));
        Assert.InRange(Count("sample_texts"), SampleStore.MostTexts + 1, (2 * SampleStore.MostTexts) + 1);
    }

    private void Fill(string insert) => desk.Db.Write(tx => tx.Connection.Execute(
        $"with recursive m(n, body) as (select 1, @body union all select n + 1, body from m where n < 5000) {insert}", new { body = new byte[] { 99 } }, tx.Transaction));

    [Fact]
    public async Task What_comes_later_than_is_kept_does_not_make_half_an_hour_of_a_whole_one()
    {
        await PostAsync(1, At(1, 0), At(1, 3), At(1, 6));
        MoveAll();
        var whole = Rollups(1, RollupStep.Hour);
        desk.Db.Write(tx => tx.Connection.Execute("delete from sample_chunks", null, tx.Transaction));
        await PostAsync(2, At(1, 9));
        Move(Day.Utc + TimeSpan.FromDays(2), notBefore: Day.Utc + TimeSpan.FromDays(1));
        AssertSame(whole, Rollups(1, RollupStep.Hour));
        Assert.Equal(0, Count("sample_batches"));
    }

    [Fact]
    public async Task Rollups_are_what_all_samples_come_to_however_they_came()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var all = Enumerable.Range(0, 400).Select(_ => Measured(random, 1 + random.Next(2), random.Next(3 * 24 * 60))).ToList();
            var sequence = 1 + (seed * 10_000);
            foreach (var some in all.Concat(all.Where(_ => random.Next(6) == 0)).Chunk(23))
            {
                await PostAsync(sequence++, some);
                if (random.Next(3) == 0)
                {
                    // Broken off in the middle, and done again later.
                    Move(Day.Utc + TimeSpan.FromDays(random.Next(1, 5)), steps: random.Next(4));
                }
            }

            MoveAll();
            for (var item = 1; item <= 2; item++)
            {
                var truth = Sample.InOrder(all.Where(r => r.Item.Value == item).Select(Sample.Of));
                var hours = truth.GroupBy(s => s.AtMicros / 3_600_000_000).Select(g => RollupMath.Hour(g.Key * 3600, [.. g], Interval)).ToList();
                AssertSame(hours, Rollups(item, RollupStep.Hour));
                AssertSame([.. hours.GroupBy(h => h.Start / 86_400).Select(g => RollupMath.Sum(g.Key * 86_400, [.. g]))], Rollups(item, RollupStep.Day));
            }

            desk.Db.Write(tx => tx.Connection.Execute("delete from sample_chunks; delete from sample_rollups; delete from sample_batches", null, tx.Transaction));
        }
    }

    [Fact]
    public async Task Backlog_tells_what_was_printed_where_it_changed()
    {
        CheckResult Said(double minute, string output) => At(1, minute) with { Answer = new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, output) };
        await desk.AcceptAsync(Some.Batch(1, Day, Said(6, "HTTP OK - 301, 0.1 s"), Said(0, "HTTP OK - 200, 0.012 s"), Said(3, "HTTP OK - 200, 1.5 s")) with { Lane = Lane.Backlog }, default);
        await desk.AcceptAsync(Some.Batch(2, Day, Said(9, "HTTP OK - 301, 0.2 s"), Said(12, "connection refused")) with { Lane = Lane.Backlog }, default);
        var texts = desk.Db.Read(tx => desk.Samples.Texts(tx, Wish(1, Day.Utc, Day.Utc + TimeSpan.FromDays(1)), 10));
        Assert.Equal([(12.0, "connection refused"), (0.0, "HTTP OK - 200, 0.012 s")], texts.Select(t => ((t.AtUtc - Day.Utc).TotalMinutes, t.Output)));
    }

    [Fact]
    public async Task Backlog_is_compared_with_what_was_printed_before_and_between()
    {
        CheckResult Said(int item, double minute, string output) => At(item, minute) with { Answer = new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, output) };
        for (var seed = 0; seed < 6; seed++)
        {
            // Of 250 items some have a text long before, some one in the middle of what waited, and what came twice is told once.
            var random = new Random(seed);
            var (first, truth) = (1000 * (seed + 1), new SortedDictionary<(int Item, double Minute), string>());
            foreach (var (minute, output) in new[] { (-700.0, "a"), (-600, "b"), (1.5, "c"), (90, "z") })
            {
                foreach (var result in Enumerable.Range(first, 250).Where(_ => random.Next(2) == 0).Select(i => Said(i, minute, output)))
                {
                    desk.Db.Write(tx => desk.Samples.Note(tx, Some.Tokyo, result));
                    truth[(result.Item.Value, minute)] = output;
                }
            }

            var waited = Enumerable.Range(0, 900).Select(_ => (Item: first + random.Next(250), Minute: (double)random.Next(5), Output: $"{"abc"[random.Next(3)]}")).DistinctBy(w => (w.Item, w.Minute)).ToList();
            foreach (var (item, minute, output) in waited.OrderBy(w => w.Minute))
            {
                var before = truth.LastOrDefault(t => t.Key.Item == item && t.Key.Minute <= minute);
                if (before.Value != output)
                {
                    truth[(item, minute)] = output;
                }
            }

            await desk.AcceptAsync(Some.Batch(seed + 1, Day, [.. waited.Select(w => Said(w.Item, w.Minute, w.Output))]) with { Lane = Lane.Backlog }, default);
            var kept = desk.Db.Read(tx => tx.Connection.Query<(long Item, long At, string Output)>(
                "select item, at_utc, output from sample_texts where item between @first and @last order by item, at_utc", new { first, last = first + 249 }, tx.Transaction).AsList());
            Assert.Equal(truth.Select(t => (t.Key.Item, SqlTypes.ToMicros(Day.Utc.AddMinutes(t.Key.Minute)), t.Value)), kept.Select(k => ((int)k.Item, k.At, k.Output)));
        }
    }

    [Theory]
    [InlineData("HTTP OK - 0.214 s", "HTTP OK - 12.5 s", false)]
    [InlineData("OK", "OK", false)]
    [InlineData("", "", false)]
    [InlineData("", "12:30", false)]
    [InlineData("OK", "", true)]
    [InlineData("", "OK", true)]
    [InlineData("a 1", "a 1 b", true)]
    [InlineData("a 1 b", "a 1", true)]
    [InlineData("a b", "a c", true)]
    [InlineData("1a", "a", false)]
    [InlineData("a/b", "a-b", true)]
    public void An_output_is_new_by_its_words(string before, string now, bool isNew)
    {
        Assert.Equal(isNew, OutputChange.Is(CheckStatus.Ok, before, CheckStatus.Ok, now));
        Assert.True(OutputChange.Is(CheckStatus.Ok, before, CheckStatus.Warning, now));
    }

    private async Task<Dictionary<(string, int), List<SamplePoint>>> FillDayAsync()
    {
        var truth = new Dictionary<(string, int), List<SamplePoint>>();
        var random = new Random(7);
        for (var minute = 0; minute < 24 * 60; minute += 3)
        {
            foreach (var site in new[] { "tokyo", "osaka" })
            {
                var results = Enumerable.Range(1, 3).Where(_ => random.Next(10) > 0).Select(i => Measured(random, i, minute)).ToArray();
                foreach (var result in results)
                {
                    var key = (site, result.Item.Value);
                    truth.TryAdd(key, []);
                    truth[key].Add(Sample.Of(result).Point);
                }

                if (results.Length > 0)
                {
                    await desk.AcceptAsync(Some.Batch(minute + 1, Day, results) with { Site = new SiteName(site) }, default);
                }
            }
        }

        return truth;
    }

    private static CheckResult Measured(Random random, int item, int minute)
    {
        var result = At(item, minute, random.Next(2) == 0 ? "" : $"time={random.NextDouble()}s");
        return result with
        {
            StartedUtc = result.StartedUtc + TimeSpan.FromMicroseconds(random.Next(1_000_000)),
            Took = TimeSpan.FromMicroseconds(random.Next(3_000_000)),
            Answer = result.Answer with { Status = (CheckStatus)random.Next(4), NoValue = (NoValue)(random.Next(5) == 0 ? 1 : 0) },
        };
    }

    private void AssertSame(Dictionary<(string Site, int Item), List<SamplePoint>> truth, (DateTimeOffset From, DateTimeOffset To) window)
    {
        for (var item = 1; item <= 3; item++)
        {
            var read = Read(item, window.From, window.To);
            var expected = truth.Where(t => t.Key.Item == item)
                .Select(t => (t.Key.Site, Points: t.Value.Where(p => p.AtUtc >= window.From && p.AtUtc <= window.To).ToList()))
                .Where(t => t.Points.Count > 0)
                .OrderBy(t => t.Site);
            Assert.Equal(expected.Select(e => e.Site), read.Select(s => s.Site.Value));
            Assert.All(read.Zip(expected), pair => Assert.Equal(pair.Second.Points, pair.First.Points));
        }
    }

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    private void MoveAll() => Move(Day.Utc + TimeSpan.FromDays(30));

    private void Move(DateTimeOffset olderThan, DateTimeOffset? notBefore = null, int steps = int.MaxValue)
    {
        foreach (var _ in new SampleMoving(desk.Db, _ => Interval).Steps(olderThan, notBefore ?? Day.Utc - TimeSpan.FromDays(100), stays: false).Take(steps))
        {
        }
    }

    private static SampleWish Wish(int item, DateTimeOffset from, DateTimeOffset to) => new(All, Owner, [new ItemId(item)], from, to);

    private List<Rollup> Rollups(int item, RollupStep step) =>
        desk.Db.Read(tx => desk.Samples.Rollups(tx, Wish(item, Day.Utc - TimeSpan.FromDays(1), Day.Utc + TimeSpan.FromDays(30)), step)).Values.SingleOrDefault() ?? [];

    private static void AssertSame(IReadOnlyList<Rollup> expected, IReadOnlyList<Rollup> actual)
    {
        Assert.Equal(expected.Select(r => (r.Start, r.Count, string.Join(' ', r.Seconds))), actual.Select(r => (r.Start, r.Count, string.Join(' ', r.Seconds))));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Metrics.OrderBy(m => m.Metric.Label), pair.Second.Metrics.OrderBy(m => m.Metric.Label)));
    }

    private IReadOnlyList<SampleSeries> Read(int item) => Read(item, Day.Utc, Day.Utc + TimeSpan.FromDays(1));

    private IReadOnlyList<SampleSeries> Read(int item, DateTimeOffset from, DateTimeOffset to) =>
    [
        .. desk.Db.Read(tx => desk.Samples.Raw(tx, Wish(item, from, to)))
            .OrderBy(s => s.Key.Site.Value, StringComparer.Ordinal).Select(s => new SampleSeries(s.Key.Site, [.. s.Value.Select(v => v.Point)])),
    ];

    private long Count(string table) => desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>($"select count(*) from {table}"));

    private protected Task PostAsync(long sequence, params CheckResult[] results) => desk.AcceptAsync(Some.Batch(sequence, Day, results), default);

    private protected static CheckResult At(int item, double minute, string perfdata = "") => Some.Result(item, Day + TimeSpan.FromMinutes(minute), perfdata: perfdata);
}
