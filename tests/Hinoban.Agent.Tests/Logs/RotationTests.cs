using Hinoban.Agent.Logs;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>One case each of what becomes of logs, with the agent there and away.</summary>
public sealed class RotationTests
{
    private const string Bad = """{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_end_of_what_was_set_aside_is_read_before_the_new(bool copy, bool away)
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        log.Append("BAD 2\n");
        if (away)
        {
            log.Kill();
        }

        log.Rotate(copy);
        log.Append("BAD 3\n");
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2", "BAD 3"], log.Texts());
    }

    /// <summary>What is written between the look at a file that was just cut and its reading: else the file would not be known again in its copy, and be told twice.</summary>
    [Fact]
    public void What_is_read_of_an_empty_file_is_what_it_is_known_by()
    {
        using var tail = new FileTail { Source = "app.log", Number = 1, Identity = "id", Path = "app.log", Device = 1, Inode = 2 };
        tail.Advance("BAD 1\n"u8);
        Assert.Equal(Mark.Of("BAD 1\n"u8), tail.Head);
        tail.Advance("BAD 2\n"u8);
        Assert.Equal((Mark.Of("BAD 1\n"u8), 12L), (tail.Head, tail.Offset));

        using var long1 = new FileTail { Source = "app.log", Number = 2, Identity = "id", Path = "app.log", Device = 1, Inode = 3 };
        var bytes = new byte[3000];
        long1.Advance(bytes);
        Assert.Equal(Mark.Of(bytes.AsSpan(0, Mark.Head)), long1.Head);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_compressed_while_the_agent_was_away_is_read_on_from_where_it_was(bool copy)
    {
        using var log = new FollowedLog(Bad);
        log.Append($"first {new string('x', 3000)}\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        log.Append("BAD 2\nBAD 3");
        log.Restart();
        log.Rotate(copy);
        log.Compress("app.log.1");
        log.Append("BAD 4 whole day\n");
        log.Rotate(copy);
        log.Append("BAD 5\n");
        log.Pass();
        log.Settle(); // as long as a short one may be a copy that is just being made
        Assert.Equal(["BAD 1", "BAD 2", "BAD 3", "BAD 4 whole day", "BAD 5"], log.Texts().Order());
        log.Restart();
        log.Compress("app.log.1");
        log.Pass();
        Assert.Equal(5, log.Hits().Count);
    }

    /// <summary>Much more than is read at once, with so many hits that reading stops for them in the middle, and the agent killed while it is at it.</summary>
    [Fact]
    public void A_long_compressed_rest_is_read_part_by_part()
    {
        using var log = new FollowedLog(Bad);
        log.Append("first line\n");
        log.Pass();
        log.Append("BAD 0 z\n");
        log.Pass();
        log.Restart();
        var (text, random, hits) = (new System.Text.StringBuilder(), new Random(9), 1);
        while (text.Length < 3_000_000)
        {
            text.Append(random.Next(3) == 0 ? $"BAD {hits++} z\n" : $"{random.Next():x}{new string('y', random.Next(300))}\n");
        }

        log.Append(text.ToString());
        log.Rotate();
        log.Compress("app.log.1");
        log.Follower.Pass();
        log.Kill();
        log.Pass();
        Assert.Equal(Enumerable.Range(0, hits).Select(n => $"BAD {n} z"), log.Texts());
        Assert.Equal("", log.Follower.Health.Long);
    }

    [Fact]
    public void Dates_in_names_are_known_too()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Kill();
        File.Move(log.Log(), log.Log("app-20261123.log"));
        log.Append("BAD 2\n");
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2"], log.Texts());
    }

    [Fact]
    public void A_log_that_was_cut_begins_anew_even_if_it_has_grown_past_the_old_place()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        File.WriteAllText(log.Log(), "BAD 2 after the cut\nand much more than there was before\nBAD 3\n");
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2 after the cut", "BAD 3"], log.Texts());
        File.WriteAllText(log.Log(), "");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2 after the cut", "BAD 3", "BAD 1"], log.Texts());
        Assert.Equal(4, log.Hits().Select(h => h.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public void Who_still_writes_to_the_old_file_is_heard()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        using var writer = new StreamWriter(new FileStream(log.Log(), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        log.Rotate();
        log.Append("BAD new\n");
        log.Pass();
        writer.Write("BAD late\n");
        log.Pass();
        File.Delete(log.Log("app.log.1"));
        writer.Write("BAD later, deleted\n");
        log.Pass();
        Assert.Equal(["BAD new", "BAD late", "BAD later, deleted"], log.Texts());
    }

    [Fact]
    public void Old_files_are_not_read_and_neither_are_their_compressed_forms()
    {
        using var log = new FollowedLog(Bad);
        log.Append("BAD old 2\n", "app.log.2");
        log.Append("BAD old 1\n", "app.log.1");
        log.Append("BAD old 0\n");
        log.Pass();
        log.Compress("app.log.2");
        log.Compress("app.log.1");
        log.Pass();
        log.Restart();
        log.Rotate();
        log.Compress("app.log.1");
        log.Pass();
        Assert.Empty(log.Hits());
        log.Append("", "app.log.3.xz");
        log.Append("", "app.log.4.zst");
        log.Pass();
        Assert.Contains("2 files that were set aside are compressed by other means", log.Follower.Health.Long, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_finds_new_files_and_does_not_take_copies_for_new_ones()
    {
        using var log = new FollowedLog(Bad.Replace("app.log", "app*", StringComparison.Ordinal));
        log.Append("x\n");
        log.Append("y\n", "app-worker.log");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        log.Rotate(copy: true);
        log.Append("BAD 2\n", "app-worker.log");
        log.Append("BAD 3\n");
        log.Pass();
        log.Rotate(copy: true);
        log.Compress("app.log.2");
        log.Append("BAD 4\n", "app-other.log");
        log.Pass();
        log.Kill();
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2", "BAD 3", "BAD 4"], log.Texts().Order());
    }

    [Fact]
    public void A_file_that_comes_into_the_configuration_is_first_seen_at_its_end()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Append("BAD old\n", "other.log");
        log.Pass();
        log.Append("BAD 1\n");
        log.Restart(Bad.Replace("\"LOGS/app.log\"", "\"LOGS/app.log\",\"LOGS/other.log\"", StringComparison.Ordinal));
        log.Pass();
        log.Append("BAD 2\n", "other.log");
        log.Pass();
        Assert.Equal(["BAD 1", "BAD 2"], log.Texts());
    }

    [Fact]
    public void What_cannot_be_read_is_said_and_read_from_its_end_once_it_can_be()
    {
        using var log = new FollowedLog(Bad);
        log.Pass();
        Assert.Equal((CheckStatus.Unknown, $"LOG UNKNOWN: {log.Log()}: no such file"), (log.Follower.Health.Status, log.Follower.Health.Output));
        log.Append("BAD from the beginning\n");
        log.Pass();
        Assert.Equal((CheckStatus.Ok, "LOG OK: reads 1 file", "hits=1c"), (log.Follower.Health.Status, log.Follower.Health.Output, log.Follower.Health.Perf));

        // Between two files of a rotation there may be none.
        File.Move(log.Log(), log.Log("app.log.1"));
        log.Pass();
        Assert.Equal(CheckStatus.Ok, log.Follower.Health.Status);
        log.After(TimeSpan.FromSeconds(61));
        Assert.Equal(CheckStatus.Unknown, log.Follower.Health.Status);
        Directory.CreateDirectory(log.Log());
        log.Pass();
        Assert.Equal(CheckStatus.Unknown, log.Follower.Health.Status);
    }

    /// <summary>More than are remembered when nothing is wanted of them.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Many_logs_that_are_set_aside_at_once_are_each_read_on(bool copy, bool away)
    {
        using var log = new FollowedLog(Bad.Replace("app.log", "*_log", StringComparison.Ordinal));
        var names = Enumerable.Range(0, 100).Select(n => $"v{n:000}_log").ToList();
        names.ForEach(n => log.Append($"{n} x\n", n));
        log.Pass();
        names.ForEach(n => log.Append($"BAD {n} 1\n", n));
        log.Pass();
        names.ForEach(n => log.Append($"BAD {n} 2\n", n));
        if (away)
        {
            log.Kill();
        }

        foreach (var name in names)
        {
            if (copy)
            {
                File.Copy(log.Log(name), log.Log($"{name}.1"));
                File.WriteAllText(log.Log(name), "");
            }
            else
            {
                File.Move(log.Log(name), log.Log($"{name}.1"));
            }
        }

        log.Pass();
        log.Settle();
        log.Restart();
        log.Pass();
        Assert.Equal(names.SelectMany(n => new[] { $"BAD {n} 1", $"BAD {n} 2" }), log.Texts().Order());
        Assert.DoesNotContain("missing", log.Follower.Health.Long, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_lies_beside_a_log_that_can_be_read_only_later_is_not_read(bool restart)
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        using (Rights.Without(log.Log()))
        {
            log.Pass();
            Assert.Equal(CheckStatus.Unknown, log.Follower.Health.Status);
            for (var day = 1; day <= 3; day++)
            {
                log.After(TimeSpan.FromDays(1));
                File.Move(log.Log(), log.Log($"app.log.{4 - day}"));
                log.Append($"BAD of day {day}\n");
                File.SetLastWriteTimeUtc(log.Log(), log.Clock.GetUtcNow().UtcDateTime);
                File.SetUnixFileMode(log.Log(), UnixFileMode.None);
                log.Pass();
            }
        }

        Directory.GetFiles(log.Logs).ToList().ForEach(f => File.SetUnixFileMode(f, UnixFileMode.UserRead | UnixFileMode.UserWrite));
        if (restart)
        {
            log.Restart();
        }

        log.Pass();
        Assert.Equal((CheckStatus.Ok, 0), (log.Follower.Health.Status, log.Hits().Count));
        log.Append("BAD now\n");
        log.Rotate();
        log.Compress("app.log.2");
        log.Pass();
        log.Settle();
        Assert.Equal(["BAD now"], log.Texts());
    }

    [Fact]
    public async Task The_real_logrotate_loses_and_doubles_nothing()
    {
        const string program = "/usr/sbin/logrotate";
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed: ./dev test installs it");
        foreach (var way in new[] { "create", "copytruncate", "create\ncompress", "create\ncompress\ndelaycompress", "copytruncate\ncompress", "nocreate", "dateext", "copytruncate\ndateext\ncompress", "create\ndateext\nextension .log" })
        {
            using var log = new FollowedLog(Bad);
            File.WriteAllText(Path.Combine(log.Folder, "rotate.conf"), $"{log.Log()} {{\nrotate 50\nsu {Environment.UserName} {Environment.UserName}\n{way}\n}}\n");
            log.Append("x\n");
            log.Pass();
            var random = new Random(5);
            for (var n = 0; n < 12; n++)
            {
                log.Append($"BAD {n:00} a\n");
                if (random.Next(2) == 0)
                {
                    log.Pass();
                }

                log.Append($"BAD {n:00} b\n");

                // Names with the day: there is one rotation of that sort, and what is written afterwards stays where it is.
                if (way.Contains("dateext", StringComparison.Ordinal) && n != 6)
                {
                    continue;
                }

                var (code, output) = await Tool.RunAsync(program, "--force", "--state", Path.Combine(log.Folder, "state"), Path.Combine(log.Folder, "rotate.conf"));
                Assert.True(code == 0, output);
                if (random.Next(3) == 0)
                {
                    log.Kill();
                }

            }

            log.Pass();
            log.Settle();
            var told = log.Texts().Order().ToList();
            Assert.True(Enumerable.Range(0, 12).SelectMany(n => new[] { $"BAD {n:00} a", $"BAD {n:00} b" }).SequenceEqual(told), $"{way}: {string.Join(',', told)}");
        }
    }
}
