using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests;

/// <summary>Our measures of this machine as it is against the distribution's plugins: the same verdict, and values as near as two looks can be.</summary>
public sealed partial class SameVerdictTests
{
    private readonly Commands commands = new(Roots.System, TimeProvider.System, new AgentLog(TextWriter.Null, TimeProvider.System));

    [Theory]
    [InlineData("1000,1000,1000", "2000,2000,2000")]
    [InlineData("0,1000,1000", "1000,1000,1000")]
    [InlineData("0,0,0", "0,0,0")]
    [InlineData("1000", "2000")]
    public async Task Load(string warn, string crit)
    {
        foreach (var perCore in new[] { false, true })
        {
            var plan = Reading.Command<LoadPlan>($$"""{"kind":"load","per_core":{{(perCore ? "true" : "false")}},"warn":"{{warn}}","crit":"{{crit}}"}""");
            var theirs = await PluginAsync("check_load", [.. perCore ? ["-r"] : Array.Empty<string>(), "-w", warn, "-c", crit]);
            var ours = await OursAsync(plan);

            // Loads change every five seconds, in between or not.
            Same(theirs, ours, Environment.ProcessorCount * 50);
        }
    }

    [Theory]
    [InlineData("0:100000", "0:200000")]
    [InlineData("0", "100000")]
    [InlineData("0", "0")]
    [InlineData("100000:", "1:")]
    [InlineData("@0:100000", "100000")]
    public async Task Processes(string warn, string crit)
    {
        var theirs = await PluginAsync("check_procs", "-w", warn, "-c", crit);
        Same(theirs, await OursAsync(new ProcsPlan(null, Reading.Limits(warn, crit))), 1000);
    }

    [Theory]
    [InlineData("1:1", "1:1")]
    [InlineData("2:", "1:")]
    [InlineData("0", "5")]
    public async Task Processes_of_one_name(string warn, string crit)
    {
        // One that nobody else starts: a copy of sleep under a name of its own.
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;
        File.Copy("/bin/sleep", Path.Combine(folder, "hnb-sleeper"));
        using var sleeper = System.Diagnostics.Process.Start(Path.Combine(folder, "hnb-sleeper"), ["300"]);
        Assert.True(Lab.Servers.Pids.WaitUntil(() => File.ReadAllText($"/proc/{sleeper.Id}/comm") == "hnb-sleeper\n", TimeSpan.FromSeconds(20)));
        var theirs = await PluginAsync("check_procs", "-C", "hnb-sleeper", "-w", warn, "-c", crit);
        Same(theirs, await OursAsync(new ProcsPlan("hnb-sleeper", Reading.Limits(warn, crit))), 0);
        sleeper.Kill();
        await sleeper.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Zombies_with_their_parent()
    {
        // A shell that becomes sleep reaps no child.
        using var parent = System.Diagnostics.Process.Start("/bin/sh", ["-c", "(exit 0) & exec sleep 300"]);
        var zombies = new ZombiesPlan(Reading.Limits(null, "0"));
        Assert.True(Lab.Servers.Pids.WaitUntil(() => ProcessTable.Read("/proc").Any(p => p.Parent == parent.Id && p.State == 'Z'), TimeSpan.FromSeconds(20)));
        var theirs = await PluginAsync("check_procs", "-s", "Z", "-c", "0");
        var ours = await OursAsync(zombies);
        Same(theirs, ours, 1000);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"of sleep (process {parent.Id})"), ours.Long, StringComparison.Ordinal);
        parent.Kill();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public async Task Disk(int used)
    {
        // Their percentages are of what is free, ours of what is used.
        var free = (100 - used).ToString(CultureInfo.InvariantCulture);
        var theirs = await PluginAsync("check_disk", "-c", $"{free}%", "-p", "/");
        var ours = await OursAsync(Reading.Command<DiskPlan>($$"""{"kind":"disk","mounts":["/"],"crit":"{{used}}%"}"""));
        Same(theirs, ours, 2e9);
        var inodes = await PluginAsync("check_disk", "-K", $"{free}%", "-p", "/");
        Assert.Equal(inodes.Status, (await OursAsync(Reading.Command<DiskPlan>($$"""{"kind":"disk","mounts":["/"],"inodes_crit":"{{used}}%"}"""))).Status);
    }

    [Fact]
    public async Task Users_and_swap()
    {
        Same(await PluginAsync("check_users", "-w", "100", "-c", "200"), await OursAsync(new UsersPlan(Reading.Limits("100", "200"))), 0);
        var theirs = await PluginAsync("check_swap", "-w", "1%", "-c", "0%");
        var ours = await OursAsync(new SwapPlan(Reading.Limits("99%", "100%")));

        // Without swap theirs is critical and ours says so and is well: on purpose.
        if (theirs.Output.Contains("0MB out of 0MB", StringComparison.Ordinal))
        {
            Assert.Equal((CheckStatus.Ok, "SWAP OK - this host has no swap"), (ours.Status, ours.Output));
        }
        else
        {
            Assert.Equal(theirs.Status, ours.Status);
        }
    }

    private async Task<Answer> OursAsync(CommandPlan plan) => (await commands.TakeAsync("x", plan, commands.Now, CancellationToken.None)).Answer;

    private static async Task<(CheckStatus Status, string Output)> PluginAsync(string name, params string[] arguments)
    {
        var (code, output) = await Tool.RunAsync(Tool.Plugin(name), arguments);
        return ((CheckStatus)code, output);
    }

    private static void Same((CheckStatus Status, string Output) theirs, Answer ours, double near)
    {
        Assert.True(theirs.Status == ours.Status, $"{theirs.Output}\n{ours.Printed}");
        var (a, b) = (Values(theirs.Output), Values(ours.Printed));
        Assert.NotEmpty(a);
        Assert.Equal(a.Count, b.Count);
        Assert.All(a.Zip(b), v => Assert.InRange(v.Second, v.First - near, v.First + near));
    }

    private static List<double> Values(string output) => [.. Value().Matches(output.Split('|')[1]).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"=([0-9.]+)")]
    private static partial Regex Value();
}
