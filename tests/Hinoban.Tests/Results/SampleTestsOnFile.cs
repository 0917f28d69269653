using Dapper;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Results;

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

    [Fact]
    public async Task Backlog_asks_for_many_items_at_once()
    {
        CheckResult[] results = [.. Enumerable.Range(0, 5_000).Select(i => At(i % 250, 3 * (i / 250)))];
        await desk.AcceptAsync(Some.Batch(1, Day, results) with { Lane = Lane.Backlog }, default);
        Assert.Equal(250, desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from sample_texts")));
        var statements = new List<string>();
        desk.Db.Write(tx =>
        {
            var sqlite = (Microsoft.Data.Sqlite.SqliteConnection)tx.Connection;
            SQLitePCL.raw.sqlite3_trace(sqlite.Handle, (_, sql) => statements.Add(sql), null);
            desk.Samples.Append(tx, Some.Batch(2, Day, results) with { Lane = Lane.Backlog });
            SQLitePCL.raw.sqlite3_trace(sqlite.Handle, (SQLitePCL.strdelegate_trace?)null, null);
        });
        Assert.Equal(1 + 3, statements.Count);
    }

    [Fact]
    public async Task A_sample_takes_less_than_three_bytes_on_the_disk()
    {
        // Two days of 100 items at 3 minutes from one site: the look starts within some milliseconds of its slot and takes 5 to 40 ms, jittering by a tenth; the one metric is the
        // same time to the microsecond, as every native check prints it.
        var random = new Random(3);
        var empty = Pages();
        var samples = 0;
        for (var minute = 0; minute < 2 * 24 * 60; minute += 3)
        {
            await PostAsync(minute + 1, [.. Enumerable.Range(1, 100).Select(item => Realistic(random, item, minute))]);
            samples += 100;
        }

        foreach (var _ in new SampleMoving(desk.Db, _ => TimeSpan.FromMinutes(3)).Steps(Day.Utc + TimeSpan.FromDays(3), Day.Utc, stays: false))
        {
        }

        desk.Db.Write(tx => tx.Connection.Execute("delete from sample_rollups", null, tx.Transaction));
        Assert.InRange((Pages() - empty) * 4096.0 / samples, 1, 3);
    }

    [Fact]
    public async Task What_was_removed_makes_room_for_what_comes()
    {
        var pages = new List<long>();
        for (var day = 0; day < 12; day++)
        {
            var now = Day + TimeSpan.FromDays(day);
            await desk.AcceptAsync(Some.Batch(day + 1, now, [.. Enumerable.Range(0, 2000).Select(i => Some.Result(i % 50, now + TimeSpan.FromSeconds(i * 40), perfdata: $"time=0.{i:000000}s"))]), default);
            foreach (var _ in new SampleMoving(desk.Db, _ => TimeSpan.FromMinutes(3)).Steps(now.Utc + TimeSpan.FromDays(1), Day.Utc, stays: false)
                .Concat(SamplePruning.Steps(desk.Db, new SampleTerms(TimeSpan.FromDays(2), TimeSpan.FromDays(2), TimeSpan.FromDays(2)), now.Utc + TimeSpan.FromDays(1), sentOn: false)))
            {
            }

            pages.Add(Taken());
        }

        Assert.InRange(pages[^1], 1, pages[5] * 1.1);
    }

    private long Taken() => desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>("pragma page_count"));

    private long Pages() => Taken() - desk.Db.Read(tx => tx.Connection.ExecuteScalar<long>("pragma freelist_count"));

    private static CheckResult Realistic(Random random, int item, int minute)
    {
        double Bell() => Enumerable.Range(0, 6).Sum(_ => random.NextDouble() - 0.5);
        var took = TimeSpan.FromMilliseconds((5 + (item % 35)) * (1 + (0.1 * Bell())));
        var result = At(item, minute, FormattableString.Invariant($"time={(took + TimeSpan.FromMicroseconds(40 + random.Next(30))).TotalSeconds:0.000000}s;3;8;0;10"));
        return result with { StartedUtc = result.StartedUtc + TimeSpan.FromSeconds(item) + TimeSpan.FromMilliseconds(Math.Abs(Bell()) * 2), Took = took };
    }
}
