using System.Globalization;
using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Console.Parts;

/// <summary>What charts and their tables say: values with their units, metrics' names, ranges' names and how they stand in an address.</summary>
internal static class ChartWords
{
    internal static readonly IReadOnlyList<ChartRange> Ranges = [ChartRange.Day, ChartRange.Week, ChartRange.FiveWeeks, ChartRange.Year];

    /// <summary>A value as people write it.</summary>
    internal static string Value(Metric metric, double value) => metric.Unit switch
    {
        "s" when value >= 0 => ChartMath.Seconds(value),
        "ms" when value >= 0 => ChartMath.Seconds(value / 1000),
        "us" when value >= 0 => ChartMath.Seconds(value / 1_000_000),
        "" => Number(value),
        _ => $"{Number(value)} {Show.Line(metric.Unit, 12)}",
    };

    /// <summary>Of <paramref name="among"/> a round-trip time, what the look took is no response time.</summary>
    internal static string Name(Viewer viewer, Metric metric, IReadOnlyList<Metric> among) => metric switch
    {
        { IsLatency: true } when HasTrip(among) => viewer.T(ConsoleTextChart.LookTook),
        { IsLatency: true } => viewer.T(ConsoleTextChart.Latency),
        { Label: LookFigures.RoundTrip } => viewer.T(ConsoleTextChart.RoundTrip),
        { Label: "pl", Unit: "%" } => viewer.T(ConsoleTextChart.Loss),
        _ => Show.Line(metric.Label, 60),
    };

    /// <summary>How an address names it: what the look took has a name there only where it is not what is shown by itself.</summary>
    internal static string Key(Metric metric, IReadOnlyList<Metric> among) => metric.IsLatency && HasTrip(among) ? "look" : metric.Label;

    /// <summary>Which metric of a kind of look is shown first; empty is the response time.</summary>
    internal static string First(string kind) => kind == "ping" ? LookFigures.RoundTrip : "";

    internal static string Key(ChartRange range) => range switch
    {
        ChartRange.Day => "24h",
        ChartRange.Week => "7d",
        ChartRange.FiveWeeks => "35d",
        ChartRange.Year => "13m",
    };

    /// <summary>What an address asks for; what it does not know is a day.</summary>
    internal static ChartRange Range(string? key) => Ranges.FirstOrDefault(r => Key(r) == key);

    /// <summary>The query of a page that shows this; empty where it is what the page shows by itself.</summary>
    internal static string Query(ChartRange range, string metric) =>
        (range, metric) is (ChartRange.Day, "") ? "" : $"?range={Key(range)}{(metric.Length == 0 ? "" : "&metric=" + Uri.EscapeDataString(metric))}";

    /// <summary>How much of the time that was looked at a status took; it never rounds to all or nothing.</summary>
    internal static string Share(int seconds, int of)
    {
        if (of == 0)
        {
            return "–";
        }

        var percent = 100.0 * seconds / of;
        var shown = Math.Round(percent, 2);
        return string.Create(CultureInfo.InvariantCulture, $"{(shown >= 100 && seconds < of ? 99.99 : shown <= 0 && seconds > 0 ? 0.01 : shown):0.##} %");
    }

    /// <summary>All lines in a sentence, for whoever does not see them.</summary>
    internal static string Sentence(Viewer viewer, ChartView view) => string.Join(viewer.Language == Language.En ? ". " : "。", view.Series.Select(s =>
        s.Whole?.Of(view.Metric) is { } of
            ? viewer.T(ConsoleTextChart.Line(s.Site.Value, Value(view.Metric, of.Mean), Value(view.Metric, of.Min), Value(view.Metric, of.Max), Share(s.Whole.Seconds[0], s.Whole.Looked)))
            : $"{s.Site} –"));

    internal static bool HasTrip(IReadOnlyList<Metric> among) => among.Any(m => m.Label == LookFigures.RoundTrip);

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e15 => value.ToString("G4", CultureInfo.InvariantCulture),
        >= 1_000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 or 0 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("G4", CultureInfo.InvariantCulture),
    };
}
