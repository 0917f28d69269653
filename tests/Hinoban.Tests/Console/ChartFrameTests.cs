using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Parts;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Tests.Console;

/// <summary>Where things lie in a chart, and what it says of itself.</summary>
public sealed class ChartFrameTests
{
    private static readonly DateTimeOffset Start = new(2026, 4, 14, 0, 0, 0, TimeSpan.Zero);
    private static readonly Metric Temperature = new("temp", "C");

    [Fact]
    public void A_line_breaks_where_there_was_no_value_and_where_nobody_looked()
    {
        var frame = Frame(Point(0, 1), Point(100, 1), Point(110, null), Point(120, 1), Point(720, 1), Point(1440, 1));
        Assert.Equal(4, Starts(frame.Line(frame.View.Series[0])));
        Assert.Equal("", frame.Band(frame.View.Series[0]));
        Assert.Equal(1, Starts(Frame(Point(0, 1), Point(100, 2)).Line(Frame(Point(0, 1), Point(100, 2)).View.Series[0])));
    }

    [Fact]
    public void A_band_breaks_where_its_line_does()
    {
        ChartPoint Wide(double minute) => new(Start.AddMinutes(minute), 1, 2, 4, CheckStatus.Ok);
        var frame = Frame(Wide(0), Wide(60), Wide(600), Wide(660));
        var band = frame.Band(frame.View.Series[0]);
        Assert.Equal(2, Starts(band));
        Assert.Equal(2, band.Count(c => c == 'Z'));
        Assert.Equal(6, band.Count(c => c == 'L'));
    }

    [Fact]
    public void Values_below_nothing_have_their_place()
    {
        var frame = Frame(Point(0, -7), Point(60, 12));
        Assert.Equal((-10, 15, 5), (frame.Low, frame.High, frame.Step));
        Assert.Equal([-10, -5, 0, 5, 10, 15], frame.Lines());
        Assert.True(frame.Y(-7) > frame.Y(0) && frame.Y(0) > frame.Y(12));
        Assert.Equal(frame.Height - frame.Bottom, frame.Y(-10));
    }

    [Theory]
    [InlineData(false, 39, 60)]
    [InlineData(false, 41, 15)] // too far above to be worth the room
    [InlineData(true, 39, 15)]
    [InlineData(false, 3, 15)]
    public void A_warning_near_the_values_has_its_place(bool critical, double level, double high) =>
        Assert.Equal(high, ChartFrame.Of(View(Point(0, 10), Point(60, 10)), [new ChartLevel(critical, level, Start, Start.AddDays(1))], small: false).High);

    [Fact]
    public void Nothing_but_zero_is_a_chart_too()
    {
        var frame = Frame(Point(0, 0));
        Assert.True(frame.High > frame.Low);
        Assert.All(frame.Lines(), l => Assert.True(double.IsFinite(frame.Y(l))));
    }

    [Theory]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(-double.MaxValue, -double.MaxValue)]
    [InlineData(-double.MaxValue, double.MaxValue)]
    [InlineData(-1e300, double.Epsilon)]
    [InlineData(double.Epsilon, double.Epsilon)]
    public void The_greatest_numbers_there_are_have_a_scale_that_ends(double least, double most)
    {
        var levels = new[] { double.MaxValue, -double.MaxValue, 1.6e308 }.Select(l => new ChartLevel(false, l, Start, Start.AddDays(1))).ToList();
        foreach (var frame in new[] { Frame(Point(0, least), Point(60, most)), ChartFrame.Of(View(Point(0, least), Point(60, most)), levels, small: true) })
        {
            Assert.True(double.IsFinite(frame.Low) && double.IsFinite(frame.High) && frame.High > frame.Low);
            Assert.InRange(frame.Lines().Count(), 2, 20);
            Assert.All(frame.Lines().Concat([least, most, double.MaxValue]), v => Assert.InRange(frame.Y(v), frame.Top, frame.Height - frame.Bottom));
            Assert.DoesNotContain("NaN", frame.Line(frame.View.Series[0]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_huge_threshold_alone_does_not_move_the_scale() =>
        Assert.Equal(15, ChartFrame.Of(View(Point(0, 10), Point(60, 10)), [new ChartLevel(false, double.MaxValue, Start, Start.AddDays(1))], small: false).High);

    [Fact]
    public void What_was_not_OK_is_marked_in_its_place()
    {
        var frame = Frame(Point(0, 1), Point(360, 1, CheckStatus.Warning), Point(720, 1, CheckStatus.Warning), Point(730, 1, CheckStatus.Critical), Point(1000, 1));
        var marks = frame.Marks(frame.View.Series[0]).ToList();
        Assert.Equal([CheckStatus.Warning, CheckStatus.Critical], marks.Select(m => m.Status));
        Assert.Equal((frame.X(Start.AddMinutes(360)), frame.X(Start.AddMinutes(720))), (marks[0].From, marks[0].To));
    }

    [Theory]
    [InlineData(ChartRange.Day, "12:00 15:00 18:00 21:00 0:00 3:00 6:00", "12:00 15:00 18:00 21:00 0:00 3:00 6:00")]
    [InlineData(ChartRange.Week, "4/8 4/9 4/10 4/11 4/12 4/13 4/14", "8 Apr 9 Apr 10 Apr 11 Apr 12 Apr 13 Apr 14 Apr")]
    [InlineData(ChartRange.FiveWeeks, "3/16 3/23 3/30 4/6 4/13", "16 Mar 23 Mar 30 Mar 6 Apr 13 Apr")]
    [InlineData(ChartRange.Year, "4月 5月 6月 7月 8月 9月 10月 11月 12月 2026年 2月 3月 4月", "Apr May Jun Jul Aug Sept Oct Nov Dec 2026 Feb Mar Apr")]
    internal void Time_is_named_as_people_count_it(ChartRange range, string ja, string en)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
        var now = Start;
        var view = View(Point(0, 1)) with { Range = range, FromUtc = ChartRules.From(range, now, zone), ToUtc = now, Zone = zone };
        foreach (var (language, words) in new[] { (Language.Ja, ja), (Language.En, en) })
        {
            var named = string.Join(' ', ChartFrame.Of(view, [], small: false).Ticks(new Viewer { Language = language, Zone = zone }).Select(t => t.Word));
            Assert.Contains(words.Replace("Sept", "Sep", StringComparison.Ordinal), named.Replace("Sept", "Sep", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s", 0.0123, "12.3 ms")]
    [InlineData("ms", 1500, "1.5 s")]
    [InlineData("us", 250, "0.25 ms")]
    [InlineData("%", 99.987, "99.99 %")]
    [InlineData("B", 1234567, "1,234,567 B")]
    [InlineData("", 0, "0")]
    [InlineData("", 0.000123456, "0.0001235")]
    [InlineData("s", -1, "-1 s")]
    [InlineData("B", -1.7e308, "-1.7E+308 B")]
    [InlineData("s", 1.7e308, "1.7E+308 s")]
    public void A_value_stands_with_its_unit(string unit, double value, string words) => Assert.Equal(words, ChartWords.Value(new Metric("x", unit), value));

    [Theory]
    [InlineData(3600, 3600, "100 %")]
    [InlineData(0, 3600, "0 %")]
    [InlineData(1, 31_536_000, "0.01 %")]
    [InlineData(31_535_999, 31_536_000, "99.99 %")]
    [InlineData(1800, 3600, "50 %")]
    [InlineData(0, 0, "–")]
    public void A_share_never_rounds_to_all_or_nothing(int seconds, int of, string words) => Assert.Equal(words, ChartWords.Share(seconds, of));

    [Fact]
    public void Addresses_and_ranges_mean_each_other()
    {
        Assert.All(ChartWords.Ranges, r => Assert.Equal(r, ChartWords.Range(ChartWords.Key(r))));
        Assert.Equal((ChartRange.Day, ChartRange.Day), (ChartWords.Range(null), ChartWords.Range("<script>")));
        Assert.Equal(("", "?range=7d", "?range=24h&metric=a%20b%26"), (ChartWords.Query(ChartRange.Day, ""), ChartWords.Query(ChartRange.Week, ""), ChartWords.Query(ChartRange.Day, "a b&")));
    }

    private static int Starts(string path) => path.Count(c => c == 'M');

    private static ChartFrame Frame(params ChartPoint[] points) => ChartFrame.Of(View(points), [], small: false);

    private static ChartView View(params ChartPoint[] points) => new(
        new ItemId(1), ChartRange.Day, Start, Start.AddDays(1), TimeSpan.FromMinutes(100), false, Temperature, [Metric.Latency, Temperature], [new ChartSeries(new SiteName("tokyo"), points, null)], []);

    private static ChartPoint Point(double minute, double? value, CheckStatus status = CheckStatus.Ok) => new(Start.AddMinutes(minute), value, value, value, status);
}
