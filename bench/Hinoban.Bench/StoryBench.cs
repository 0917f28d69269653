using System.Globalization;
using System.Text;
using Hinoban.Lab.Story;

namespace Hinoban.Bench;

/// <summary>
/// What a simulated day costs: desk and two sites with four items on each host, looked at every 3 minutes, all of them well, in a folder of the
/// caller's choice (a memory disk, a real one). Runs with different numbers of hosts tell apart what a look costs and what time itself costs.
/// </summary>
internal static class StoryBench
{
    private const int PerHost = 4;

    internal static Task<int> RunAsync(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Path.GetTempPath();
        var hours = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 24;
        var hosts = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
        var options = new StoryOptions { Folder = folder, Afterwards = TimeSpan.Zero, Without = args.Length > 3 ? args[3].Split(',') : [] };
        Story.Tell(Spec(hosts), story => story.Pass(TimeSpan.FromMinutes(30)), options);

        var clock = TimeProvider.System;
        var (cpu, bytes, at) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread(), 0L);
        at = clock.GetTimestamp();
        Story.Tell(Spec(hosts), story => story.Pass(TimeSpan.FromHours(hours)), options);
        var took = clock.GetElapsedTime(at);
        var looks = hosts * PerHost * 2 * hours * 20;
        var days = 2 * hours / 24;
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"story in {folder}{string.Concat(options.Without.Select(w => $" without {w}"))}: {hours} h, {hosts * PerHost} items, {looks:0} looks of two sites in {took.TotalSeconds:0.00} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:0.00} s CPU): {took.TotalSeconds / days:0.00} s per site-day, {took.TotalMicroseconds / looks:0} us wall and {(GC.GetAllocatedBytesForCurrentThread() - bytes) / looks:0} bytes per look"));
        return Task.FromResult(0);
    }

    private static string Spec(int hosts)
    {
        var text = new StringBuilder("""
            customer: bench
            name: Bench
            contract: B-1
            language: ja
            time_zone: Asia/Tokyo
            edition: 1
            mailing_list: { address: list@bench.example, members: [{ name: One, mail: one@bench.example }] }
            defaults: { interval: 3m, timeout: 10s }
            hosts:

            """);
        for (var host = 1; host <= hosts; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  h{host}:\n    address: 192.0.2.{host}\n    alive: ping\n    checks:\n");
            for (var check = 1; check < PerHost; check++)
            {
                text.Append(CultureInfo.InvariantCulture, $"      s{check}: tcp:{80 + check}\n");
            }
        }

        return text.ToString();
    }
}
