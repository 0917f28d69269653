using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>The watch's own bookkeeping, over boards of its own making.</summary>
public sealed class RunWatchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Limit = (Interval * 2) + TimeSpan.FromSeconds(10) + RunRules.Way;
    private static readonly Moment Start = new(DateTimeOffset.UnixEpoch.AddYears(50), TimeSpan.FromHours(1));

    private readonly DeskBoard board = new();
    private readonly SiteLines lines = new(Start);
    private readonly RunWatch watch = new();
    private Moment now = Start;

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(1, 0, 0, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(1, 0, 1, false)]
    [InlineData(2, 1, 1, true)]
    public void Two_intervals_and_a_little_after_the_latest_of_look_return_and_stop(int beyond, int heard, int resumed, bool overdue) => Assert.Equal(
        overdue,
        RunRules.IsOverdue(Start.Mono + Limit + TimeSpan.FromTicks(beyond), Start.Mono, Start.Mono + TimeSpan.FromTicks(heard), Start.Mono + TimeSpan.FromTicks(resumed), Interval, TimeSpan.FromSeconds(10)));

    [Fact]
    public void One_of_two_hundred_thousand_that_never_ran_is_named()
    {
        Plan(hosts: 10_000);
        Pass(Limit - TimeSpan.FromMinutes(2));
        Assert.Equal(UnseenFacts.None, watch.Of(Tokyo), Same);
        var late = board.Plan.Items.Single(i => i.Id.Value == 123_456);
        foreach (var entry in board.Items.Where(e => e.Plan != late).ToList())
        {
            board.Set(entry with { Views = [new SiteView(Tokyo) { LookMono = now.Mono }] });
        }

        Pass(TimeSpan.FromMinutes(4));
        Assert.Equal(new UnseenFacts(1, [$"c/{late.Title}"]), watch.Of(Tokyo), Same);

        board.Set(board.Item(late.Id)! with { Views = [new SiteView(Tokyo) { LookMono = now.Mono }] });
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(UnseenFacts.None, watch.Of(Tokyo), Same);
    }

    [Fact]
    public void What_a_desk_forgot_because_it_heard_nobody_is_not_missed()
    {
        Plan(hosts: 1);
        Pass(Limit - TimeSpan.FromMinutes(1));
        lines.Of(Tokyo).ListensFrom = now.Mono;
        Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(0, watch.Of(Tokyo).Count);

        Pass(Limit);
        Assert.NotEqual(0, watch.Of(Tokyo).Count);
    }

    [Fact]
    public void A_site_that_was_away_gets_its_time_again_and_one_that_is_away_is_not_spoken_of()
    {
        Plan(hosts: 1);
        Pass(TimeSpan.FromMinutes(2));
        Pass(Limit, heard: false);
        Assert.Equal(0, watch.Of(Tokyo).Count);
        Pass(Limit - TimeSpan.FromMinutes(1));
        Assert.Equal(0, watch.Of(Tokyo).Count);
        Pass(TimeSpan.FromMinutes(3));
        Assert.Equal((20, 3), (watch.Of(Tokyo).Count, watch.Of(Tokyo).First.Count));
        Pass(TimeSpan.FromMinutes(1), heard: false);
        Assert.Equal(0, watch.Of(Tokyo).Count);
    }

    [Fact]
    public void What_comes_into_the_plan_later_or_was_stopped_gets_its_time()
    {
        Plan(hosts: 1);
        board.Silences.Stopped = board.Plan.Items.Select(i => i.Id).ToHashSet();
        Pass(Limit * 2);
        Assert.Equal(0, watch.Of(Tokyo).Count);
        board.Silences.Stopped = new HashSet<ItemId>();
        Pass(Limit - TimeSpan.FromMinutes(1));
        Assert.Equal(0, watch.Of(Tokyo).Count);

        Plan(hosts: 1, revision: 2);
        Pass(Limit - TimeSpan.FromMinutes(1));
        Assert.Equal(0, watch.Of(Tokyo).Count);
        Pass(TimeSpan.FromMinutes(3));
        Assert.Equal(20, watch.Of(Tokyo).Count);
    }

    private static bool Same(UnseenFacts a, UnseenFacts b) => a.Count == b.Count && a.First.SequenceEqual(b.First);

    private void Plan(int hosts, int revision = 1)
    {
        ItemPlan Item(int id, string host, string service) => new(
            new ItemId(id), new CustomerId("c"), host, service, "192.0.2.1", new TcpLookPlan(80, null, null), Interval, TimeSpan.FromSeconds(10), 3, TimeSpan.FromMinutes(1), [Tokyo], null, 1, revision);
        var customer = TestPlans.CustomerPlan(revision, ["http"]) with
        {
            Hosts = [.. Enumerable.Range(0, hosts).Select(h => new HostPlan($"h{h}", Text.Same("h"), "192.0.2.1", MachineKind.Cloud, [], null, null, [.. Enumerable.Range(0, 20).Select(s => Item((h * 20) + s + 1, $"h{h}", $"s{s}"))]))],
        };
        var plan = new DeskPlan(revision, [customer]);
        board.Swap(plan, [.. plan.Items.Select(i => PlanSwap.Entry(null, i, now))]);
    }

    private void Pass(TimeSpan time, bool heard = true)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            now += TimeSpan.FromSeconds(10);
            if (heard)
            {
                lines.Of(Tokyo).Heard(new ResultBatch(Tokyo, 1, 0, Lane.Live, now.Utc, now.Mono, [], [], new SiteHealth(1, 20, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, 0)), now);
            }

            watch.Look(board, lines, now);
        }
    }
}
