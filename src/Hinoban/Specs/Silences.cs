using System.Globalization;
using System.Text.Json.Serialization;

namespace Hinoban.Specs;

/// <summary>What a silence (静観・抑止) does. The kinds are kept apart: what one of them allows, no other does.</summary>
internal enum SilenceKind
{
    /// <summary>監視停止: the item is not looked at.</summary>
    Stop,

    /// <summary>通知停止: looks and graphs go on; no alert mail.</summary>
    Mute,

    /// <summary>時限静観: mailed at once; the response waits for self-recovery.</summary>
    Wait,

    /// <summary>条件静観: a known output is recorded and not mailed.</summary>
    Known,
}

/// <summary>Days of the week as a set.</summary>
[Flags]
internal enum WeekDays
{
    /// <summary>No day.</summary>
    None = 0,

    /// <summary>Sunday; the bits follow <see cref="DayOfWeek"/>.</summary>
    Sun = 1,

    /// <summary>Monday.</summary>
    Mon = 2,

    /// <summary>Tuesday.</summary>
    Tue = 4,

    /// <summary>Wednesday.</summary>
    Wed = 8,

    /// <summary>Thursday.</summary>
    Thu = 16,

    /// <summary>Friday.</summary>
    Fri = 32,

    /// <summary>Saturday.</summary>
    Sat = 64,

    /// <summary>Every day.</summary>
    All = 127,
}

/// <summary>When a silence holds, by the clock on the customer's wall.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "when")]
[JsonDerivedType(typeof(RecurringTimes), "recurring")]
[JsonDerivedType(typeof(OnceTimes), "once")]
[JsonDerivedType(typeof(SpanTimes), "span")]
internal abstract record SilenceTimes;

/// <summary>
/// On each of the days from one minute of the day (0 to 1439) to another (1 to 1440). An end that is not after the start is on the next day.
/// <see cref="Until"/>: the last day on which it starts.
/// </summary>
internal sealed record RecurringTimes(WeekDays Days, int FromMinute, int ToMinute, DateOnly Until) : SilenceTimes
{
    internal TimeSpan Length => TimeSpan.FromMinutes(ToMinute > FromMinute ? ToMinute - FromMinute : ToMinute + 1440 - FromMinute);

    internal bool IsOn(DateOnly day) => day <= Until && Days.HasFlag((WeekDays)(1 << (int)day.DayOfWeek));
}

/// <summary>Once, from one local time to another.</summary>
internal sealed record OnceTimes(DateTime From, DateTime To) : SilenceTimes;

/// <summary>Once, between two instants: what people ask for at run time.</summary>
internal sealed record SpanTimes(DateTimeOffset FromUtc, DateTimeOffset ToUtc) : SilenceTimes;

/// <summary>
/// A silence as agreed. <see cref="Host"/> empty: the whole customer; <see cref="Service"/> empty: the host with all its services.
/// <see cref="For"/> only of a wait, <see cref="Match"/> (a part of the output) only of a known pattern.
/// </summary>
internal sealed record SilencePlan(
    string Host, string Service, SilenceKind Kind, SilenceTimes When, string Reason, string Owner, TimeSpan For = default, string Match = "")
{
    /// <summary>At most this long at once; whoever needs more agrees anew.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    internal const int LongestReason = 200;

    /// <summary>As specifications name it: <c>web01/http</c>, <c>web01</c>, <c>*</c>.</summary>
    internal string What => WhatOf(Host, Service);

    /// <inheritdoc cref="What"/>
    internal static string WhatOf(string host, string service) => host.Length == 0 ? "*" : service.Length == 0 ? host : $"{host}/{service}";

    internal bool Covers(ItemPlan item) => Host.Length == 0 || (item.Host == Host && (Service.Length == 0 || item.Service == Service));
}

/// <summary>The words of silences: text in, value or null out, and back.</summary>
internal static class SilenceWords
{
    private const string LocalMinute = "yyyy-MM-dd HH:mm";
    private const string Day = "yyyy-MM-dd";

    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    internal static string Of(SilenceKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary><c>daily 02:00-03:00</c>, <c>weekly sat,sun 02:00-06:00</c>: days, minute from, minute to; null if it is neither.</summary>
    internal static (WeekDays Days, int From, int To)? Recurring(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var days = words switch
        {
            ["daily", _] => WeekDays.All,
            ["weekly", var named, _] => Days(named),
            _ => WeekDays.None,
        };
        return days != WeekDays.None && words[^1].Split('-') is [var from, var to]
            && Minute(from) is < 1440 and var start && Minute(to) is > 0 and var end && start != end
            ? (days, start, end)
            : null;
    }

    /// <summary><c>from 2026-04-14 22:00 to 2026-04-15 06:00</c>; null if it is none.</summary>
    internal static (DateTime From, DateTime To)? Once(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["from", var day, var time, "to", var lastDay, var lastTime]
        && Local($"{day} {time}") is { } from && Local($"{lastDay} {lastTime}") is { } to
            ? (from, to)
            : null;

    internal static DateTime? Local(string text) =>
        DateTime.TryParseExact(text, LocalMinute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && IsNear(local.Year) ? local : null;

    internal static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsNear(day.Year) ? day : null;

    // At the calendar's own edges a zone's offset, or the day after, cannot be told.
    private static bool IsNear(int year) => year is >= 2000 and < 2200;

    internal static string Of(DateOnly day) => day.ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>As people write it back.</summary>
    internal static string Of(SilenceTimes when) => when switch
    {
        RecurringTimes { Days: WeekDays.All } daily => $"daily {Clock(daily.FromMinute)}-{Clock(daily.ToMinute)}",
        RecurringTimes weekly => $"weekly {string.Join(',', DayNames.Where((_, i) => weekly.Days.HasFlag((WeekDays)(1 << i))))} {Clock(weekly.FromMinute)}-{Clock(weekly.ToMinute)}",
        OnceTimes once => string.Create(CultureInfo.InvariantCulture, $"from {once.From.ToString(LocalMinute, CultureInfo.InvariantCulture)} to {once.To.ToString(LocalMinute, CultureInfo.InvariantCulture)}"),
        SpanTimes span => string.Create(CultureInfo.InvariantCulture, $"from {span.FromUtc:u} to {span.ToUtc:u}"),
        _ => throw new ArgumentOutOfRangeException(nameof(when)),
    };

    private static WeekDays Days(string names)
    {
        var days = WeekDays.None;
        foreach (var name in names.Split(','))
        {
            var at = Array.IndexOf(DayNames, name);
            if (at < 0)
            {
                return WeekDays.None;
            }

            days |= (WeekDays)(1 << at);
        }

        return days;
    }

    /// <summary><c>HH:MM</c> as the minute of the day; 24:00 is the day's end.</summary>
    private static int? Minute(string text) =>
        text is [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
        && int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60 + int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture) is <= 1440 and var minute
            ? minute
            : null;

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
