using Hinoban.Acceptance.Scene;
using Hinoban.Basics;

namespace Hinoban.Acceptance;

/// <summary>The short form of <see cref="Proofs.Kill"/>: the points where a death would most easily lose or double a mail.</summary>
[Collection(TownStories.Name)]
public sealed class KillTests
{
    [Fact]
    public Task A_death_at_the_worst_points_loses_and_doubles_nothing() => PlayAsync(
        (Milestone.MailDotSent, [1]), (Milestone.BatchBeforeCommit, [2]), (Milestone.DeliveryMarked, [1]), (Milestone.ResultSpooled, [1]));

    /// <summary>Each point in a round of its own, killed after so many passes in each phase; prints the table. The relay's log can be asked, so nothing is doubled.</summary>
    internal static Task PlayAsync(params IReadOnlyList<(Milestone Point, int[] Counts)> points) =>
        RealTown.PlayAsync(async town => Assert.Equal(0, (await PlayAsync(town, points)).Twice));

    internal static async Task<KillTally> PlayAsync(RealTown town, IReadOnlyList<(Milestone Point, int[] Counts)> points)
    {
        var tell = TestContext.Current.TestOutputHelper;
        var story = new KillStory(town);
        var missed = new List<Milestone>();
        foreach (var (point, counts) in points)
        {
            var deaths = new MilestoneDeaths(town, point, counts);
            var start = TimeProvider.System.GetTimestamp();
            var round = await story.PlayAsync(point.ToString(), deaths);
            tell?.WriteLine($"{point,-18} hits {deaths.Hits} of {counts.Length}, unknown steps {round.Unknown}, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s");
            if (deaths.Hits == 0 || (point is Milestone.StepStarted or Milestone.StepEnded && round.Unknown == 0))
            {
                missed.Add(point);
            }
        }

        var (tally, wrong) = await story.CountAsync();
        tell?.WriteLine(tally.ToString());
        Assert.Empty(wrong);
        Assert.Empty(missed);
        Assert.Equal(0, tally.Lost);
        return tally;
    }
}
