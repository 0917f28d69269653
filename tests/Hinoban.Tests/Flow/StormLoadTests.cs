using Dapper;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;
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

    /// <summary>What holds the gate for one batch of failing results, in numbers that no load on the machine changes.</summary>
    [Theory]
    [InlineData(false, 3, 50_000)]
    [InlineData(true, 5, 60_000)]
    public void A_batch_of_failing_results_costs_a_few_rows_and_some_memory_for_each(bool apart, int mostRows, int mostBytes)
    {
        const int Hosts = 50;
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(Hosts, services: 9) with { Grouped = !apart }));
        List<int> all = [.. Enumerable.Range(1, Hosts), .. Enumerable.Range(100_001, Hosts * 9)];
        Round(storm, Ok, all);
        Round(storm, Dead, all);
        var (rows, bytes) = (0L, 0L);
        foreach (var site in new[] { Tokyo, Osaka })
        {
            foreach (var batch in all.Chunk(500))
            {
                var (changed, allocated) = (Changes(storm), GC.GetAllocatedBytesForCurrentThread());
                storm.See(site, Dead, batch);
                bytes = Math.Max(bytes, (GC.GetAllocatedBytesForCurrentThread() - allocated) / batch.Length);
                rows = Math.Max(rows, (Changes(storm) - changed) / batch.Length);
            }
        }

        Assert.Equal(apart ? Hosts : 1, storm.Incidents().Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"at most {rows} rows and {bytes} bytes for each result of a batch");
        Assert.InRange(rows, 1, mostRows);
        Assert.InRange(bytes, 1_000, mostBytes);
    }

    /// <summary>Whoever looks at the desk reads what the last change left, and does not wait for the one that is under way.</summary>
    [Fact]
    public async Task Pages_are_answered_while_a_batch_holds_the_gate()
    {
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(20, services: 2)));
        storm.Both(Ok, Enumerable.Range(1, 20));
        storm.Both(Dead, Enumerable.Range(1, 20));
        var queries = storm.Desk.Queries;
        using var under = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var change = Task.Run(() => storm.Desk.Engine.Change(_ =>
        {
            under.Set();
            end.Wait(TimeSpan.FromMinutes(1));
        }));
        Assert.True(under.Wait(TimeSpan.FromSeconds(30)));
        try
        {
            var seen = await Task.Run(() => (
                Queue: queries.Incidents(All),
                Hosts: queries.Hosts(All).Count,
                Host: queries.Host(All, TestPlans.Customer, "h7")!.Alive!.Judgement,
                Incident: queries.Incident(All, queries.Incidents(All)[0].Id)!.Storm!.Hosts.Count,
                Sites: queries.Sites(All).Count,
                Mails: queries.Mails(All).Count)).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(change.IsCompleted);
            Assert.Equal((1, 20, Judgement.Failing, 19, 2), (seen.Queue.Count, seen.Hosts, seen.Host, seen.Incident, seen.Sites));
            Assert.NotEqual(0, seen.Mails);
        }
        finally
        {
            end.Set();
            await change;
        }
    }

    /// <summary>Five causes and two faults that share none, all in one round of looks: the short form of the proof.</summary>
    [Fact]
    public void Each_cause_is_one_incident_with_one_alert_and_one_recovery_and_what_fails_by_itself_has_its_own()
    {
        using var storm = new StormBench(StormBench.Of(Causes()));
        List<int> hosts = [.. Enumerable.Range(1, 62)];
        List<int> services = [.. Enumerable.Range(100_001, 62 * 5)];
        storm.Both(Ok, hosts.Concat(services));
        List<int> failing = [.. Enumerable.Range(1, 60), .. services.Where(s => HostOf(s) <= 60), ServiceOf(61), ServiceOf(62)];
        storm.Both(Dead, failing);
        storm.Both(Ok, 61, 62);
        storm.Both(Dead, failing);
        var leads = storm.Incidents().ToDictionary(i => i.Facts.Title);
        Assert.Equal(["h1", "h21", "h31", "h41", "h51", "h61/s0", "h62/s0"], leads.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([19, 9, 9, 9, 0, 0, 0], leads.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Value.Storm.Failing));
        Assert.Equal(9, leads["h51"].Unreachable.Count());
        storm.Pass(20);

        storm.Both(Ok, hosts.Concat(services));
        storm.Both(Ok, hosts.Concat(services));
        Assert.All(storm.Incidents(), i => Assert.False(i.Failing));
        Assert.Equal(7, storm.Incidents().Count);
        var kinds = storm.Subjects().GroupBy(s => s.Contains("RECOVERY", StringComparison.Ordinal) ? "recovery" : s.Contains("PROBLEM", StringComparison.Ordinal) ? "alert" : "update").ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal((7, 7, 4), (kinds["alert"], kinds["recovery"], kinds["update"]));
    }

    // 20 hosts of one vendor, 10 of another, 10 in each of two networks, a router with 9 behind it, and two that have nothing to do with anybody.
    private static CustomerPlan Causes()
    {
        var plan = StormBench.Plan(62, services: 5);
        string Address(int n) => n switch
        {
            <= 30 => FormattableString.Invariant($"10.1.{n}.1"),
            <= 40 => FormattableString.Invariant($"10.2.0.{n}"),
            <= 50 => FormattableString.Invariant($"10.3.0.{n}"),
            _ => FormattableString.Invariant($"10.4.{n}.1"),
        };
        return plan with
        {
            Vendors = [plan.Vendors[0], new VendorPlan("cloud", Text.Same("Cloud"))],
            Hosts =
            [
                .. plan.Hosts.Select((h, i) => h with
                {
                    Address = Address(i + 1),
                    Datacentre = (i + 1) switch { <= 20 => h.Datacentre, <= 30 => new DatacentrePlan("cloud", "", "", ""), _ => null },
                    Parents = i + 1 is > 51 and <= 60 ? ["h51"] : [],
                }),
            ],
        };
    }

    private static int HostOf(int service) => ((service - 100_001) / 5) + 1;

    private static int ServiceOf(int host) => 100_001 + ((host - 1) * 5);

    private static long Changes(StormBench storm) => storm.Desk.Db.Write(tx => tx.Connection.ExecuteScalar<long>("select total_changes()", null, tx.Transaction));

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
