using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>What samples are called where they are sent on to (docs/reference/samples.md).</summary>
internal static class ExportNames
{
    internal const string Latency = "hinoban_latency_seconds";
    internal const string Status = "hinoban_status";
    internal const string Value = "hinoban_value";

    /// <summary>Samples of one site as series, each in the order of time and with one value a time: a receiver takes no second one.</summary>
    internal static IReadOnlyList<ExportSeries> Series(string site, IEnumerable<Sample> samples, Func<int, ItemPlan> item) =>
    [
        .. samples.SelectMany(Values)
            .GroupBy(v => (v.Item, v.Name, v.Metric))
            .Select(g => new ExportSeries(
                Labels(g.Key.Name, g.Key.Metric, item(g.Key.Item), site),
                [.. g.GroupBy(v => v.At).OrderBy(at => at.Key).Select(at => (at.Key, at.Last().Number))])),
    ];

    /// <summary>Of which item a series is.</summary>
    internal static string ItemOf(ExportSeries series) => string.Join('/', series.Labels.Where(l => l.Name is "customer" or "host" or "service").Select(l => l.Value));

    private static IEnumerable<(int Item, string Name, Metric Metric, long At, double Number)> Values(Sample sample)
    {
        var at = sample.AtMicros / Sample.Milli;
        yield return (sample.Item, Status, Metric.Latency, at, (int)sample.Status);
        if (sample.TookMicros is { } took)
        {
            yield return (sample.Item, Latency, Metric.Latency, at, took / 1e6);
        }

        for (var i = 0; i < sample.Values.Length; i++)
        {
            yield return (sample.Item, Value, sample.Shape.Metrics[i], at, sample.Values[i]);
        }
    }

    // In the order of their names, as the receiver wants them; an empty one is none.
    private static IReadOnlyList<(string Name, string Value)> Labels(string name, Metric metric, ItemPlan item, string site)
    {
        (string Name, string Value)[] all =
        [
            ("__name__", name),
            ("customer", item.Customer.Value),
            ("host", item.Host),
            ("metric", metric.Label),
            ("service", item.Service),
            ("site", site),
            ("unit", metric.IsLatency ? "" : metric.Unit),
        ];
        return [.. all.Where(l => l.Value.Length > 0)];
    }
}
