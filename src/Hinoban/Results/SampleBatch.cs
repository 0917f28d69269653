using System.Buffers;
using Hinoban.Checks;

namespace Hinoban.Results;

/// <summary>
/// The samples of one batch as bytes, in the order of the batch, for the hour until they are moved: quick to write, with everything named once. Forms: 1 had the first
/// metric only, without name; 2 has all.
/// </summary>
internal static class SampleBatch
{
    private const byte Version = 2;
    private const int HasTook = 4;
    private const int HasMetrics = 8;
    private const byte Binary = 255;

    internal static byte[] Write(IReadOnlyList<CheckResult> results)
    {
        var writer = new ByteWriter();
        var shapes = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = shapes.GetAlternateLookup<ReadOnlySpan<char>>();
        var text = new ArrayBufferWriter<char>(64);
        Span<double> values = stackalloc double[SampleShape.Most];
        writer.Byte(Version);
        writer.Unsigned((ulong)results.Count);
        (long Item, long At) before = (0, 0);
        foreach (var result in results)
        {
            text.ResetWrittenCount();
            var (at, took, metrics) = (Sample.AtOf(result), Sample.TookOf(result), SampleShape.Scan(result.Answer.Perfdata, text, values));
            writer.Signed(result.Item.Value - before.Item);
            writer.Byte((byte)((int)result.Answer.Status | (took is null ? 0 : HasTook) | (metrics == 0 ? 0 : HasMetrics)));
            writer.Signed((at - before.At) / Sample.Milli);
            if (took is { } time)
            {
                writer.Unsigned((ulong)SignificantDigits.Place(time));
            }

            if (metrics > 0)
            {
                Shape(writer, shapes, known, text.WrittenSpan);
                WriteValues(writer, values[..metrics]);
            }

            before = (result.Item.Value, at);
        }

        return writer.ToArray();
    }

    /// <summary>The samples of those items that are wanted. Throws <see cref="InvalidDataException"/> on anything else than a batch.</summary>
    internal static List<Sample> Read(byte[] body, Func<int, bool> wanted)
    {
        var reader = new ByteReader(body);
        var version = reader.Byte();
        if (version is not (1 or Version))
        {
            throw new InvalidDataException("The samples were written by a newer version.");
        }

        var count = reader.Count();
        var samples = new List<Sample>();
        var shapes = new List<SampleShape>();
        (long Item, long At) before = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var item = Item(unchecked(reader.Signed() + before.Item));
            var sample = version == 1 ? OldSample.Read(ref reader, item, before.At) : ReadOne(ref reader, item, before.At, shapes, wanted(item));
            before = (item, sample.AtMicros);
            if (wanted(item))
            {
                samples.Add(version == 1 ? OldSample.Today(sample) : sample);
            }
        }

        return samples;
    }

    /// <summary>Null where it cannot be read.</summary>
    internal static List<Sample>? TryRead(byte[] body, Func<int, bool> wanted) => Damage.Tried(() => Read(body, wanted));

    private static int Item(long number) =>
        number is >= int.MinValue and <= int.MaxValue ? (int)number : throw new InvalidDataException("A sample is of an item that cannot be.");

    private static void Shape(ByteWriter writer, Dictionary<string, int> shapes, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known, ReadOnlySpan<char> text)
    {
        if (known.TryGetValue(text, out var number))
        {
            writer.Unsigned((ulong)number);
            return;
        }

        writer.Unsigned((ulong)shapes.Count);
        writer.Text(text.ToString());
        known[text] = shapes.Count;
    }

    private static Sample ReadOne(ref ByteReader reader, int item, long before, List<SampleShape> shapes, bool wanted)
    {
        var flags = reader.Byte();
        var at = unchecked((reader.Signed() * Sample.Milli) + before);
        long? took = (flags & HasTook) != 0 ? SignificantDigits.Number((long)reader.Unsigned()) : null;
        var (shape, values) = (flags & HasMetrics) != 0 ? Metrics(ref reader, shapes, wanted) : (SampleShape.None, []);
        return new Sample(item, at, (CheckStatus)(flags & 3), took, shape, values);
    }

    private static (SampleShape Shape, double[] Values) Metrics(ref ByteReader reader, List<SampleShape> shapes, bool wanted)
    {
        var number = reader.Unsigned();
        if (number == (ulong)shapes.Count)
        {
            shapes.Add(SampleShape.Read(reader.Text()));
        }

        if (number >= (ulong)shapes.Count)
        {
            throw new InvalidDataException("A sample has metrics that are named nowhere.");
        }

        var shape = shapes[(int)number];
        var values = wanted ? new double[shape.Metrics.Count] : [];
        for (var i = 0; i < shape.Metrics.Count; i++)
        {
            var value = ReadNumber(ref reader);
            if (wanted)
            {
                values[i] = value;
            }
        }

        return (shape, values);
    }

    private static void WriteValues(ByteWriter writer, ReadOnlySpan<double> values)
    {
        foreach (ref readonly var value in values)
        {
            // Programs print decimals: as digits and exponent most are two or three bytes; what is not exact so goes as eight.
            if (DecimalColumn.Digits(new ReadOnlySpan<double>(in value)) is { } digits)
            {
                writer.Byte((byte)digits);
                writer.Signed((long)Math.Round(value * DecimalColumn.Power(digits)));
            }
            else
            {
                writer.Byte(Binary);
                writer.Raw(BitConverter.GetBytes(value));
            }
        }
    }

    internal static double ReadNumber(ref ByteReader reader)
    {
        var digits = reader.Byte();
        var number = digits == Binary ? BitConverter.ToDouble(reader.Raw(8)) : reader.Signed() / DecimalColumn.Power(digits);
        return double.IsFinite(number) ? number : throw new InvalidDataException("A number of a sample is none.");
    }
}
