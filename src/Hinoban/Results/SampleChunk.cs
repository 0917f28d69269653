using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>
/// The samples of one item and site in a block of time as bytes, column by column (docs/reference/samples.md). The first byte is the version of the form, so that
/// others can stand beside it: 1 was row by row with one metric.
/// </summary>
internal static class SampleChunk
{
    internal const byte Version = 2;

    /// <summary>Samples and their numbers in one chunk: more than three a second. It bounds what damaged bytes can ask for, since a column as expected takes next to none.</summary>
    internal const int MostNumbers = 1 << 16;

    private const int MostShapes = ChunkShapes.Most + 1;

    /// <summary>Samples in order; what is too much is thinned evenly.</summary>
    internal static byte[] Write(IReadOnlyList<Sample> samples)
    {
        var kept = Bounded(samples);
        var shapes = kept.Select(s => s.Shape).Distinct().ToList();
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Unsigned((ulong)kept.Count);
        writer.Unsigned((ulong)shapes.Count);
        shapes.ForEach(s => writer.Text(s.Text));
        var numbers = shapes.Index().ToDictionary(s => s.Item, s => s.Index);
        WriteKinds(writer, [.. kept.Select(s => (numbers[s.Shape] << 3) | (s.TookMicros is null ? 0 : 4) | (int)s.Status)]);
        var bits = new BitWriter(writer);
        WriteTimes(bits, [.. kept.Select(s => s.AtMicros / Sample.Milli)]);
        NumberColumn.Write(bits, [.. kept.Where(s => s.TookMicros is not null).Select(s => SignificantDigits.Place(s.TookMicros!.Value))]);
        foreach (var metric in Columns(shapes))
        {
            var rows = kept.Where(s => s.Of(metric) is not null).ToList();
            DecimalColumn.Write(bits, metric, [.. rows.Select(s => s.Of(metric)!.Value)], [.. rows.Select(s => s.TookMicros ?? 0)]);
        }

        bits.Close();
        return writer.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> on anything else than a chunk.</summary>
    internal static List<Sample> Read(byte[] body, int item)
    {
        var reader = new ByteReader(body);
        switch (reader.Byte())
        {
            case 1:
                return OldSample.ReadChunk(ref reader, item);
            case Version:
                return ReadColumns(ref reader, item);
            default:
                throw new InvalidDataException("The samples were written by a newer version.");
        }
    }

    /// <summary>Null where it cannot be read.</summary>
    internal static List<Sample>? TryRead(byte[] body, int item) => Damage.Tried(() => Read(body, item));

    private static List<Sample> ReadColumns(ref ByteReader reader, int item)
    {
        var count = reader.Unsigned();
        var shapeCount = reader.Unsigned();
        if (count > MostNumbers || shapeCount > MostShapes)
        {
            throw new InvalidDataException("A chunk promises more samples than one can hold.");
        }

        var shapes = new SampleShape[shapeCount];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = SampleShape.Read(reader.Text());
        }

        var kinds = ReadKinds(ref reader, (int)count, shapes);
        var bits = new BitReader(reader.Raw(reader.Left));
        var times = ReadTimes(ref bits, kinds.Length);
        var took = ReadTook(ref bits, kinds);
        var samples = new List<Sample>(kinds.Length);
        for (var i = 0; i < kinds.Length; i++)
        {
            var shape = shapes[kinds[i] >> 3];
            samples.Add(new Sample(item, unchecked(times[i] * Sample.Milli), (CheckStatus)(kinds[i] & 3), took[i], shape, shape.Metrics.Count == 0 ? [] : new double[shape.Metrics.Count]));
        }

        foreach (var metric in Columns(shapes))
        {
            ReadMetric(ref bits, metric, samples);
        }

        return samples;
    }

    private static void ReadMetric(ref BitReader bits, Metric metric, List<Sample> samples)
    {
        var rows = samples.FindAll(s => s.Of(metric) is not null);
        var values = new double[rows.Count];
        DecimalColumn.Read(ref bits, metric, values, [.. rows.Select(s => s.TookMicros ?? 0)]);
        for (var i = 0; i < values.Length; i++)
        {
            rows[i].Values[rows[i].Shape.Metrics.Index().First(m => m.Item == metric).Index] = values[i];
        }
    }

    // How each ended and which metrics it had: long runs of the same.
    private static void WriteKinds(ByteWriter writer, IReadOnlyList<int> kinds)
    {
        for (var i = 0; i < kinds.Count;)
        {
            var length = 1;
            while (i + length < kinds.Count && kinds[i + length] == kinds[i])
            {
                length++;
            }

            writer.Unsigned((ulong)kinds[i]);
            writer.Unsigned((ulong)length);
            i += length;
        }
    }

    private static int[] ReadKinds(ref ByteReader reader, int count, SampleShape[] shapes)
    {
        var kinds = new int[count];
        var numbers = 0L;
        for (var i = 0; i < count;)
        {
            var (kind, length) = (reader.Unsigned(), reader.Unsigned());
            if (kind >> 3 >= (ulong)shapes.Length || length == 0 || length > (ulong)(count - i))
            {
                throw new InvalidDataException("The samples of a chunk do not add up.");
            }

            Array.Fill(kinds, (int)kind, i, (int)length);
            numbers += (long)length * (1 + shapes[(int)(kind >> 3)].Metrics.Count);
            i += (int)length;
        }

        return numbers <= MostNumbers ? kinds : throw new InvalidDataException("A chunk promises more samples than one can hold.");
    }

    // Looks come at the item's pace: the differences are a column, whose own differences are the jitter.
    private static void WriteTimes(BitWriter bits, long[] times)
    {
        if (times.Length == 0)
        {
            return;
        }

        bits.Sized(unchecked((ulong)times[0]));
        NumberColumn.Write(bits, [.. times.Skip(1).Zip(times, (time, before) => unchecked(time - before))]);
    }

    private static long[] ReadTimes(ref BitReader bits, int count)
    {
        var times = new long[count];
        if (count == 0)
        {
            return times;
        }

        times[0] = unchecked((long)bits.Sized());
        NumberColumn.Read(ref bits, times.AsSpan(1));
        for (var i = 1; i < count; i++)
        {
            times[i] = unchecked(times[i] + times[i - 1]);
        }

        return times;
    }

    private static long?[] ReadTook(ref BitReader bits, int[] kinds)
    {
        var places = new long[kinds.Count(k => (k & 4) != 0)];
        NumberColumn.Read(ref bits, places);
        var (took, next) = (new long?[kinds.Length], 0);
        for (var i = 0; i < kinds.Length; i++)
        {
            took[i] = (kinds[i] & 4) != 0 ? SignificantDigits.Number(places[next++]) : null;
        }

        return took;
    }

    private static List<Metric> Columns(IEnumerable<SampleShape> shapes) => [.. shapes.SelectMany(s => s.Metrics).Distinct()];

    private static IReadOnlyList<Sample> Bounded(IReadOnlyList<Sample> samples)
    {
        var kept = ChunkShapes.Fit(samples);
        while (kept.Sum(s => 1L + s.Values.Length) > MostNumbers)
        {
            kept = [.. kept.Where((_, i) => i % 2 == 0)];
        }

        return kept;
    }
}
