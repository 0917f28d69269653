using System.Globalization;

namespace Hinoban.Bench;

/// <summary>
/// TCP checks by Nagios Core 4 (the distribution's, with its check_tcp) and by a desk and a site of ours in the same run, against the same listener: processor
/// per 1,000 checks with everything both start, and the rate when more is asked than can be done.
/// </summary>
internal static class NagiosBench
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        await using var sink = await Sink.StartAsync();
        var nagios = await NagiosAsync(sink, every: 60, seconds);
        var most = await NagiosAsync(sink, every: 1, seconds);
        var (site, desk) = await OursAsync(sink, 40_000, seconds);
        var (mostSite, mostDesk) = await OursAsync(sink, 150_000, seconds);
        Say($"Nagios 4, {NagiosPeer.Services} services a minute: {nagios.PerSecond:0}/s, {nagios.CpuPer1000:0.000} s of processor per 1,000 checks");
        Say($"Nagios 4, more than it can do: {most.PerSecond:0}/s, {most.CpuPer1000:0.000} s per 1,000");
        Say($"Hinoban, 40,000 services every 10 s: {site.PerSecond:0}/s, site {site.CpuPer1000:0.000} s and desk {desk.CpuPer1000:0.000} s per 1,000; {nagios.CpuPer1000 / (site.CpuPer1000 + desk.CpuPer1000):0.0} times cheaper");
        Say($"Hinoban, more than it can do (15,000/s asked): {mostSite.PerSecond:0}/s, site {mostSite.CpuPer1000:0.000} s and desk {mostDesk.CpuPer1000:0.000} s per 1,000; {mostSite.PerSecond / most.PerSecond:0.0} times as many");
        return 0;
    }

    private static async Task<Cost> NagiosAsync(Sink sink, int every, int seconds)
    {
        using var nagios = await NagiosPeer.StartAsync($"/usr/lib/nagios/plugins/check_tcp -H $HOSTADDRESS$ -p {sink.Port} -w 3 -c 8 -t 10", every);
        return await MeasureAsync(sink, seconds, () => nagios.Cpu);
    }

    private static async Task<(Cost Site, Cost Desk)> OursAsync(Sink sink, int services, int seconds)
    {
        using var pair = new DeskAndSite();
        await pair.StartDeskAsync(new BenchLoad(services, "10s", sink.Check));
        await pair.StartSiteAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        var desk = pair.Desk.Cpu;
        var cost = await MeasureAsync(sink, seconds, () => pair.Site.Cpu);
        return (cost, cost with { CpuPer1000 = (pair.Desk.Cpu - desk).TotalSeconds / cost.Checks * 1000 });
    }

    private static async Task<Cost> MeasureAsync(Sink sink, int seconds, Func<TimeSpan> used)
    {
        var clock = TimeProvider.System;
        var (cpu, taken, at) = (used(), await sink.TakenAsync(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        var checks = await sink.TakenAsync() - taken;
        return new Cost(checks, checks / clock.GetElapsedTime(at).TotalSeconds, (used() - cpu).TotalSeconds / checks * 1000);
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Cost(long Checks, double PerSecond, double CpuPer1000);
}
