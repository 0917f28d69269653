using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>One stretch of a silence, start included, end not.</summary>
internal readonly record struct SilenceWindow(DateTimeOffset StartUtc, DateTimeOffset EndUtc)
{
    internal bool Holds(DateTimeOffset utc) => StartUtc <= utc && utc < EndUtc;
}

/// <summary>
/// From the clock on the customer's wall to instants, over its changes. An hour that is there twice is covered whole, in one stretch. A start
/// that does not exist is the change itself, and what the missing hour took is given back after it; an end that does not exist is told by
/// the clock from before the change.
/// </summary>
internal static class SilenceClock
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The stretch that holds at the instant, with those that adjoin it after; null if none holds.</summary>
    internal static SilenceWindow? At(SilenceTimes when, TimeZoneInfo zone, DateTimeOffset utc)
    {
        if (Covering(when, zone, utc) is not { } window)
        {
            return null;
        }

        while (Covering(when, zone, window.EndUtc) is { } next)
        {
            window = window with { EndUtc = next.EndUtc };
        }

        return window;
    }

    /// <summary>The first stretch that begins after the instant; null if there is none.</summary>
    internal static SilenceWindow? Next(SilenceTimes when, TimeZoneInfo zone, DateTimeOffset utc) =>
        when is RecurringTimes recurring
            ? Days(zone, utc, -1, 11).Where(recurring.IsOn).Select(day => On(recurring, day, zone)).Where(w => w.StartUtc > utc).Select(w => (SilenceWindow?)w).MinBy(w => w!.Value.StartUtc)
            : Once(when, zone) is { } once && once.StartUtc > utc ? once : null;

    /// <summary>When the last stretch ends.</summary>
    internal static DateTimeOffset EndOf(SilenceTimes when, TimeZoneInfo zone)
    {
        if (when is not RecurringTimes recurring)
        {
            return Once(when, zone)!.Value.EndUtc;
        }

        var day = recurring.Until;
        while (!recurring.IsOn(day))
        {
            day = day.AddDays(-1);
        }

        return On(recurring, day, zone).EndUtc;
    }

    /// <summary>A stretch between two local times.</summary>
    internal static SilenceWindow Between(DateTime from, DateTime to, TimeZoneInfo zone)
    {
        var end = Latest(to, zone);
        if (!zone.IsInvalidTime(from))
        {
            return new SilenceWindow(Earliest(from, zone), end);
        }

        var change = Change(from, zone);
        var missing = zone.GetUtcOffset(change) - zone.GetUtcOffset(change.AddTicks(-1));
        var atLeast = change + (to - from < missing ? to - from : missing);
        return new SilenceWindow(change, end > atLeast ? end : atLeast);
    }

    private static SilenceWindow? Covering(SilenceTimes when, TimeZoneInfo zone, DateTimeOffset utc)
    {
        if (when is not RecurringTimes recurring)
        {
            return Once(when, zone) is { } once && once.Holds(utc) ? once : null;
        }

        // The whole of every day has no seams: looking for them would find thousands.
        if (recurring is { Days: WeekDays.All, FromMinute: 0, ToMinute: 1440 })
        {
            return EndOf(when, zone) is var last && utc < last ? new SilenceWindow(On(recurring, Today(zone, utc), zone).StartUtc, last) : null;
        }

        return Days(zone, utc, -2, 4).Where(recurring.IsOn).Select(day => On(recurring, day, zone)).Where(w => w.Holds(utc)).Select(w => (SilenceWindow?)w).MaxBy(w => w!.Value.EndUtc);
    }

    private static SilenceWindow? Once(SilenceTimes when, TimeZoneInfo zone) => when switch
    {
        SpanTimes span => new SilenceWindow(span.FromUtc, span.ToUtc),
        OnceTimes once => Between(once.From, once.To, zone),
        _ => null,
    };

    private static SilenceWindow On(RecurringTimes recurring, DateOnly day, TimeZoneInfo zone)
    {
        var from = day.ToDateTime(TimeOnly.MinValue).AddMinutes(recurring.FromMinute);
        return Between(from, from + recurring.Length, zone);
    }

    private static IEnumerable<DateOnly> Days(TimeZoneInfo zone, DateTimeOffset utc, int first, int count) => Enumerable.Range(first, count).Select(Today(zone, utc).AddDays);

    private static DateOnly Today(TimeZoneInfo zone, DateTimeOffset utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(utc, zone).DateTime);

    private static DateTimeOffset Earliest(DateTime local, TimeZoneInfo zone) => At(
        local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));

    private static DateTimeOffset Latest(DateTime local, TimeZoneInfo zone) => At(
        local,
        zone.IsInvalidTime(local) ? zone.GetUtcOffset(Change(local, zone).AddTicks(-1))
        : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Min()
        : zone.GetUtcOffset(local));

    private static DateTimeOffset At(DateTime local, TimeSpan offset) => new DateTimeOffset(local, offset).ToUniversalTime();

    /// <summary>The instant at which the clock jumps over a local time: the first at which it shows that time or a later one.</summary>
    private static DateTimeOffset Change(DateTime missing, TimeZoneInfo zone)
    {
        var (before, after) = (new DateTimeOffset(missing, TimeSpan.Zero) - Day, new DateTimeOffset(missing, TimeSpan.Zero) + Day);
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + (after - before) / 2;
            (before, after) = TimeZoneInfo.ConvertTime(middle, zone).DateTime < missing ? (middle, after) : (before, middle);
        }

        return after;
    }
}
