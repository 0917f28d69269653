using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Results;

/// <summary>A disk that takes nothing, or a spool that is none any more: the site goes on, and what it sees still reaches the desk.</summary>
public sealed class FullDiskTests
{
    private static readonly ItemId Log = new(7);

    private readonly HandClock clock = new();
    private readonly CountingDoor desk = new();

    private Moment Now => Moment.Of(clock);

    [Fact]
    public async Task A_result_that_the_disk_does_not_take_is_posted_from_memory()
    {
        var turns = new List<bool>();
        await using var site = new SpoolFile(clock, diskTurned: failure => turns.Add(failure is not null));
        await AddAsync(site.Spool, 1);
        Full(site.Db, true);
        await AddAsync(site.Spool, 2);
        await AddAsync(site.Spool, 3);
        Assert.Equal((3, 2L), (site.Spool.Waiting, site.Spool.NotKept));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(site.Spool.NotKeptFor!.Value.TotalSeconds, 10, 11);
        await PostAllAsync(site.Spool);
        Assert.Equal([2, 3], desk.Results.Select(r => r.Item.Value));
        Assert.All(desk.Counted, b => Assert.Equal(Lane.Live, b.Lane));
        Assert.False(site.Spool.Ready);

        // What the disk held comes once it is free again, and fills history only: it is older than what was posted.
        Full(site.Db, false);
        clock.Advance(TimeSpan.FromSeconds(1));
        await PostAllAsync(site.Spool);
        await AddAsync(site.Spool, 4);
        await PostAllAsync(site.Spool);
        Assert.Equal([(2, Lane.Live), (3, Lane.Live), (1, Lane.Backlog), (4, Lane.Live)], desk.Counted.SelectMany(b => b.Results.Select(r => (r.Item.Value, b.Lane))));
        Assert.Equal((0, 0, 2L, null), (site.Spool.Waiting, site.Spool.Unkept, site.Spool.NotKept, site.Spool.NotKeptFor));
        Assert.Equal([true, false], turns);
        Assert.All(desk.Db.Read(desk.Cursors.All), c => Assert.Equal(0, c.Gaps));
    }

    [Fact]
    public async Task However_the_disk_comes_and_goes_every_result_counts_once()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using var door = new CountingDoor();
            await using var site = new SpoolFile(clock);
            var (added, full, notes) = (0, false, 0);
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(7))
                {
                    case 0:
                        Full(site.Db, full = !full);
                        break;
                    case 1 or 2:
                        await AddAsync(site.Spool, ++added);
                        break;
                    case 3 when site.Spool.Next() is { } lost:
                        await door.AcceptAsync(Sent(site.Spool, lost), default);
                        break;
                    case 4 or 5 when site.Spool.Next() is { } batch:
                        site.Spool.Note(await door.AcceptAsync(Sent(site.Spool, batch), default));
                        notes++;
                        break;
                    case 6 when random.Next(3) == 0:
                        site.Spool.Fold();
                        break;
                    default:
                        clock.Advance(TimeSpan.FromSeconds(1));
                        break;
                }
            }

            Full(site.Db, false);
            clock.Advance(TimeSpan.FromSeconds(2));
            while (site.Spool.Next() is { } batch)
            {
                site.Spool.Note(await door.AcceptAsync(Sent(site.Spool, batch), default));
            }

            Assert.Equal(Enumerable.Range(1, added), door.Results.Select(r => r.Item.Value).Order());
            Assert.All(door.Db.Read(door.Cursors.All), c => Assert.Equal(0, c.Gaps));
            Assert.Equal(0, site.Spool.Waiting);
            await using var after = site.Crash();

            // What the desk has leaves the disk with the next transaction: after a crash it may come once more, and counts no more.
            while (after.Spool.Next() is { } again)
            {
                after.Spool.Note(await door.AcceptAsync(Sent(after.Spool, again), default));
            }

            Assert.Equal(Enumerable.Range(1, added), door.Results.Select(r => r.Item.Value).Order());
            Assert.Equal((0, site.Spool.Epoch), (after.Spool.Waiting, after.Spool.Epoch));
        }
    }

    [Fact]
    public async Task A_crash_with_a_full_disk_loses_nothing_that_was_on_it()
    {
        await using var site = new SpoolFile(clock);
        await AddAsync(site.Spool, 1);
        await PostAllAsync(site.Spool);
        await AddAsync(site.Spool, 2);
        Full(site.Db, true);
        await AddAsync(site.Spool, 3);
        await PostAllAsync(site.Spool);
        Full(site.Db, false);
        await using var after = site.Crash();
        await AddAsync(after.Spool, 4);
        await PostAllAsync(after.Spool);
        Assert.Equal([1, 3, 2, 4], desk.Counted.Where(b => b.Sequence > 0).SelectMany(b => b.Results).Select(r => r.Item.Value).OrderBy(i => i is 4 ? 9 : i is 2 ? 8 : i));
    }

    [Fact]
    public async Task Memory_is_bounded_and_the_oldest_OKs_go_first()
    {
        await using var site = new SpoolFile(clock, new SpoolOptions { MaxUnkept = 20 });
        Full(site.Db, true);
        for (var i = 1; i <= 60; i++)
        {
            var result = Some.Result(i, Now);
            await AddAsync(site.Spool, i % 10 == 0 ? result with { Answer = result.Answer with { Status = CheckStatus.Critical } } : result with { Answer = result.Answer with { Status = CheckStatus.Ok } });
        }

        Assert.InRange(site.Spool.Unkept, 15, 20);
        Assert.Equal(60, site.Spool.Unkept + site.Spool.Dropped);
        await PostAllAsync(site.Spool);
        var came = desk.Results.Select(r => r.Item.Value).ToList();
        Assert.Superset(new HashSet<int> { 10, 20, 30, 40, 50, 60, 59, 58 }, came.ToHashSet());
        Assert.Equal(came.Order(), came);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task A_broken_spool_is_set_aside_and_a_new_one_begun(int from)
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-broken-").FullName;
        var path = Path.Combine(folder, SpoolFolder.FileName);
        long epoch;
        await using (var good = SpoolFolder.Open(folder, Some.Tokyo, clock, NullLogger.Instance))
        {
            await AddAsync(good.Spool, 1);
            await PostAllAsync(good.Spool);
            (epoch, var none) = (good.Spool.Epoch, good.Broken);
            Assert.Null(none);
        }

        var bytes = File.ReadAllBytes(path);
        new Random(1).NextBytes(bytes.AsSpan(from));
        File.WriteAllBytes(path, bytes);
        clock.Advance(TimeSpan.FromSeconds(1));
        await using (var anew = SpoolFolder.Open(folder, Some.Tokyo, clock, NullLogger.Instance))
        {
            Assert.Equal(clock.GetUtcNow(), anew.Broken?.Utc);
            Assert.True(anew.Spool.Epoch > epoch);
            await AddAsync(anew.Spool, 2);
            await PostAllAsync(anew.Spool);
        }

        Assert.Equal([1, 2], desk.Results.Select(r => r.Item.Value));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder, "site.db.broken-*Z"))));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_opened_is_one_in_memory_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-closed-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, SpoolFolder.FileName)); // as unusable to SQLite as a full disk
        await using (var site = SpoolFolder.Open(folder, Some.Tokyo, clock, NullLogger.Instance))
        {
            await AddAsync(site.Spool, 1);
            Assert.Equal((1, 1, 1L), (site.Spool.Waiting, site.Spool.Unkept, site.Spool.NotKept));
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.InRange(site.Spool.NotKeptFor!.Value.TotalSeconds, 5, 6);
            site.Spool.Plan.Save(Some.Plan(6, 3));
            Assert.Equal(6, site.Spool.Plan.Load()!.Revision);
            await PostAllAsync(site.Spool);
        }

        Assert.Equal([1], desk.Results.Select(r => r.Item.Value));
        Directory.Delete(folder, recursive: true);
    }

    // Whatever the reason, the file takes no change of what waits.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_read_of_a_log_and_had_to_be_dropped_from_memory_is_read_again(bool crashes)
    {
        await using var site = new SpoolFile(clock, new SpoolOptions { MaxUnkept = 10, CommitEvery = TimeSpan.Zero });
        Full(site.Db, true);
        for (var i = 1; i <= 11; i++)
        {
            await site.Spool.AddAsync(Reading(i));
        }

        Assert.True(site.Spool.Dropped > 0);
        Assert.Equal("j.11", site.Spool.LogCursor(Log));
        Full(site.Db, false);
        clock.Advance(TimeSpan.FromSeconds(1));
        await site.Spool.AddAsync(Reading(12));
        await using var after = crashes ? site.Crash() : null;
        var spool = (after ?? site).Spool;
        Assert.Equal("j.12", spool.LogCursor(Log));
        await PostAllAsync(spool);
        Assert.Equal("", spool.LogCursor(Log));

        // A look that was under way began where reading is not any more.
        await spool.AddAsync(Reading(13));
        Assert.Equal("", spool.LogCursor(Log));
        await spool.AddAsync(Reading(1));
        await spool.AddAsync(Reading(2));
        Assert.Equal("j.2", spool.LogCursor(Log));
    }

    [Fact]
    public async Task Nothing_is_dropped_from_the_disk_unless_it_is_written_that_logs_are_read_again()
    {
        await using var site = new SpoolFile(clock, new SpoolOptions { MaxBytes = 1, ChunkBytes = 4096, CommitEvery = TimeSpan.Zero });
        await site.Spool.AddAsync(Reading(1));
        site.Spool.Fold();
        await site.Spool.AddAsync(Reading(2));
        site.Spool.Fold();
        site.Db.Write(tx => tx.Connection.Execute("create trigger no_lost before update of lost on log_cursors when new.lost = 1 begin select raise(abort, 'full'); end"));
        await AddAsync(site.Spool, 3);
        Assert.Equal((0L, 1L), (site.Spool.Dropped, site.Spool.NotKept));
        site.Db.Write(tx => tx.Connection.Execute("drop trigger no_lost"));
        clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(site.Spool, 4);
        Assert.True(site.Spool.Dropped > 0);
        Assert.True(site.Db.Read(SpoolStore.AnyCursorLost));
    }

    private CheckResult Reading(int number)
    {
        var answer = SomeHits.Read($"j.{number}", SomeHits.Hit(number));
        return Some.Result(Log.Value, Now) with { Answer = answer with { Log = answer.Log! with { From = number == 1 ? "" : $"j.{number - 1}" } } };
    }

    private static void Full(Db db, bool full) => db.Write(tx =>
    {
        foreach (var table in new[] { "spool_chunks", "spool_state" })
        {
            foreach (var change in new[] { "insert", "update", "delete" })
            {
                tx.Connection.Execute(full
                    ? $"create trigger full_{table}_{change} before {change} on {table} begin select raise(abort, 'full'); end"
                    : $"drop trigger if exists full_{table}_{change}");
            }
        }
    });

    private ResultBatch Sent(SiteSpool spool, SpooledBatch batch) => batch.Sent(Some.Tokyo, spool.Epoch, Now, [], Some.Health);

    private async Task PostAllAsync(SiteSpool spool)
    {
        while (spool.Next() is { } batch)
        {
            spool.Note(await desk.AcceptAsync(Sent(spool, batch), default));
        }
    }

    private Task AddAsync(SiteSpool spool, int item) => AddAsync(spool, Some.Result(item, Now));

    private async Task AddAsync(SiteSpool spool, CheckResult result)
    {
        var adding = spool.AddAsync(result).AsTask();
        await clock.UntilAsync(() => adding.IsCompleted, TimeSpan.FromSeconds(1));
        await adding;
    }
}
