using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>Instants and durations as mails write them, in the customer's zone.</summary>
internal static class MailTime
{
    private const string Weekdays = "日月火水木金土";

    /// <summary><c>2026/04/14(火) 02:13:20 JST</c>, in English <c>2026-04-14 02:13:20 +09:00</c>.</summary>
    internal static string At(DateTimeOffset instant, TimeZoneInfo zone, Language language)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return language == Language.En
            ? local.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
            : local.ToString($"yyyy/MM/dd'({Weekdays[(int)local.DayOfWeek]})' HH:mm:ss ", CultureInfo.InvariantCulture) + ZoneWord(local, zone);
    }

    /// <summary><c>1日2時間3分04秒</c>, in English <c>1d 2h 3m 04s</c>; leading zero parts are left out. A clock stepped back gives zero.</summary>
    internal static string Span(TimeSpan span, Language language)
    {
        var length = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        var (d, h, m, s) = language == Language.En ? ("d ", "h ", "m ", "s") : ("日", "時間", "分", "秒");
        var text = length.Days > 0 ? Part(length.Days, d) : "";
        text += length.TotalHours >= 1 ? Part(length.Hours, h) : "";
        text += length.TotalMinutes >= 1 ? Part(length.Minutes, m) : "";
        return text + length.Seconds.ToString(length.TotalMinutes >= 1 ? "00" : "0", CultureInfo.InvariantCulture) + s;
    }

    private static string Part(int count, string unit) => count.ToString(CultureInfo.InvariantCulture) + unit;

    // The zone database's abbreviations are not available to the framework; Japanese readers know these, all others get the offset.
    private static string ZoneWord(DateTimeOffset local, TimeZoneInfo zone) => zone.Id switch
    {
        "Asia/Tokyo" or "Japan" => "JST",
        "UTC" or "Etc/UTC" => "UTC",
        _ => local.ToString("zzz", CultureInfo.InvariantCulture),
    };
}
