using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Checks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Flow;

/// <summary>The engine in real time with real looks at real sockets and processes.</summary>
[Collection(Hinoban.Tests.House.AloneCollection.Name)]
public sealed class SiteEngineRealTests
{
    private static readonly SiteName Tokyo = new("tokyo");

    [Fact]
    public async Task A_host_breaks_and_mends_under_watch()
    {
        using var host = new BreakableHost();
        using var looks = new Looks(PluginOptions.Default, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var kept = Channel.CreateUnbounded<CheckResult>();
        var engine = new SiteEngine(Tokyo, looks, r => kept.Writer.WriteAsync(r), TimeProvider.System, NullLogger.Instance);
        var item = CheckItems.Of(new TcpLookPlan(host.Port, null, null)) with { Interval = TimeSpan.FromMilliseconds(500), Retry = TimeSpan.FromMilliseconds(100) };
        engine.Apply(new PlanOrder(new SitePlan(1, Tokyo, [new SiteItem(item, 0, 1)])));
        var running = engine.RunAsync(stop.Token);
        await UntilAsync(kept, r => r.Answer.Status == CheckStatus.Ok);
        host.Become(HostMood.Refuses);
        var hard = await UntilAsync(kept, r => r.Attempt == 2);
        Assert.Equal((LookCause.Retry, NoValue.Refused), (hard.Cause, hard.Answer.NoValue));
        host.Become(HostMood.Accepts);
        engine.Apply(new LookNowOrder(5, item.Id, TimeSpan.FromSeconds(5)));
        var asked = await UntilAsync(kept, r => r.Request == 5);
        Assert.Equal((CheckStatus.Ok, LookCause.CheckNow), (asked.Answer.Status, asked.Cause));
        await stop.CancelAsync();
        await running.WaitAsync(CheckItems.Long, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stopping_kills_a_plugin_that_hangs()
    {
        using var folder = new TempFolder();
        var plugin = folder.File("hang");
        await File.WriteAllTextAsync(plugin, $"#!/bin/sh\necho $$ > {folder.File("pid.new")}; mv {folder.File("pid.new")} {folder.File("pid")}\nexec sleep 1000\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plugin, (UnixFileMode)0b111_101_101);
        }

        using var written = new FileSystemWatcher(folder.Path, "pid") { EnableRaisingEvents = true };
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        written.Renamed += (_, _) => started.TrySetResult();
        using var looks = new Looks(new PluginOptions([folder.Path], null), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var options = new SiteEngineOptions { DrainFor = TimeSpan.FromSeconds(1), ReapFor = CheckItems.Long };
        var engine = new SiteEngine(Tokyo, looks, _ => ValueTask.CompletedTask, TimeProvider.System, NullLogger.Instance, options);
        var item = CheckItems.Of(new PluginLookPlan(["hang"], false)) with { Timeout = TimeSpan.FromMinutes(5) };
        engine.Apply(new PlanOrder(new SitePlan(1, Tokyo, [new SiteItem(item, 0, 1)])));
        engine.Apply(new LookNowOrder(1, item.Id, TimeSpan.FromMinutes(5)));
        var running = engine.RunAsync(stop.Token);
        await started.Task.WaitAsync(CheckItems.Long, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running.WaitAsync(CheckItems.Long, TestContext.Current.CancellationToken);
        var pid = int.Parse(await File.ReadAllTextAsync(folder.File("pid"), TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(Lab.Servers.Pids.IsAlive(pid));
    }

    private static async Task<CheckResult> UntilAsync(Channel<CheckResult> kept, Predicate<CheckResult> wanted)
    {
        using var limit = new CancellationTokenSource(CheckItems.Long, TimeProvider.System);
        await foreach (var result in kept.Reader.ReadAllAsync(limit.Token))
        {
            if (wanted(result))
            {
                return result;
            }
        }

        throw new InvalidOperationException("the channel ended");
    }
}
