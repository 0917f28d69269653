using Hinoban.Acceptance.Paths;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof faults</c>: the fault matrix with real processes in networks of their own, at a shortened interval and, for ten faults, at the true one.</summary>
public sealed class Faults(ITestOutputHelper output)
{
    private static readonly string[] AtTheTrueInterval =
    [
        "link cut between one site and the target", "30 % loss between one site and the target", "400 ms delay to and from one site", "DNS gone for one site",
        "one site cut off from everything", "clock of one site 1 h ahead, then back", "clock of the desk 1 h behind, then back", "disk of the desk full",
        "target refuses", "target in a black hole",
    ];

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_a_shortened_interval(bool clocks)
    {
        await using var town = await FaultTown.StartAsync(FaultTimes.Short, clocks);
        var matrix = new FaultMatrix(town);
        var wrong = new List<string>();
        foreach (var row in FaultRows.Targets.Where(_ => !clocks))
        {
            await TryAsync(town, wrong, row.Name, () => matrix.PlayAsync(row), row.End);
        }

        foreach (var row in FaultRows.Faults.Where(f => f.Clocks == clocks))
        {
            await TryAsync(town, wrong, row.Name, () => matrix.PlayAsync(row), row.End);
        }

        Assert.Empty(wrong);
    }

    /// <summary>Ten towns at once: each mostly waits.</summary>
    [Fact(Explicit = true)]
    public async Task At_the_true_interval()
    {
        var wrong = new List<string>();
        var rows = FaultRows.Faults.Where(r => AtTheTrueInterval.Contains(r.Name)).Select(r => (r.Name, r.Clocks, Play: (Func<FaultMatrix, Task<FaultFigures>>)(m => m.PlayAsync(r))))
            .Concat(FaultRows.Targets.Where(r => AtTheTrueInterval.Contains(r.Name)).Select(r => (r.Name, Clocks: false, Play: (Func<FaultMatrix, Task<FaultFigures>>)(m => m.PlayAsync(r)))))
            .ToList();
        Assert.Equal(AtTheTrueInterval.Length, rows.Count);
        var playing = new List<Task>();
        foreach (var (name, clocks, play) in rows)
        {
            // Started one after the other: a start is work, the rest is waiting.
            var town = await FaultTown.StartAsync(FaultTimes.True, clocks);
            playing.Add(PlayAsync(town, name, play, wrong));
        }

        await Task.WhenAll(playing);
        Assert.Empty(wrong);
    }

    private async Task PlayAsync(FaultTown town, string name, Func<FaultMatrix, Task<FaultFigures>> play, List<string> wrong)
    {
        await using (town)
        {
            await TryAsync(town, wrong, name, () => play(new FaultMatrix(town)), _ => Task.CompletedTask);
        }
    }

    private async Task TryAsync(FaultTown town, List<string> wrong, string name, Func<Task<FaultFigures>> play, Func<FaultTown, Task> end)
    {
        try
        {
            output.WriteLine((await play()).ToString());
        }
        catch (Exception broken) when (broken is Xunit.Sdk.XunitException or TimeoutException or HttpRequestException or InvalidOperationException)
        {
            lock (wrong)
            {
                wrong.Add($"{name}: {broken.Message}");
            }

            output.WriteLine($"| {name} | FAILED: {broken.Message}\n{town.Tell()}");

            // The next row finds the town whole.
            await end(town);
            town.StartWeb();
        }
    }
}
