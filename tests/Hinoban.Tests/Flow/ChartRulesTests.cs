using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Tests.Flow;

/// <summary>From samples and rollups to points: nothing filled in, no extreme lost, days of the customer's zone.</summary>
public sealed class ChartRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 20, 30, TimeSpan.Zero);
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly Metric Users = new("users", "");

    [Theory]
    [InlineData(ChartRange.Day, "2026-04-13T03:20:30Z")]
    [InlineData(ChartRange.Week, "2026-04-07T03:20:30Z")]
    [InlineData(ChartRange.FiveWeeks, "2026-03-10T03:00:00Z")]
    [InlineData(ChartRange.Year, "2025-03-13T15:00:00Z")]
    internal void A_range_begins_with_a_whole_part(ChartRange range, string from) => Assert.Equal(DateTimeOffset.Parse(from), ChartRules.From(range, Now, Tokyo));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z")]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z")] // midnight does not exist: the day begins at one
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // midnight comes twice: the first
    public void A_local_day_begins_where_clocks_say(string zone, string day, string begins) =>
        Assert.Equal(DateTimeOffset.Parse(begins), ChartRules.Midnight(DateTime.Parse(day), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-06-01", 24)]
    public void A_day_of_a_clock_change_has_all_its_hours(string day, int count)
    {
        var first = new DateTimeOffset(DateTime.Parse(day), TimeSpan.Zero).AddDays(-2).ToUnixTimeSeconds();
        var days = ChartRules.LocalDays(Enumerable.Range(0, 5 * 24).Select(h => Hour(first + (h * 3600), 1)), Berlin);
        var found = Assert.Single(days, d => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(d.Start), Berlin).Date == DateTime.Parse(day));
        Assert.Equal((count, count * 3600), (found.Count, found.Looked));
        Assert.Equal(days.OrderBy(d => d.Start).Select(d => d.Start), days.Select(d => d.Start));
    }

    [Fact]
    public void Samples_become_the_hours_that_are_kept()
    {
        var hours = ChartRules.Hours([At(0, 5), At(59.9, 7), At(180, 9)], TimeSpan.FromMinutes(3));
        Assert.Equal([(Second(0), 2), (Second(180), 1)], hours.Select(h => (h.Start, h.Count)));
    }

    [Fact]
    public void Few_looks_are_points_as_they_are()
    {
        var points = ChartRules.Points([At(1, 5), At(2, null, CheckStatus.Critical)], Metric.Latency, Time(0), Time(60), 2);
        Assert.Equal([new ChartPoint(Time(1), 0.005, 0.005, 0.005, CheckStatus.Ok), new ChartPoint(Time(2), null, null, null, CheckStatus.Critical)], points);
    }

    [Fact]
    public void Many_looks_keep_their_extremes_their_failures_and_their_gaps()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var looks = Enumerable.Range(0, 3_000).Where(i => i is < 1_000 or > 1_400).Select(i => At(i, random.Next(9) == 0 ? null : random.Next(1, 900), (CheckStatus)(random.Next(50) == 0 ? random.Next(4) : 0))).ToList();
            var points = ChartRules.Points(looks, Metric.Latency, Time(0), Time(3_000), 800);
            Assert.InRange(points.Count, 400, 800);
            Assert.Equal(looks.Min(l => l.TookMicros) / 1e6, points.Min(p => p.Min));
            Assert.Equal(looks.Max(l => l.TookMicros) / 1e6, points.Max(p => p.Max));
            Assert.All(points, p => Assert.True(p.Mean is null || (p.Min <= p.Mean + 1e-12 && p.Mean <= p.Max + 1e-12)));
            Assert.Equal(looks.Exists(l => l.Status == CheckStatus.Critical), points.Exists(p => p.Worst == CheckStatus.Critical));
            Assert.DoesNotContain(points, p => p.AtUtc > Time(1_004) && p.AtUtc < Time(1_396));
            Assert.Equal(points.OrderBy(p => p.AtUtc), points);
        }
    }

    [Fact]
    public void Drawn_together_looks_are_least_mean_and_most_and_the_worst_of_them()
    {
        var point = Assert.Single(ChartRules.Points([At(0, 10), At(1, 20, CheckStatus.Unknown), At(2, null, CheckStatus.Warning)], Metric.Latency, Time(0), Time(3), 1));
        Assert.Equal((0.01, 0.02, CheckStatus.Unknown), (point.Min!.Value, point.Max!.Value, point.Worst));
        Assert.Equal(0.015, point.Mean!.Value, 1e-12);
        Assert.Equal(Time(1.5), point.AtUtc);
        var (none, worst) = (At(0, null), At(1, null, CheckStatus.Critical));
        Assert.Equal(new ChartPoint(Time(1.5), null, null, null, CheckStatus.Critical), Assert.Single(ChartRules.Points([none, worst], Metric.Latency, Time(0), Time(3), 1)));
        Assert.Equal(CheckStatus.Critical, Assert.Single(ChartRules.Points([At(0, 1, CheckStatus.Unknown), worst], Metric.Latency, Time(0), Time(3), 1)).Worst);
    }

    [Fact]
    public void Looks_drawn_together_stand_in_the_middle_of_their_time_and_one_at_the_very_end_makes_no_point_more()
    {
        var points = ChartRules.Points([At(0, 10), At(1, 20), At(4, 30)], Metric.Latency, Time(0), Time(4), 2);
        Assert.Equal([Time(1), Time(3)], points.Select(p => p.AtUtc).Select(at => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond))));
        Assert.Equal([0.02, 0.03], points.Select(p => p.Max!.Value));
    }

    [Fact]
    public void Rollups_are_points_in_the_middle_of_their_time()
    {
        var hours = Enumerable.Range(0, 5).Select(h => Hour(Second(h * 60), h + 1)).ToList();
        Assert.Equal(Enumerable.Range(0, 5).Select(h => Time((h * 60) + 30)), ChartRules.Points(hours, Metric.Latency, TimeSpan.FromHours(1), 5).Select(p => p.AtUtc));
        var some = ChartRules.Points(hours, Metric.Latency, TimeSpan.FromHours(1), 4);
        Assert.Equal([Time(60), Time(180), Time(270)], some.Select(p => p.AtUtc));
        Assert.Equal([(0.001, 0.002), (0.003, 0.004), (0.005, 0.005)], some.Select(p => (p.Min!.Value, p.Max!.Value)));
        Assert.Null(ChartRules.Points(hours, Users, TimeSpan.FromHours(1), 5)[0].Mean);
        Assert.Empty(ChartRules.Points([], Metric.Latency, TimeSpan.FromHours(1), 5));
    }

    [Theory]
    [InlineData("3600 0 0 0", CheckStatus.Ok)]
    [InlineData("3599 1 0 0", CheckStatus.Warning)]
    [InlineData("3000 1 0 9", CheckStatus.Unknown)]
    [InlineData("3000 1 1 9", CheckStatus.Critical)]
    [InlineData("0 0 0 0", CheckStatus.Ok)]
    internal void An_hour_is_as_bad_as_its_worst(string seconds, CheckStatus worst)
    {
        var hour = Hour(Second(0), 1) with { Seconds = [.. seconds.Split(' ').Select(int.Parse)] };
        Assert.Equal(worst, Assert.Single(ChartRules.Points([hour], Metric.Latency, TimeSpan.FromHours(1), 1)).Worst);
    }

    [Theory]
    [InlineData(180, 0, 450)]
    [InlineData(1, 0, 5)]
    [InlineData(2, 0, 5)]
    [InlineData(3, 0, 7.5)]
    [InlineData(180, 3600, 5400)]
    [InlineData(7200, 3600, 18000)]
    [InlineData(180, 300, 450)]
    [InlineData(180, 301, 451.5)]
    [InlineData(180, 200, 450)]
    [InlineData(2.2, 0, 5.5)]
    public void Points_are_joined_over_two_intervals_and_a_half_or_one_step_and_a_half(double interval, double step, double gap) =>
        Assert.Equal(TimeSpan.FromSeconds(gap), ChartRules.Gap(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(step)));

    [Fact]
    public void Thresholds_hold_from_the_first_look_that_names_them_to_the_next_that_names_others()
    {
        var levels = ChartRules.Levels([(Time(5), "10", "20"), (Time(0), "10", "20"), (Time(9), "12:15", "@0:~"), (Time(7), "", "20:")], Time(30));
        Assert.Equal(
            [
                new ChartLevel(false, 10, Time(0), Time(7)), new ChartLevel(true, 20, Time(0), Time(7)),
                new ChartLevel(true, 20, Time(7), Time(9)),
                new ChartLevel(false, 12, Time(9), Time(30)), new ChartLevel(false, 15, Time(9), Time(30)),
            ],
            levels);
        Assert.Empty(ChartRules.Levels([], Time(1)));
        Assert.Equal([(false, 9.0)], ChartRules.Levels([(Time(0), "9:9", "x")], Time(1)).Select(l => (l.Critical, l.Value)));
    }

    [Fact]
    public void Of_thresholds_that_change_all_the_time_the_last_are_drawn()
    {
        var levels = ChartRules.Levels(Enumerable.Range(1, 50).Select(i => (Time(i), $"{i}", "")), Time(60));
        Assert.Equal(Enumerable.Range(39, 12).Select(i => (double)i), levels.Select(l => l.Value));
    }

    private static DateTimeOffset Time(double minute) => new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    private static long Second(double minute) => Time(minute).ToUnixTimeSeconds();

    private static Sample At(double minute, int? millis, CheckStatus status = CheckStatus.Ok) =>
        new(1, (long)(Second(0) + (minute * 60)) * 1_000_000, status, millis * 1000L, SampleShape.None, []);

    private static Rollup Hour(long start, int millis) => new(start, 1, [3600, 0, 0, 0], [new MetricRollup(Metric.Latency, 1, millis / 1e3, millis / 1e3, millis / 1e3, millis / 1e3, "", "")]);
}
