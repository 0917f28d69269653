using System.Globalization;

namespace Hinoban.Checks;

/// <summary>Performance data as plugins print it: <c>label=value[UOM];warn;crit;min;max</c> (monitoring-plugins guidelines).</summary>
internal static class Perf
{
    /// <summary>Response time in seconds; the time-out is its maximum, as check_http and check_tcp print it.</summary>
    internal static string Time(TimeSpan took, TimeSpan? warn, TimeSpan? crit, TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"time={took.TotalSeconds:0.000000}s;{Seconds(warn)};{Seconds(crit)};0;{Seconds(timeout)}");

    /// <summary>The times of a look's stages as far as it came, each with a blank before it.</summary>
    internal static string Stages(LookSight sight) => string.Concat(new[]
    {
        ("time_dns", sight.ByName ? sight.Named : null), ("time_connect", sight.Connected), ("time_ssl", sight.Secured), ("time_firstbyte", sight.FirstByte),
    }.Select(s => s.Item2 is { } took ? $" {Seconds(s.Item1, took)}" : ""));

    internal static string Seconds(string label, TimeSpan took) =>
        string.Create(CultureInfo.InvariantCulture, $"{label}={took.TotalSeconds:0.000000}s");

    internal static string Seconds(TimeSpan? time) => time is { } t ? t.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) : "";

    /// <summary>The status a measured time deserves.</summary>
    internal static CheckStatus Judge(TimeSpan took, TimeSpan? warn, TimeSpan? crit) =>
        took > crit ? CheckStatus.Critical : took > warn ? CheckStatus.Warning : CheckStatus.Ok;

    internal static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "OK",
        CheckStatus.Warning => "WARNING",
        CheckStatus.Critical => "CRITICAL",
        CheckStatus.Unknown => "UNKNOWN",
    };
}
