using Hinoban.Acceptance.Scene;
using Hinoban.Basics;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof kill</c>: kill -9 at every milestone that the code names, and at random moments, alone and while many incidents run.</summary>
[Collection(TownStories.Name)]
public sealed class Kill
{
    private const int Seed = 20260414;
    private const int RandomKills = 1_000;
    private const int DeathsAtEach = 20;

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

    /// <summary>Ten problems at a time, and 20 deaths at every named point.</summary>
    [Fact(Explicit = true)]
    public Task At_every_milestone_while_many_incidents_run() => StormAsync(DeathsAtEach, 0);

    /// <summary>Ten problems at a time, and 1,000 deaths at random moments over desk, sites and Postfix.</summary>
    [Fact(Explicit = true)]
    public Task At_random_while_many_incidents_run() => StormAsync(0, RandomKills);

    private static Task StormAsync(int each, int atRandom) => RealTown.PlayAsync(
        async town =>
        {
            var tell = TestContext.Current.TestOutputHelper;
            tell?.WriteLine($"seed {Seed}");
            var storm = new KillStorm(town, new Random(Seed));
            await storm.PlayAsync(each, atRandom, line => tell?.WriteLine(line));
            var story = new KillStory(town);
            storm.Rounds.ToList().ForEach(story.Add);
            var (tally, wrong) = await story.CountAsync();
            tell?.WriteLine($"random kills: {string.Join(", ", storm.Kills.OrderBy(k => k.Key).Select(k => $"{k.Key} {k.Value}"))}");
            tell?.WriteLine($"{storm.Rounds.Count} problems; {tally}");
            Assert.Empty(wrong);
            Assert.Equal(0, tally.Lost);
            Assert.InRange(tally.Twice, 0, tally.PossiblyTwice);
            Assert.Equal(atRandom, storm.Kills.Values.Sum());
            Assert.All(Enum.GetValues<Milestone>(), point => Assert.True(storm.Hits.GetValueOrDefault(point) >= each, point.ToString()));
        },
        plugs: 9);

    /// <summary>After how many passes in each phase: what is passed all the time is killed somewhere near the result that matters.</summary>
    private static int[] Counts(Milestone point, Random random) => point switch
    {
        Milestone.StepStarted or Milestone.StepEnded or Milestone.CommandCommitted => [1],
        Milestone.DeliveryMarked or Milestone.MailDotSent or Milestone.MailAccepted or Milestone.DeliverySettled => [random.Next(1, 4), random.Next(1, 4)],
        _ => [random.Next(1, 6), random.Next(1, 6)],
    };
}
