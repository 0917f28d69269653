using System.Text.Json;
using Hinoban.Agent.Serving;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>Logs over the wire: the query for hits, and the batch and stock queries, which tell of readability only.</summary>
public sealed class LogQueryTests
{
    [Theory]
    [InlineData("hinoban_log!1!a!!50", "a", "", 50)]
    [InlineData("hinoban_log!1!a b/ü!8f3c.12!99999", "a b/ü", "8f3c.12", 1000)]
    public void A_query_is_understood(string text, string name, string cursor, int most)
    {
        Assert.True(LogQuery.Is(text, out var query));
        Assert.Equal(new LogQuery(name, cursor, most), query);
    }

    [Theory]
    [InlineData("hinoban_log", true)]
    [InlineData("hinoban_log!2!a!!50", true)]
    [InlineData("hinoban_log!1!a", true)]
    [InlineData("hinoban_log!1!!!5", true)]
    [InlineData("hinoban_log!1!a!!0", true)]
    [InlineData("hinoban_log!1!a!!-5", true)]
    [InlineData("hinoban_log!1!a!!5!6", true)]
    [InlineData("hinoban_logs", false)]
    [InlineData("load", false)]
    public void Others_are_not(string text, bool log)
    {
        Assert.Equal(log, LogQuery.Is(text, out var query));
        Assert.Null(query);
    }

    [Fact]
    public async Task Hits_come_on_a_kept_connection_and_health_by_every_other_way()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-log-").FullName;
        var file = Path.Combine(folder, "app.log");
        await File.WriteAllTextAsync(file, "x\n");
        await using (var agent = new RunningAgent($$"""{"log":{"kind":"log","files":["{{file}}"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]},"none":{"kind":"log","files":["{{folder}}/none"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]},"users":{"kind":"users"} }"""))
        {
            var first = await LogAsync(agent, "log", "");
            Assert.Equal((0, "LOG OK: reads 1 file", "hits=0c"), (first.GetProperty("status").GetInt32(), first.GetProperty("output").GetString(), first.GetProperty("perf").GetString()));
            await File.AppendAllTextAsync(file, "BAD one\n");

            // What was written before the query is in its answer.
            var second = await LogAsync(agent, "log", first.GetProperty("next").GetString()!);
            Assert.Equal("BAD one", second.GetProperty("hits")[0].GetProperty("text").GetString());
            Assert.Equal(3, (await LogAsync(agent, "none", "")).GetProperty("status").GetInt32());
            Assert.Equal("NRPE: Command 'nothing' not defined", await agent.QueryAsync("hinoban_log!1!nothing!!5"));
            Assert.Equal("NRPE: Command 'users' not defined", await agent.QueryAsync("hinoban_log!1!users!!5"));

            var items = JsonDocument.Parse(await agent.QueryAsync("hinoban_batch!1")).RootElement.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!);
            Assert.Equal((0, "LOG OK: reads 1 file", "hits=1c"), (items["log"].GetProperty("status").GetInt32(), items["log"].GetProperty("output").GetString(), items["log"].GetProperty("perf").GetString()));
            Assert.Equal((3, $"LOG UNKNOWN: {folder}/none: no such file"), (items["none"].GetProperty("status").GetInt32(), items["none"].GetProperty("output").GetString()));

            // Read again: what stays the same is read on, what is new begins, what is gone ends.
            await File.WriteAllTextAsync(Path.Combine(folder, "none"), "BAD there before\n");
            agent.Write(agent.Config.Replace("\"none\":{", "\"other\":{", StringComparison.Ordinal));
            agent.Signal("HUP");
            agent.UntilSaid("is in force");
            await File.AppendAllTextAsync(file, "BAD two\n");
            await File.AppendAllTextAsync(Path.Combine(folder, "none"), "BAD three\n");
            Assert.Equal("BAD two", (await LogAsync(agent, "log", second.GetProperty("next").GetString()!)).GetProperty("hits")[0].GetProperty("text").GetString());
            Assert.Equal("NRPE: Command 'none' not defined", await agent.QueryAsync("hinoban_log!1!none!!5"));
            Assert.Equal((0, "LOG OK: reads 1 file"), await Checked(agent, "log"));
            Assert.Equal("NRPE: a log is asked for by hinoban_log!1!NAME!CURSOR!MOST", await agent.QueryAsync("hinoban_log!1"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_stock_client_sees_the_health()
    {
        Tool.Plugin("check_nrpe");
        var file = Path.GetTempFileName();
        await using (var agent = new RunningAgent($$"""{"log":{"kind":"log","files":["{{file}}"],"match":[{"name":"bad","regex":"BAD","level":"critical"}]} }"""))
        {
            Assert.Equal((0, "LOG OK: reads 1 file |hits=0c"), await agent.CheckNrpeAsync("log", agent.AsSite));
            await File.AppendAllTextAsync(file, "BAD\n");
            Assert.Equal((0, "LOG OK: reads 1 file |hits=1c"), await agent.CheckNrpeAsync("log", ["-2", .. agent.AsSite]));
            File.Delete(file);
        }
    }

    private static async Task<JsonElement> LogAsync(RunningAgent agent, string name, string cursor) => JsonDocument.Parse(await agent.QueryAsync($"hinoban_log!1!{name}!{cursor}!100")).RootElement;

    private static async Task<(int, string)> Checked(RunningAgent agent, string name) => await Tool.RunAsync(Tool.Agent, "--config", agent.File("agent.json"), "check", name);
}
