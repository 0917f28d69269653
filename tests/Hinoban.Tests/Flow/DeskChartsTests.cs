using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Results;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Flow;

/// <summary>Charts show the same whether samples were moved or not, and outputs where they changed.</summary>
public abstract class DeskChartsTests : IDisposable
{
    private readonly DeskBench bench;
    private readonly ItemId item;
    private long sequence = 1_000;

    private protected DeskChartsTests(Engine engine)
    {
        var plan = TestPlans.Web();
        bench = new DeskBench(plan, engine);
        item = plan.Items.First(i => !i.IsHostCheck).Id;
    }

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Every_range_shows_the_same_before_and_after_samples_are_moved()
    {
        var now = bench.Clock.GetUtcNow();
        var random = new Random(6);
        foreach (var some in Enumerable.Range(0, 24 * 20).Where(i => i is < 200 or > 230).Select(i => Look(random, now.AddHours(-i * 2).AddMinutes(-7))).Chunk(40))
        {
            Backlog(DeskBench.Tokyo, some);
            Backlog(DeskBench.Osaka, [.. some.Skip(5).Select(r => r with { StartedUtc = r.StartedUtc.AddSeconds(90) })]);
        }

        var all = bench.Db.Read(tx => bench.Stores.Samples.Raw(tx, new SampleWish(DeskBench.All, new CustomerId("sample-trading"), [item], now.AddDays(-60), now)));
        for (var round = 0; round < 3; round++)
        {
            AssertHours(all[(item, DeskBench.Tokyo)], now, round);
            Move(round == 0 ? now.AddDays(-12) : now);
        }

        Assert.Equal(2, Chart(ChartRange.Year).Series.Count(s => s.Points.Count > 30));
        Assert.All(Chart(ChartRange.Day).Series, s => Assert.Equal(s.Points.Select(p => p.Mean), s.Points.Select(p => p.Max)));
        Assert.Equal(["", "time"], Chart(ChartRange.Week).Metrics.Select(m => m.Label));
        Assert.Equal([(false, 3.0), (true, 8.0)], Chart(ChartRange.FiveWeeks, "time").Levels.Select(l => (l.Critical, l.Value)).Distinct());
        Assert.Empty(bench.Queries.Charts(Scope.Of(new CustomerId("other")), [item], new ChartWish(ChartRange.Day)));
        Assert.Empty(bench.Queries.Texts(Scope.Of(new CustomerId("other")), item, ChartRange.Week));
    }

    [Fact]
    public void An_output_is_kept_where_it_changes_at_a_site()
    {
        foreach (var output in new[] { "HTTP OK - 0.1 s", "HTTP OK - 0.2 s", "HTTP OK - 301 s", "HTTP OK - 0.2 s" })
        {
            bench.Post(DeskBench.Tokyo, item, DeskBench.Says(CheckStatus.Ok, output));
            bench.Pass(TimeSpan.FromSeconds(10));
        }

        bench.Post(DeskBench.Osaka, item, DeskBench.Says(CheckStatus.Ok, "HTTP OK - 0.2 s"));
        bench.Post(DeskBench.Tokyo, item, DeskBench.Says(CheckStatus.Critical, "HTTP OK - 0.2 s"));
        var texts = bench.Queries.Texts(DeskBench.All, item, ChartRange.Day);
        Assert.Equal(
            [("osaka", CheckStatus.Ok, "HTTP OK - 0.2 s"), ("tokyo", CheckStatus.Ok, "HTTP OK - 0.1 s"), ("tokyo", CheckStatus.Critical, "HTTP OK - 0.2 s")],
            texts.Select(t => (t.Site.Value, t.Status, t.Output)).Order());
    }

    private void AssertHours(List<Sample> truth, DateTimeOffset now, int round)
    {
        var hours = ChartRules.Hours(truth, TimeSpan.FromMinutes(3));
        var shown = Chart(ChartRange.FiveWeeks).Series.Single(s => s.Site == DeskBench.Tokyo);

        // What is not moved and older than the tail is on the chart within the hour, with the next moving.
        var expected = hours.Where(h => h.Start > now.AddDays(-35).AddHours(-1).ToUnixTimeSeconds() && (round > 1 || (round == 1 && h.Start < now.AddDays(-16).ToUnixTimeSeconds()))).ToList();
        var middles = shown.Points.ToDictionary(p => p.AtUtc);
        Assert.All(expected, h => Assert.Equal(h.Of(Metric.Latency)?.Mean, middles[DateTimeOffset.FromUnixTimeSeconds(h.Start + 1800)].Mean));
        Assert.True(round < 2 || expected.Count == shown.Points.Count);
    }

    private ChartView Chart(ChartRange range, string metric = "") => bench.Queries.Charts(DeskBench.All, [item], new ChartWish(range, metric)).Single();

    private void Move(DateTimeOffset olderThan)
    {
        foreach (var _ in new SampleMoving(bench.Db, _ => TimeSpan.FromMinutes(3)).Steps(olderThan, olderThan.AddDays(-100), stays: false))
        {
        }
    }

    private void Backlog(SiteName site, IReadOnlyList<CheckResult> looks)
    {
        var now = Moment.Of(bench.Clock);
        bench.Accept(new ResultBatch(site, 1, ++sequence, Lane.Backlog, now.Utc, now.Mono, looks, [], Some.Health));
    }

    private CheckResult Look(Random random, DateTimeOffset at) => new(
        item, 1, LookCause.Scheduled, 0, 1, at, TimeSpan.Zero, TimeSpan.FromMilliseconds(random.Next(1, 900)), new LookAnswer(CheckStatus.Ok, Reply.Answer, NoValue.None, "TCP OK", "", $"time=0.{random.Next(999):000}s;3;8"));
}

/// <summary>Over SQLite.</summary>
public sealed class DeskChartsTestsOnFile() : DeskChartsTests(Engine.File);

/// <summary>Over PostgreSQL.</summary>
public sealed class DeskChartsTestsOnServer() : DeskChartsTests(Engine.Server);
