using Hinoban.Checks;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>Samples and rollups survive their coding, the old form stays readable, and damaged bytes are an error and nothing worse.</summary>
public sealed class SampleChunkTests
{
    private const long Now = 1_776_124_800_000_000;

    [Fact]
    public void Every_sample_survives_its_coding()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var samples = Enumerable.Range(0, random.Next(80)).Select(_ => Wild(random, Real.Shapes)).ToList();
            AssertSame(samples, SampleChunk.Read(SampleChunk.Write(samples), 5));
        }
    }

    [Fact]
    public void Samples_of_a_batch_are_read_as_they_were_measured()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var results = Enumerable.Range(0, random.Next(60)).Select(_ => Some.Wild(random)).ToList();
            var read = SampleBatch.Read(SampleBatch.Write(results), _ => true);
            Assert.Equal(results.Select(r => r.Item.Value), read.Select(s => s.Item));
            AssertSame([.. results.Select(Sample.Of)], read);
            Assert.All(SampleBatch.Read(SampleBatch.Write(results), i => i % 2 == 0), s => Assert.Equal(0, s.Item % 2));
        }
    }

    [Fact]
    public void The_first_form_is_still_read()
    {
        // Three samples as the first form wrote them: at 1 s (12,345 µs, value 0.5), 4 s (no time), 7 s (critical).
        var body = new ByteWriter();
        body.Byte(1);
        body.Unsigned(3);
        body.Byte(4 | 8);
        body.Signed(1_000_123);
        body.Unsigned(12_345);
        body.Byte(1);
        body.Signed(5);
        body.Byte(0);
        body.Signed(3_000_000);
        body.Byte(2 | 4);
        body.Signed(3_000_000);
        body.Unsigned(7);
        var read = SampleChunk.Read(body.ToArray(), 9);
        Assert.Equal([(9, 1_000_000L, CheckStatus.Ok, (long?)12_300), (9, 4_000_000, CheckStatus.Ok, null), (9, 7_000_000, CheckStatus.Critical, 7)], read.Select(s => (s.Item, s.AtMicros, s.Status, s.TookMicros)));
        Assert.Equal(0.5, read[0].Of(new Metric("value", "")));
        AssertSame(read, SampleChunk.Read(SampleChunk.Write(read), 9));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 999)]
    [InlineData(1_004, 1_000)]
    [InlineData(1_005, 1_010)]
    [InlineData(9_994, 9_990)]
    [InlineData(9_995, 10_000)]
    [InlineData(12_345, 12_300)]
    [InlineData(12_350, 12_400)]
    [InlineData(long.MaxValue, 999_000_000_000_000_000)]
    public void Times_are_kept_to_three_digits(long number, long kept)
    {
        Assert.Equal(kept, SignificantDigits.Round(number));
        Assert.Equal(kept, SignificantDigits.Round(kept));
    }

    [Fact]
    public void Places_rise_one_by_one_with_their_numbers()
    {
        for (var place = 0; place < 14_500; place++)
        {
            Assert.Equal(place, SignificantDigits.Place(SignificantDigits.Number(place)));
        }

        Assert.Throws<InvalidDataException>(() => SignificantDigits.Number(14_500));
        Assert.Throws<InvalidDataException>(() => SignificantDigits.Number(-1));
    }

    [Fact]
    public void Any_column_of_numbers_comes_back()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            long[] numbers = [.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => random.NextInt64() >> random.Next(64) * (random.Next(2) == 0 ? 1 : 0))];
            numbers = random.Next(3) == 0 ? [.. numbers.Select(n => random.Next(2) == 0 ? -n : long.MinValue + (n & 7))] : numbers;
            var bytes = new ByteWriter();
            var bits = new BitWriter(bytes);
            NumberColumn.Write(bits, numbers);
            bits.Close();
            var reader = new BitReader(bytes.Written);
            var read = new long[numbers.Length];
            NumberColumn.Read(ref reader, read);
            Assert.Equal(numbers, read);
        }
    }

    [Theory]
    [InlineData(1e13, 0.1234567)]
    [InlineData(0.1234567, 1e13)]
    [InlineData(9007199254740991.0, 0.5)]
    [InlineData(-1e15, 1e-9)]
    [InlineData(double.MaxValue, 0.1)]
    [InlineData(1e13, -0.0)]
    public void A_great_number_beside_a_fine_one_comes_back(params double[] numbers) => AssertColumn(numbers, new Metric("x", ""));

    [Fact]
    public void Any_column_of_printed_numbers_comes_back()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            double[] numbers = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Math.Round(random.NextDouble() - 0.5, random.Next(1, 12)) * Math.Pow(10, random.Next(-9, 20)))];
            AssertColumn(numbers, new Metric("x", seed % 2 == 0 ? "" : "s"));
        }
    }

    private static void AssertColumn(double[] numbers, Metric metric)
    {
        long[] took = [.. numbers.Select((_, i) => i * 1000L)];
        var bytes = new ByteWriter();
        var bits = new BitWriter(bytes);
        DecimalColumn.Write(bits, metric, numbers, took);
        bits.Close();
        var reader = new BitReader(bytes.Written);
        var read = new double[numbers.Length];
        DecimalColumn.Read(ref reader, metric, read, took);
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void A_column_that_never_changes_takes_no_room()
    {
        var bytes = new ByteWriter();
        var bits = new BitWriter(bytes);
        NumberColumn.Write(bits, Enumerable.Repeat(180_000L, 10_000).ToArray());
        bits.Close();
        Assert.InRange(bytes.Length, 1, 6);
    }

    [Fact]
    public void Too_much_for_one_chunk_is_thinned()
    {
        var samples = Enumerable.Range(0, 200_000).Select(i => new Sample(1, Now + (i * 100_000L), CheckStatus.Ok, 1000, SampleShape.None, [])).ToList();
        var read = SampleChunk.Read(SampleChunk.Write(samples), 1);
        Assert.InRange(read.Count, 40_000, SampleChunk.MostNumbers);
        Assert.Equal(samples[0].AtMicros, read[0].AtMicros);
        Assert.InRange(read[^1].AtMicros, samples[^10].AtMicros, samples[^1].AtMicros);
    }

    [Fact]
    public void Metrics_whose_names_never_come_twice_are_let_go()
    {
        var samples = Enumerable.Range(0, 500).Select(i => new Sample(1, Now + (i * 1_000_000L), CheckStatus.Ok, 1000, SampleShape.Of((new Metric($"m{i}", ""), "", "")), [i])).ToList();
        var read = SampleChunk.Read(SampleChunk.Write(samples), 1);
        Assert.Equal(500, read.Count);
        Assert.Equal(63, read.Count(s => s.Values.Length == 1));
        AssertSame(read, SampleChunk.Read(SampleChunk.Write(read), 1));
    }

    [Fact]
    public void Of_two_metrics_alike_the_first_is_kept_and_all_others()
    {
        var twice = SampleShape.Of((new Metric("a", ""), "1", ""), (new Metric("b", "s"), "", ""), (new Metric("a", ""), "2", ""), (new Metric("a", "%"), "", "3"));
        var read = Assert.Single(SampleChunk.Read(SampleChunk.Write([new Sample(1, Now, CheckStatus.Ok, 1000, twice, [1, 2, 3, 4])]), 1));
        Assert.Equal(SampleShape.Of((new Metric("a", ""), "1", ""), (new Metric("b", "s"), "", ""), (new Metric("a", "%"), "", "3")), read.Shape);
        Assert.Equal([1, 2, 4], read.Values);
    }

    [Fact]
    public void Thresholds_that_move_with_every_look_cost_no_value()
    {
        var samples = Enumerable.Range(0, 500).Select(i => new Sample(1, Now + (i * 1_000_000L), CheckStatus.Ok, 1000, SampleShape.Of((new Metric("load", ""), $"{i}", "900"), (new Metric("x", ""), "", "")), [i, -i])).ToList();
        var read = SampleChunk.Read(SampleChunk.Write(samples), 1);
        Assert.Equal(samples.Select(s => string.Join(' ', s.Values)), read.Select(s => string.Join(' ', s.Values)));
        Assert.Equal([.. samples.Take(31).Select(s => s.Shape)], read.Take(31).Select(s => s.Shape));
        Assert.Equal(("", ""), read[^1].Shape.Levels[0]);
        AssertSame(read, SampleChunk.Read(SampleChunk.Write(read), 1));

        // As the next pass does: what is there already stays, what comes is kept bare.
        var more = SampleChunk.Read(SampleChunk.Write([.. read, samples[^1] with { AtMicros = Now + 500_000_000L }]), 1);
        AssertSame(read, more[..^1]);
        Assert.Equal([499, -499], more[^1].Values);
    }

    [Fact]
    public void Metrics_that_come_and_go_leave_room_for_those_with_thresholds()
    {
        var samples = Enumerable.Range(0, 500).Select(i => new Sample(1, Now + (i * 1_000_000L), CheckStatus.Ok, 1000, SampleShape.Of((new Metric($"m{i / 4}", ""), $"{i}", "")), [i])).ToList();
        var read = SampleChunk.Read(SampleChunk.Write(samples), 1);
        Assert.Equal(31, read.Count(s => s.Values.Length == 1 && s.Shape.Levels[0].Warn.Length > 0));

        // The 32nd look and those of 31 further names, four each.
        Assert.Equal(31 + 1 + (31 * 4), read.Count(s => s.Values.Length == 1));
        AssertSame(read, SampleChunk.Read(SampleChunk.Write(read), 1));
    }

    [Fact]
    public void Rollups_survive_their_coding()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var hours = Enumerable.Range(0, random.Next(1, 33)).Select(i => Hour(random, i)).ToList();
            var read = RollupCodec.Read(RollupCodec.Write(hours));
            Assert.Equal(hours.Select(h => (h.Start, h.Count, string.Join(' ', h.Seconds))), read.Select(h => (h.Start, h.Count, string.Join(' ', h.Seconds))));
            foreach (var (before, after) in hours.Zip(read))
            {
                Assert.Equal(before.Metrics.OrderBy(m => m.Metric.Label).Select(Numbers), after.Metrics.OrderBy(m => m.Metric.Label).Select(Numbers));
            }
        }
    }

    [Fact]
    public void Damaged_bytes_are_an_error_and_nothing_worse()
    {
        var random = new Random(1);
        byte[][] good =
        [
            SampleChunk.Write([.. Enumerable.Range(0, 100).Select(_ => Wild(random, Real.Shapes))]),
            SampleBatch.Write([.. Enumerable.Range(0, 50).Select(_ => Some.Wild(random))]),
            RollupCodec.Write([.. Enumerable.Range(0, 24).Select(i => Hour(random, i))]),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Tries = 30_000;
        for (var i = 0; i < Tries; i++)
        {
            var bytes = i % 4 == 3 ? Noise(random) : [.. good[i % 3]];
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(1, bytes.Length + 1)];
            Harmless(() => SampleChunk.Read(bytes, 1));
            Harmless(() => SampleBatch.Read(bytes, _ => true));
            Harmless(() => RollupCodec.Read(bytes));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Tries, 0, 2_000_000);
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        bytes[0] = (byte)random.Next(1, 3);
        return bytes;
    }

    private static void Harmless(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // What it should say.
        }
    }

    private static (Metric, int, double, double, double, double) Numbers(MetricRollup m) => (m.Metric, m.Count, m.Min, m.Mean, m.Max, m.P95);

    private static Rollup Hour(Random random, int number) => RollupMath.Hour(
        3600 * number,
        [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Wild(random, Real.Shapes) with { AtMicros = 3_600_000_000L * number + random.NextInt64(3_600_000) * 1000 }).OrderBy(s => s.AtMicros)],
        TimeSpan.FromMinutes(3));

    private static void AssertSame(IReadOnlyList<Sample> expected, IReadOnlyList<Sample> actual)
    {
        Assert.Equal(expected.Select(s => (s.AtMicros, s.Status, s.TookMicros, s.Shape)), actual.Select(s => (s.AtMicros, s.Status, s.TookMicros, s.Shape)));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    private static Sample Wild(Random random, IReadOnlyList<SampleShape> shapes)
    {
        var shape = shapes[random.Next(shapes.Count)];
        return new Sample(
            5,
            random.NextInt64(-1_000_000, 4_000_000_000_000) * 1000,
            (CheckStatus)random.Next(4),
            random.Next(4) == 0 ? null : SignificantDigits.Round(random.NextInt64(1L << random.Next(1, 62))),
            shape,
            [.. shape.Metrics.Select(_ => Number(random))]);
    }

    private static double Number(Random random) => random.Next(8) switch
    {
        0 => random.NextDouble(),
        1 => random.Next() / 1000.0,
        2 => -random.NextDouble(),
        3 => double.MaxValue,
        4 => 0,
        5 => random.NextInt64() * 1e3,
        6 => random.Next(100) / 10.0,
        _ => random.Next(100),
    };

    /// <summary>Shapes of looks that are really made.</summary>
    private static class Real
    {
        internal static readonly IReadOnlyList<SampleShape> Shapes =
        [
            SampleShape.None,
            SampleShape.Of((new Metric("time", "s"), "3", "8")),
            SampleShape.Of((new Metric("rta", "ms"), "500", "1000"), (new Metric("pl", "%"), "20", "60")),
            SampleShape.Of((new Metric("time", "s"), "2", "8"), (new Metric("size", "B"), "", "")),
        ];
    }
}
