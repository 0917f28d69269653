using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>The first form of samples: microseconds, and the first metric without its name. Written no more, readable as long as it lies somewhere.</summary>
internal static class OldSample
{
    private const int HasTook = 4;
    private const int HasPerf = 8;

    private static readonly SampleShape Unnamed = SampleShape.Of((new Metric("value", ""), "", ""));

    internal static Sample Read(ref ByteReader reader, int item, long before)
    {
        var flags = reader.Byte();
        var at = unchecked(reader.Signed() + before);
        long? took = (flags & HasTook) != 0 ? (long)reader.Unsigned() : null;
        return (flags & HasPerf) != 0
            ? new Sample(item, at, (CheckStatus)(flags & 3), took, Unnamed, [SampleBatch.ReadNumber(ref reader)])
            : new Sample(item, at, (CheckStatus)(flags & 3), took, SampleShape.None, []);
    }

    internal static List<Sample> ReadChunk(ref ByteReader reader, int item)
    {
        var count = reader.Count();
        var samples = new List<Sample>(count);
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            var sample = Read(ref reader, item, before);
            before = sample.AtMicros;
            samples.Add(Today(sample));
        }

        return samples;
    }

    /// <summary>As it would be kept now.</summary>
    internal static Sample Today(Sample sample) => sample with
    {
        AtMicros = Sample.Rounded(sample.AtMicros),
        TookMicros = sample.TookMicros is { } took ? SignificantDigits.Round(Math.Max(0, took)) : null,
    };
}
