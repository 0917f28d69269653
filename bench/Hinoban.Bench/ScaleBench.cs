using System.Globalization;

namespace Hinoban.Bench;

/// <summary>
/// Many services at three minutes in one site process that ships to a desk process: how late looks begin, what both cost in processor and memory.
/// <c>scale SERVICES SECONDS [DEAD]</c>; DEAD: how many of a hundred hosts do not answer. Neither gets more memory than it is aimed at for a million services.
/// </summary>
internal static class ScaleBench
{
    private const int DeskMiB = 1536;
    private const int SiteMiB = 1228;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    internal static async Task<int> RunAsync(string[] args)
    {
        int Number(int at, int usual) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : usual;
        var (services, seconds) = (Number(0, 1_000_000), Number(1, 900));
        await using var sink = await Sink.StartAsync();
        using var pair = new DeskAndSite { DeskMiB = DeskMiB, SiteMiB = SiteMiB };
        var took = await pair.StartDeskAsync(new BenchLoad(services, "3m", sink.Check) { Dead = Number(2, 0) });
        Say($"{services} services; desk serves after {took.TotalSeconds:0.0} s; memory peak {pair.Desk.PeakMiB:0} MiB");
        took = await pair.StartSiteAsync();
        Say($"site's start to its first look known at the desk: {took.TotalSeconds:0.0} s; memory peak of the site {pair.Site.PeakMiB:0} MiB, of the desk {pair.Desk.PeakMiB:0} MiB");

        // The first cycle, in which every state is new and written, belongs to the start; what follows is the steady state.
        await Task.Delay(TimeSpan.FromMinutes(3.2), TimeProvider.System);
        Say($"after the first cycle: memory peak of the site {pair.Site.PeakMiB:0} MiB, of the desk {pair.Desk.PeakMiB:0} MiB");
        await MeasureAsync(pair, services, seconds);
        return 0;
    }

    private static async Task MeasureAsync(DeskAndSite pair, int services, int seconds)
    {
        var clock = TimeProvider.System;
        var (deskCpu, siteCpu, before, at) = (pair.Desk.Cpu, pair.Site.Cpu, await pair.Page.ReadAsync(), clock.GetTimestamp());
        double worstP99 = 0, worst = 0, mostOut = 0;
        while (clock.GetElapsedTime(at).TotalSeconds < seconds)
        {
            await Task.Delay(Every, clock);
            var now = await pair.Page.ReadAsync();
            worstP99 = Math.Max(worstP99, DeskPage.Of(now, "hinoban_lateness_p99_seconds"));
            mostOut = Math.Max(mostOut, DeskPage.Of(now, "hinoban_looks_out"));
            worst = Math.Max(worst, DeskPage.Of(now, "hinoban_lateness_max_seconds"));
        }

        var after = await pair.Page.ReadAsync();
        var took = clock.GetElapsedTime(at).TotalSeconds;
        var looks = DeskPage.Of(after, "hinoban_looks_total") - DeskPage.Of(before, "hinoban_looks_total");
        Say($"{looks} looks in {took:0} s: {looks / took:0}/s of {services / 180.0:0}/s wanted; lateness p99 {worstP99 * 1000:0} ms, max {worst * 1000:0} ms (worst minute); most looks out at once {mostOut}; missed cycles {DeskPage.Of(after, "hinoban_missed_cycles_total")}; spool {DeskPage.Of(after, "hinoban_spool_backlog")}");
        Tell("site", pair.Site, siteCpu, took, looks);
        Tell("desk", pair.Desk, deskCpu, took, looks);
        Say($"desk's database: {pair.DatabaseMiB:0} MiB");
    }

    private static void Tell(string who, Caged process, TimeSpan before, double took, double looks) =>
        Say($"{who}: {(process.Cpu - before).TotalSeconds / took:0.00} core, {(process.Cpu - before).TotalSeconds / looks * 1000:0.000} s per 1,000 looks, memory peak {process.PeakMiB:0} MiB (anonymous now {process.RssMiB:0} MiB)");

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
