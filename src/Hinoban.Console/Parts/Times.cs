using System.Globalization;
using Hinoban.Basics;
using Hinoban.Console.Shell;

namespace Hinoban.Console.Parts;

/// <summary>Instants and durations as people read them.</summary>
internal static class Times
{
    private static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja-JP");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary><c>02:13:20</c>, with the day if it is another one.</summary>
    internal static string Short(Viewer viewer, DateTimeOffset at) => Short(viewer, at, viewer.Zone);

    internal static string Short(Viewer viewer, DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var now = TimeZoneInfo.ConvertTime(viewer.Now, zone);
        var day = local.Date == now.Date ? "" : viewer.Language == Language.En ? local.ToString("d MMM ", English) : local.ToString("M/d ", Japanese);
        return day + local.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary><c>2026/04/14(火) 02:13:20 JST</c>, <c>Tue 2026-04-14 02:13:20 +09:00</c>.</summary>
    internal static string Full(Language language, DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return language == Language.En
            ? $"{local.ToString("ddd yyyy-MM-dd HH:mm:ss", English)} {ZoneWord(zone, at)}"
            : $"{local.ToString("yyyy/MM/dd(ddd) HH:mm:ss", Japanese)} {ZoneWord(zone, at)}";
    }

    /// <summary><c>JST</c> where everybody says so, else the offset.</summary>
    internal static string ZoneWord(TimeZoneInfo zone, DateTimeOffset at)
    {
        var offset = zone.GetUtcOffset(at);
        return zone.Id is "Asia/Tokyo" or "Japan" ? "JST"
            : offset == TimeSpan.Zero ? "UTC"
            : string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:h\\:mm}");
    }

    internal static bool SameTime(TimeZoneInfo a, TimeZoneInfo b, DateTimeOffset at) => a.GetUtcOffset(at) == b.GetUtcOffset(at);

    /// <summary><c>4分12秒</c>, <c>4 min 12 s</c>; days and hours when it is long.</summary>
    internal static string Span(Language language, TimeSpan span)
    {
        var s = span.Duration();
        var en = language == Language.En;
        return s switch
        {
            { TotalSeconds: < 1 } => Word(s.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture), en ? " ms" : "ミリ秒"),
            { TotalMinutes: < 1 } => Word(((int)s.TotalSeconds).ToString(CultureInfo.InvariantCulture), en ? " s" : "秒"),
            { TotalHours: < 1 } => en ? $"{s.Minutes} min {s.Seconds:00} s" : $"{s.Minutes}分{s.Seconds:00}秒",
            { TotalDays: < 1 } => en ? $"{s.Hours} h {s.Minutes:00} min" : $"{s.Hours}時間{s.Minutes:00}分",
            _ => en ? $"{s.Days} d {s.Hours} h" : $"{s.Days}日{s.Hours}時間",
        };
    }

    /// <summary>A duration that people wrote: <c>6分</c>, <c>90秒</c>, <c>6 min</c>.</summary>
    internal static string Round(Language language, TimeSpan span)
    {
        var en = language == Language.En;
        return span.TotalSeconds % 60 == 0 && span.TotalMinutes >= 1
            ? Word(((long)span.TotalMinutes).ToString(CultureInfo.InvariantCulture), en ? " min" : "分")
            : Word(((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture), en ? " s" : "秒");
    }

    /// <summary><c>07:42</c>, <c>1:02:03</c>.</summary>
    internal static string Digits(TimeSpan span)
    {
        var s = span.Duration();
        return s.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)s.TotalHours}:{s.Minutes:00}:{s.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{s.Minutes:00}:{s.Seconds:00}");
    }

    /// <summary>How long something took: <c>2分26秒</c>, <c>2:26</c>; what ended before it began took none.</summary>
    internal static string Took(Language language, TimeSpan span)
    {
        var s = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return language == Language.En && s.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{s.Minutes}:{s.Seconds:00}")
            : language == Language.En ? Digits(s) : s < TimeSpan.FromSeconds(1) ? "0秒" : Span(language, s);
    }

    private static string Word(string number, string unit) => number + unit;
}
