namespace Hinoban.Results;

/// <summary>Hours or days of one item and site as bytes, column by column, in the same codes as <see cref="SampleChunk"/>. The first byte is the version of the form.</summary>
internal static class RollupCodec
{
    private const byte Version = 1;

    /// <summary>Hours of a day, or days of a month's length, with room; bounds what damaged bytes can ask for.</summary>
    private const int MostRows = 64;

    private const int MostMetrics = 256;

    /// <summary>A column that stands beside no time of a look.</summary>
    private static readonly Metric Plain = new("", "");

    internal static byte[] Write(IReadOnlyList<Rollup> rows)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Unsigned((ulong)rows.Count);
        var metrics = rows.SelectMany(r => r.Metrics).Select(m => m.Metric).Distinct().Take(MostMetrics).ToList();
        writer.Unsigned((ulong)metrics.Count);
        foreach (var metric in metrics)
        {
            // The ranges of the last: what held at the end of this row of the table.
            var last = rows.Last(r => r.Of(metric) is not null).Of(metric)!;
            writer.Text(metric.Label);
            writer.Text(metric.Unit);
            writer.Text(last.Warn);
            writer.Text(last.Crit);
        }

        var bits = new BitWriter(writer);
        NumberColumn.Write(bits, [.. rows.Select(r => r.Start)]);
        NumberColumn.Write(bits, [.. rows.Select(r => (long)r.Count)]);
        for (var status = 0; status < 4; status++)
        {
            NumberColumn.Write(bits, [.. rows.Select(r => (long)r.Seconds[status])]);
        }

        foreach (var metric in metrics)
        {
            WriteMetric(bits, metric, rows);
        }

        bits.Close();
        return writer.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> on anything else than rollups.</summary>
    internal static List<Rollup> Read(byte[] body)
    {
        var reader = new ByteReader(body);
        if (reader.Byte() != Version)
        {
            throw new InvalidDataException("The rollups were written by a newer version.");
        }

        var (rows, count) = (reader.Unsigned(), reader.Unsigned());
        if (rows > MostRows || count > MostMetrics)
        {
            throw new InvalidDataException("Rollups promise more than there can be.");
        }

        var names = new (Metric Metric, string Warn, string Crit)[count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = (new Metric(reader.Text(), reader.Text()), reader.Text(), reader.Text());
        }

        var bits = new BitReader(reader.Raw(reader.Left));
        var columns = new long[6][];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new long[rows];
            NumberColumn.Read(ref bits, columns[i]);
        }

        var metrics = Enumerable.Range(0, (int)rows).Select(_ => new List<MetricRollup>()).ToList();
        foreach (var name in names)
        {
            ReadMetric(ref bits, name, metrics);
        }

        return [.. metrics.Select((m, i) => new Rollup(columns[0][i], Number(columns[1][i]), [.. Enumerable.Range(2, 4).Select(c => Number(columns[c][i]))], m))];
    }

    /// <summary>Null where it cannot be read.</summary>
    internal static List<Rollup>? TryRead(byte[] body) => Damage.Tried(() => Read(body));

    private static void WriteMetric(BitWriter bits, Metric metric, IReadOnlyList<Rollup> rows)
    {
        NumberColumn.Write(bits, [.. rows.Select(r => (long)(r.Of(metric)?.Count ?? 0))]);
        var present = rows.Select(r => r.Of(metric)).OfType<MetricRollup>().ToList();
        foreach (var column in Columns(metric))
        {
            DecimalColumn.Write(bits, Plain, [.. present.Select(column)], new long[present.Count]);
        }
    }

    private static void ReadMetric(ref BitReader bits, (Metric Metric, string Warn, string Crit) name, List<List<MetricRollup>> metrics)
    {
        var counts = new long[metrics.Count];
        NumberColumn.Read(ref bits, counts);
        var present = counts.Count(c => c != 0);
        var columns = new double[4][];
        for (var i = 0; i < 4; i++)
        {
            columns[i] = new double[present];
            if (i < 3 || name.Metric.IsLatency)
            {
                DecimalColumn.Read(ref bits, Plain, columns[i], new long[present]);
            }
        }

        var next = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                metrics[i].Add(new MetricRollup(name.Metric, Number(counts[i]), columns[0][next], columns[1][next], columns[2][next], columns[3][next], name.Warn, name.Crit));
                next++;
            }
        }
    }

    private static IEnumerable<Func<MetricRollup, double>> Columns(Metric metric) =>
        metric.IsLatency ? [m => m.Min, m => m.Mean, m => m.Max, m => m.P95] : [m => m.Min, m => m.Mean, m => m.Max];

    private static int Number(long count) => count is >= 0 and <= int.MaxValue ? (int)count : throw new InvalidDataException("A count of a rollup is none.");
}
