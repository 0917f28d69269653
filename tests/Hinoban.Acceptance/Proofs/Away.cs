using Hinoban.Lab.Sim;
using Hinoban.Lab.Story;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof away</c>: the promise of the time without a desk, in 200 random runs of cuts, kills and faults.</summary>
public sealed class Away
{
    private const int Runs = 200;

    [Fact(Explicit = true)]
    public void Two_hundred_runs()
    {
        var output = TestContext.Current.TestOutputHelper;
        var (outcomes, broken) = (new List<AwayOutcome>(), new List<string>());
        foreach (var seed in Enumerable.Range(1000, Runs))
        {
            try
            {
                outcomes.Add(AwayFuzz.Run(seed));
            }
            catch (StoryFailedException failed)
            {
                broken.Add(FormattableString.Invariant($"seed {seed}: {failed.Message.Split('\n')[0]}"));
                output?.WriteLine(broken[^1]);
            }
        }

        output?.WriteLine(FormattableString.Invariant(
            $"{Runs} runs: {outcomes.Sum(o => o.Mails)} mails, {outcomes.Sum(o => o.BySites)} of them by sites; {outcomes.Sum(o => o.Adopted)} incidents taken over, {outcomes.Sum(o => o.SpokenTwice)} spoken by two; {outcomes.Sum(o => o.Doubles)} envelopes twice, each by sites that could not know of each other"));
        Assert.Empty(broken);
        Assert.True(outcomes.Sum(o => o.BySites) > Runs);
        Assert.True(outcomes.Sum(o => o.SpokenTwice) > 0);
    }
}
