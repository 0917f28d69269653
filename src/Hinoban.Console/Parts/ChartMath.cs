using System.Globalization;
using System.Text.RegularExpressions;

namespace Hinoban.Console.Parts;

/// <summary>The numbers behind a time series chart: scales and thresholds.</summary>
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
        >= 1e15 => string.Create(CultureInfo.InvariantCulture, $"{seconds:G4} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
    };

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
