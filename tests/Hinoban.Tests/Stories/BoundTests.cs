using Hinoban.Lab.Story;

namespace Hinoban.Tests.Stories;

/// <summary>The printed detection bound against the whole company: a fault that begins at any time is mailed within it, and the worst comes near it.</summary>
public sealed class BoundTests
{
    // The long form, every second of two intervals, is ./dev proof bound.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(23);

    public static TheoryData<int> Sweeps => [.. Enumerable.Range(0, BoundSweep.All(Step).Count)];

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void No_alert_comes_later_than_printed(int sweep)
    {
        var figures = BoundSweep.Run(BoundSweep.All(Step)[sweep]);
        Assert.True(figures.Worst <= figures.Bound, figures.ToString());
    }
}
