using System.Globalization;

namespace Hinoban.Bench;

/// <summary>
/// A cold start, the first cycle after it, a reload and a site's start anew, with many services at three minutes: how soon the first check goes out, whether any part of the
/// cycle is crowded, how late checks begin, and whether a reload makes a gap. What goes out is counted by the target. <c>start [SERVICES]</c>.
/// </summary>
internal static class StartBench
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private const int Windows = 18;

    internal static async Task<int> RunAsync(string[] args)
    {
        var services = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60_000;
        await using var sink = await Sink.StartAsync();
        using var pair = new DeskAndSite();
        var load = new BenchLoad(services, "3m", sink.Check);
        var desk = await pair.StartDeskAsync(load);
        Say($"start, {services} services: desk serves after {desk.TotalSeconds:0.0} s; first check {await FirstAsync(sink, pair.StartSiteAsync):0.00} s after the site's start");
        await CycleAsync(pair, sink, services);
        await ReloadAsync(pair, sink, load);
        Say($"start: the site alone started anew: first check after {await FirstAsync(sink, pair.StartSiteAgainAsync):0.00} s");
        return 0;
    }

    private static async Task<double> FirstAsync(Sink sink, Func<Task> start)
    {
        var clock = TimeProvider.System;
        var starting = start();
        var (before, begun) = (await sink.TakenAsync(), clock.GetTimestamp());
        await DeskPage.UntilAsync(async () => await sink.TakenAsync() > before, every: Soon);
        var took = clock.GetElapsedTime(begun).TotalSeconds;
        await starting;
        return took;
    }

    private static async Task CycleAsync(DeskAndSite pair, Sink sink, int services)
    {
        var (counts, p99, max) = (new List<long>(), 0.0, 0.0);
        for (var (window, before) = (0, await sink.TakenAsync()); window < Windows; window++)
        {
            await Task.Delay(Window, TimeProvider.System);
            var now = await sink.TakenAsync();
            counts.Add(now - before);
            before = now;
            var metrics = await pair.Page.ReadAsync();
            p99 = Math.Max(p99, DeskPage.Of(metrics, "hinoban_lateness_p99_seconds"));
            max = Math.Max(max, DeskPage.Of(metrics, "hinoban_lateness_max_seconds"));
        }

        Say($"start, first cycle: {counts.Sum()} checks of {services}; {counts.Min()} to {counts.Max()} in 10 s where {services / Windows} would be even; lateness p99 {p99 * 1000:0} ms, max {max * 1000:0} ms");
    }

    private static async Task ReloadAsync(DeskAndSite pair, Sink sink, BenchLoad load)
    {
        var clock = TimeProvider.System;
        var before = await pair.Page.ReadAsync("hinoban_site_plan_revision");
        await sink.GapAsync();
        await Task.Delay(Window, clock);
        var usual = await sink.GapAsync();
        var changed = clock.GetTimestamp();
        pair.Write(load with { Edition = load.Edition + 1 });
        await DeskPage.UntilAsync(async () => await pair.Page.ReadAsync("hinoban_site_plan_revision") > before);
        var took = clock.GetElapsedTime(changed);
        await Task.Delay(Window, clock);
        var gap = await sink.GapAsync();
        var metrics = await pair.Page.ReadAsync();
        Say($"start, reload: {took.TotalSeconds:0.0} s from the changed file to the running plan; longest gap between two checks {gap.TotalMilliseconds:0} ms, {usual.TotalMilliseconds:0} ms in the 10 s before; lateness max of the minute {DeskPage.Of(metrics, "hinoban_lateness_max_seconds") * 1000:0} ms; missed cycles {DeskPage.Of(metrics, "hinoban_missed_cycles_total")}");
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
