using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>Waits for less than a millisecond.</summary>
public sealed class WakeSignalTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(9_999, 1)]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 2)]
    public void A_wait_is_rounded_up_to_whole_milliseconds(long ticks, double milliseconds) =>
        Assert.Equal(milliseconds, TimeSpan.FromTicks(ticks).WholeMilliseconds().TotalMilliseconds);

    [Fact]
    public void A_sleeper_that_has_half_a_millisecond_left_sleeps()
    {
        var clock = new LabClock();
        var slept = new WakeSignal(clock).WaitAsync(TimeSpan.FromMilliseconds(0.5), TestContext.Current.CancellationToken);
        Assert.False(slept.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(1), clock.NextTimer);
    }
}
