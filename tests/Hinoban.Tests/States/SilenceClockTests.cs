using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.States;

/// <summary>Silences by the clock on the customer's wall, over the days on which it changes.</summary>
public sealed class SilenceClockTests
{
    private static readonly DateOnly Far = new(2030, 12, 31);

    /// <summary>Berlin: 2026-03-29 02:00 → 03:00 (01:00Z), 2026-10-25 03:00 → 02:00 (01:00Z). New York: 03-08 02:00 → 03:00 (07:00Z), 11-01 02:00 → 01:00 (06:00Z).</summary>
    [Theory]
    [InlineData("Europe/Berlin", "daily 02:00-03:00", "2026-03-28", "2026-03-28T01:00", "2026-03-28T02:00")]
    [InlineData("Europe/Berlin", "daily 02:00-03:00", "2026-03-29", "2026-03-29T01:00", "2026-03-29T02:00")]
    [InlineData("Europe/Berlin", "daily 02:15-02:45", "2026-03-29", "2026-03-29T01:00", "2026-03-29T01:45")]
    [InlineData("Europe/Berlin", "daily 02:15-03:15", "2026-03-29", "2026-03-29T01:00", "2026-03-29T02:00")]
    [InlineData("Europe/Berlin", "daily 02:00-06:00", "2026-03-29", "2026-03-29T01:00", "2026-03-29T04:00")]
    [InlineData("Europe/Berlin", "daily 01:30-02:30", "2026-03-29", "2026-03-29T00:30", "2026-03-29T01:30")]
    [InlineData("Europe/Berlin", "daily 01:00-03:00", "2026-03-29", "2026-03-29T00:00", "2026-03-29T01:00")]
    [InlineData("Europe/Berlin", "daily 01:30-03:30", "2026-03-29", "2026-03-29T00:30", "2026-03-29T01:30")]
    [InlineData("Europe/Berlin", "daily 22:00-02:30", "2026-03-28", "2026-03-28T21:00", "2026-03-29T01:30")]
    [InlineData("Europe/Berlin", "weekly sun 00:00-24:00", "2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00")]
    [InlineData("Europe/Berlin", "daily 02:00-03:00", "2026-10-25", "2026-10-25T00:00", "2026-10-25T02:00")]
    [InlineData("Europe/Berlin", "daily 02:15-02:45", "2026-10-25", "2026-10-25T00:15", "2026-10-25T01:45")]
    [InlineData("Europe/Berlin", "daily 01:30-02:30", "2026-10-25", "2026-10-24T23:30", "2026-10-25T01:30")]
    [InlineData("Europe/Berlin", "daily 22:00-02:30", "2026-10-24", "2026-10-24T20:00", "2026-10-25T01:30")]
    [InlineData("Europe/Berlin", "daily 03:00-04:00", "2026-10-25", "2026-10-25T02:00", "2026-10-25T03:00")]
    [InlineData("America/New_York", "daily 02:00-03:00", "2026-03-08", "2026-03-08T07:00", "2026-03-08T08:00")]
    [InlineData("America/New_York", "daily 02:30-06:00", "2026-03-08", "2026-03-08T07:00", "2026-03-08T10:00")]
    [InlineData("America/New_York", "daily 23:00-02:30", "2026-03-07", "2026-03-08T04:00", "2026-03-08T07:30")]
    [InlineData("America/New_York", "daily 01:00-02:00", "2026-11-01", "2026-11-01T05:00", "2026-11-01T07:00")]
    [InlineData("America/New_York", "daily 01:30-01:45", "2026-11-01", "2026-11-01T05:30", "2026-11-01T06:45")]
    [InlineData("Asia/Tokyo", "weekly sat 22:00-06:00", "2026-04-18", "2026-04-18T13:00", "2026-04-18T21:00")]
    public void A_day_has_this_one_stretch(string zone, string when, string day, string from, string to)
    {
        var (start, end) = (Utc(from), Utc(to));
        var times = Times(when);
        var zoned = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Assert.Equal(new SilenceWindow(start, end), SilenceClock.At(times with { Until = DateOnly.Parse(day, CultureInfo.InvariantCulture) }, zoned, start));
        Assert.Null(SilenceClock.At(times, zoned, start.AddTicks(-1)));
        Assert.Null(SilenceClock.At(times, zoned, end));
        for (var at = start; at < end; at = at.AddMinutes(1))
        {
            Assert.Equal(start, SilenceClock.At(times, zoned, at)!.Value.StartUtc);
        }
    }

    [Fact]
    public void Adjoining_stretches_are_told_as_one_and_the_whole_day_until_its_last()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var weekend = new RecurringTimes(WeekDays.Sat | WeekDays.Sun, 0, 1440, Far);
        Assert.Equal(new SilenceWindow(Utc("2026-04-17T22:00"), Utc("2026-04-19T22:00")), SilenceClock.At(weekend, berlin, Utc("2026-04-18T12:00")));
        var always = new RecurringTimes(WeekDays.All, 0, 1440, new DateOnly(2026, 12, 31));
        Assert.Equal(new SilenceWindow(Utc("2026-04-17T22:00"), Utc("2026-12-31T23:00")), SilenceClock.At(always, berlin, Utc("2026-04-18T12:00")));
        Assert.Null(SilenceClock.At(always, berlin, Utc("2026-12-31T23:00")));
    }

    [Fact]
    public void What_comes_next_and_when_it_is_over_for_good()
    {
        var tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
        var saturdays = new RecurringTimes(WeekDays.Sat, 120, 360, new DateOnly(2026, 4, 30));
        Assert.Equal(new SilenceWindow(Utc("2026-04-17T17:00"), Utc("2026-04-17T21:00")), SilenceClock.Next(saturdays, tokyo, Utc("2026-04-14T00:00")));
        Assert.Equal(Utc("2026-04-24T21:00"), SilenceClock.EndOf(saturdays, tokyo));
        Assert.Null(SilenceClock.Next(saturdays, tokyo, Utc("2026-04-25T00:00")));
        Assert.Equal(Utc("2026-04-24T17:00"), SilenceClock.Next(saturdays, tokyo, Utc("2026-04-17T17:00"))!.Value.StartUtc);
        Assert.Equal(Utc("2026-04-14T13:00"), SilenceClock.Next(Times("daily 22:00-23:00"), tokyo, Utc("2026-04-14T12:59"))!.Value.StartUtc);
        Assert.Equal(Utc("2026-04-15T13:00"), SilenceClock.Next(Times("daily 22:00-23:00"), tokyo, Utc("2026-04-14T13:00"))!.Value.StartUtc);
    }

    /// <summary>From 10:00 to 11:00; by the clock of Berlin, from the half hour that is missing to 04:00.</summary>
    [Theory]
    [InlineData("span", "2026-04-14T10:00", "2026-04-14T11:00")]
    [InlineData("once", "2026-03-29T01:00", "2026-03-29T02:00")]
    public void What_is_once_comes_holds_and_is_over(string kind, string from, string to)
    {
        var (berlin, window) = (TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), new SilenceWindow(Utc(from), Utc(to)));
        SilenceTimes when = kind == "span" ? new SpanTimes(Utc(from), Utc(to)) : new OnceTimes(new DateTime(2026, 3, 29, 2, 30, 0), new DateTime(2026, 3, 29, 4, 0, 0));
        Assert.Equal((null, window), (SilenceClock.At(when, berlin, window.StartUtc.AddTicks(-1)), SilenceClock.Next(when, berlin, window.StartUtc.AddTicks(-1))));
        Assert.Equal((window, null), (SilenceClock.At(when, berlin, window.StartUtc), SilenceClock.Next(when, berlin, window.StartUtc)));
        Assert.Equal((null, null), (SilenceClock.At(when, berlin, window.EndUtc), SilenceClock.Next(when, berlin, window.EndUtc)));
        Assert.Equal(window.EndUtc, SilenceClock.EndOf(when, berlin));
    }

    /// <summary>02:15 comes twice: until the second of them the day before's stretch holds, and from the first 02:30 on the day's own.</summary>
    [Fact]
    public void Of_two_stretches_that_hold_the_one_that_ends_later_is_told()
    {
        var times = Times("daily 02:30-02:15") with { Until = new DateOnly(2026, 10, 25) };
        Assert.Equal(
            new SilenceWindow(Utc("2026-10-25T00:30"), Utc("2026-10-26T01:15")),
            SilenceClock.At(times, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Utc("2026-10-25T01:00")));
    }

    /// <summary>Whatever the rule, the zone and the change of its clock: one stretch a day, never shorter than written by more than the missing hour, and no two overlap unless written so.</summary>
    [Fact]
    public void Every_day_of_a_year_has_exactly_one_stretch() => Prop.ForAll(
        (from f in Gen.Choose(0, 1439)
         from length in Gen.Choose(1, 1380)
         from zone in Gen.Elements("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/Havana")
         select (f, length, zone)).ToArbitrary(),
        rule =>
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(rule.zone);
            var first = new DateOnly(2026, 1, 1);
            DateTimeOffset lastEnd = default;
            for (var day = first; day.Year == 2026; day = day.AddDays(1))
            {
                var from = day.ToDateTime(TimeOnly.MinValue).AddMinutes(rule.f);
                var window = SilenceClock.Between(from, from.AddMinutes(rule.length), zone);
                var lasts = window.EndUtc - window.StartUtc;
                var written = TimeSpan.FromMinutes(rule.length);
                if (lasts <= TimeSpan.Zero || lasts > written + TimeSpan.FromHours(1) || (lasts < written && lasts < written - TimeSpan.FromHours(1)) || window.StartUtc < lastEnd)
                {
                    return false;
                }

                lastEnd = rule.length <= 1320 ? window.EndUtc : default;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static RecurringTimes Times(string when)
    {
        var (days, from, to) = SilenceWords.Recurring(when)!.Value;
        return new RecurringTimes(days, from, to, Far);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
}
