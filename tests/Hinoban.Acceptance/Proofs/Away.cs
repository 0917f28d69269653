using Hinoban.Lab.Sim;
using Hinoban.Lab.Story;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof away</c>: the promise of the time without a desk, in 200 random runs of cuts, kills and faults.</summary>
public sealed class Away(ITestOutputHelper output)
{
    private const int First = 1000;
    private const int Runs = 200;
    private const int TellEvery = 20;

    private readonly Lock sync = new();
    private readonly List<AwayOutcome> outcomes = [];
    private readonly List<string> broken = [];

    [Fact(Explicit = true)]
    public void Two_hundred_runs()
    {
        Enumerable.Range(First, Runs).AsParallel().WithDegreeOfParallelism(2).WithMergeOptions(ParallelMergeOptions.NotBuffered).ForAll(Play);
        output.WriteLine(Count());
        Assert.Empty(broken);
        Assert.Equal(Runs, outcomes.Count);
        Assert.True(outcomes.Sum(o => o.BySites) > Runs);
        Assert.True(outcomes.Sum(o => o.Adopted) > Runs);
        Assert.True(outcomes.Sum(o => o.Stood) > Runs);
        Assert.True(outcomes.Sum(o => o.SpokenTwice) > 0);
    }

    private void Play(int seed)
    {
        AwayOutcome? outcome = null;
        var wrong = "";
        try
        {
            outcome = AwayFuzz.Run(seed);
        }
        catch (StoryFailedException failed)
        {
            wrong = FormattableString.Invariant($"seed {seed}: {failed.Message.Split('\n')[0]}");
        }

        lock (sync)
        {
            if (outcome is null)
            {
                broken.Add(wrong);
                output.WriteLine(wrong);
            }
            else
            {
                outcomes.Add(outcome);
            }

            if ((outcomes.Count + broken.Count) % TellEvery == 0)
            {
                output.WriteLine(Count());
            }
        }
    }

    private string Count() => FormattableString.Invariant(
        $"{outcomes.Count} of {Runs} runs kept the promise, {broken.Count} broke it: {outcomes.Sum(o => o.Mails)} mails, {outcomes.Sum(o => o.BySites)} of them by sites; {outcomes.Sum(o => o.Stood)} faults had to be told whoever could speak, and were; {outcomes.Sum(o => o.Adopted)} incidents taken over, {outcomes.Sum(o => o.SpokenTwice)} spoken by two; {outcomes.Sum(o => o.Doubles)} envelopes twice, each by sites that could not know of each other");
}
