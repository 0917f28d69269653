using System.Buffers;

namespace Hinoban.Results;

/// <summary>What a number of a sample is: the plugin's label and unit. The response time itself has no label.</summary>
internal sealed record Metric(string Label, string Unit)
{
    internal static Metric Latency { get; } = new("", "s");

    internal bool IsLatency => Label.Length == 0;
}

/// <summary>
/// Which metrics a look brought, in its order, with the thresholds it judged them by. Looks of one item nearly always have the same one, so it is kept once for many.
/// Its <see cref="Text"/> is its stored form.
/// </summary>
internal sealed class SampleShape : IEquatable<SampleShape>
{
    /// <summary>More metrics of one look are not kept.</summary>
    internal const int Most = 32;

    private const int LongestLabel = 80;
    private const int LongestUnit = 12;
    private const int LongestRange = 40;
    private const char Field = '\u001f';
    private const char End = '\u001e';

    private SampleShape(string text, Metric[] metrics, (string Warn, string Crit)[] levels) => (Text, Metrics, Levels) = (text, metrics, levels);

    internal static SampleShape None { get; } = new("", [], []);

    internal string Text { get; }

    internal IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Each metric's threshold ranges as the plugin printed them; empty where it printed none.</summary>
    internal IReadOnlyList<(string Warn, string Crit)> Levels { get; }

    /// <summary>Of a text that may have been damaged; throws <see cref="InvalidDataException"/>.</summary>
    internal static SampleShape Read(string text)
    {
        if (text.Length == 0)
        {
            return None;
        }

        var parts = text.Split(End);
        var fields = parts[..^1].Select(p => p.Split(Field)).ToList();
        return parts[^1].Length == 0 && fields.Count <= Most && fields.TrueForAll(f => f.Length == 4 && f[0].Length > 0)
            ? new SampleShape(text, [.. fields.Select(f => new Metric(f[0], f[1]))], [.. fields.Select(f => (f[2], f[3]))])
            : throw new InvalidDataException("The metrics of a sample cannot be read.");
    }

    internal static SampleShape Of(params IReadOnlyList<(Metric Metric, string Warn, string Crit)> metrics) =>
        Read(string.Concat(metrics.Select(m => $"{m.Metric.Label}{Field}{m.Metric.Unit}{Field}{m.Warn}{Field}{m.Crit}{End}")));

    /// <summary>Writes the shape's text of performance data, and its values; gives how many there are.</summary>
    internal static int Scan(ReadOnlySpan<char> perfdata, ArrayBufferWriter<char> text, Span<double> values)
    {
        var reader = new PerfReader(perfdata);
        var count = 0;
        while (count < Most && reader.Next())
        {
            if (reader.Label.Contains('\''))
            {
                var clean = PerfReader.Clean(reader.Label);
                if (clean.Length == 0)
                {
                    continue;
                }

                Put(text, clean, LongestLabel);
            }
            else
            {
                Put(text, reader.Label, LongestLabel);
            }

            values[count++] = reader.Value;
            Close(text, Field);
            Put(text, reader.Unit, LongestUnit);
            Close(text, Field);
            Put(text, reader.Warn, LongestRange);
            Close(text, Field);
            Put(text, reader.Crit, LongestRange);
            Close(text, End);
        }

        return count;
    }

    public bool Equals(SampleShape? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as SampleShape);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    // What a stranger's plugin prints is no control character here: those are ours.
    private static void Put(ArrayBufferWriter<char> text, ReadOnlySpan<char> words, int longest)
    {
        var kept = words.Length > longest ? words[..longest] : words;
        var room = text.GetSpan(kept.Length);
        for (var i = 0; i < kept.Length; i++)
        {
            room[i] = char.IsControl(kept[i]) ? '?' : kept[i];
        }

        text.Advance(kept.Length);
    }

    private static void Close(ArrayBufferWriter<char> text, char with)
    {
        text.GetSpan(1)[0] = with;
        text.Advance(1);
    }
}
