using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Bench;

/// <summary>
/// The desk alone while 10,000 services fail at once: how long each batch of 500 results holds the gate, what it allocates, and what the
/// console's questions take in between. Time passes by a clock of its own, so that a slow machine changes the figures and not what happens.
/// </summary>
internal sealed class StormBench : IDisposable
{
    private const int Batch = 500;
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly SiteName Osaka = new("osaka");
    private static readonly SiteHealth Health = new(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0);
    private static readonly LookAnswer Ok = new(CheckStatus.Ok, Reply.Answer, NoValue.None, "TCP OK - 0.001 second response time on 127.0.0.1 port 80", "", "time=0.001s;;;0;10");
    private static readonly LookAnswer Dead = new(CheckStatus.Critical, Reply.Transport, NoValue.TimedOut, "CRITICAL - Socket timeout after 10 seconds");

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
    private readonly LabClock clock = new();
    private readonly Dictionary<string, List<double>> took = [];
    private readonly Dictionary<string, long> bytes = [];
    private readonly Dictionary<string, double> cpu = [];
    private readonly PlanDesk desk;
    private readonly DeskQueries queries;
    private readonly List<ItemId> items;
    private long sequence;

    private StormBench(DeskPlan plan)
    {
        var mail = new MailOptions(
            "127.0.0.1", 25, SmtpTls.None, null, null, "bench.example", "", Text.Same("Hinoban"), null, TimeSpan.FromDays(1), TimeSpan.FromSeconds(30));
        desk = new PlanDesk(folder, plan, mail, clock, () => { });
        queries = new DeskQueries(desk.Engine, desk.Db, desk.Stores, clock);
        items = [.. plan.Items.Select(i => i.Id)];
    }

    internal static int Run(string[] args)
    {
        var causes = args.Length > 0 ? args : ["vendor", "networks", "none", "parent", "apart"];
        using (var warm = new StormBench(Plan("vendor", 50)))
        {
            warm.Storm();
        }

        foreach (var cause in causes)
        {
            using var bench = new StormBench(Plan(cause, 500));
            bench.Storm();
            bench.Say(cause);
        }

        return 0;
    }

    /// <summary>The desk after every host has failed: one incident that all have joined.</summary>
    internal static StormBench Amid(int hosts)
    {
        var bench = new StormBench(Plan("vendor", hosts));
        bench.Round(Ok, "ok");
        bench.Round(Dead, "failing 1");
        bench.Round(Dead, "failing 2");
        bench.Round(Dead, "failing on");
        return bench;
    }

    internal DeskQueries Queries => queries;

    internal Db Db => desk.Db;

    public void Dispose()
    {
        desk.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Storm()
    {
        Round(Ok, "ok");
        Round(Dead, "failing 1");
        Round(Dead, "failing 2");
        Round(Dead, "failing on");
        Round(Ok, "back");
        Round(Ok, "ok again");
    }

    private void Round(LookAnswer answer, string what)
    {
        foreach (var site in new[] { Tokyo, Osaka })
        {
            foreach (var some in items.Chunk(Batch))
            {
                var now = Moment.Of(clock);
                var results = some.Select(i => new CheckResult(i, 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(1), answer)).ToList();
                var batch = new ResultBatch(site, 1, ++sequence, Lane.Live, now.Utc, now.Mono, results, [], Health);
                Time($"batch, {what}", () => desk.Engine.AcceptAsync(batch, CancellationToken.None).GetAwaiter().GetResult());
                clock.Advance(TimeSpan.FromMilliseconds(350));
                Time($"review, {what}", () => desk.Engine.Review());
                Look();
            }

            clock.Advance(TimeSpan.FromSeconds(1));
            Beat(Tokyo);
            Beat(Osaka);
        }
    }

    private void Look()
    {
        var scope = Scope.Across("bench");
        IReadOnlyList<IncidentRow> queue = [];
        Time("queue", () => queue = queries.Incidents(scope));
        Time("hosts", () => queries.Hosts(scope));
        Time("host", () => queries.Host(scope, new CustomerId("bench"), "h17"));
        if (queue.Count > 0)
        {
            Time("incident", () => queries.Incident(scope, queue[0].Id));
        }
    }

    private void Beat(SiteName site)
    {
        var now = Moment.Of(clock);
        desk.Engine.AcceptAsync(new ResultBatch(site, 1, 0, Lane.Live, now.Utc, now.Mono, [], [], Health), CancellationToken.None).GetAwaiter().GetResult();
    }

    private void Time(string what, Action act)
    {
        var (before, cpuBefore, start) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        act();
        cpu[what] = cpu.GetValueOrDefault(what) + (Environment.CpuUsage.TotalTime - cpuBefore).TotalMilliseconds;
        (took.TryGetValue(what, out var list) ? list : took[what] = []).Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        bytes[what] = bytes.GetValueOrDefault(what) + GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Say(string cause)
    {
        var closed = queries.Incidents(Scope.Across("bench"), closed: true, limit: int.MaxValue).Count;
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"storm, {items.Count} items, cause: {cause}; {queries.Incidents(Scope.Across("bench"), limit: int.MaxValue).Count + closed} incidents"));
        foreach (var (what, times) in took)
        {
            var sum = bytes[what] / times.Count / 1024;
            times.Sort();
            System.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {what,-20} {times.Count,5} times  median {times[times.Count / 2],8:0.0} ms  p99 {times[(int)(times.Count * 0.99)],8:0.0} ms  most {times[^1],8:0.0} ms; each {cpu[what] / times.Count,8:0.0} ms CPU, {sum,8} KiB"));
        }
    }

    /// <summary>Twenty services on each host: all of one vendor, in networks of 200, with nothing in common, behind one router, or not to be grouped.</summary>
    private static DeskPlan Plan(string cause, int hosts)
    {
        var customer = new CustomerId("bench");
        var list = new MailingListPlan("list@bench.example", "utf-8", [new MemberPlan("one", "one@bench.example", false, false)]);
        string Address(int n) => cause is "none" ? FormattableString.Invariant($"10.{n / 200}.{n % 200}.1") : FormattableString.Invariant($"10.0.{n / 200}.{(n % 200) + 1}");
        ItemPlan Item(int id, int n, string service) => new(
            new ItemId(id), customer, $"h{n}", service, Address(n), service.Length == 0 ? new PingLookPlan(5, null, null, null, 100) : new TcpLookPlan(80, null, null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [Tokyo, Osaka], null, 1, 1);
        var all = Enumerable.Range(1, hosts).Select(n => new HostPlan(
            $"h{n}", Text.Same($"h{n}"), Address(n), MachineKind.Virtual, cause is "parent" && n > 1 ? ["h1"] : [], null,
            Item(n, n, ""), [.. Enumerable.Range(0, 20).Select(s => Item(100_000 + (n * 20) + s, n, $"s{s}"))])
        {
            Datacentre = cause is "vendor" ? new DatacentrePlan("idc", "", "", "") : null,
        }).ToList();
        return new DeskPlan(1, [new CustomerPlan(customer, Text.Same("Bench"), "B-1", Language.Ja, "Asia/Tokyo", 1, "", list, [], [Tokyo, Osaka], all, [], TimeSpan.FromMinutes(10))
        {
            Vendors = [new VendorPlan("idc", Text.Same("IDC"))],
            Grouped = cause is not "apart",
        }]);
    }
}
