using System.Globalization;
using Hinoban.Basics;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Specs;
using static System.FormattableString;

namespace Hinoban.Console.Silences;

/// <summary>When a silence holds, as people say it: by the clock on the customer's wall, with the day of the week and how long it lasts.</summary>
internal static class SilenceHours
{
    private const WeekDays Working = WeekDays.Mon | WeekDays.Tue | WeekDays.Wed | WeekDays.Thu | WeekDays.Fri;
    private const int Day = 24 * 60;

    private static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja-JP");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    // The week begins on Monday in both languages.
    private static readonly (WeekDays Day, Text Name)[] Names =
    [
        (WeekDays.Mon, new("月", "Mon")), (WeekDays.Tue, new("火", "Tue")), (WeekDays.Wed, new("水", "Wed")), (WeekDays.Thu, new("木", "Thu")),
        (WeekDays.Fri, new("金", "Fri")), (WeekDays.Sat, new("土", "Sat")), (WeekDays.Sun, new("日", "Sun")),
    ];

    /// <summary><c>4/14(火) 22:00 – 4/15(水) 06:00</c>; one day is said once. Where the clocks change in between, each end has its zone.</summary>
    internal static Text Stretch(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var (start, end) = (TimeZoneInfo.ConvertTime(from, zone), TimeZoneInfo.ConvertTime(to, zone));
        var sameDay = start.Date == end.Date;
        var (first, last) = Zone(from, to, zone).Length > 0 ? ("", "") : ($" {Times.ZoneWord(zone, from)}", $" {Times.ZoneWord(zone, to)}");
        return new(
            $"{start.ToString("M/d(ddd) HH:mm", Japanese)}{first} – {end.ToString(sameDay ? "HH:mm" : "M/d(ddd) HH:mm", Japanese)}{last}",
            $"{start.ToString("ddd d MMM HH:mm", English)}{first} – {end.ToString(sameDay ? "HH:mm" : "ddd d MMM HH:mm", English)}{last}");
    }

    /// <summary>The zone of both ends; empty where the clocks change in between.</summary>
    internal static string Zone(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone) =>
        Times.ZoneWord(zone, from) is var word && word == Times.ZoneWord(zone, to) ? word : "";

    /// <summary>The stretch by the viewer's own clock, with its zone; null where that shows the same at both ends.</summary>
    internal static Text? ByOwnClock(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, TimeZoneInfo own)
    {
        var (said, word) = (Stretch(from, to, own), Zone(from, to, own));
        return Times.SameTime(own, zone, from) && Times.SameTime(own, zone, to) ? null : new($"{said.Ja} {word}".TrimEnd(), $"{said.En} {word}".TrimEnd());
    }

    /// <summary><c>4/15(水) 06:00</c>, on the same day <c>06:00</c>.</summary>
    internal static Text At(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone).Date);
        return local.Date == today
            ? Text.Same(local.ToString("HH:mm", CultureInfo.InvariantCulture))
            : new(local.ToString("M/d(ddd) HH:mm", Japanese), local.ToString("ddd d MMM HH:mm", English));
    }

    /// <summary><c>2時間30分</c>, <c>2 h 30 min</c>, <c>3日</c>: no part of it that is nothing.</summary>
    internal static Text Length(TimeSpan span)
    {
        var minutes = (long)Math.Round(span.Duration().TotalMinutes);
        var parts = new[] { (Count: minutes / Day, Ja: "日", En: " d"), (Count: minutes % Day / 60, Ja: "時間", En: " h"), (Count: minutes % 60, Ja: "分", En: " min") }
            .Where(p => p.Count > 0).ToList();
        return parts.Count == 0
            ? new("1分未満", "under 1 min")
            : new(string.Concat(parts.Select(p => Invariant($"{p.Count}{p.Ja}"))), string.Join(' ', parts.Select(p => Invariant($"{p.Count}{p.En}"))));
    }

    /// <summary>A recurring one's rule in words (<c>毎週土・日曜 02:00–06:00(4時間)</c>) and the last day on which it begins; null of one that does not recur.</summary>
    internal static Text? Rule(SilenceRow row, TimeZoneInfo zone)
    {
        if (row.When.Length == 0 || SilenceWords.Recurring(row.When) is not { } rule)
        {
            return null;
        }

        var (days, from, to) = rule;
        var wholeDay = (from, to) is (0, Day);
        var length = Length(TimeSpan.FromMinutes(to > from ? to - from : to + Day - from));
        var hours = wholeDay
            ? new Text("終日", "all day")
            : new Text($"{Clock(from)}–{(to > from ? "" : "翌")}{Clock(to)}({length.Ja})", $"{Clock(from)}–{Clock(to)}{(to > from ? "" : " the next day")} ({length.En})");
        var last = TimeZoneInfo.ConvertTime(row.EndsUtc, zone).AddMinutes(-(to > from ? to : to + Day));
        return new(
            $"{On(days).Ja} {hours.Ja}、{last.ToString("yyyy/M/d(ddd)", Japanese)}まで",
            $"{On(days).En}, {hours.En}, until {last.ToString("ddd d MMM yyyy", English)}");
    }

    private static Text On(WeekDays days) => days switch
    {
        WeekDays.All => new("毎日", "every day"),
        Working => new("平日(月–金)", "Monday to Friday"),
        _ => new(
            $"毎週{string.Join("・", Of(days).Select(n => n.Ja))}曜",
            $"every {string.Join(" and ", Of(days).Select(n => n.En))}"),
    };

    private static IEnumerable<Text> Of(WeekDays days) => Names.Where(n => days.HasFlag(n.Day)).Select(n => n.Name);

    private static string Clock(int minute) => Invariant($"{minute / 60:00}:{minute % 60:00}");
}
