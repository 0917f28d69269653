using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>One look reduced to what a chart needs. Times in microseconds, as instants are stored.</summary>
internal readonly record struct Sample(int Item, long AtMicros, CheckStatus Status, long? TookMicros, double? Perf)
{
    internal static Sample Of(CheckResult result) => new(
        result.Item.Value,
        SqlTypes.ToMicros(result.StartedUtc),
        result.Answer.Status,
        result.Answer.NoValue == NoValue.None ? Math.Max(0, result.Took.Ticks / TimeSpan.TicksPerMicrosecond) : null,
        PerfValue.First(result.Answer.Perfdata));

    internal SamplePoint Point => new(SqlTypes.FromMicros(AtMicros), TookMicros / 1e6, Status, Perf);
}

/// <summary>Samples as bytes. The first byte is the version, so that later forms can stand beside this one.</summary>
internal static class SampleCodec
{
    private const byte Version = 1;
    private const int HasTook = 4;
    private const int HasPerf = 8;
    private const byte Binary = 255;

    /// <summary>Samples of many items in the order of the batch.</summary>
    internal static byte[] Batch(IEnumerable<Sample> samples, int count) => Write(samples, count, withItem: true);

    /// <summary>Samples of one item; the row names it.</summary>
    internal static byte[] Chunk(IEnumerable<Sample> samples, int count) => Write(samples, count, withItem: false);

    internal static List<Sample> ReadBatch(byte[] body) => Read(body, null);

    internal static List<Sample> ReadChunk(byte[] body, int item) => Read(body, item);

    private static byte[] Write(IEnumerable<Sample> samples, int count, bool withItem)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Unsigned((ulong)count);
        (long Item, long At) before = (0, 0);
        foreach (var sample in samples)
        {
            if (withItem)
            {
                writer.Signed(sample.Item - before.Item);
            }

            WriteOne(writer, sample, before.At);
            before = (sample.Item, sample.AtMicros);
        }

        return writer.ToArray();
    }

    private static void WriteOne(ByteWriter writer, Sample sample, long before)
    {
        writer.Byte((byte)((int)sample.Status | (sample.TookMicros is null ? 0 : HasTook) | (sample.Perf is null ? 0 : HasPerf)));
        writer.Signed(unchecked(sample.AtMicros - before));
        if (sample.TookMicros is { } took)
        {
            writer.Unsigned((ulong)took);
        }

        if (sample.Perf is { } perf)
        {
            WritePerf(writer, perf);
        }
    }

    // Plugins print decimals: as digits and exponent most are two or three bytes; what is not exact so goes as eight.
    private static void WritePerf(ByteWriter writer, double perf)
    {
        var scale = 1.0;
        for (byte exponent = 0; exponent <= 9; exponent++, scale *= 10)
        {
            var digits = Math.Round(perf * scale);
            if (Math.Abs(digits) < 1L << 53 && (digits / scale).Equals(perf) && !double.IsNegative(perf))
            {
                writer.Byte(exponent);
                writer.Signed((long)digits);
                return;
            }
        }

        writer.Byte(Binary);
        writer.Raw(BitConverter.GetBytes(perf));
    }

    private static List<Sample> Read(byte[] body, int? item)
    {
        var reader = new ByteReader(body);
        if (reader.Byte() != Version)
        {
            throw new InvalidDataException("The samples were written by a newer version.");
        }

        var count = reader.Count();
        var samples = new List<Sample>(count);
        (long Item, long At) before = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var id = item ?? ResultCodec.Narrow(unchecked(reader.Signed() + before.Item));
            var sample = ReadOne(ref reader, id, before.At);
            samples.Add(sample);
            before = (id, sample.AtMicros);
        }

        return samples;
    }

    private static Sample ReadOne(ref ByteReader reader, int item, long before)
    {
        var flags = reader.Byte();
        var at = unchecked(reader.Signed() + before);
        long? took = (flags & HasTook) != 0 ? (long)reader.Unsigned() : null;
        double? perf = (flags & HasPerf) != 0 ? ReadPerf(ref reader) : null;
        return new Sample(item, at, (CheckStatus)(flags & 3), took, perf);
    }

    private static double ReadPerf(ref ByteReader reader)
    {
        var exponent = reader.Byte();
        if (exponent == Binary)
        {
            return BitConverter.ToDouble(reader.Raw(8));
        }

        var scale = 1.0;
        for (var i = 0; i < exponent; i++)
        {
            scale *= 10;
        }

        return reader.Signed() / scale;
    }
}
