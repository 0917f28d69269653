using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>A desk with many hosts, each host check an item of its number; what the sites see is told for many at once.</summary>
internal sealed class StormBench : IDisposable
{
    private readonly Dictionary<SiteName, long> sequences = [];

    internal StormBench(DeskPlan plan) => Desk = new DeskBench(plan);

    internal DeskBench Desk { get; }

    /// <summary>Hosts <c>h1</c>, <c>h2</c>, … with item ids from 1, at addresses of one /24 each 200, each with <paramref name="services"/> services (ids from 100,001).</summary>
    internal static CustomerPlan Plan(int hosts, string vendor = "tokyo-idc", int services = 0, Func<int, IReadOnlyList<string>>? parents = null)
    {
        var web = TestPlans.CustomerPlan(1, ["http"]);
        var (alive, service) = (web.Hosts[0].Alive!, web.Hosts[0].Services[0]);
        return web with
        {
            Vendors = vendor.Length == 0 ? [] : [new VendorPlan(vendor, new Text("東京データセンター", "Tokyo IDC"))],
            Hosts =
            [
                .. Enumerable.Range(1, hosts).Select(n => web.Hosts[0] with
                {
                    Key = $"h{n}",
                    Name = Text.Same($"h{n}"),
                    Address = Address(n),
                    Parents = parents?.Invoke(n) ?? [],
                    Datacentre = vendor.Length == 0 ? null : new DatacentrePlan(vendor, "A-12", "", ""),
                    Alive = alive with { Id = new ItemId(n), Host = $"h{n}", Address = Address(n) },
                    Services =
                    [
                        .. Enumerable.Range(0, services).Select(s => service with
                        {
                            Id = new ItemId(100_001 + ((n - 1) * services) + s),
                            Host = $"h{n}",
                            Service = $"s{s}",
                            Address = Address(n),
                        }),
                    ],
                }),
            ],
        };
    }

    internal static DeskPlan Of(params CustomerPlan[] customers) => new(1, customers);

    internal static string Address(int n) => FormattableString.Invariant($"10.0.{n / 200}.{(n % 200) + 1}");

    /// <summary>A site posts one look at each of the items, started now, as one batch.</summary>
    internal void See(SiteName site, LookAnswer answer, params IEnumerable<int> items)
    {
        var now = Moment.Of(Desk.Clock);
        var number = sequences[site] = sequences.GetValueOrDefault(site) + 1;
        Desk.Accept(new ResultBatch(
            site, 1, number, Lane.Live, now.Utc, now.Mono,
            [.. items.Select(i => new CheckResult(new ItemId(i), Desk.Plan.Revision, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(20), answer))],
            [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0)));
    }

    /// <summary>Both sites see it, twice at the retry pace: what makes a failure hard.</summary>
    internal void Both(LookAnswer answer, params IEnumerable<int> items)
    {
        var all = items.ToList();
        for (var look = 0; look < 2; look++)
        {
            See(Tokyo, answer, all);
            Desk.Pass(TimeSpan.FromSeconds(1));
            See(Osaka, answer, all);
            Desk.Pass(TimeSpan.FromSeconds(14));
        }
    }

    internal void Pass(double seconds) => Desk.Pass(TimeSpan.FromSeconds(seconds));

    internal IReadOnlyList<Incident> Incidents() => [.. Desk.Incidents().Concat(Desk.Incidents(open: false)).OrderBy(i => i.Id.Value)];

    internal IReadOnlyList<string> Subjects() => [.. Desk.Mails().OrderBy(m => m.Mail.DateUtc).ThenBy(m => m.Mail.Key, StringComparer.Ordinal).Select(m => m.Mail.Subject)];

    internal string Body(string subject) => Desk.Mails().Single(m => m.Mail.Subject.Contains(subject, StringComparison.Ordinal)).Mail.Body;

    public void Dispose() => Desk.Dispose();
}
