using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>
/// What a TCP check costs through the whole site engine (schedule, queue, look, state, result) against a bare asynchronous connect in
/// the same run. The listener is a process of its own, so that only the looking side is measured.
/// </summary>
internal static class TcpBench
{
    private const int Rounds = 3;
    private const int Items = 2000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal static async Task<int> RunAsync(string[] args)
    {
        var checks = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 20_000;
        await using var sink = await Sink.StartAsync();
        var port = sink.Port;
        await BareAsync(port, 2000);
        await EngineAsync(port, 2000);
        var bare = new List<Cost>();
        var engine = new List<Cost>();
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await BareAsync(port, checks));
            engine.Add(await EngineAsync(port, checks));
        }

        var (b, e) = (Median(bare), Median(engine));
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"tcp checks={checks} engine_cpu_s_per_1000={e.CpuPer1000:0.0000} bare_cpu_s_per_1000={b.CpuPer1000:0.0000} ratio={e.CpuPer1000 / b.CpuPer1000:0.00} engine_bytes_per_look={e.BytesEach:0} bare_bytes_per_connect={b.BytesEach:0}"));
        return 0;
    }

    // Several addresses, so that closed connections do not use up the local ports of one.
    private static string AddressOf(int n) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{1 + (n % 50)}");

    private static Task<Cost> BareAsync(int port, int checks) => MeasureAsync(checks, async () =>
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var n && n < checks)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(AddressOf(n)), port));
            }
        }));
    });

    private static async Task<Cost> EngineAsync(int port, int checks)
    {
        var clock = TimeProvider.System;
        var tokyo = new SiteName("tokyo");
        using var looks = new Looks(PluginOptions.Default, clock);
        using var stop = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = 0;
        var bad = 0;
        var engine = new SiteEngine(tokyo, looks, Keep, clock, NullLogger.Instance);
        var look = new TcpLookPlan(port, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));
        var items = Enumerable.Range(1, Items).Select(id => new SiteItem(
            new ItemPlan(new ItemId(id), new CustomerId($"c{id % 20}"), $"h{id}", "tcp", AddressOf(id), look, Interval, TimeSpan.FromSeconds(10), 3, Interval, [tokyo], null, 1, 1), 0, 1));
        engine.Apply(new PlanOrder(new SitePlan(1, tokyo, items.ToList())));
        var cost = await MeasureAsync(checks, async () =>
        {
            var running = engine.RunAsync(stop.Token);
            await enough.Task;
            await stop.CancelAsync();
            await running;
        });
        return bad == 0 ? cost : throw new InvalidOperationException($"{bad} of {done} checks failed");

        ValueTask Keep(CheckResult result)
        {
            Interlocked.Add(ref bad, result.Answer.Status == CheckStatus.Ok ? 0 : 1);
            if (Interlocked.Increment(ref done) == checks)
            {
                enough.TrySetResult();
            }

            return ValueTask.CompletedTask;
        }
    }

    private static async Task<Cost> MeasureAsync(int checks, Func<Task> work)
    {
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var (cpu, bytes) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        await work();
        process.Refresh();
        return new Cost((process.TotalProcessorTime - cpu).TotalSeconds / checks * 1000, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)checks);
    }

    private static Cost Median(List<Cost> costs) => costs.OrderBy(c => c.CpuPer1000).ElementAt(costs.Count / 2);

    private sealed record Cost(double CpuPer1000, double BytesEach);
}
