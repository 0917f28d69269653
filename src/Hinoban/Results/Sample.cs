using System.Buffers;
using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// One look reduced to what a chart needs: when (whole milliseconds), how it ended, how long it took (three significant digits, null where it brought no value),
/// and every number that it printed. Times in microseconds, as instants are stored.
/// </summary>
internal readonly record struct Sample(int Item, long AtMicros, CheckStatus Status, long? TookMicros, SampleShape Shape, double[] Values)
{
    internal const long Milli = 1000;

    internal static Sample Of(CheckResult result)
    {
        var text = new ArrayBufferWriter<char>(64);
        Span<double> values = stackalloc double[SampleShape.Most];
        var count = SampleShape.Scan(result.Answer.Perfdata, text, values);
        return new Sample(
            result.Item.Value, AtOf(result), result.Answer.Status, TookOf(result), SampleShape.Read(text.WrittenSpan.ToString()), values[..count].ToArray());
    }

    internal static long AtOf(CheckResult result) => Rounded(SqlTypes.ToMicros(result.StartedUtc));

    internal static long? TookOf(CheckResult result) =>
        result.Answer.NoValue == NoValue.None ? SignificantDigits.Round(Math.Max(0, result.Took.Ticks / TimeSpan.TicksPerMicrosecond)) : null;

    /// <summary>A site's clock is not truer than a millisecond.</summary>
    internal static long Rounded(long micros) => micros - (micros % Milli + Milli) % Milli;

    internal SamplePoint Point => new(SqlTypes.FromMicros(AtMicros), TookMicros / 1e6, Status, Values.Length > 0 ? Values[0] : null);

    internal double? Of(Metric metric)
    {
        if (metric.IsLatency)
        {
            return TookMicros / 1e6;
        }

        for (var i = 0; i < Values.Length; i++)
        {
            if (Shape.Metrics[i] == metric)
            {
                return Values[i];
            }
        }

        return null;
    }

    /// <summary>The same look, whoever tells of it, and whatever of its metrics was kept.</summary>
    private bool Same(Sample other) => AtMicros == other.AtMicros && Status == other.Status && TookMicros == other.TookMicros;

    /// <summary>
    /// One item's, oldest first, none twice: a site's look is known by when it started, and comes twice when a lost spool began a new epoch, or while it lies in a batch and in
    /// its chunk.
    /// </summary>
    internal static List<Sample> InOrder(IEnumerable<Sample> samples)
    {
        var sorted = samples.OrderBy(s => s.AtMicros).ToList();
        var kept = new List<Sample>(sorted.Count);
        foreach (var sample in sorted)
        {
            if (!IsAmong(kept, sample))
            {
                kept.Add(sample);
            }
        }

        return kept;
    }

    private static bool IsAmong(List<Sample> kept, Sample sample)
    {
        for (var i = kept.Count - 1; i >= 0 && kept[i].AtMicros == sample.AtMicros; i--)
        {
            if (kept[i].Same(sample))
            {
                return true;
            }
        }

        return false;
    }
}
