using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Bench;

/// <summary>
/// check_dummy of the distribution, run by Nagios Core 4's own workers and by a site engine of ours in the same run: processor per 1,000 runs with all the children,
/// and the rate when more is asked than can be done. <c>plugin [SECONDS [ROUNDS]]</c>.
/// </summary>
internal static class PluginBench
{
    internal const string Verb = "plugin-engine";
    private const string Program = "/usr/lib/nagios/plugins/check_dummy";
    private const int Most = 3000;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(20);

    internal static async Task<int> RunAsync(string[] args)
    {
        int Number(int at, int usual) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : usual;
        var (seconds, rounds) = (Number(0, 30), Number(1, 3));
        List<Cost> theirs = [], ours = [], theirMost = [], ourMost = [];
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(Told("Nagios 4", await NagiosAsync(every: 20, seconds)));
            ours.Add(Told("ours", await OursAsync(perSecond: NagiosPeer.Services / 20, seconds)));
            theirMost.Add(Told("Nagios 4, more than it can do", await NagiosAsync(every: 1, seconds)));
            ourMost.Add(Told("ours, more than it can do", await OursAsync(perSecond: Most, seconds)));
        }

        Say($"plugin check_dummy, {NagiosPeer.Services / 20} a second asked: Nagios 4 {Middle(theirs)}; ours {Middle(ours)}; ratio of processor {Middle(ours).CpuPer1000 / Middle(theirs).CpuPer1000:0.00}");
        Say($"plugin check_dummy, more than they can do: Nagios 4 {Middle(theirMost)}; ours {Middle(ourMost)}; ratio of processor {Middle(ourMost).CpuPer1000 / Middle(theirMost).CpuPer1000:0.00}, of rate {Middle(ourMost).PerSecond / Middle(theirMost).PerSecond:0.00}");
        return 0;
    }

    /// <summary>The engine's process: looks as often as asked, and tells how many looks have ended at each line, until its input ends.</summary>
    internal static async Task<int> ServeAsync(string[] args)
    {
        var (clock, site, done) = (TimeProvider.System, new SiteName("tokyo"), 0L);
        using var looks = new Looks(PluginOptions.Default, clock);
        using var stop = new CancellationTokenSource();
        var engine = new SiteEngine(site, looks, Keep, clock, NullLogger.Instance);
        var look = new PluginLookPlan([Path.GetFileName(Program), "0", "ok"], false);
        var items = Enumerable.Range(1, int.Parse(args[0], CultureInfo.InvariantCulture)).Select(id => new SiteItem(
            new ItemPlan(new ItemId(id), new CustomerId($"c{id % 20}"), $"h{id}", "dummy", "127.0.0.1", look, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), 3, TimeSpan.FromSeconds(1), [site], null, 1, 1), 0, 1));
        engine.Apply(new PlanOrder(new SitePlan(1, site, items.ToList())));
        var running = Task.Run(() => engine.RunAsync(stop.Token)); // with more asked than can be done it gives the thread it began on to nobody else
        while (await System.Console.In.ReadLineAsync() is not null)
        {
            System.Console.WriteLine(Interlocked.Read(ref done));
        }

        await stop.CancelAsync();
        await running;
        return 0;

        ValueTask Keep(CheckResult result)
        {
            if (result.Answer is { Status: CheckStatus.Ok, Output: "OK: ok" })
            {
                Interlocked.Increment(ref done);
            }
            else if (result.Answer.NoValue != NoValue.EngineFault)
            {
                System.Console.Error.WriteLine(result.Answer.Output); // what waited in vain is no run, all else is a mistake
            }

            return ValueTask.CompletedTask;
        }
    }

    private static async Task<Cost> NagiosAsync(int every, int seconds)
    {
        using var nagios = await NagiosPeer.StartAsync($"{Program} 0 ok", every);
        return await MeasureAsync(seconds, () => nagios.Cpu, nagios.RunsAsync);
    }

    private static async Task<Cost> OursAsync(int perSecond, int seconds)
    {
        var answer = new TaskCompletionSource<long>();
        using var engine = Caged.Start("plugins", null, Said, Environment.ProcessPath!, Verb, perSecond.ToString(CultureInfo.InvariantCulture));
        await Task.Delay(Warm, TimeProvider.System);
        return await MeasureAsync(seconds, () => engine.Cpu, async () =>
        {
            answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            await engine.Process.StandardInput.WriteLineAsync();
            await engine.Process.StandardInput.FlushAsync();
            return await answer.Task;
        });

        void Said(string line)
        {
            if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                answer.TrySetResult(count);
            }
            else if (line.Length > 0)
            {
                System.Console.Error.WriteLine(line);
            }
        }
    }

    private static async Task<Cost> MeasureAsync(int seconds, Func<TimeSpan> used, Func<Task<long>> count)
    {
        var clock = TimeProvider.System;
        var (before, cpu, at) = (await count(), used(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        var runs = await count() - before;
        return new Cost(runs / clock.GetElapsedTime(at).TotalSeconds, (used() - cpu).TotalSeconds / runs * 1000);
    }

    private static Cost Told(string who, Cost cost)
    {
        Say($"{who}: {cost}");
        return cost;
    }

    private static Cost Middle(List<Cost> costs) => costs.OrderBy(c => c.CpuPer1000).ElementAt(costs.Count / 2);

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Cost(double PerSecond, double CpuPer1000)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:0}/s, {CpuPer1000:0.000} s per 1,000");
    }
}
