using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>
/// What becomes of samples when they are summed up. An hour is a function of its own samples and the item's interval, and a day of its hours: made again from the same they are
/// the same, so late samples only need their hour made anew.
/// </summary>
internal static class RollupMath
{
    internal const long HourSeconds = 3600;
    internal const long DaySeconds = 24 * HourSeconds;

    private const long Second = 1_000_000;

    /// <summary>A look stands for what follows it this many intervals long; then it is a gap.</summary>
    private const double Holds = 2.5;

    /// <summary>
    /// One hour. Each look stands for the time from it to the next, the first also for what was before it, none for longer than <see cref="Holds"/> intervals: retries, which come faster, do not
    /// count for more time than they cover.
    /// </summary>
    /// <param name="start">When the hour begins, in seconds since 1970.</param>
    /// <param name="samples">Of that hour, in order, one at least.</param>
    /// <param name="interval">The item's.</param>
    internal static Rollup Hour(long start, IReadOnlyList<Sample> samples, TimeSpan interval)
    {
        var hold = (long)(interval.TotalSeconds * Holds * Second);
        var (begin, end) = (start * Second, (start + HourSeconds) * Second);
        var covered = new long[4];
        covered[(int)samples[0].Status] += Math.Min(hold, samples[0].AtMicros - begin);
        for (var i = 0; i < samples.Count; i++)
        {
            var next = i + 1 < samples.Count ? samples[i + 1].AtMicros : end;
            covered[(int)samples[i].Status] += Math.Min(hold, next - samples[i].AtMicros);
        }

        return new Rollup(start, samples.Count, Whole(covered), [.. MetricsOf(samples).Select(m => Summary(m, samples))]);
    }

    /// <summary>Several hours, or several days, in order, as one that begins at <paramref name="start"/>.</summary>
    internal static Rollup Sum(long start, IReadOnlyList<Rollup> parts) => new(
        start,
        parts.Sum(p => p.Count),
        [.. Enumerable.Range(0, 4).Select(status => parts.Sum(p => p.Seconds[status]))],
        [.. parts.SelectMany(p => p.Metrics).GroupBy(m => m.Metric).Select(g => Sum([.. g]))]);

    private static MetricRollup Sum(IReadOnlyList<MetricRollup> parts)
    {
        var count = parts.Sum(p => p.Count);
        return new MetricRollup(
            parts[0].Metric,
            count,
            parts.Min(p => p.Min),
            Mean(parts.Sum(p => p.Mean * ((double)p.Count / count)), parts.Min(p => p.Min), parts.Max(p => p.Max)),
            parts.Max(p => p.Max),
            parts.Max(p => p.P95),
            parts[^1].Warn,
            parts[^1].Crit);
    }

    private static IEnumerable<Metric> MetricsOf(IReadOnlyList<Sample> samples) =>
        (samples.Any(s => s.TookMicros is not null) ? new[] { Metric.Latency } : []).Concat(samples.SelectMany(s => s.Shape.Metrics)).Distinct();

    private static MetricRollup Summary(Metric metric, IReadOnlyList<Sample> samples)
    {
        var values = samples.Select(s => s.Of(metric)).OfType<double>().Order().ToList();
        var (warn, crit) = metric.IsLatency ? ("", "") : LevelsOf(metric, samples);
        var p95 = metric.IsLatency ? values[((values.Count * 95) + 99) / 100 - 1] : 0;
        return new MetricRollup(metric, values.Count, values[0], Mean(values.Sum(v => v / values.Count), values[0], values[^1]), values[^1], p95, warn, crit);
    }

    private static (string Warn, string Crit) LevelsOf(Metric metric, IReadOnlyList<Sample> samples)
    {
        var shape = samples.Last(s => s.Shape.Metrics.Contains(metric)).Shape;
        return shape.Levels[shape.Metrics.Index().First(m => m.Item == metric).Index];
    }

    // Rounding must not carry it beyond what was measured, nor beyond all numbers.
    private static double Mean(double mean, double min, double max) => Math.Clamp(Rounded(Math.Clamp(mean, min, max)), min, max);

    /// <summary>A mean to four significant digits: more would be kept than was measured.</summary>
    internal static double Rounded(double mean)
    {
        if (mean == 0)
        {
            return 0;
        }

        var digits = 3 - (int)Math.Floor(Math.Log10(Math.Abs(mean)));
        return digits switch
        {
            > 9 => mean,
            > 0 => Math.Round(mean, digits),
            _ => Math.Round(mean),
        };
    }

    // Rounded so that the sum is: three parts of a second each must not become a second more or less of the hour.
    private static int[] Whole(long[] micros)
    {
        var seconds = new int[micros.Length];
        var (sum, told) = (0L, 0);
        for (var i = 0; i < micros.Length; i++)
        {
            sum += micros[i];
            seconds[i] = (int)((sum + (Second / 2)) / Second) - told;
            told += seconds[i];
        }

        return seconds;
    }
}
