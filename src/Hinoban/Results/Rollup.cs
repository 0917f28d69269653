namespace Hinoban.Results;

/// <summary>
/// An hour or a day of one item as one site saw it. <see cref="Seconds"/>: time in each <see cref="Checks.CheckStatus"/>, as <see cref="RollupMath"/> counts it; what is missing to the
/// whole hour was not looked at.
/// </summary>
internal sealed record Rollup(long Start, int Count, IReadOnlyList<int> Seconds, IReadOnlyList<MetricRollup> Metrics)
{
    internal int Looked => Seconds.Sum();

    internal MetricRollup? Of(Metric metric) => Metrics.FirstOrDefault(m => m.Metric == metric);
}

/// <summary>
/// One metric's values in that time. <see cref="P95"/>: at or below it were 95 of 100 values of the hour (nearest rank); of a day that of its worst hour. Kept for the response time
/// only. <see cref="Warn"/> and <see cref="Crit"/>: the ranges that held at its end.
/// </summary>
internal sealed record MetricRollup(Metric Metric, int Count, double Min, double Mean, double Max, double P95, string Warn, string Crit);
