using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Reporting;

/// <summary>Times as a report writes them: in the customer's zone, with the zone said where a date is.</summary>
internal sealed class ReportClock(TimeZoneInfo zone, Language language, DateTimeOffset openedUtc)
{
    private static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja-JP");

    private readonly DateOnly firstDay = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(openedUtc, zone).DateTime);

    /// <summary><c>2026/04/14(火) 02:13:20 JST</c> or <c>2026-04-14 02:13:20 +09:00</c>.</summary>
    internal string Full(DateTimeOffset utc)
    {
        var local = TimeZoneInfo.ConvertTime(utc, zone);
        return language == Language.En
            ? local.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
            : $"{local.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture)}({local.ToString("ddd", Japanese)}) {local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {Zone(local)}";
    }

    /// <summary><c>02:17</c>; on another day than the incident's first, with the date.</summary>
    internal string Short(DateTimeOffset utc)
    {
        var local = TimeZoneInfo.ConvertTime(utc, zone);
        var format = DateOnly.FromDateTime(local.DateTime) == firstDay ? "HH:mm" : language == Language.En ? "MM-dd HH:mm" : "MM/dd HH:mm";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary><c>1時間02分05秒</c> or <c>1h02m05s</c>; leading zeros of what is not there are left out.</summary>
    internal string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, span.TotalSeconds);
        var (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        return language == Language.En
            ? h > 0 ? $"{h}h{m:00}m{s:00}s" : m > 0 ? $"{m}m{s:00}s" : $"{s}s"
            : h > 0 ? $"{h}時間{m:00}分{s:00}秒" : m > 0 ? $"{m}分{s:00}秒" : $"{s}秒";
    }

    private string Zone(DateTimeOffset local) =>
        zone.Id is "Asia/Tokyo" or "Japan" ? "JST" : local.ToString("zzz", CultureInfo.InvariantCulture);
}
