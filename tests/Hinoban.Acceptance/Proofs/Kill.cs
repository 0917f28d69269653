using Hinoban.Acceptance.Scene;
using Hinoban.Basics;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof kill</c>: kill -9 at every milestone that the code names, and at 50 random moments.</summary>
[Collection(TownStories.Name)]
public sealed class Kill
{
    private const int Seed = 20260414;
    private const int RandomKills = 50;
    private const int KillsEachPhase = 2;

    [Fact(Explicit = true)]
    public Task At_every_milestone()
    {
        var random = new Random(Seed);
        return KillTests.PlayAsync([.. Enum.GetValues<Milestone>().Select(point => (point, Counts(point, random)))]);
    }

    /// <summary>Nobody can tell whether the relay took it: it comes twice, under one Message-ID, and the record says that it may have.</summary>
    [Fact(Explicit = true)]
    public Task After_the_dot_without_the_relays_log() => RealTown.PlayAsync(
        async town =>
        {
            var tally = await KillTests.PlayAsync(town, [(Milestone.MailDotSent, [1]), (Milestone.MailAccepted, [1])]);
            Assert.InRange(tally.Twice, 1, tally.PossiblyTwice);
        },
        relayLogReadable: false);

    [Fact(Explicit = true)]
    public Task At_random_moments() => RealTown.PlayAsync(async town =>
    {
        var tell = TestContext.Current.TestOutputHelper;
        tell?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var story = new KillStory(town);
        var killed = new List<string>();
        while (killed.Count < RandomKills)
        {
            var deaths = new RandomDeaths(town, random, KillsEachPhase);
            var round = await story.PlayAsync($"after {killed.Count} kills", deaths);
            killed.AddRange(deaths.Killed);
            tell?.WriteLine($"{killed.Count,3} kills ({string.Join(' ', deaths.Killed)}), unknown steps {round.Unknown}");
        }

        var (tally, wrong) = await story.CountAsync();
        tell?.WriteLine($"{string.Join(", ", killed.GroupBy(k => k).Select(g => $"{g.Key} {g.Count()}"))}; {tally}");
        Assert.Empty(wrong);
        Assert.Equal(0, tally.Lost);
    });

    /// <summary>After how many passes in each phase: what is passed all the time is killed somewhere near the result that matters.</summary>
    private static int[] Counts(Milestone point, Random random) => point switch
    {
        Milestone.StepStarted or Milestone.StepEnded or Milestone.CommandCommitted => [1],
        Milestone.DeliveryMarked or Milestone.MailDotSent or Milestone.MailAccepted or Milestone.DeliverySettled => [random.Next(1, 4), random.Next(1, 4)],
        _ => [random.Next(1, 6), random.Next(1, 6)],
    };
}
