using System.Text;
using System.Text.Json;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>What is a hit, and what of a log that is renamed, cut, copied and compressed is read.</summary>
public sealed class FollowingTests
{
    private const string Bad = """{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(6);

    [Fact]
    public void A_log_is_first_seen_at_its_end_and_a_new_one_from_its_beginning()
    {
        using var log = new FollowedLog(Bad.Replace("app.log", "*.log", StringComparison.Ordinal));
        log.Append("BAD old\n");
        log.Pass();
        log.Append("good\nBAD new\n");
        log.Append("BAD other\n", "other.log");
        log.Pass();
        Assert.Equal(["BAD new", "BAD other"], log.Texts().Order());
        Assert.Equal((CheckStatus.Ok, "LOG OK: reads 2 files", "hits=2c"), (log.Follower.Health.Status, log.Follower.Health.Output, log.Follower.Health.Perf));
    }

    [Fact]
    public void A_hit_says_all_that_the_contract_says()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD same\nBAD same\n");
        log.Pass();
        var answer = log.Answer();
        var hits = answer.GetProperty("hits").EnumerateArray().ToList();
        Assert.Equal(["v", "journal", "next", "more", "lost", "status", "output", "perf", "hits"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["seq", "id", "rule", "level", "at", "source", "offset", "text", "before", "after", "count", "suppressed"], hits[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal((1, "bad", 2, log.Log(), 2L, "BAD same", 1), (hits[0].GetProperty("seq").GetInt32(), Text(hits[0], "rule"), hits[0].GetProperty("level").GetInt32(), Text(hits[0], "source"), hits[0].GetProperty("offset").GetInt64(), Text(hits[0], "text"), hits[0].GetProperty("count").GetInt32()));
        Assert.Equal(log.Clock.GetUtcNow().ToUnixTimeMilliseconds(), hits[0].GetProperty("at").GetInt64());
        Assert.Equal($"{Text(answer, "journal")}.2", Text(answer, "next"));
        Assert.All(hits, h => Assert.Matches("^[0-9a-f]{32}$", Text(h, "id")));
        Assert.NotEqual(Text(hits[0], "id"), Text(hits[1], "id"));
    }

    [Fact]
    public void After_a_death_the_same_lines_have_the_same_identity()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\nBAD 2\n");
        log.Pass();
        var first = log.Hits();

        // A journal that came back from a backup knows less than was told: it tells the same again.
        var kept = Path.Combine(log.Data, "kept");
        var journal = Directory.GetDirectories(log.Data).Single();
        log.Restart();
        Copy(journal, kept);
        log.Append("BAD 3\n");
        log.Pass();
        var third = log.Hits()[2];
        log.Follower.Dispose();
        Copy(kept, journal);
        log.Kill();
        log.Pass();
        Assert.Equal([.. first.Select(h => Text(h, "id")), Text(third, "id")], log.Hits().Select(h => Text(h, "id")));
    }

    [Fact]
    public void Lines_around_are_kept_and_awaited()
    {
        using var log = new FollowedLog("""{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"warning"}],"context":{"before":2,"after":2}}""");
        log.Append("a\nb\nc\n");
        log.Pass();
        log.Append("BAD 1\n");
        log.Pass();
        Assert.Empty(log.Hits());
        log.Append("d\n");
        log.Kill();
        log.Pass();
        log.Append("BAD 2\ne\n");
        log.Pass();
        var one = Assert.Single(log.Hits());
        Assert.Equal(("BAD 1", "b,c", "d,BAD 2"), (Text(one, "text"), Lines(one, "before"), Lines(one, "after")));
        log.After(FiveSeconds);
        var two = log.Hits()[1];
        Assert.Equal(("BAD 2", "BAD 1,d", "e"), (Text(two, "text"), Lines(two, "before"), Lines(two, "after")));
    }

    [Fact]
    public void Records_of_many_lines_end_where_the_next_begins_or_after_five_seconds()
    {
        using var log = new FollowedLog("""{"kind":"log","files":["LOGS/app.log"],"record":"^\\d{4}-","match":[{"name":"bad","regex":"NullPointer","level":"warning"}],"except":["harmless"]}""");
        log.Append("2026-11-23 before\n");
        log.Pass();
        log.Append("2026-11-23 Exception\n  NullPointer\n");
        log.Pass();
        Assert.Empty(log.Hits());
        log.Append("  at Main\n2026-11-23 ok\n");
        log.Pass();
        Assert.Equal(["2026-11-23 Exception\n  NullPointer\n  at Main"], log.Texts());
        log.Append("2026-11-24 NullPointer\n  harmless\n2026-11-25 NullPointer\n  last");
        log.Pass();
        log.Kill();
        log.After(FiveSeconds);
        log.After(FiveSeconds);
        Assert.Equal("2026-11-25 NullPointer\n  last", log.Texts()[^1]);
        Assert.Equal(2, log.Hits().Count);
    }

    [Fact]
    public void Half_a_line_waits_for_its_end_or_five_seconds()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\nBA");
        log.Pass();
        log.Append("D half");
        log.Pass();
        Assert.Empty(log.Hits());
        log.Append(" whole\r\nBAD no end");
        log.Pass();
        Assert.Equal(["BAD half whole"], log.Texts());
        log.After(FiveSeconds);
        Assert.Equal("BAD no end", log.Texts()[^1]);
        log.Append("\nBAD next\n");
        log.Pass();
        Assert.Equal(["BAD half whole", "BAD no end", "BAD next"], log.Texts());
    }

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("euc-jp", "euc-jp")]
    [InlineData("shift_jis", "shift_jis")]
    public void Japanese_is_read_in_its_encodings(string configured, string written)
    {
        var encoding = written == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(written)!;
        using var log = new FollowedLog($$"""{"kind":"log","encoding":"{{configured}}","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"障害.*表示","level":"warning"}],"context":{"before":1,"after":0} }""");
        File.WriteAllBytes(log.Log(), encoding.GetBytes("開始\n"));
        log.Pass();
        using (var file = new FileStream(log.Log(), FileMode.Append))
        {
            // Lead bytes without their second ones, right before a line's end too, must not take the next line along.
            file.Write([.. encoding.GetBytes("前の行\nソ十表示障害を表示します\n"), 0x83, (byte)'\n', 0xE3, 0x8F, 0xFF, (byte)'\n', .. encoding.GetBytes("障害、表示\n")]);
        }

        log.Pass();
        var hits = log.Hits();
        Assert.Equal(["ソ十表示障害を表示します", "障害、表示"], hits.Select(h => Text(h, "text")));
        Assert.Equal("前の行", Lines(hits[0], "before"));
        var bytes = File.ReadAllBytes(log.Log());
        Assert.Equal(encoding.GetBytes("障害、"), bytes.AsSpan((int)hits[1].GetProperty("offset").GetInt64(), encoding.GetByteCount("障害、")).ToArray());
    }

    [Fact]
    public void Long_lines_are_cut_and_what_is_no_text_does_no_harm()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Append($"BAD {new string('y', 70_000)} BAD tail\n{new string('z', 700_000)} BAD far\nBAD {new string('火', 5_000)}\n");
        log.Append($"{new string('\0', 300_000)}BAD after a hole\n\u0001\u0002BAD \0 binary ");
        File.AppendAllBytes(log.Log(), [0xFF, (byte)'\n']);
        log.Pass();
        var texts = log.Texts();
        Assert.Equal(4, texts.Count);
        Assert.True(texts[0].StartsWith("BAD yyy", StringComparison.Ordinal) && texts[0].EndsWith('…') && Encoding.UTF8.GetByteCount(texts[0]) <= 4096);
        Assert.True(texts[1].EndsWith("火…", StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(texts[1]) is > 4080 and <= 4096);
        Assert.Equal(["BAD after a hole", "??BAD ? binary \uFFFD"], texts.Skip(2));
        Assert.Contains("longer than 64 KiB", log.Follower.Health.Long, StringComparison.Ordinal);

        var random = new Random(3);
        for (var n = 0; n < 50; n++)
        {
            var noise = new byte[random.Next(20_000)];
            random.NextBytes(noise);
            using var file = new FileStream(log.Log(), FileMode.Append);
            file.Write(noise);
        }

        log.Append("\nBAD last\n");
        log.Pass();
        Assert.Equal("BAD last", log.Texts()[^1]);
    }

    [Fact]
    public void A_rate_is_hit_once_each_time_and_survives_a_restart()
    {
        using var log = new FollowedLog("""{"kind":"log","format":"apache-access","files":["LOGS/app.log"],"match":[{"name":"many","status":"404","rate":{"count":5,"within_s":300},"level":"warning"},{"name":"5xx","status":"5xx","level":"critical"}]}""");
        log.Append("");
        log.Pass();
        log.Append(string.Concat(Enumerable.Repeat(Access(404), 3)));
        log.Pass();
        log.Restart();
        log.Append(Access(404) + Access(200) + "garbage \" [ \n" + Access(503));
        log.Pass();
        Assert.Equal(["5xx"], log.Hits().Select(h => Text(h, "rule")));
        log.Append(Access(404));
        log.Pass();
        var many = log.Hits()[1];
        Assert.Equal(("many", 5), (Text(many, "rule"), many.GetProperty("count").GetInt32()));
        log.Append(string.Concat(Enumerable.Repeat(Access(404), 4)));
        log.Pass();
        log.Clock.Advance(TimeSpan.FromSeconds(301));
        log.Append(string.Concat(Enumerable.Repeat(Access(404), 4)));
        log.Pass();
        Assert.Equal(2, log.Hits().Count);
        Assert.Contains("1 lines are not in the format", log.Follower.Health.Long, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_limit_holds_back_is_counted_and_told()
    {
        using var log = new FollowedLog("""{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"warning"},{"name":"worse","regex":"WORSE","level":"critical"}],"limit":{"count":2,"within_s":60}}""");
        log.Append("x\n");
        log.Pass();
        log.Append("BAD 1\nBAD 2\nBAD 3\nBAD 4\nWORSE\n");
        log.Pass();
        log.Append("BAD 5\n");
        log.Pass();
        log.Kill();
        log.Pass();
        log.After(TimeSpan.FromSeconds(61));
        Assert.Equal([("BAD 1", 0), ("BAD 2", 0), ("WORSE", 0), ("BAD 5", 2)], log.Hits().Select(h => (Text(h, "text"), h.GetProperty("suppressed").GetInt32())));
        log.Append("BAD 6\n");
        log.Pass();
        Assert.Equal("BAD 6", log.Texts()[^1]);
        Assert.Equal(5, log.Hits().Select(h => Text(h, "id")).Distinct().Count());
    }

    [Fact]
    public void Nothing_personal_reaches_the_disk()
    {
        using var log = new FollowedLog("""{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"warning"}],"limit":{"count":2,"within_s":60},"context":{"before":1,"after":1}}""");
        log.Append("x\n");
        log.Pass();
        log.Append("secret@one.example\nBAD secret@two.example\nsecret@three.example\nBAD secret@four.example\nBAD secret@five.example\nBAD secret@six.example");
        log.Pass();
        log.After(FiveSeconds);
        log.After(TimeSpan.FromSeconds(61));
        Assert.Equal(3, log.Hits().Count);
        log.Follower.Dispose();
        Assert.All(Directory.EnumerateFiles(log.Data, "*", SearchOption.AllDirectories), f => Assert.DoesNotContain("secret@", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public void Several_rules_may_be_hit_by_one_line()
    {
        using var log = new FollowedLog("""{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"a","regex":"[Dd]isk","level":"warning"},{"name":"b","regex":"(?i)FAIL","level":"critical"},{"name":"c","regex":"nothing","level":"critical"}]}""");
        log.Append("x\n");
        log.Pass();
        log.Append("Disk failed\nfAiLed\n");
        log.Pass();
        Assert.Equal(["a Disk failed", "b Disk failed", "b fAiLed"], log.Hits().Select(h => $"{Text(h, "rule")} {Text(h, "text")}"));
        Assert.Equal(3, log.Hits().Select(h => Text(h, "id")).Distinct().Count());
    }

    private static string Access(int status) => $"192.0.2.7 - - [23/Nov/2026:13:46:01 +0900] \"GET /a\\\"b HTTP/1.1\" {status} 12 \"-\" \"curl/8\"\n";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Lines(JsonElement json, string name) => string.Join(',', json.GetProperty(name).EnumerateArray().Select(l => l.GetString()));

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(to).ToList())
        {
            File.Delete(file);
        }

        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
