using Hinoban.Basics;
using Hinoban.Scheduling;
using Hinoban.Specs;

namespace Hinoban.Tests.Scheduling;

/// <summary>A schedule driven by hand: plans, a moment that moves, and what was taken when.</summary>
internal sealed class ScheduleScene
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);
    internal static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    internal Schedule Schedule { get; } = new();

    internal Moment Now { get; set; } = new(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(5));

    internal static SiteItem Item(int id, string customer = "a", TimeSpan? interval = null, int rank = 0, int sites = 2) => new(
        new ItemPlan(
            new ItemId(id), new CustomerId(customer), $"h{id}", "svc", "127.0.0.1", new TcpLookPlan(80, null, null),
            interval ?? Interval, TimeSpan.FromSeconds(10), 2, Retry, [new SiteName("tokyo"), new SiteName("osaka")], null, 1, 1),
        rank, sites);

    internal static SitePlan Plan(IEnumerable<SiteItem> items, int revision = 1) => new(revision, new SiteName("tokyo"), items.ToList());

    internal static SitePlan Plan(int count) => Plan(Enumerable.Range(1, count).Select(id => Item(id)));

    internal void Apply(SitePlan plan) => Schedule.Apply(plan, Now);

    internal List<DueLook> Take()
    {
        var taken = new List<DueLook>();
        while (Schedule.TryTake(Now, out var look))
        {
            taken.Add(look);
        }

        return taken;
    }

    /// <summary>Lets time go to each due time in turn; every look begins at once and ends after <paramref name="took"/>.</summary>
    internal List<(DueLook Look, TimeSpan At)> Run(TimeSpan time, Func<DueLook, bool>? retry = null, TimeSpan took = default)
    {
        var looks = new List<(DueLook, TimeSpan)>();
        var end = Now.Mono + time;
        while (Schedule.NextDue(Now.Mono) is { } due && due <= end)
        {
            Now += Max(due - Now.Mono, TimeSpan.Zero);
            var taken = Take();
            foreach (var look in taken)
            {
                var started = Now.Mono;
                var begun = Schedule.Begin(look, Now) ?? throw new InvalidOperationException("overtaken");
                looks.Add((begun, started));
                Assert.Null(Schedule.End(begun, started, retry?.Invoke(begun) ?? false, Now + took));
            }
        }

        Now += end - Now.Mono;
        return looks;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
