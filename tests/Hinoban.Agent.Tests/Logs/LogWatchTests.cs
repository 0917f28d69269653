using Hinoban.Agent.Logs;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>What is said of logs that are not being read though nothing is wrong with them.</summary>
public sealed class LogWatchTests
{
    private const string Bad = """{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";

    [Fact]
    public void What_was_found_long_ago_is_not_said_as_if_it_were_so()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        log.Pass();
        log.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(CheckStatus.Ok, log.Follower.Health.Status);
        log.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((CheckStatus.Unknown, "LOG UNKNOWN: has not been read for 65 s: reading hangs, at this log or at another", "hits=0c"), (log.Follower.Health.Status, log.Follower.Health.Output, log.Follower.Health.Perf));
        log.Pass();
        Assert.Equal(CheckStatus.Ok, log.Follower.Health.Status);
    }

    [Fact]
    public async Task A_fault_of_one_log_is_said_and_the_others_are_read_on()
    {
        using var log = new FollowedLog(Bad);
        log.Append("x\n");
        var data = Path.Combine(log.Folder, "watched");
        Directory.CreateDirectory(data);
        var broken = LogFollower.FolderOf(data, "a");
        using (var journal = HitJournal.Open(broken, JournalLimits.Default))
        {
            // No state that any version wrote.
            journal.Append([], new Masks(new MaskPlan(true, [])), Write, 1);
        }

        var plan = new AgentPlan([], [], new TlsPlan("", "", new HashSet<string>()), new Dictionary<string, CommandPlan> { ["a"] = log.Plan, ["b"] = log.Plan });
        var said = new StringWriter();
        var watch = new LogWatch(plan, new LogSetting(data, TimeProvider.System, new Serving.AgentLog(said, TimeProvider.System)));
        await using (watch)
        {
            for (var n = 0; n < 3; n++)
            {
                Assert.StartsWith("LOG UNKNOWN: a fault of this program: KeyNotFoundException", (await watch.LookAsync("a", default))!.Health.Output, StringComparison.Ordinal);
                Assert.Equal("LOG OK: reads 1 file", (await watch.LookAsync("b", default))!.Health.Output);
            }

            Directory.Delete(broken, recursive: true);
            Assert.Equal("LOG OK: reads 1 file", (await watch.LookAsync("a", default))!.Health.Output);
        }

        Assert.Contains("a: a fault of this program", said.ToString(), StringComparison.Ordinal);

        static void Write(System.Text.Json.Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
    }
}
