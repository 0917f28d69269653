using Hinoban.Lab.Sim;

namespace Hinoban.Tests.Stories;

/// <summary>The promise of the time without a desk, under random cuts, kills and faults: the short form of <c>./dev proof away</c>.</summary>
public sealed class AwayPromiseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_cut_and_killed_nothing_is_told_twice_but_what_could_not_be_known(int seed) =>
        Assert.True(AwayFuzz.Run(seed) is { BySites: > 0, Adopted: > 0 });
}
