using Hinoban.Lab.Story;

namespace Hinoban.Acceptance.Proofs;

/// <summary>
/// The printed detection bound, swept: the whole company under virtual time, a fault of every form beginning at every second of two intervals,
/// measured to the accepted mail. Prints a line a sweep.
/// </summary>
public sealed class Bound(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Every_onset_is_mailed_within_the_printed_bound_and_the_worst_comes_within_a_tenth_of_it()
    {
        var figures = BoundSweep.All(TimeSpan.FromSeconds(1)).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(plan => BoundSweep.Run(plan)).ToList();
        figures.ForEach(f => output.WriteLine(f.ToString()));
        Assert.All(figures, f => Assert.True(f.IsTight, f.ToString()));
    }
}
