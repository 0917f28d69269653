using Hinoban.Checks;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>What an hour and a day come to.</summary>
public sealed class RollupMathTests
{
    private const long Start = 1_776_124_800;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(4);
    private static readonly Metric Users = new("users", "");

    [Fact]
    public void A_quiet_hour_is_covered_whole()
    {
        var hour = RollupMath.Hour(Start, [.. Enumerable.Range(0, 15).Select(i => At((i * 240) + 60, CheckStatus.Ok, 10))], Interval);
        Assert.Equal((Start, 15, "3600 0 0 0", 3600), (hour.Start, hour.Count, string.Join(' ', hour.Seconds), hour.Looked));
    }

    [Theory]
    [InlineData("0:ok", "600 0 0 0")]              // stands for ten minutes, then nobody knows
    [InlineData("599:ok", "1199 0 0 0")]           // also for what was before it
    [InlineData("1800:ok", "1200 0 0 0")]
    [InlineData("3599:ok", "601 0 0 0")]
    [InlineData("0:ok 600:crit", "600 0 600 0")]
    [InlineData("0:ok 601:crit", "600 0 600 0")]   // a gap of a second
    [InlineData("0:ok 100:warn 160:crit 175:crit 190:unknown 300:ok", "700 60 30 110")]
    [InlineData("240:crit 480:ok", "600 0 480 0")]
    public void Each_look_stands_for_the_time_to_the_next_and_for_no_more_than_it_holds(string looks, string seconds)
    {
        var hour = RollupMath.Hour(Start, [.. looks.Split(' ').Select(Look)], Interval);
        Assert.Equal(seconds, string.Join(' ', hour.Seconds));
    }

    [Theory]
    [InlineData(400, "0 0 600 0")]
    [InlineData(600, "1 0 600 0")]
    public void A_part_of_a_second_is_told_as_the_nearest(int millis, string seconds)
    {
        var second = At(0, CheckStatus.Critical, 1);
        Assert.Equal(seconds, string.Join(' ', RollupMath.Hour(Start, [At(0, CheckStatus.Ok, 1), second with { AtMicros = second.AtMicros + (millis * 1000) }], Interval).Seconds));
    }

    [Theory]
    [InlineData(RollupStep.Hour, 1, 0)]
    [InlineData(RollupStep.Hour, 24, 1)]
    [InlineData(RollupStep.Day, (32 * 24) - 1, 0)]
    [InlineData(RollupStep.Day, 32 * 24, 1)]
    internal void Hours_are_kept_by_the_day_and_days_by_thirty_two(RollupStep step, int hour, long block) => Assert.Equal(block, SampleStore.RollupBlock(step, hour * RollupMath.HourSeconds));

    [Fact]
    public void Of_a_metric_that_a_look_names_twice_the_first_is_taken_with_its_thresholds() =>
        Assert.Equal(new MetricRollup(Users, 1, 3, 3, 3, 0, "5", "9"), RollupMath.Hour(Start, [At(0, CheckStatus.Ok, null, (Users, 3, "5", "9"), (Users, 8, "6", ""))], Interval).Of(Users));

    [Fact]
    public void Parts_of_seconds_add_up_to_the_hour()
    {
        var random = new Random(2);
        for (var i = 0; i < 200; i++)
        {
            var looks = Enumerable.Range(0, 60).Select(_ => At(0, (CheckStatus)random.Next(4), 1) with { AtMicros = (Start * 1_000_000) + random.NextInt64(3_600_000_000) }).OrderBy(s => s.AtMicros).ToList();
            Assert.Equal(3600, RollupMath.Hour(Start, looks, TimeSpan.FromHours(1)).Looked);
        }
    }

    [Fact]
    public void Metrics_are_summed_up_each_for_itself()
    {
        Sample[] looks =
        [
            At(0, CheckStatus.Ok, 10, (Users, 3, "5", "9")),
            At(240, CheckStatus.Unknown, null),
            At(480, CheckStatus.Ok, 30, (Users, 8, "6", "9")),
            At(720, CheckStatus.Ok, 20),
        ];
        var hour = RollupMath.Hour(Start, looks, Interval);
        Assert.Equal([new MetricRollup(Metric.Latency, 3, 0.01, 0.02, 0.03, 0.03, "", ""), new MetricRollup(Users, 2, 3, 5.5, 8, 0, "6", "9")], hour.Metrics);
        Assert.Equal((4, hour.Metrics[1]), (hour.Count, hour.Of(Users)));
        Assert.Null(hour.Of(new Metric("others", "")));
        Assert.Empty(RollupMath.Hour(Start, [looks[1]], Interval).Metrics);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(19, 19)]
    [InlineData(20, 19)]
    [InlineData(21, 20)]
    [InlineData(100, 95)]
    [InlineData(101, 96)]
    public void The_95th_percentile_is_the_nearest_rank(int count, int rank) =>
        Assert.Equal(rank / 1000.0, RollupMath.Hour(Start, [.. Enumerable.Range(1, count).Reverse().Select((ms, i) => At(i, CheckStatus.Ok, ms))], Interval).Metrics[0].P95);

    [Fact]
    public void A_day_is_the_sum_of_its_hours()
    {
        var one = RollupMath.Hour(Start, [At(0, CheckStatus.Ok, 10, (Users, 1, "5", "")), At(240, CheckStatus.Ok, 20)], Interval);
        var other = RollupMath.Hour(Start + 3600, [At(3600, CheckStatus.Critical, 40, (Users, 4, "7", "8"))], Interval);
        var day = RollupMath.Sum(Start, [one, other]);
        Assert.Equal((Start, 3, "840 0 600 0"), (day.Start, day.Count, string.Join(' ', day.Seconds)));
        Assert.Equal([new MetricRollup(Metric.Latency, 3, 0.01, 0.02333, 0.04, 0.04, "", ""), new MetricRollup(Users, 2, 1, 2.5, 4, 0, "7", "8")], day.Metrics);
        Assert.Equivalent(one, RollupMath.Sum(Start, [one]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1.23456, 1.235)]
    [InlineData(-0.00123456, -0.001235)]
    [InlineData(9.99996, 10)]
    [InlineData(12_345.6, 12_346)]
    [InlineData(999.96, 1000)]
    [InlineData(123.456, 123.5)]
    [InlineData(1234.56, 1235)]
    [InlineData(0.0000012345678, 0.000001235)]
    [InlineData(0.00000012345678, 0.00000012345678)] // finer than any column keeps in digits
    [InlineData(1e-12, 1e-12)]
    [InlineData(1e300, 1e300)]
    public void A_mean_has_four_digits(double mean, double kept) => Assert.Equal(kept, RollupMath.Rounded(mean), Math.Abs(kept) * 1e-9);

    [Fact]
    public void The_largest_numbers_do_not_run_over() =>
        Assert.Equal(double.MaxValue, RollupMath.Hour(Start, [At(0, CheckStatus.Ok, 1, (Users, double.MaxValue, "", "")), At(1, CheckStatus.Ok, 1, (Users, double.MaxValue, "", ""))], Interval).Of(Users)!.Mean);

    private static Sample Look(string written)
    {
        var (second, word) = (int.Parse(written.Split(':')[0]), written.Split(':')[1]);
        return At(second, word switch { "ok" => CheckStatus.Ok, "warn" => CheckStatus.Warning, "crit" => CheckStatus.Critical, _ => CheckStatus.Unknown }, 5);
    }

    private static Sample At(int second, CheckStatus status, int? millis, params (Metric Metric, double Value, string Warn, string Crit)[] metrics) => new(
        1, (Start + second) * 1_000_000, status, millis * 1000L, SampleShape.Of([.. metrics.Select(m => (m.Metric, m.Warn, m.Crit))]), [.. metrics.Select(m => m.Value)]);
}
