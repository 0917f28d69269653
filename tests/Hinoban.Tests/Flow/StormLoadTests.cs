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
