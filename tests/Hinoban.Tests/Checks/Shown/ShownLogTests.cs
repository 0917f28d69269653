using Hinoban.Checks;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R76 and R77: a real Apache's access and error logs, read by the real agent for a site: hits by status and rate, an Apache that is slow, lines that are no log, logs and agents that go away.</summary>
public sealed class ShownLogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Apache_s_logs_from_the_line_to_the_hit()
    {
        Assert.SkipWhen(PlainServers.NoApache is not null, PlainServers.NoApache ?? "");
        using var apache = PlainServers.StartApache(folder.Path);
        using var agent = new SiteAgent($$"""
            access:
              kind: log
              file: {{folder.File("access.log")}}
              format: apache-access
              match: [{ name: broken, status: 5xx, level: critical }, { name: many, status: 4xx, rate: { count: 5, within: 1m } }]
            error: { kind: log, file: {{folder.File("error.log")}}, format: apache-error, match: "Permission denied" }
            """);
        await UntilAsync(agent, "access", a => a.Status == CheckStatus.Ok);
        await UntilAsync(agent, "error", a => a.Status == CheckStatus.Ok);

        // Wrong: what Apache answers stands in its log.
        await AskAsync(agent, apache.Port, "/boom");
        var broken = Assert.Single(await HitsAsync(agent, "access", 1));
        Assert.Equal(("broken", CheckStatus.Critical), (broken.Rule, broken.Level));
        Assert.Contains("\"GET /boom HTTP/1.1\" 503 ", broken.Text, StringComparison.Ordinal);
        Assert.Contains(" 403 ", (await AskAsync(agent, apache.Port, "/denied")).Output, StringComparison.Ordinal);
        Assert.Contains("Permission denied", Assert.Single(await HitsAsync(agent, "error", 1)).Text, StringComparison.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            await AskAsync(agent, apache.Port, "/missing");
        }

        var many = (await HitsAsync(agent, "access", 2))[1];
        Assert.Equal(("many", 5, CheckStatus.Warning), (many.Rule, many.Count, many.Level));

        // Slow: an Apache that stands still writes nothing, and its line comes when it goes on; an agent that stands still tells it then.
        var late = await Standstill.WhileAsync(apache.Pid, TimeSpan.FromMilliseconds(300), () => AskAsync(agent, apache.Port, "/boom"));
        Assert.Equal(CheckStatus.Critical, late.Status);
        Assert.Equal(3, (await HitsAsync(agent, "access", 3)).Count);
        using (new Standstill(agent.Pid))
        {
            await AskAsync(agent, apache.Port, "/boom");
            var silent = await agent.LookAsync("web01/access", CheckItems.Short);
            Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (silent.Status, silent.Reply, silent.NoValue));
        }

        Assert.Equal(4, (await HitsAsync(agent, "access", 4)).Count);

        // Wrong: what is no line of the format is no hit of it. Away: the file, then the agent.
        File.AppendAllText(folder.File("access.log"), "this is no line of an access log\n");
        await AskAsync(agent, apache.Port, "/boom");
        Assert.Equal(5, (await HitsAsync(agent, "access", 5)).Count);
        File.Delete(folder.File("access.log"));
        var missing = await UntilAsync(agent, "access", a => a.Status == CheckStatus.Unknown);
        Assert.StartsWith("LOG UNKNOWN: ", missing.Output, StringComparison.Ordinal);
        Assert.Contains("access.log", missing.Output, StringComparison.Ordinal);
        using var gone = new Standstill(agent.Pid);
        gone.Kill();
        var away = await agent.LookAsync("web01/access");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (away.Status, away.Reply, away.NoValue));
        Assert.StartsWith($"AGENT CRITICAL - the agent of web01 (127.0.0.1:{agent.Port}) does not answer: connection refused", away.Output, StringComparison.Ordinal);
    }

    private static Task<LookAnswer> AskAsync(SiteAgent agent, int port, string path) => agent.Looks.LookAsync(CheckItems.Of(CheckItems.Http(port, path)), CheckItems.Long, default);

    private static async Task<IReadOnlyList<LogHit>> HitsAsync(SiteAgent agent, string item, int count)
    {
        var answer = await UntilAsync(agent, item, a => a.Log is { } log && log.Hits.Count >= count);
        return answer.Log!.Hits;
    }

    private static async Task<LookAnswer> UntilAsync(SiteAgent agent, string item, Func<LookAnswer, bool> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await agent.LookAsync($"web01/{item}");
            if (holds(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{item}: {answer.Output} {answer.Log?.Hits.Count}");
        }
    }
}
