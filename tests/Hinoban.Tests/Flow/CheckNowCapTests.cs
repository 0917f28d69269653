using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>Everything fails for one site at once: the desk asks within its cap, host checks first, and what waits says so.</summary>
public sealed class CheckNowCapTests : IDisposable
{
    private const int Hosts = 130;

    private readonly DeskBench desk = new(Many());

    public void Dispose() => desk.Dispose();

    [Fact]
    public void A_storm_is_capped_and_collapsed_per_host_and_its_verdicts_wait_and_say_so()
    {
        See(Tokyo, Ok);
        See(Osaka, Ok);
        desk.Pass(TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(Services(), s => s.LookWaits);

        // 130 services: 130 host checks are wanted of each of the two sites, and a service waits for its host's.
        See(Tokyo, Dead, services: true);
        var first = Orders();
        Assert.Equal((int)CheckNowBudget.DefaultPerSecond, first.Count);
        Assert.All(first, item => Assert.True(desk.Plan.Item(item)!.IsHostCheck));
        var rows = desk.Queries.Hosts(All);
        Assert.True(rows.Count(r => r.Alive is { LookWaits: true }) >= 30);
        Assert.All(Services(), s => Assert.True(s is { Reach: Reach.Undecided, Judgement: Judgement.Hold }));
        Assert.Equal(Hosts, Services().Count(s => s.LookWaits));
        Assert.Equal(Hosts + rows.Count(r => r.Alive is { LookWaits: true }), desk.Queries.Counts().LooksWait);

        desk.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((int)CheckNowBudget.DefaultPerSecond, Orders().Count - first.Count);
        desk.Pass(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(desk.Queries.Hosts(All), r => r.Alive is { LookWaits: true });
        Assert.Empty(desk.Incidents());
    }

    private IEnumerable<Hinoban.Flow.ItemRow> Services() => desk.Queries.Hosts(All).SelectMany(h => h.Services);

    // What is out for either site.
    private List<ItemId> Orders() => [.. new[] { Tokyo, Osaka }.SelectMany(site =>
    {
        var stream = desk.Engine.OrdersAsync(site, CancellationToken.None).GetAsyncEnumerator();
        var orders = new List<ItemId>();
        for (var next = stream.MoveNextAsync().AsTask(); next.IsCompletedSuccessfully && next.Result; next = stream.MoveNextAsync().AsTask())
        {
            if (stream.Current is LookNowOrder look)
            {
                orders.Add(look.Item);
            }
        }

        return orders;
    })];

    private void See(SiteName site, LookAnswer answer, bool services = false)
    {
        var now = Moment.Of(desk.Clock);
        var items = desk.Plan.Items.Where(i => !services || !i.IsHostCheck).OrderBy(i => i.Id.Value);
        desk.Accept(new ResultBatch(
            site, 1, ++sequence, Lane.Live, now.Utc, now.Mono,
            [.. items.Select(i => new CheckResult(i.Id, 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(20), answer))],
            [],
            new SiteHealth(1, 2 * Hosts, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0)));
    }

    private long sequence;

    private static DeskPlan Many()
    {
        var customer = TestPlans.CustomerPlan(1, ["http"]);
        var host = customer.Hosts[0];
        return new DeskPlan(1, [customer with
        {
            Hosts =
            [
                .. Enumerable.Range(0, Hosts).Select(n => host with
                {
                    Key = $"h{n}",
                    Alive = host.Alive! with { Id = new ItemId(1000 + n), Host = $"h{n}" },
                    Services = [host.Services[0] with { Id = new ItemId(3000 + n), Host = $"h{n}" }],
                }),
            ],
        }]);
    }
}
