using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Flow;

/// <summary>Of which item, and how.</summary>
internal sealed record ChartTerms(ItemId Item, TimeSpan Interval, IReadOnlyList<SiteName> Sites, TimeZoneInfo Zone, DateTimeOffset FromUtc, DateTimeOffset ToUtc, ChartWish Wish);

/// <summary>Puts a chart together from what was read.</summary>
internal static class ChartFold
{
    /// <param name="raw">Samples: all of the range, or of its end where <paramref name="hours"/> has what is before.</param>
    /// <param name="hours">Null where the chart is of the samples themselves.</param>
    /// <param name="days">For what is older than the hours; null where it is not asked for.</param>
    internal static ChartView Of(
        ChartTerms terms,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Sample>> raw,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>>? hours,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>>? days)
    {
        var step = hours is null ? TimeSpan.Zero : days is null ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var sites = terms.Sites.Concat(raw.Keys.Concat(hours?.Keys ?? []).Where(k => k.Item == terms.Item).Select(k => k.Site)).Distinct().ToList();
        var lines = sites.Select(site => new Line(site, raw.GetValueOrDefault((terms.Item, site)) ?? [], Rollups(terms, (terms.Item, site), raw, hours, days))).ToList();
        var metrics = lines.SelectMany(l => l.Rollups).SelectMany(r => r.Metrics).Select(m => m.Metric).Prepend(Metric.Latency).Distinct().ToList();
        var metric = metrics.Find(m => m.Label == terms.Wish.Metric) ?? Metric.Latency;
        return new ChartView(
            terms.Item,
            terms.Wish.Range,
            terms.FromUtc,
            terms.ToUtc,
            ChartRules.Gap(terms.Interval, Width(terms, lines, step)),
            hours is not null,
            metric,
            metrics,
            [.. lines.Select(l => new ChartSeries(l.Site, PointsOf(l, terms, metric, step), l.Rollups.Count == 0 ? null : RollupMath.Sum(l.Rollups[0].Start, l.Rollups)))],
            metric.IsLatency ? [] : ChartRules.Levels(hours is null ? lines.SelectMany(l => Named(l.Samples, metric)) : lines.SelectMany(l => Named(l.Rollups, metric)), terms.ToUtc))
        {
            Zone = terms.Zone,
        };
    }

    private static List<Rollup> Rollups(
        ChartTerms terms,
        (ItemId Item, SiteName Site) key,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Sample>> raw,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>>? hours,
        IReadOnlyDictionary<(ItemId Item, SiteName Site), List<Rollup>>? days)
    {
        List<Rollup> all = [.. hours?.GetValueOrDefault(key) ?? [], .. ChartRules.Hours(raw.GetValueOrDefault(key) ?? [], terms.Interval)];
        if (days is null)
        {
            return all;
        }

        var first = all.Count == 0 ? long.MaxValue : all[0].Start - RollupMath.DaySeconds;
        return [.. (days.GetValueOrDefault(key) ?? []).Where(d => d.Start <= first), .. ChartRules.LocalDays(all, terms.Zone)];
    }

    private static List<ChartPoint> PointsOf(Line line, ChartTerms terms, Metric metric, TimeSpan step) => step == TimeSpan.Zero
        ? ChartRules.Points(line.Samples, metric, terms.FromUtc, terms.ToUtc, terms.Wish.Most)
        : ChartRules.Points(line.Rollups, metric, step, terms.Wish.Most);

    // How much time a point stands for.
    private static TimeSpan Width(ChartTerms terms, List<Line> lines, TimeSpan step)
    {
        var most = terms.Wish.Most;
        return step > TimeSpan.Zero ? step * (((lines.Max(l => l.Rollups.Count) - 1) / most) + 1)
            : lines.Exists(l => l.Samples.Count > most) ? (terms.ToUtc - terms.FromUtc) / most
            : TimeSpan.Zero;
    }

    private static IEnumerable<(DateTimeOffset, string, string)> Named(IEnumerable<Sample> samples, Metric metric) => samples
        .Where(s => s.Shape.Metrics.Contains(metric))
        .Select(s => (s.Point.AtUtc, s.Shape.Levels[s.Shape.Metrics.Index().First(m => m.Item == metric).Index]))
        .Select(s => (s.AtUtc, s.Item2.Warn, s.Item2.Crit));

    private static IEnumerable<(DateTimeOffset, string, string)> Named(IEnumerable<Rollup> rollups, Metric metric) => rollups
        .Select(r => (At: DateTimeOffset.FromUnixTimeSeconds(r.Start), Of: r.Of(metric)))
        .Where(r => r.Of is not null)
        .Select(r => (r.At, r.Of!.Warn, r.Of.Crit));

    private sealed record Line(SiteName Site, List<Sample> Samples, List<Rollup> Rollups);
}
