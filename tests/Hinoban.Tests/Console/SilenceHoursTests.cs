using Hinoban.Basics;
using Hinoban.Console.Silences;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Tests.Console;

/// <summary>When a silence holds, in words: by the customer's clock, with days of the week and how long it lasts.</summary>
public sealed class SilenceHoursTests
{
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    [Theory]
    [InlineData("2026-04-14T13:00Z", "2026-04-14T21:00Z", "4/14(火) 22:00 – 4/15(水) 06:00", "Tue 14 Apr 22:00 – Wed 15 Apr 06:00")]
    [InlineData("2026-04-13T17:29Z", "2026-04-13T19:29Z", "4/14(火) 02:29 – 04:29", "Tue 14 Apr 02:29 – 04:29")]
    public void A_stretch(string from, string to, string ja, string en)
    {
        var said = SilenceHours.Stretch(At(from), At(to), Tokyo);
        Assert.Equal((ja, en), (said.Ja, said.En));
    }

    [Fact]
    public void A_stretch_over_a_change_of_the_clocks_has_the_zone_at_each_end()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var (from, to) = (At("2026-10-24T22:00Z"), At("2026-10-25T04:00Z"));
        Assert.Equal("10/25(日) 00:00 UTC+2:00 – 05:00 UTC+1:00", SilenceHours.Stretch(from, to, berlin).Ja);
        Assert.Equal("Sun 25 Oct 00:00 UTC+2:00 – 05:00 UTC+1:00", SilenceHours.Stretch(from, to, berlin).En);
        Assert.Equal(("", "UTC+2:00", "JST"), (SilenceHours.Zone(from, to, berlin), SilenceHours.Zone(from, from, berlin), SilenceHours.Zone(from, to, Tokyo)));

        // The viewer's clock shows the same at the beginning, and another time at the end.
        var johannesburg = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
        Assert.Equal("10/25(日) 00:00 – 06:00 UTC+2:00", SilenceHours.ByOwnClock(from, to, berlin, johannesburg)!.Ja);
        Assert.Null(SilenceHours.ByOwnClock(from, At("2026-10-24T23:00Z"), berlin, johannesburg));
        Assert.Equal("Sun 25 Oct 00:00 UTC+2:00 – 05:00 UTC+1:00", SilenceHours.ByOwnClock(from, to, Tokyo, berlin)!.En);
    }

    [Theory]
    [InlineData(30, "30分", "30 min")]
    [InlineData(120, "2時間", "2 h")]
    [InlineData(150, "2時間30分", "2 h 30 min")]
    [InlineData(1440, "1日", "1 d")]
    [InlineData(3 * 1440 + 60, "3日1時間", "3 d 1 h")]
    [InlineData(0, "1分未満", "under 1 min")]
    public void A_length(int minutes, string ja, string en)
    {
        var said = SilenceHours.Length(TimeSpan.FromMinutes(minutes));
        Assert.Equal((ja, en), (said.Ja, said.En));
    }

    [Theory]
    [InlineData("daily 02:00-03:00", "2026-06-30T18:00Z", "毎日 02:00–03:00(1時間)、2026/7/1(水)まで", "every day, 02:00–03:00 (1 h), until Wed 1 Jul 2026")]
    [InlineData("daily 00:00-24:00", "2026-07-01T15:00Z", "毎日 終日、2026/7/1(水)まで", "every day, all day, until Wed 1 Jul 2026")]
    [InlineData("weekly sat,sun 22:00-06:00", "2026-06-28T21:00Z", "毎週土・日曜 22:00–翌06:00(8時間)、2026/6/28(日)まで", "every Sat and Sun, 22:00–06:00 the next day (8 h), until Sun 28 Jun 2026")]
    [InlineData("weekly mon,tue,wed,thu,fri 09:00-17:30", "2026-06-30T08:30Z", "平日(月–金) 09:00–17:30(8時間30分)、2026/6/30(火)まで", "Monday to Friday, 09:00–17:30 (8 h 30 min), until Tue 30 Jun 2026")]
    public void A_rule(string when, string ends, string ja, string en)
    {
        var row = SampleSilences.All(At("2026-04-14T00:00Z"))[1] with { When = when, EndsUtc = At(ends) };
        var said = SilenceHours.Rule(row, Tokyo)!;
        Assert.Equal((ja, en), (said.Ja, said.En));
        Assert.Null(SilenceHours.Rule(row with { When = "" }, Tokyo));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
