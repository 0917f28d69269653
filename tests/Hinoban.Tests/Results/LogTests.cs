using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using static Hinoban.Tests.Results.SomeHits;

namespace Hinoban.Tests.Results;

/// <summary>What a site reads of logs travels with its results, and its place in them is kept with what it read, never before.</summary>
public sealed class LogTests
{
    private static readonly ItemId Log = new(7);

    private readonly HandClock clock = new();

    private Moment Now => Moment.Of(clock);

    [Fact]
    public void Any_reading_comes_back_the_same()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var results = Enumerable.Range(0, random.Next(1, 6)).Select(i => random.Next(3) == 0 ? Some.Wild(random) : Some.Wild(random) with
            {
                Answer = Some.Wild(random).Answer with { Log = new LogReading(Some.Hostile(random), [.. Enumerable.Range(0, random.Next(5)).Select(_ => Wild(random))]) },
            }).ToList();
            var back = BatchCodec.Read(BatchCodec.Write(Some.Batch(1, Now, [.. results]))).Results;
            Assert.Equal(Told(results), Told(back));
        }
    }

    [Fact]
    public void Any_damage_is_refused_as_garbage_or_is_another_reading()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var writer = new ByteWriter();
            LogCodec.Write(writer, new LogReading("j.1", [Wild(random), Wild(random)]));
            var bytes = writer.Written.ToArray();
            for (var i = 0; i < 3; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var reader = new ByteReader(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
                Assert.All(LogCodec.Read(ref reader).Hits, h => Assert.InRange(h.Level, CheckStatus.Warning, CheckStatus.Critical));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_result_without_a_log_is_written_as_it_always_was()
    {
        var (plain, logged) = (new ByteWriter(), new ByteWriter());
        var result = Some.Result(7, Now);
        ResultCodec.Write(plain, [result]);
        ResultCodec.Write(logged, [result with { Answer = result.Answer with { Log = new LogReading("", []) } }]);
        Assert.Equal(plain.Length + 2, logged.Length);
        Assert.Equal(0, plain.Written[1] & 16);
    }

    [Fact]
    public async Task The_cursor_is_there_once_what_was_read_is_kept_and_after_a_crash_too()
    {
        await using var site = new SpoolFile(clock);
        Assert.Equal("", site.Spool.LogCursor(Log));
        await site.Spool.AddAsync(Read(Log, "j.5", Hit(1)));
        Assert.Equal("j.5", site.Spool.LogCursor(Log));
        await using var after = site.Crash();
        Assert.Equal("j.5", after.Spool.LogCursor(Log));
        Assert.Equal("", after.Spool.LogCursor(new ItemId(8)));
        Assert.Equal(Hit(1).Identity, Assert.Single(after.Spool.Next()!.Results[0].Answer.Log!.Hits).Identity);
    }

    [Fact]
    public async Task What_a_full_spool_gave_up_is_read_again_once_there_is_room()
    {
        await using var site = new SpoolFile(clock, new SpoolOptions { MaxBytes = 20_000, ChunkBytes = 4096, CommitEvery = TimeSpan.Zero });
        await site.Spool.AddAsync(Read(Log, "j.1", Hit(1)));
        site.Spool.Fold();
        for (var i = 0; i < 20; i++)
        {
            await site.Spool.AddAsync(Some.Result(8, Now, output: new string((char)('a' + i), 1500)));
            site.Spool.Fold();
        }

        Assert.True(site.Spool.Dropped > 0);
        Assert.Equal("j.1", site.Spool.LogCursor(Log));
        await using var after = site.Crash();
        while (after.Spool.Next() is { } batch)
        {
            after.Spool.Note(new BatchReceipt(after.Spool.Epoch, batch.Sequence));
        }

        Assert.Equal("", after.Spool.LogCursor(Log));
        await using var again = after.Crash();
        Assert.Equal("", again.Spool.LogCursor(Log));
    }

    [Fact]
    public void A_result_with_hits_counts_with_all_of_them()
    {
        var bare = Some.Result(7, Now);
        Assert.Equal(SpoolRules.SizeOf(bare) + (2 * (3 + Hit(1).Length)), SpoolRules.SizeOf(bare with { Answer = bare.Answer with { Log = new LogReading("j.1", [Hit(1)]) } }));
    }

    private static string Told(IReadOnlyList<CheckResult> results) => JsonSerializer.Serialize(results.Select(r => new { r.Item.Value, r.Answer.Output, r.Answer.Log?.Cursor, r.Answer.Log?.Hits }));

    private CheckResult Read(ItemId item, string cursor, params LogHit[] hits) => Some.Result(item.Value, Now) with { Answer = SomeHits.Read(cursor, hits) };
}
