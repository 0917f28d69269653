using System.Globalization;
using System.Text.Json;
using Hinoban.Agent.Logs;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>More files than may be open, as logs with the day in their name make them: the newest is always read, and none is read twice.</summary>
public sealed class ManyFilesTests
{
    private const string Bad = """{"kind":"log","files":["LOGS/access.*.txt"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";
    private const int Days = 300;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_newest_is_read_and_what_is_not_open_is_said()
    {
        using var log = Old();
        log.Append("BAD newest\n", Day(Days));
        log.Append("BAD next day\n", Day(Days + 1));
        log.After(Second);
        Assert.Equal(["BAD newest", "BAD next day"], log.Texts().Order());
        Assert.Equal((CheckStatus.Ok, "LOG OK: reads 256 files"), (log.Follower.Health.Status, log.Follower.Health.Output));
        Assert.Equal($"301 files match, and the 256 that were written last are open; of the 45 others {log.Log(Day(45))} was written last. One that is written again is read on", log.Follower.Health.Long);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kill")]
    [InlineData("restart")]
    public void One_that_is_written_again_is_read_on_from_where_it_was(string between)
    {
        using var log = Old();
        ReadAndClosed(log);
        log.Append("BAD 2\n", Day(1));
        log.Append("BAD 3\n", Day(2));
        Stop(log, between);
        log.After(Second);
        log.After(Second);
        Assert.Equal(["BAD 1", "BAD 2", "BAD 3"], log.Texts().Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("kill")]
    public void All_are_read_where_more_are_written_at_once_than_may_be_open(string between)
    {
        using var log = Old();
        Enumerable.Range(1, Days).ToList().ForEach(n => log.Append($"BAD {n}\n", Day(n)));
        log.After(Second);
        Stop(log, between);
        log.After(Second);
        log.After(Second);
        Assert.Equal(Enumerable.Range(1, Days).Select(n => $"BAD {n}").Order(StringComparer.Ordinal), log.Texts().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_that_was_cut_meanwhile_is_read_from_its_beginning()
    {
        using var log = Old();
        File.WriteAllText(log.Log(Day(1)), "BAD\n");
        log.After(Second);
        Assert.Equal(["BAD"], log.Texts());
    }

    [Fact]
    public void Another_file_on_the_place_of_one_that_was_read_is_read_from_its_beginning()
    {
        using var log = Old();
        ReadAndClosed(log);
        File.WriteAllText(log.Log(Day(1)), $"BAD of another file\n{new string('x', 100)}\n");
        log.After(Second);
        Assert.Equal(["BAD 1", "BAD of another file"], log.Texts().Order());
    }

    [Fact]
    public void A_hit_that_waits_for_lines_keeps_its_file_open()
    {
        using var log = Old(Bad[..^1] + ""","context":{"before":0,"after":2}}""");
        log.Append("BAD 1\n", Day(1));
        log.After(Second);
        OthersGrow(log);
        log.After(Second);
        OthersGrow(log);
        log.After(TimeSpan.FromSeconds(6));
        Assert.Equal(["BAD 1"], log.Texts());
    }

    [Fact]
    public void When_old_ones_are_removed_the_others_are_read_on()
    {
        using var log = Old();
        Enumerable.Range(100, 100).ToList().ForEach(n => File.Delete(log.Log(Day(n))));
        log.Append("BAD\n", Day(1));
        log.After(Second);
        Assert.Equal(["BAD"], log.Texts());
        Assert.Equal(("LOG OK: reads 200 files", ""), (log.Follower.Health.Output, log.Follower.Health.Long));
    }

    [Fact]
    public void What_a_state_of_an_earlier_version_does_not_speak_of_is_not_read_again()
    {
        var places = new FilePlaces();
        places.Read(JsonDocument.Parse("{}").RootElement);
        var found = Enumerable.Range(1, Days).ToDictionary(Day, n => new Sight(new FileFacts(1, (ulong)n, 100, n, FileSort.Plain), "*", Old: false));
        var chosen = places.Choose(found, [], _ => false);
        Assert.Equal((FilePlaces.Most, false, true), (chosen.Count, chosen.ContainsKey(Day(Days - FilePlaces.Most)), chosen.ContainsKey(Day(Days))));
        Assert.Equal(new Place(100, Exact: false, Days, Mark.None), places.Take(found[Day(Days)].Facts));

        // From then on what is unknown is new.
        found[Day(Days + 1)] = new Sight(new FileFacts(1, 9999, 5, Days + 1, FileSort.Plain), "*", Old: false);
        Assert.True(places.Choose(found, [], _ => false).ContainsKey(Day(Days + 1)));
        Assert.Null(places.Take(found[Day(Days + 1)].Facts));
    }

    [Fact]
    public void Of_very_many_those_written_last_are_remembered_and_none_is_taken_for_new()
    {
        const int many = 3000;
        var found = Enumerable.Range(1, many).ToDictionary(Day, n => new Sight(new FileFacts(1, (ulong)n, 100, n, FileSort.Plain), "*", Old: true));
        var before = new FilePlaces();
        before.Choose(found, [], _ => false);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            before.Write(json);
            json.WriteEndObject();
        }

        Assert.InRange(stream.Length, 10_000, 50_000);
        var after = new FilePlaces();
        after.Read(JsonDocument.Parse(stream.ToArray()).RootElement);
        var again = found.ToDictionary(f => f.Key, f => f.Value with { Old = false });
        again[Day(many + 1)] = new Sight(new FileFacts(1, 9999, 5, many + 1, FileSort.Plain), "*", Old: false);
        after.Choose(again, [], _ => false);
        Assert.Equal([null, 100L, 100L], new[] { many + 1, many, 1 }.Select(n => after.Take(again[Day(n)].Facts)?.At));
    }

    private static string Day(int number) => string.Create(CultureInfo.InvariantCulture, $"access.{number:0000}.txt");

    private static void OthersGrow(FollowedLog log) => Enumerable.Range(2, Days - 1).ToList().ForEach(n => log.Append("fine\n", Day(n)));

    // The first, that gives its place up to younger ones after it was read.
    private static void ReadAndClosed(FollowedLog log)
    {
        log.Append("BAD 1\n", Day(1));
        log.After(Second);
        OthersGrow(log);
        log.After(Second);
        log.After(Second);
    }

    private static FollowedLog Old(string config = Bad)
    {
        var log = new FollowedLog(config);
        var written = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-Days - 1);
        foreach (var number in Enumerable.Range(1, Days))
        {
            log.Append("BAD long ago\nand more\n", Day(number));
            File.SetLastWriteTimeUtc(log.Log(Day(number)), written.AddDays(number));
        }

        log.Pass();
        return log;
    }

    private static void Stop(FollowedLog log, string how)
    {
        if (how == "kill")
        {
            log.Kill();
        }
        else if (how == "restart")
        {
            log.Restart();
        }
    }
}
