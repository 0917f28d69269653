using Hinoban.Scheduling;

namespace Hinoban.Tests.Scheduling;

public sealed class LatenessTests
{
    [Fact]
    public void The_percentile_is_close_and_the_maximum_exact()
    {
        var lateness = new Lateness();
        for (var i = 1; i <= 1000; i++)
        {
            lateness.Note(TimeSpan.FromMilliseconds(i), TimeSpan.FromSeconds(1000 + (i / 20)));
        }

        var (p99, max) = lateness.Read(TimeSpan.FromSeconds(1050));
        Assert.InRange(p99.TotalMilliseconds, 990, 990 * 1.19);
        Assert.Equal(1000, max.TotalMilliseconds);
    }

    [Fact]
    public void A_minute_later_it_is_forgotten()
    {
        var lateness = new Lateness();
        lateness.Note(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1000));
        Assert.Equal(TimeSpan.FromSeconds(5), lateness.Read(TimeSpan.FromSeconds(1059)).Max);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), lateness.Read(TimeSpan.FromSeconds(1071)));
        lateness.Note(TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(5000));
        Assert.Equal(TimeSpan.FromMilliseconds(2), lateness.Read(TimeSpan.FromSeconds(5000)).Max);
    }
}
