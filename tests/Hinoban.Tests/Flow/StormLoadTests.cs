using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>What a storm costs the desk grows with the number of hosts and services, not with its square.</summary>
public sealed class StormLoadTests
{
    /// <summary>Memory is a number that no load on the machine changes: what is quadratic shows in it, as each copy of a growing list does.</summary>
    [Theory]
    [InlineData("tokyo-idc", 4)]
    [InlineData("", 4)]
    public void Four_times_the_hosts_cost_about_four_times_as_much(string vendor, int services)
    {
        Cost(50, vendor, services);
        var (few, fewEvents) = Cost(100, vendor, services);
        var (many, manyEvents) = Cost(400, vendor, services);
        Assert.InRange(manyEvents, fewEvents * 3, fewEvents * 5);
        Assert.InRange((double)many / few, 2, 5.5);
    }

    /// <summary>The figures of ten thousand services failing within one round of looks; a person at the console looks and acts meanwhile.</summary>
    [Theory(Explicit = true)]
    [InlineData("tokyo-idc", false)]
    [InlineData("tokyo-idc", true)]
    [InlineData("", false)]
    public void Ten_thousand_services_at_once(string vendor, bool apart)
    {
        const int Hosts = 500;
        var plan = StormBench.Plan(Hosts, vendor, services: 20) with { Grouped = !apart };
        using var storm = new StormBench(StormBench.Of(plan));
        List<int> all = [.. Enumerable.Range(1, Hosts), .. Enumerable.Range(100_001, Hosts * 20)];
        Round(storm, Ok, all);
        var (watch, actions) = (new System.Diagnostics.Stopwatch(), new Dictionary<string, List<double>>());
        void Timed(string what, Action act)
        {
            watch.Restart();
            act();
            (actions.TryGetValue(what, out var list) ? list : actions[what] = []).Add(watch.Elapsed.TotalMilliseconds);
        }

        for (var look = 0; look < 2; look++)
        {
            foreach (var site in new[] { Tokyo, Osaka })
            {
                foreach (var batch in all.Chunk(500))
                {
                    Timed("batch", () => storm.See(site, Dead, batch));
                    Timed("queue", () => storm.Desk.Queries.Incidents(All));
                    Timed("hosts", () => storm.Desk.Queries.Hosts(All));
                    Timed("host", () => storm.Desk.Queries.Host(All, TestPlans.Customer, "h17"));
                    Timed("review", () => storm.Desk.Engine.Review());
                    if (storm.Desk.Queries.Incidents(All) is [var first, ..])
                    {
                        Timed("incident", () => storm.Desk.Queries.Incident(All, first.Id));
                    }
                }

                storm.Desk.Clock.Advance(TimeSpan.FromSeconds(8));
                storm.Desk.Beat(Tokyo, Osaka);
            }
        }

        foreach (var (what, times) in actions)
        {
            times.Sort();
            TestContext.Current.SendDiagnosticMessage("{0}: {1} times, median {2:0.0} ms, p99 {3:0.0} ms, most {4:0.0} ms", what, times.Count, times[times.Count / 2], times[(int)(times.Count * 0.99)], times[^1]);
            File.AppendAllText(Path.Combine(Path.GetTempPath(), "hinoban-storm.txt"), FormattableString.Invariant($"{vendor}/{apart} {what}: {times.Count} times, median {times[times.Count / 2]:0.0} ms, p99 {times[(int)(times.Count * 0.99)]:0.0} ms, most {times[^1]:0.0} ms\n"));
        }

        Assert.Equal(apart ? Hosts : vendor.Length > 0 ? 1 : 3, storm.Incidents().Count);
    }

    private static (long Bytes, int Events) Cost(int hosts, string vendor, int services)
    {
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(hosts, vendor, services)));
        List<int> all = [.. Enumerable.Range(1, hosts), .. Enumerable.Range(100_001, hosts * services)];
        Round(storm, Ok, all);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(storm, Dead, all);
        Round(storm, Dead, all);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        var incidents = storm.Incidents();
        Assert.Equal(vendor.Length > 0 ? 1 : (hosts / 200) + 1, incidents.Count);
        Assert.Equal(hosts - incidents.Count, incidents.Sum(i => i.Storm.Failing));
        return (bytes, incidents.Sum(i => i.Events.Count));
    }

    private static void Round(StormBench storm, Hinoban.Checks.LookAnswer answer, IReadOnlyList<int> all)
    {
        foreach (var site in new[] { Tokyo, Osaka })
        {
            foreach (var batch in all.Chunk(500))
            {
                storm.See(site, answer, batch);
            }

            storm.Desk.Clock.Advance(TimeSpan.FromSeconds(1));
            storm.Desk.Beat(Tokyo, Osaka);
        }
    }
}
