using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Console.Parts;

/// <summary>The numbers behind a time series chart: scales, ticks, paths with gaps.</summary>
internal static partial class ChartMath
{
    /// <summary>A round number at or above <paramref name="value"/>, and the step between lines.</summary>
    internal static (double Top, double Step) Nice(double value, int lines = 4)
    {
        if (value <= 0 || !double.IsFinite(value))
        {
            return (1, 0.25);
        }

        var raw = value / lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * ((raw / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 2.5 => 2.5,
            <= 5 => 5,
            _ => 10,
        });
        return (Math.Ceiling((value / step) - 1e-9) * step, step);
    }

    /// <summary>Seconds as people write them: <c>240 ms</c>, <c>1.5 s</c>.</summary>
    internal static string Seconds(double seconds) => seconds switch
    {
        0 => "0",
        < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.##} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
    };

    /// <summary>
    /// An SVG path through the values; it breaks where there was no value and where no look was made for
    /// <paramref name="gap"/>: a hole in the record must not look like a measurement.
    /// </summary>
    internal static string Path(IReadOnlyList<SamplePoint> points, Func<DateTimeOffset, double> x, Func<double, double> y, TimeSpan gap)
    {
        var path = new StringBuilder();
        DateTimeOffset? before = null;
        foreach (var point in points)
        {
            if (point.Value is not { } value || !double.IsFinite(value))
            {
                before = null;
                continue;
            }

            var start = before is not { } last || point.AtUtc - last > gap;
            path.Append(CultureInfo.InvariantCulture, $"{(start ? 'M' : 'L')}{x(point.AtUtc):0.#} {y(value):0.#}");
            if (start)
            {
                // A lone point is a line without length; its round caps make it visible.
                path.Append("h0");
            }

            before = point.AtUtc;
        }

        return path.ToString();
    }

    /// <summary>The time thresholds in a thresholds text (<c>WARN 3 s / CRIT 500 ms 60%</c>), in seconds.</summary>
    internal static (double? Warn, double? Crit) Thresholds(string text) => (Time(WarnTime().Match(text)), Time(CritTime().Match(text)));

    private static double? Time(Match match) =>
        match.Success && double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number)
            ? match.Groups[2].Value == "ms" ? number / 1000 : number
            : null;

    [GeneratedRegex(@"^[^/]*\bWARN (\d+(?:\.\d+)?) (ms|s)\b")]
    private static partial Regex WarnTime();

    [GeneratedRegex(@"(?:^|/ )CRIT (\d+(?:\.\d+)?) (ms|s)\b")]
    private static partial Regex CritTime();
}
