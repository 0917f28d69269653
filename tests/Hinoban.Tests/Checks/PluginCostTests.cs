using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.Tests.House;

namespace Hinoban.Tests.Checks;

/// <summary>What one run of a plugin costs us beside the plugin itself, in numbers that no load on the machine changes: system calls of ours, and memory.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class PluginCostTests : IDisposable
{
    private const int Runs = 100;
    private const string Strace = "/usr/bin/strace";

    private readonly TempFolder folder = new();

    public PluginCostTests()
    {
        Directory.CreateDirectory(folder.File("plugins"));
        File.Copy("/bin/true", folder.File("plugins/true"));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Counted in a process of its own: what earlier tests have left here, and among it children that each run looks at, would be counted too.</summary>
    [Fact]
    public async Task A_run_takes_little_memory()
    {
        var said = await SaidAsync(new ProcessStartInfo(Environment.ProcessPath!, [.. Only(nameof(Memory_to_be_counted)), "-showLiveOutput"]));
        Assert.True(Bytes().Match(said) is { Success: true } told && long.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) is >= 1000 and <= 8000, said);
    }

    /// <summary>Counted by strace in a process of its own, which does nothing else: the calls of our threads, and those of the child before it becomes the plugin.</summary>
    [Fact]
    public async Task A_run_takes_few_system_calls()
    {
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed: ./dev test installs it");
        var (few, many) = (await CallsAsync(10), await CallsAsync(10 + Runs));
        var each = many.ToDictionary(call => call.Key, call => (double)(call.Value - few.GetValueOrDefault(call.Key)) / Runs);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', each.Where(c => c.Value > 0.1).OrderByDescending(c => c.Value).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}={c.Value:0.00}"))));
        double Of(params string[] calls) => calls.Sum(c => each.GetValueOrDefault(c));

        // One end is watched for. Only of what runs on for 20 ms, as here on a busy machine, the outputs are too: never as much as when they always were (6 changes, 3 of them to forget).
        Assert.InRange(Of("epoll_ctl"), 1, 5);
        Assert.InRange(Of("pidfd_open"), 1, 1.05);
        Assert.InRange(Of("pipe2"), 2, 2.05);

        // The end of both outputs, and whether there are orphans: read from a file that stays open.
        Assert.InRange(Of("read", "pread64"), 3, 7);
        Assert.InRange(Of("open", "openat"), 0, 0.5);
        Assert.InRange(Of("waitid", "wait4", "kill"), 3, 3.2);

        // A plugin that is no link: each part of its path once, and the file itself once.
        Assert.InRange(Of("readlink", "lstat", "stat", "newfstatat"), 2, folder.Path.Count(c => c == '/') + 4);
        Assert.InRange(Of("prlimit64"), 8, 15.5); // libc's own for each descriptor among them
    }

    /// <summary>What is counted above: run by it in a process of its own.</summary>
    [Fact(Explicit = true)]
    public Task Runs_to_be_counted() => RunAsync(int.Parse(Environment.GetEnvironmentVariable(Count) ?? "1", CultureInfo.InvariantCulture));

    /// <summary>What is counted above: run by it in a process of its own.</summary>
    [Fact(Explicit = true)]
    public async Task Memory_to_be_counted()
    {
        await RunAsync(20);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(Runs);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(GC.GetTotalAllocatedBytes(precise: true) - before) / Runs} bytes a run");
    }

    private const string Count = "HINOBAN_TEST_RUNS";

    private async Task RunAsync(int runs)
    {
        var look = new PluginLook(new PluginOptions([folder.File("plugins")], null), TimeProvider.System);
        var item = CheckItems.Of(new PluginLookPlan(["true"], false));
        for (var run = 0; run < runs; run++)
        {
            Assert.Equal(CheckStatus.Ok, (await look.LookAsync(item, CheckItems.Long, default)).Status);
        }
    }

    private async Task<Dictionary<string, int>> CallsAsync(int runs)
    {
        var file = folder.File($"calls-{runs}");
        var start = new ProcessStartInfo(Strace, ["-f", "--seccomp-bpf", "-qq", "-o", file, "-e", "trace=epoll_ctl,pidfd_open,pipe2,read,pread64,open,openat,readlink,lstat,stat,newfstatat,waitid,wait4,kill,prlimit64,execve",
            Environment.ProcessPath!, .. Only(nameof(Runs_to_be_counted))]);
        start.Environment[Count] = runs.ToString(CultureInfo.InvariantCulture);
        await SaidAsync(start);
        var lines = File.ReadLines(file).Select(l => Line().Match(l)).Where(m => m.Success).Select(m => (Process: m.Groups[1].Value, Call: m.Groups[2].Value)).ToList();
        var ours = lines[0].Process;
        var children = lines.Where(l => l.Call == "execve" && l.Process != ours).Select(l => l.Process).ToHashSet();
        return lines.Where(l => !children.Contains(l.Process)).GroupBy(l => l.Call).ToDictionary(g => g.Key, g => g.Count());
    }

    private static string[] Only(string method) => ["-explicit", "only", "-method", $"{typeof(PluginCostTests).FullName}.{method}", "-noLogo"];

    private static async Task<string> SaidAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    [GeneratedRegex(@"(\d+) bytes a run")]
    private static partial Regex Bytes();

    // "123 read(3, …"; what goes on later ("<... read resumed>") was counted at its beginning.
    [GeneratedRegex(@"^(\d+)\s+(\w+)\(")]
    private static partial Regex Line();
}
