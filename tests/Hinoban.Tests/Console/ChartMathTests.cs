using Hinoban.Console.Parts;

namespace Hinoban.Tests.Console;

/// <summary>The numbers behind a chart, as tables.</summary>
public sealed class ChartMathTests
{
    [Theory]
    [InlineData(4, 4, 1)]
    [InlineData(0.4, 0.4, 0.1)]
    [InlineData(8, 8, 2)]
    [InlineData(7, 8, 2)]
    [InlineData(10, 10, 2.5)]
    [InlineData(9, 10, 2.5)]
    [InlineData(20, 20, 5)]
    [InlineData(13, 15, 5)]
    [InlineData(24, 30, 10)]
    [InlineData(70, 80, 20)]
    [InlineData(0.07, 0.08, 0.02)]
    [InlineData(0, 1, 0.25)]
    [InlineData(-3, 1, 0.25)]
    [InlineData(double.NaN, 1, 0.25)]
    [InlineData(double.PositiveInfinity, 1, 0.25)]
    public void A_scale_of_four_steps_of_one_two_two_and_a_half_or_five(double value, double top, double step)
    {
        var nice = ChartMath.Nice(value);
        Assert.Equal((top, step), (Math.Round(nice.Top, 9), Math.Round(nice.Step, 9)));
    }

    [Fact]
    public void A_scale_of_more_lines_has_smaller_steps() => Assert.Equal((7, 1), ChartMath.Nice(7, 8));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.00025, "0.25 ms")]
    [InlineData(0.0009949, "0.99 ms")]
    [InlineData(0.001, "1 ms")]
    [InlineData(0.00123456, "1.2 ms")]
    [InlineData(0.24, "240 ms")]
    [InlineData(0.9994, "999.4 ms")]
    [InlineData(1, "1 s")]
    [InlineData(1.5, "1.5 s")]
    [InlineData(125.256, "125.26 s")]
    [InlineData(1e14, "100000000000000 s")]
    [InlineData(1e15, "1E+15 s")]
    public void Seconds_as_people_write_them(double seconds, string words) => Assert.Equal(words, ChartMath.Seconds(seconds));
}
