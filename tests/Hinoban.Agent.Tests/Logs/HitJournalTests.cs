using System.Text.Json;
using Hinoban.Agent.Logs;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>What is kept on disk: whole or not at all, numbered, up to a size and an age; and how it is asked for.</summary>
public sealed class HitJournalTests
{
    private const string Bad = """{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";

    [Fact]
    public void A_reader_goes_on_from_its_cursor()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        Assert.Equal((0, false, $"{Text(log.Answer(), "journal")}.0"), Said(log.Answer()));
        log.Append("BAD 1\nBAD 2\nBAD 3\n");
        log.Pass();
        var first = log.Answer(most: 2);
        Assert.Equal((2, true), (first.GetProperty("hits").GetArrayLength(), first.GetProperty("more").GetBoolean()));
        var second = log.Answer(Text(first, "next"), 2);
        Assert.Equal((1, false), (second.GetProperty("hits").GetArrayLength(), second.GetProperty("more").GetBoolean()));
        Assert.Equal((0, false, Text(second, "next")), Said(log.Answer(Text(second, "next"))));

        // Another journal's, one that this never gave, and nonsense: from the oldest.
        foreach (var strange in new[] { "0123456789abcdef.2", $"{Text(first, "journal")}.99", "x", $"{Text(first, "journal")}.", $"{Text(first, "journal")}.-1" })
        {
            Assert.Equal((3, 0), (log.Answer(strange).GetProperty("hits").GetArrayLength(), log.Answer(strange).GetProperty("lost").GetInt32()));
        }
    }

    [Fact]
    public void What_was_torn_at_the_end_is_cut_and_read_again()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        var file = Directory.EnumerateFiles(log.Data, "*.log-hits", SearchOption.AllDirectories).Single();
        var whole = new FileInfo(file).Length;
        log.Append("BAD 2\n");
        log.Pass();
        var ids = log.Hits().Select(h => Text(h, "id")).ToList();
        var longer = new FileInfo(file).Length;
        for (var cut = whole; cut < longer; cut += 37)
        {
            log.Follower.Journal!.Dispose();
            using (var open = new FileStream(file, FileMode.Open))
            {
                open.SetLength(cut);
            }

            log.Kill();
            log.Pass();
            Assert.Equal(ids, log.Hits().Select(h => Text(h, "id")));
            longer = new FileInfo(file).Length;
        }

        // A bit that fell over is as good as torn.
        log.Follower.Journal!.Dispose();
        var bytes = File.ReadAllBytes(file);
        bytes[^20] ^= 4;
        File.WriteAllBytes(file, bytes);
        log.Kill();
        log.Pass();
        Assert.Equal(ids, log.Hits().Select(h => Text(h, "id")));
    }

    [Fact]
    public void Size_and_age_are_bounded_and_what_is_gone_is_counted()
    {
        using var log = new FollowedLog(Bad, new JournalLimits { Bytes = 40_000, SegmentBytes = 8_000 });
        log.Append("x\n");
        log.Pass();
        var first = log.Answer();
        for (var n = 1; n <= 300; n++)
        {
            log.Append($"BAD {n}\n");
            log.Pass();
        }

        Assert.InRange(Directory.EnumerateFiles(log.Data, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), 20_000, 50_000);
        var answer = log.Answer(Text(first, "next"));
        var oldest = answer.GetProperty("hits")[0].GetProperty("seq").GetInt32();
        Assert.True(oldest > 100);
        Assert.Equal(oldest - 1, answer.GetProperty("lost").GetInt32());
        Assert.Equal($"BAD {oldest}", answer.GetProperty("hits")[0].GetProperty("text").GetString());
        Assert.Equal((300 - oldest + 1, "hits=300c"), (log.Hits().Count, log.Follower.Health.Perf));
        log.Restart();
        log.Pass();
        Assert.Equal((300 - oldest + 1, "hits=300c"), (log.Hits().Count, log.Follower.Health.Perf));

        // After 31 days of nothing but a later hit only that is there.
        log.After(TimeSpan.FromDays(31));
        log.Append("BAD 301\n");
        log.Pass();
        log.Append("BAD 302\n");
        log.Pass();
        Assert.Equal(["BAD 301", "BAD 302"], log.Texts().TakeLast(2));
        Assert.True(log.Hits().Count < 40);
    }

    [Fact]
    public async Task A_full_disk_holds_up_the_reading_and_loses_nothing()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can make a small disk");
        using var log = new FollowedLog(Bad);
        Directory.CreateDirectory(log.Data);
        var (code, output) = await Tool.RunAsync("/bin/mount", "-t", "tmpfs", "-o", "size=64k", "hinoban-agent-test", log.Data);
        Assert.SkipUnless(code == 0, $"no small disk here: {output}");
        try
        {
            log.Append("x\n");
            log.Pass();
            var cursor = Text(log.Answer(), "next");
            File.WriteAllBytes(Path.Combine(log.Data, "fill"), new byte[52 * 1024]);
            for (var n = 0; n < 100; n++)
            {
                log.Append($"BAD {n:000} {new string('y', 200)}\n");
                log.Pass();
            }

            Assert.Equal(CheckStatus.Unknown, log.Follower.Health.Status);
            Assert.Contains("hits cannot be kept in", log.Follower.Health.Output, StringComparison.Ordinal);
            // Making a file works on a full disk where writing into it does not: the next day's is made once.
            log.Clock.Advance(TimeSpan.FromDays(2));
            Assert.All(Enumerable.Range(0, 10), _ => log.Pass());
            Assert.Equal(2, Directory.EnumerateFiles(log.Data, "*.log-hits", SearchOption.AllDirectories).Count());
            log.Kill();
            Assert.All(Enumerable.Range(0, 10), _ => log.Pass());
            Assert.InRange(Directory.EnumerateFiles(log.Data, "*.log-hits", SearchOption.AllDirectories).Count(), 1, 2);
            Assert.Equal(0, log.Answer().GetProperty("lost").GetInt32());
            Assert.Equal(CheckStatus.Unknown, log.Follower.Health.Status);
            File.Delete(Path.Combine(log.Data, "fill"));
            log.Pass();
            Assert.Equal(CheckStatus.Ok, log.Follower.Health.Status);
            Assert.Equal(Enumerable.Range(0, 100).Select(n => $"BAD {n:000}"), log.Texts().Select(t => t[..7]));
            Assert.Equal(100, log.Answer(cursor).GetProperty("hits").GetArrayLength());
        }
        finally
        {
            log.Follower.Dispose();
            await Tool.RunAsync("/bin/umount", log.Data);
        }
    }

    [Fact]
    public void What_is_older_than_is_kept_is_not_answered_and_not_kept_though_nothing_new_comes()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        var cursor = Text(log.Answer(), "next");
        log.Append("BAD 1\n");
        log.Pass();
        log.Clock.Advance(TimeSpan.FromDays(31));

        // Nobody has lost anything who never asked; who did is told.
        Assert.Equal((0, 0), (log.Answer().GetProperty("hits").GetArrayLength(), log.Answer().GetProperty("lost").GetInt32()));
        Assert.Equal((0, 1), (log.Answer(cursor).GetProperty("hits").GetArrayLength(), log.Answer(cursor).GetProperty("lost").GetInt32()));
        log.Pass();
        var file = Assert.Single(Directory.EnumerateFiles(log.Data, "*.log-hits", SearchOption.AllDirectories));
        Assert.DoesNotContain("BAD 1", File.ReadAllText(file), StringComparison.Ordinal);
        log.Append("BAD 2\n");
        log.Pass();
        Assert.Equal(("BAD 2", 2, 0), (log.Hits()[0].GetProperty("text").GetString(), log.Hits()[0].GetProperty("seq").GetInt32(), log.Answer().GetProperty("lost").GetInt32()));
        Assert.Equal(1, log.Answer(cursor).GetProperty("lost").GetInt32());
    }

    [Fact]
    public void Two_agents_do_not_write_one_journal()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        var plan = Reading.Command<LogPlan>(Bad.Replace("LOGS", log.Logs, StringComparison.Ordinal));
        using var other = new LogFollower("x", plan, new LogSetting(log.Data, log.Clock, new Serving.AgentLog(TextWriter.Null, log.Clock)), new LogBuffers(), () => { });
        other.Pass();
        Assert.Contains("hits cannot be kept in", other.Health.Output, StringComparison.Ordinal);
    }

    private static (int, bool, string) Said(JsonElement answer) => (answer.GetProperty("hits").GetArrayLength(), answer.GetProperty("more").GetBoolean(), Text(answer, "next"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
