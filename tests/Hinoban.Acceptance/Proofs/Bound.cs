using Hinoban.Lab.Story;

namespace Hinoban.Acceptance.Proofs;

/// <summary>
/// The printed detection bound, swept: the whole company under virtual time, a fault of every form beginning at every second of two intervals,
/// measured to the accepted mail. Prints a line a sweep.
/// </summary>
public sealed class Bound(ITestOutputHelper output)
{
    /// <summary>Every second of two intervals of 3 min.</summary>
    private const int Onsets = 360;

    [Fact(Explicit = true)]
    public void Every_onset_is_mailed_within_the_printed_bound_and_the_worst_comes_within_a_tenth_of_it()
    {
        var plans = BoundSweep.All(TimeSpan.FromSeconds(1));
        var figures = plans.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(plan => BoundSweep.Run(plan)).ToList();
        figures.ForEach(f => output.WriteLine(f.ToString()));
        output.WriteLine(FormattableString.Invariant(
            $"{figures.Count} sweeps, {figures.Sum(f => f.Onsets)} onsets: {figures.Count(f => f.IsTight)} sweeps within the printed bound and their worst within a tenth of it; closest {figures.Max(f => f.Worst / f.Bound):0.0 %}, farthest {figures.Min(f => f.Worst / f.Bound):0.0 %} of it"));
        Assert.All(figures, f => Assert.True(f.IsTight, f.ToString()));
        Assert.Equal(plans.Count, figures.Count);
        Assert.All(figures, f => Assert.True(f.Onsets >= Onsets, f.ToString()));
    }
}
