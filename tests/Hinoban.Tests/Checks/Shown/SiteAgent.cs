using System.Diagnostics;
using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Lab.Servers;
using Hinoban.Specs;
using Hinoban.Tests.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>
/// The real agent as a specification configures it, and a site that asks it. In a mount namespace of its own, where the load, the memory and the logins that it reads are files of the
/// test's and where disks can come and go; needs root.
/// </summary>
internal sealed class SiteAgent : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder folder = new();
    private readonly SiteCertificate own;
    private readonly Process process;

    /// <param name="checks">YAML of the checks of host web01.</param>
    /// <param name="others">YAML of other hosts.</param>
    internal SiteAgent(string checks, string others = "")
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} was not built");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a mount namespace needs root");
        own = SiteCertificate.Open(folder.Path, "tokyo", TimeProvider.System);
        Looks = new Looks(PluginOptions.Default, TimeProvider.System, new ViaOptions(own, null));
        Directory.CreateDirectory(folder.File("run"));
        Load = "0.10 0.20 0.30 1/100 4711";
        Memory = "SwapTotal: 2000000 kB\nSwapFree: 1900000 kB";
        Fingerprint = Run("certificate");
        Plan = Read(Address, checks, others);
        Six = Ports.Six ? Read("::1", checks, others) : null;
        var terms = new AgentTerms(Ports.Six ? ["127.0.0.1", "::1"] : ["127.0.0.1"], [own.Fingerprint]);
        File.WriteAllText(folder.File("agent.json"), AgentConfig.Json(AgentConfig.Items(Plan, "web01", Via.Agent), Port, terms).Replace("\"v\": 1,", $"\"v\": 1, \"data\": \"{folder.File("data")}\",", StringComparison.Ordinal));
        Assert.Equal("", Run("verify"));
        process = Process.Start("unshare", ["--mount", "--propagation", "private", "sh", "-c", """
            mount --bind "$1/loadavg" /proc/loadavg && mount --bind "$1/meminfo" /proc/meminfo && mount --bind "$1/run" /run && exec "$2" --config "$1/agent.json" serve
            """, "sh", folder.Path, Program]);
        Assert.True(Pids.WaitUntil(Listens, Patience), "the agent does not listen");
    }

    internal const string Address = "127.0.0.1";

    internal int Port { get; } = Ports.Free();

    internal int Pid => process.Id;

    internal string Fingerprint { get; }

    internal Looks Looks { get; }

    internal CustomerPlan Plan { get; }

    /// <summary>The same, looked at over IPv6; null where the machine has none.</summary>
    internal CustomerPlan? Six { get; }

    internal string Folder => folder.Path;

    /// <summary>What it finds in /proc/loadavg from now on.</summary>
    internal string Load
    {
        set => File.WriteAllText(folder.File("loadavg"), value + "\n");
    }

    /// <summary>What it finds in /proc/meminfo from now on.</summary>
    internal string Memory
    {
        set => File.WriteAllText(folder.File("meminfo"), value + "\n");
    }

    /// <summary>A log-in as systemd keeps it, for an agent without utmp.</summary>
    internal void LogIn(string user, string from) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File("run/systemd/sessions")).FullName, user), $"USER={user}\nCLASS=user\nSTATE=active\nTTY=pts/1\nREMOTE_HOST={from}\n");

    internal Task<LookAnswer> LookAsync(string title, TimeSpan? timeout = null, CustomerPlan? plan = null) =>
        Looks.LookAsync(SpecSamples.Item(plan ?? Plan, title), timeout ?? CheckItems.Long, default);

    /// <summary>A program in the agent's mount namespace; its exit code and what it printed.</summary>
    internal (int Exit, string Said) Inside(string script, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo("nsenter", ["--mount", "--target", $"{Pid}", "sh", "-c", script, "sh", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd();
        run.WaitForExit();
        return (run.ExitCode, said.Trim());
    }

    public void Dispose()
    {
        Looks.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    private static string Program => Path.Combine(SpecSamples.Root, "artifacts", "bin", "Hinoban.Agent", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "hinoban-agent");

    private CustomerPlan Read(string address, string checks, string others) => SpecSamples.Plan(SpecSamples.Head + $$"""
        hosts:
          web01:
            address: "{{address}}"
            agent: { port: {{Port}}, certificate: "{{Fingerprint}}" }
            checks:
        {{string.Join('\n', checks.Split('\n').Select(l => $"      {l}"))}}
        {{string.Join('\n', others.Split('\n').Select(l => $"  {l}"))}}
        """);

    private bool Listens()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(Address, Port);
            return true;
        }
        catch (SocketException)
        {
            return process.HasExited;
        }
    }

    private string Run(string verb)
    {
        using var run = Process.Start(new ProcessStartInfo(Program, ["--config", folder.File("agent.json"), verb]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 0, $"{verb}: {said}");
        return said.Trim();
    }
}
