using System.Globalization;
using Hinoban.Agent.Setup;
using Hinoban.Basics;

namespace Hinoban.Agent.Measures;

/// <summary>Performance data as plugins write it: <c>label=value[unit];warn;crit;min;max</c>.</summary>
internal static class PerfText
{
    internal static string Of(string label, string value, Limits limits, string min = "", string max = "") =>
        $"{Quoted(label)}={value};{limits.Warn};{limits.Crit};{min};{max}";

    internal static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A share's limits as amounts of the whole.</summary>
    internal static Limits OfWhole(Limits percent, double whole) => new(Scale(percent.Warn, whole), Scale(percent.Crit, whole));

    private static NagiosRange? Scale(NagiosRange? range, double whole) =>
        range is { } r ? new NagiosRange(Part(r.Start, whole), Part(r.End, whole), r.Inside) : null;

    private static double Part(double percent, double whole) => double.IsInfinity(percent) ? percent : Math.Floor(percent * whole / 100);

    private static string Quoted(string label) =>
        label.AsSpan().IndexOfAny(" '=\"") >= 0 ? $"'{label.Replace("'", "''", StringComparison.Ordinal).Replace("=", "_", StringComparison.Ordinal)}'" : label;
}
