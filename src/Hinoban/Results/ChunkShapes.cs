namespace Hinoban.Results;

/// <summary>
/// Brings the metrics of samples into as many shapes as a chunk holds. Of two alike in one look the first stays, as it is the one that is read; where thresholds move with every look, or metrics come
/// and go, the thresholds are left out first, and whole sets of metrics only where even so there are too many: names that never come twice must not fill the disk.
/// </summary>
internal static class ChunkShapes
{
    /// <summary>Besides that of looks without metrics.</summary>
    internal const int Most = 63;

    /// <summary>With thresholds, where not all have room.</summary>
    private const int MostLevelled = 31;

    internal static IReadOnlyList<Sample> Fit(IReadOnlyList<Sample> samples)
    {
        var given = samples.Select(s => s.Shape).Distinct().ToList();
        var single = given.ToDictionary(s => s, Single);
        var targets = Room([.. given.Select(s => single[s].Shape).Distinct()]);
        return [.. samples.Select(s => As(s, single[s.Shape], targets))];
    }

    private static Sample As(Sample sample, (SampleShape Shape, int[] Places) single, Dictionary<SampleShape, SampleShape> targets)
    {
        var shape = targets.GetValueOrDefault(single.Shape) ?? SampleShape.None;
        return shape.Equals(sample.Shape) ? sample : sample with { Shape = shape, Values = shape.Metrics.Count == 0 ? [] : [.. single.Places.Select(p => sample.Values[p])] };
    }

    // As what each is kept; what is missing has no room. Stable: what was kept once is kept as it is the next time.
    private static Dictionary<SampleShape, SampleShape> Room(IReadOnlyList<SampleShape> shapes)
    {
        var some = shapes.Where(s => s.Metrics.Count > 0).ToList();
        if (some.Count <= Most)
        {
            return some.ToDictionary(s => s);
        }

        var kept = some.Where(s => s.Levels.Any(l => l != ("", ""))).Take(MostLevelled).ToHashSet();
        var bare = some.Where(s => !kept.Contains(s)).ToDictionary(s => s, Bare);
        var room = bare.Values.Distinct().Take(Most - kept.Count).ToHashSet();
        return kept.Select(s => (From: s, To: s)).Concat(bare.Where(b => room.Contains(b.Value)).Select(b => (From: b.Key, To: b.Value))).ToDictionary(s => s.From, s => s.To);
    }

    private static (SampleShape Shape, int[] Places) Single(SampleShape shape)
    {
        int[] places = [.. shape.Metrics.Index().DistinctBy(m => m.Item).Select(m => m.Index)];
        return (places.Length == shape.Metrics.Count ? shape : SampleShape.Of([.. places.Select(p => (shape.Metrics[p], shape.Levels[p].Warn, shape.Levels[p].Crit))]), places);
    }

    private static SampleShape Bare(SampleShape shape) => SampleShape.Of([.. shape.Metrics.Select(m => (m, "", ""))]);
}
