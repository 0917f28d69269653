using System.Diagnostics;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>
/// Many hosts of 127.0.0.0/8 pinged every 10 s by a site engine, over its one ICMP socket: packets that did not come back, and what share of a core it takes; the kernel's
/// work of answering, which other machines would do, is in it. <c>ping [HOSTS [SECONDS [PACKETS]]]</c>.
/// </summary>
internal static class PingBench
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    internal static async Task<int> RunAsync(string[] args)
    {
        int Number(int at, int usual) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : usual;
        var (hosts, seconds, packets) = (Number(0, 10_000), Number(1, 60), Number(2, 1));
        var (clock, site) = (TimeProvider.System, new SiteName("tokyo"));
        var (done, lossy, late) = (0L, 0L, TimeSpan.Zero);
        using var looks = new Looks(PluginOptions.Default, clock);
        using var stop = new CancellationTokenSource();
        var engine = new SiteEngine(site, looks, Keep, clock, NullLogger.Instance);
        var look = new PingLookPlan(packets, null, 1, null, 100);
        var items = Enumerable.Range(0, hosts).Select(n => new SiteItem(
            new ItemPlan(
                new ItemId(n + 1), new CustomerId($"c{n % 20}"), $"h{n}", "", string.Create(CultureInfo.InvariantCulture, $"127.3.{n / 250}.{(n % 250) + 1}"), look, Interval, TimeSpan.FromSeconds(10), 3, Interval, [site], null, 1, 1), 0, 1));
        engine.Apply(new PlanOrder(new SitePlan(1, site, items.ToList())));
        var running = engine.RunAsync(stop.Token);
        await Task.Delay(Interval, clock);
        using var self = Process.GetCurrentProcess();
        var (cpu, before, at) = (self.TotalProcessorTime, Interlocked.Read(ref done), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        self.Refresh();
        var (used, pinged, took) = ((self.TotalProcessorTime - cpu).TotalSeconds, Interlocked.Read(ref done) - before, clock.GetElapsedTime(at).TotalSeconds);
        late = engine.Health().LatenessP99;
        await stop.CancelAsync();
        await running;
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ping hosts={hosts} every_s=10 packets={packets} looks_per_s={pinged / took:0} with_loss={lossy} core_percent={used / took * 100:0.0} cpu_s_per_1000={used / pinged * 1000:0.0000} lateness_p99_ms={late.TotalMilliseconds:0}"));
        return 0;

        ValueTask Keep(CheckResult result)
        {
            Interlocked.Increment(ref done);
            Interlocked.Add(ref lossy, result.Answer.Status == CheckStatus.Ok ? 0 : 1);
            return ValueTask.CompletedTask;
        }
    }
}
