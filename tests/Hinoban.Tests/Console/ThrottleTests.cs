using Hinoban.Console.Desk;

namespace Hinoban.Tests.Console;

/// <summary>What a stream of changes tells how often.</summary>
public sealed class ThrottleTests
{
    [Fact]
    public void Each_name_passes_once_a_second_and_the_last_is_never_lost()
    {
        var throttle = new Throttle(TimeSpan.FromSeconds(1));
        Assert.True(throttle.Pass("sites", At(0)));
        Assert.True(throttle.Pass("incidents", At(0.1)));
        for (var i = 1; i < 20; i++)
        {
            Assert.False(throttle.Pass("sites", At(i * 0.05)));
        }

        Assert.Empty(throttle.Due(At(0.9)));
        Assert.Equal(["sites"], throttle.Due(At(1)));
        Assert.Empty(throttle.Due(At(3)));
        Assert.True(throttle.Pass("sites", At(3)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
