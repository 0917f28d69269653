using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Tests.Specs;

/// <summary>Threshold ranges: what they read as, when they alert, how they print.</summary>
public sealed class NagiosRangeTests
{
    // The table of the plugin guidelines first, then what else the grammar allows.
    [Theory]
    [InlineData("10", 0, 10, false, "10", "below 0 or above 10", "0未満または10超")]
    [InlineData("10:", 10, double.PositiveInfinity, false, "10:", "below 10", "10未満")]
    [InlineData("~:10", double.NegativeInfinity, 10, false, "~:10", "above 10", "10超")]
    [InlineData("10:20", 10, 20, false, "10:20", "below 10 or above 20", "10未満または20超")]
    [InlineData("@10:20", 10, 20, true, "@10:20", "from 10 to 20", "10以上20以下")]
    [InlineData("0:10", 0, 10, false, "10", "below 0 or above 10", "0未満または10超")]
    [InlineData(":10", 0, 10, false, "10", "below 0 or above 10", "0未満または10超")]
    [InlineData("@10", 0, 10, true, "@10", "from 0 to 10", "0以上10以下")]
    [InlineData("@10:", 10, double.PositiveInfinity, true, "@10:", "10 or more", "10以上")]
    [InlineData("@~:10", double.NegativeInfinity, 10, true, "@~:10", "10 or less", "10以下")]
    [InlineData("~:", double.NegativeInfinity, double.PositiveInfinity, false, "~:", "never", "なし")]
    [InlineData("@~:", double.NegativeInfinity, double.PositiveInfinity, true, "@~:", "always", "常に")]
    [InlineData("5:5", 5, 5, false, "5:5", "anything but 5", "5以外")]
    [InlineData("@5:5", 5, 5, true, "@5:5", "exactly 5", "ちょうど5")]
    [InlineData("0", 0, 0, false, "0", "anything but 0", "0以外")]
    [InlineData("-0:", 0, double.PositiveInfinity, false, "0:", "below 0", "0未満")]
    [InlineData("-20:-10.5", -20, -10.5, false, "-20:-10.5", "below -20 or above -10.5", "-20未満または-10.5超")]
    [InlineData("+1:1e3", 1, 1000, false, "1:1000", "below 1 or above 1000", "1未満または1000超")]
    [InlineData(".5:1.", .5, 1, false, "0.5:1", "below 0.5 or above 1", "0.5未満または1超")]
    public void ReadsPrintsAndSaysWhatItIs(string text, double start, double end, bool inside, string printed, string en, string ja)
    {
        Assert.Equal(RangeFault.None, NagiosRange.TryParse(text, out var range));
        Assert.Equal(new NagiosRange(start, end, inside), range);
        Assert.Equal(printed, range.ToString());
        Assert.Equal((ja, en), (NagiosRangeText.Plain(range).Ja, NagiosRangeText.Plain(range).En));
        Assert.Equal(RangeFault.None, NagiosRange.TryParse(printed, out var again));
        Assert.Equal(range, again);
    }

    [Theory]
    [InlineData("", nameof(RangeFault.Empty))]
    [InlineData("@", nameof(RangeFault.Empty))]
    [InlineData(":", nameof(RangeFault.Empty))]
    [InlineData("@:", nameof(RangeFault.Empty))]
    [InlineData("~", nameof(RangeFault.Tilde))]
    [InlineData("@~", nameof(RangeFault.Tilde))]
    [InlineData("10:~", nameof(RangeFault.Tilde))]
    [InlineData("~10:20", nameof(RangeFault.NotANumber))]
    [InlineData("10:20:30", nameof(RangeFault.Colons))]
    [InlineData("10::", nameof(RangeFault.Colons))]
    [InlineData("20:10", nameof(RangeFault.Crossed))]
    [InlineData("@20:10", nameof(RangeFault.Crossed))]
    [InlineData("-5", nameof(RangeFault.Crossed))]
    [InlineData("10,20", nameof(RangeFault.NotANumber))]
    [InlineData("1,000", nameof(RangeFault.NotANumber))]
    [InlineData("ten", nameof(RangeFault.NotANumber))]
    [InlineData("10s", nameof(RangeFault.NotANumber))]
    [InlineData("80%", nameof(RangeFault.NotANumber))]
    [InlineData(" 10", nameof(RangeFault.NotANumber))]
    [InlineData("10 ", nameof(RangeFault.NotANumber))]
    [InlineData("@@10", nameof(RangeFault.NotANumber))]
    [InlineData("10:@20", nameof(RangeFault.NotANumber))]
    [InlineData("1-5", nameof(RangeFault.NotANumber))]
    [InlineData("0x10", nameof(RangeFault.NotANumber))]
    [InlineData("nan", nameof(RangeFault.NotANumber))]
    [InlineData("Infinity", nameof(RangeFault.NotANumber))]
    [InlineData("1e999", nameof(RangeFault.NotANumber))]
    [InlineData("１０", nameof(RangeFault.NotANumber))]
    public void RefusesWithAReason(string text, string fault)
    {
        var why = NagiosRange.TryParse(text, out _);
        Assert.Equal(fault, why.ToString());
        Assert.NotEmpty(NagiosRangeText.Wrong(why).En);
        Assert.NotEmpty(NagiosRangeText.Wrong(why).Ja);
    }

    [Theory]
    [InlineData("80%", "80")]
    [InlineData("80", "80")]
    [InlineData("10%:80%", "10:80")]
    [InlineData("@~:10%", "@~:10")]
    public void AUnitMayFollowEachNumber(string text, string printed)
    {
        Assert.Equal(RangeFault.None, NagiosRange.TryParse(text, out var range, "%"));
        Assert.Equal(printed, range.ToString());
        Assert.Contains("%", NagiosRangeText.Plain(range, "%").En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("80%%")]
    [InlineData("8%0")]
    public void AUnitAloneIsNoNumber(string text) => Assert.Equal(RangeFault.NotANumber, NagiosRange.TryParse(text, out _, "%"));

    // Every range whose ends are none or one of −2…2, against every value around them: the guideline's sentence, written out.
    [Fact]
    public void AlertsOutsideAndWithAnAtSignInside()
    {
        int?[] ends = [null, -2, -1, 0, 1, 2];
        foreach (var (start, end, inside) in from s in ends from e in ends from i in new[] { false, true } where !(s > e) select (s, e, i))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{(inside ? "@" : "")}{(start is null ? "~" : start)}:{end}");
            Assert.Equal(RangeFault.None, NagiosRange.TryParse(text, out var range));
            for (var value = -2.5; value <= 2.5; value += 0.5)
            {
                var outside = value < start || value > end;
                Assert.True(range.Alerts(value) == (inside ? !outside : outside), $"{text} at {value}");
            }
        }
    }

    [Theory]
    [InlineData("10", true)]
    [InlineData("10:", true)]
    [InlineData("~:10", true)]
    [InlineData("@10:20", false)]
    [InlineData("~:", false)]
    [InlineData("@~:", true)]
    public void NoNumberIsOutsideEveryRangeThatHasAnEnd(string text, bool alerts)
    {
        NagiosRange.TryParse(text, out var range);
        Assert.Equal(alerts, range.Alerts(double.NaN));
    }
}
