using System.Diagnostics;
using System.Globalization;
using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Lab.Servers;
using Hinoban.Specs;
using Hinoban.Tests.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>From a specification to our own agent and back: configured by <c>spec agent</c>, asked as a site asks.</summary>
public sealed class RealAgentTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly int port = Ports.Free();
    private readonly int closed = Ports.Free();
    private readonly SiteCertificate own;
    private readonly Looks looks;
    private Process? agent;

    public RealAgentTests()
    {
        own = SiteCertificate.Open(folder.Path, "tokyo", TimeProvider.System);
        looks = new Looks(PluginOptions.Default, TimeProvider.System, new ViaOptions(own, null));
    }

    private static string Program => Path.Combine(SpecSamples.Root, "artifacts", "bin", "Hinoban.Agent", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "hinoban-agent");

    public void Dispose()
    {
        looks.Dispose();
        Stop();
        agent?.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task What_the_specification_asks_the_agent_answers()
    {
        var plan = Start(own.Fingerprint);
        var items = plan.Items.Where(i => i.Look is InsideLookPlan).ToList();
        var answers = await Task.WhenAll(items.Select(i => looks.LookAsync(i, CheckItems.Long, default)));
        var said = items.Zip(answers).ToDictionary(p => p.First.Title, p => p.Second);

        Assert.All(answers, a => Assert.Equal((Reply.Answer, NoValue.None), (a.Reply, a.NoValue)));
        Assert.All(answers, a => Assert.DoesNotContain("not defined", a.Output));
        Assert.Contains("load1=", said["web01/load"].Perfdata);
        Assert.StartsWith("DISK CRITICAL", said["web01/disk"].Output);
        Assert.Equal(CheckStatus.Ok, said["web01/procs"].Status);
        Assert.Equal((CheckStatus.Warning, "WARNING: from here"), (said["web01/dummy"].Status, said["web01/dummy"].Output));
        Assert.Equal(CheckStatus.Critical, said["web01/db"].Status);
        Assert.Contains("refused", said["web01/db"].Output);
        Assert.Equal(CheckStatus.Critical, said["db01/from-web"].Status);

        Stop();
        var away = await looks.LookAsync(SpecSamples.Item(plan, "web01/db"), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (away.Status, away.Reply, away.NoValue));
        Assert.StartsWith("AGENT CRITICAL - the agent of web01 (127.0.0.1:", away.Output);
        Assert.Contains($"nothing is known of the database at 127.0.0.1:{closed}", away.Output);
    }

    [Fact]
    public async Task A_site_that_the_agent_does_not_know_gets_no_answer()
    {
        var plan = Start($"sha256:{new string('0', 64)}");
        var said = await looks.LookAsync(SpecSamples.Item(plan, "web01/load"), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport), (said.Status, said.Reply));
        Assert.Contains(said.NoValue, new[] { NoValue.TlsCut, NoValue.Refused });
    }

    private CustomerPlan Start(string site)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} was not built");
        var plan = SpecSamples.Plan(SpecSamples.Head + $$"""
            hosts:
              web01:
                address: 127.0.0.1
                agent: { port: {{port}}, certificate: "{{Run("certificate")}}" }
                checks:
                  load: { per_core: true, warn: [1000, 1000, 1000] }
                  swap: { warn: 99.9% used }
                  disk: { mounts: [/, /no-such-mount], warn: 99% used }
                  users: { warn: 1000 }
                  procs: { crit: "1:" }
                  zombies: {}
                  dummy: { kind: plugin, via: agent, command: [check_dummy, "1", from here] }
                  db: { kind: postgres, host: db01, port: {{closed}}, user: monitor }
              db01:
                address: 127.0.0.1
                checks: { from-web: { kind: tcp, port: {{closed}}, from: web01 } }
            """);
        File.WriteAllText(folder.File("agent.json"), AgentConfig.Json(AgentConfig.Items(plan, "web01", Via.Agent), port, new AgentTerms(["127.0.0.1"], [site])));
        Assert.Equal("", Run("verify"));
        agent = Process.Start(Program, ["--config", folder.File("agent.json"), "serve"]);
        Assert.True(Pids.WaitUntil(() => Ports.Listens(port), TimeSpan.FromSeconds(30)), "the agent does not listen");
        return plan;
    }

    private void Stop()
    {
        if (agent is { HasExited: false })
        {
            agent.Kill();
            agent.WaitForExit();
        }
    }

    private string Run(string verb)
    {
        using var run = Process.Start(new ProcessStartInfo(Program, ["--config", folder.File("agent.json"), verb]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{verb}: {run.ExitCode} {said}"));
        return said.Trim();
    }
}
