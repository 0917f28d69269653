using System.Diagnostics;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Children by the thousand, on old kernels, and with old libcs.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[Collection(Hinoban.Tests.House.AloneCollection.Name)]
public sealed class ChildTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_thousand_at_once_hold_no_thread_each_and_leave_no_descriptor_and_no_child()
    {
        var plugin = Path.Combine(Directory.CreateDirectory(folder.File("plugins")).FullName, "second");
        var nap = folder.File("hinoban-nap");
        File.CreateSymbolicLink(nap, "/bin/sleep");
        File.WriteAllText(plugin, $"#!/bin/sh\necho OK; exec {nap} 1\n");
        File.SetUnixFileMode(plugin, (UnixFileMode)0b111_101_101);
        var (look, item) = (new PluginLook(new PluginOptions([folder.File("plugins")], null), TimeProvider.System), CheckItems.Of(new PluginLookPlan(["second"], false)));
        await look.LookAsync(item, CheckItems.Long, default);
        var (descriptors, threads) = (Directory.GetFiles("/proc/self/fd").Length, 0);
        var looks = Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => look.LookAsync(item, TimeSpan.FromSeconds(60), default)));
        while (!looks.IsCompleted)
        {
            threads = Math.Max(threads, Directory.GetDirectories("/proc/self/task").Length);
            await Task.WhenAny(looks, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        Assert.All(await looks, a => Assert.Equal((CheckStatus.Ok, "OK"), (a.Status, a.Output)));
        Assert.InRange(threads, 1, 100);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 1, descriptors + 8);
        Assert.DoesNotContain(Directory.GetDirectories("/proc/self/task").SelectMany(task => Try($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)), pid => Try($"/proc/{pid}/comm").Trim() is "hinoban-nap" or "second");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // Linux before 5.3
    public async Task A_childs_end_is_known_with_and_without_a_descriptor_for_it(bool byDescriptor)
    {
        var watch = new ChildWatch(byDescriptor);
        var started = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => ChildStart.StartAsync(new ChildOrder("/bin/sh", ["sh", "-c", n % 2 == 0 ? $"exit {n}" : "kill -9 $$"], []), -1, -1, default)));
        var ends = await Task.WhenAll(started.Select(s => watch.Watch(s.Pid)));
        Assert.All(ends.Select((end, n) => (end, n)), e => Assert.Equal(e.n % 2 == 0 ? new ChildEnd(e.n, null) : new ChildEnd(null, 9), e.end));
        foreach (var (pid, _) in started)
        {
            watch.Reap(pid);
            Assert.False(Pids.IsAlive(pid));
            Assert.False(File.Exists($"/proc/{pid}/stat"));
        }
    }

    [Fact]
    public async Task A_libc_that_cannot_start_a_program_elsewhere_has_a_shell_go_there()
    {
        var place = Directory.CreateDirectory(folder.File("a 'place' $(touch pwned)")).FullName;
        var order = ChildStart.ByShell(new ChildOrder("sh", ["sh", "-c", "pwd > here; printf '%s\\0' \"$@\" > said", "-", "a b", "$(touch pwned)", ";"], ["PATH=/usr/bin:/bin"]) { Folder = place });
        var (pid, error) = await ChildStart.StartAsync(order, -1, -1, default);
        Assert.Equal((0, new ChildEnd(0, null)), (error, await ChildWatch.Instance.Watch(pid)));
        ChildWatch.Instance.Reap(pid);
        Assert.Equal((place, "a b\0$(touch pwned)\0;\0"), (File.ReadAllText($"{place}/here").Trim(), File.ReadAllText($"{place}/said")));
        Assert.Empty(Directory.GetFiles(folder.Path, "pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_plugin_whose_file_does_not_answer_holds_up_no_other()
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python), "python3 is not installed: ./dev test installs it");
        var plugins = Directory.CreateDirectory(folder.File("plugins")).FullName;
        File.Copy("/bin/true", Path.Combine(plugins, "away"));
        File.Copy("/bin/true", Path.Combine(plugins, "well"));

        // Whoever opens a file on which another has such a lease waits until that one lets go, as with a server that is away.
        const string lease = "import fcntl,os,signal,sys\nsignal.signal(signal.SIGIO, signal.SIG_IGN)\nfcntl.fcntl(os.open(sys.argv[1], os.O_RDONLY), 1024, 1)\nprint('held', flush=True)\nsys.stdin.read()";
        using var holder = Process.Start(new ProcessStartInfo(python, ["-c", lease, Path.Combine(plugins, "away")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.SkipUnless(await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) == "held", "no leases on this file system");
            var look = new PluginLook(new PluginOptions([plugins], null), TimeProvider.System);
            var hung = Task.Run(() => look.LookAsync(CheckItems.Of(new PluginLookPlan(["away"], false)), TimeSpan.FromSeconds(60), default), TestContext.Current.CancellationToken);
            Assert.True(Pids.WaitUntil(() => File.ReadAllText("/proc/locks").Contains("LEASE  BREAKING", StringComparison.Ordinal), CheckItems.Long));
            var well = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => look.LookAsync(CheckItems.Of(new PluginLookPlan(["well"], false)), TimeSpan.FromSeconds(60), default)));
            Assert.All(well, a => Assert.Equal(CheckStatus.Ok, a.Status));
            Assert.False(hung.IsCompleted);
            holder.Kill();
            Assert.Equal(CheckStatus.Ok, (await hung).Status);
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static string Try(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
