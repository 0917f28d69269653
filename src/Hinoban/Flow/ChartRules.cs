using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>From samples and rollups to the points of a chart. Nothing is filled in, and no extreme is lost: what is too much for the width becomes least, mean and most.</summary>
internal static class ChartRules
{
    private const int MostLevels = 12;

    /// <summary>A range's first instant. Hours and days are shown whole.</summary>
    internal static DateTimeOffset From(ChartRange range, DateTimeOffset now, TimeZoneInfo zone) => range switch
    {
        ChartRange.Day => now.AddDays(-1),
        ChartRange.Week => now.AddDays(-7),
        ChartRange.FiveWeeks => HourOf(now.AddDays(-35)),
        ChartRange.Year => Midnight(TimeZoneInfo.ConvertTime(now, zone).Date.AddMonths(-13), zone),
    };

    /// <summary>The beginning of a local day: where a clock is put forward at midnight, the first instant after it.</summary>
    internal static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone)
    {
        var first = DateTime.SpecifyKind(day, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(first))
        {
            first = first.AddMinutes(15);
        }

        // Where it is put back over midnight, the earlier of the two.
        var offset = zone.IsAmbiguousTime(first) ? zone.GetAmbiguousTimeOffsets(first).Max() : zone.GetUtcOffset(first);
        return new DateTimeOffset(first, offset).ToUniversalTime();
    }

    /// <summary>Hours as the days of a zone; an hour belongs to the day in which it begins. The start of each is the local midnight.</summary>
    internal static List<Rollup> LocalDays(IEnumerable<Rollup> hours, TimeZoneInfo zone) =>
    [
        .. hours.GroupBy(h => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(h.Start), zone).Date)
            .OrderBy(g => g.Key)
            .Select(g => RollupMath.Sum(Midnight(g.Key, zone).ToUnixTimeSeconds(), [.. g])),
    ];

    /// <summary>Samples as hours, as they are kept.</summary>
    internal static List<Rollup> Hours(IEnumerable<Sample> samples, TimeSpan interval) =>
    [
        .. samples.GroupBy(s => SampleStore.Floor(s.AtMicros, RollupMath.HourSeconds * 1_000_000) * RollupMath.HourSeconds)
            .OrderBy(g => g.Key)
            .Select(g => RollupMath.Hour(g.Key, [.. g], interval)),
    ];

    /// <summary>Looks as points; more than <paramref name="most"/> are drawn together by equal times.</summary>
    internal static List<ChartPoint> Points(IReadOnlyList<Sample> samples, Metric metric, DateTimeOffset from, DateTimeOffset to, int most)
    {
        if (samples.Count <= most)
        {
            return [.. samples.Select(s => Point(s.Point.AtUtc, s.Of(metric), s.Status))];
        }

        var width = (to - from).Ticks / most + 1;
        return
        [
            .. samples.GroupBy(s => (s.Point.AtUtc - from).Ticks / width)
                .Select(g => Point(from.AddTicks((g.Key * width) + (width / 2)), [.. g.Select(s => s.Of(metric)).OfType<double>()], g.Select(s => s.Status))),
        ];
    }

    /// <summary>Rollups as points in the middle of their time.</summary>
    internal static List<ChartPoint> Points(IReadOnlyList<Rollup> rollups, Metric metric, TimeSpan step, int most)
    {
        var together = ((rollups.Count - 1) / most) + 1;
        return [.. rollups.Chunk(together).Select(some =>
        {
            var sum = some.Length == 1 ? some[0] : RollupMath.Sum(some[0].Start, some);
            var at = DateTimeOffset.FromUnixTimeSeconds(sum.Start) + (step * some.Length / 2);
            return sum.Of(metric) is { } of ? new ChartPoint(at, of.Min, of.Mean, of.Max, Worst(sum)) : new ChartPoint(at, null, null, null, Worst(sum));
        })];
    }

    /// <summary>How far apart two points may be that are still one line.</summary>
    internal static TimeSpan Gap(TimeSpan interval, TimeSpan step)
    {
        var looks = interval * 2.5;
        return step * 1.5 > looks ? step * 1.5 : looks > TimeSpan.FromSeconds(5) ? looks : TimeSpan.FromSeconds(5);
    }

    /// <summary>The thresholds that looks named, each from the first look that did to the next that named others.</summary>
    internal static List<ChartLevel> Levels(IEnumerable<(DateTimeOffset AtUtc, string Warn, string Crit)> named, DateTimeOffset to)
    {
        var runs = new List<(DateTimeOffset From, string Warn, string Crit)>();
        foreach (var look in named.OrderBy(n => n.AtUtc))
        {
            if (runs.Count == 0 || (runs[^1].Warn, runs[^1].Crit) != (look.Warn, look.Crit))
            {
                runs.Add(look);
            }
        }

        return [.. runs.SelectMany((run, i) =>
        {
            var until = i + 1 < runs.Count ? runs[i + 1].From : to;
            return Ends(run.Warn).Select(v => new ChartLevel(false, v, run.From, until)).Concat(Ends(run.Crit).Select(v => new ChartLevel(true, v, run.From, until)));
        }).TakeLast(MostLevels)];
    }

    // A range from 0 up has one end that anybody means.
    private static IEnumerable<double> Ends(string range) =>
        NagiosRange.TryParse(range, out var read) == RangeFault.None ? new[] { read.Start, read.End }.Where(e => double.IsFinite(e) && e != 0).Distinct() : [];

    private static ChartPoint Point(DateTimeOffset at, double? value, CheckStatus status) => new(at, value, value, value, status);

    private static ChartPoint Point(DateTimeOffset at, List<double> values, IEnumerable<CheckStatus> statuses) => values.Count == 0
        ? new ChartPoint(at, null, null, null, statuses.MaxBy(AgreementTimes.Weight))
        : new ChartPoint(at, values.Min(), Math.Clamp(values.Sum(v => v / values.Count), values.Min(), values.Max()), values.Max(), statuses.MaxBy(AgreementTimes.Weight));

    private static CheckStatus Worst(Rollup rollup) =>
        rollup.Seconds.Index().Where(s => s.Item > 0).Select(s => (CheckStatus)s.Index).DefaultIfEmpty(CheckStatus.Ok).MaxBy(AgreementTimes.Weight);

    private static DateTimeOffset HourOf(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeSeconds(SampleStore.Floor(at.ToUnixTimeSeconds(), RollupMath.HourSeconds) * RollupMath.HourSeconds);
}
