using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Results;
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
        desk.Db.Write(tx => desk.Samples.Compact(tx, Day.Utc + TimeSpan.FromHours(7.5)));
        Assert.InRange(Count("sample_batches"), 1, 1000);
        AssertSame(truth, window);
        CompactAll();
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
        CompactAll();
        Assert.Equal([0, 3, 120, 123], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public async Task Backlog_that_comes_after_compaction_takes_its_place_in_time()
    {
        await PostAsync(1, At(1, 0), At(1, 30));
        CompactAll();
        await PostAsync(2, At(1, 20), At(1, 10));
        Assert.Equal([0, 10, 20, 30], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
        CompactAll();
        Assert.Equal([0, 10, 20, 30], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public async Task A_look_that_came_under_two_epochs_is_one_point()
    {
        await PostAsync(1, At(1, 0));
        await desk.AcceptAsync(Some.Batch(1, Day, At(1, 0)) with { Epoch = 2000 }, default);
        Assert.Single(Read(1).Single().Points);
        CompactAll();
        Assert.Single(Read(1).Single().Points);
    }

    [Fact]
    public async Task A_look_without_value_is_a_point_without_value()
    {
        var timedOut = At(1, 3) with { Answer = new LookAnswer(CheckStatus.Critical, Reply.Transport, NoValue.TimedOut, "timed out") };
        await PostAsync(1, At(1, 0) with { Took = TimeSpan.FromMilliseconds(12.345) }, timedOut, At(1, 6, "'a b=c'=12.5%;80;90"));
        SamplePoint[] expected =
        [
            new(Day.Utc, 0.012345, CheckStatus.Ok),
            new(Day.Utc + TimeSpan.FromMinutes(3), null, CheckStatus.Critical),
            new(Day.Utc + TimeSpan.FromMinutes(6), 0.0015, CheckStatus.Ok, 12.5),
        ];
        Assert.Equal(expected, Read(1).Single().Points);
        CompactAll();
        Assert.Equal(expected, Read(1).Single().Points);
    }

    [Fact]
    public async Task Another_customers_scope_reads_nothing()
    {
        await PostAsync(1, At(1, 0));
        Assert.Empty(desk.Db.Read(tx => desk.Samples.Read(tx, Scope.Of(new CustomerId("other")), Owner, new ItemId(1), Day.Utc, Day.Utc)));
        Assert.Single(desk.Db.Read(tx => desk.Samples.Read(tx, Scope.Of(Owner), Owner, new ItemId(1), Day.Utc, Day.Utc)));
    }

    [Fact]
    public async Task What_is_older_than_is_kept_goes_by_blocks()
    {
        await PostAsync(1, At(1, 0), At(1, 7 * 60));
        CompactAll();
        await PostAsync(2, At(1, 1), At(2, 8 * 60));
        await PostAsync(3, At(1, 2));
        desk.Db.Write(tx => desk.Samples.Prune(tx, Day.Utc + TimeSpan.FromHours(6.5)));
        Assert.Equal([1, 420], Read(1).Single().Points.Select(p => (p.AtUtc - Day.Utc).TotalMinutes));
    }

    [Fact]
    public void Every_sample_survives_its_coding()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var samples = Enumerable.Range(0, random.Next(60)).Select(_ => Wild(random)).ToList();
            Assert.Equal(samples, SampleCodec.ReadBatch(SampleCodec.Batch(samples, samples.Count)));
            var one = samples.Select(s => s with { Item = 5 }).ToList();
            Assert.Equal(one, SampleCodec.ReadChunk(SampleCodec.Chunk(one, one.Count), 5));
        }
    }

    [Theory]
    [InlineData("time=0.001234s;3;8;0", 0.001234)]
    [InlineData("'/var log=x'=80%;90 'b'=2", 80.0)]
    [InlineData("'it''s'=7", 7.0)]
    [InlineData("rta=-1.5e-3ms", -0.0015)]
    [InlineData("  users=3;5;10", 3.0)]
    [InlineData("size=.5MB", 0.5)]
    [InlineData("count=12e", 12.0)]
    [InlineData("x=U;;", null)]
    [InlineData("x=", null)]
    [InlineData("", null)]
    [InlineData("no value here", null)]
    [InlineData("label with space=5", null)]
    [InlineData("x=1e999", null)]
    [InlineData("x=1.2.3", null)]
    [InlineData("x=NaN", null)]
    [InlineData("x=--5", null)]
    [InlineData("'unclosed=5", null)]
    [InlineData("x=\0\ud8005", null)]
    public void The_first_value_of_performance_data_is_read_or_left(string perfdata, double? value) => Assert.Equal(value, PerfValue.First(perfdata));

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
            var read = desk.Db.Read(tx => desk.Samples.Read(tx, All, Owner, new ItemId(item), window.From, window.To));
            var expected = truth.Where(t => t.Key.Item == item)
                .Select(t => (t.Key.Site, Points: t.Value.Where(p => p.AtUtc >= window.From && p.AtUtc <= window.To).ToList()))
                .Where(t => t.Points.Count > 0)
                .OrderBy(t => t.Site);
            Assert.Equal(expected.Select(e => e.Site), read.Select(s => s.Site.Value));
            Assert.All(read.Zip(expected), pair => Assert.Equal(pair.Second.Points, pair.First.Points));
        }
    }

    private void CompactAll()
    {
        while (desk.Db.Write(tx => desk.Samples.Compact(tx, Day.Utc + TimeSpan.FromDays(2))) > 0)
        {
        }
    }

    private IReadOnlyList<SampleSeries> Read(int item) =>
        desk.Db.Read(tx => desk.Samples.Read(tx, All, Owner, new ItemId(item), Day.Utc, Day.Utc + TimeSpan.FromDays(1)));

    private long Count(string table) => desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>($"select count(*) from {table}"));

    private protected Task PostAsync(long sequence, params CheckResult[] results) => desk.AcceptAsync(Some.Batch(sequence, Day, results), default);

    private protected static CheckResult At(int item, double minute, string perfdata = "") => Some.Result(item, Day + TimeSpan.FromMinutes(minute), perfdata: perfdata);

    private static Sample Wild(Random random) => new(
        random.Next(int.MinValue, int.MaxValue),
        random.NextInt64(-1_000_000_000, 4_000_000_000_000_000),
        (CheckStatus)random.Next(4),
        random.Next(4) == 0 ? null : random.NextInt64(1L << random.Next(1, 62)),
        random.Next(8) switch
        {
            0 => random.NextDouble(),
            1 => random.Next() / 1000.0,
            2 => -random.NextDouble(),
            3 => double.MaxValue,
            4 => -0.0,
            5 => random.NextInt64() * 1e3,
            _ => null,
        });
}

/// <summary>Samples on SQLite.</summary>
public sealed class SampleTestsOnFile() : SampleTests(Engine.File)
{
    [Fact]
    public async Task A_batch_costs_two_statements_and_a_result_little_memory()
    {
        var random = new Random(1);
        var results = Enumerable.Range(1, 200).Select(i => At(i, random.Next(3), $"time=0.00{random.Next(99)}s")).ToArray();
        await PostAsync(1, results);
        var statements = new List<string>();
        desk.Db.Write(tx =>
        {
            var sqlite = (Microsoft.Data.Sqlite.SqliteConnection)tx.Connection;
            SQLitePCL.raw.sqlite3_trace(sqlite.Handle, (_, sql) => statements.Add(sql), null);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var batch = Some.Batch(2, Day, results);
            Assert.True(desk.Cursors.Advance(tx, batch));
            desk.Samples.Append(tx, batch);
            var each = (GC.GetAllocatedBytesForCurrentThread() - before) / results.Length;
            SQLitePCL.raw.sqlite3_trace(sqlite.Handle, (SQLitePCL.strdelegate_trace?)null, null);
            Assert.InRange(each, 0, 250);
        });
        Assert.Equal(2, statements.Count);
        Assert.InRange(desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>("select length(body) from sample_batches where sequence = 2")), 1, 200 * 16);
    }
}

/// <summary>Samples on PostgreSQL.</summary>
public sealed class SampleTestsOnServer() : SampleTests(Engine.Server);
