using Hinoban.Acceptance.Paths;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof faults</c>: the fault matrix with real processes in networks of their own, at a shortened interval and, for eleven faults, at the true one.</summary>
public sealed class Faults(ITestOutputHelper output)
{
    private static readonly TimeSpan GoneShort = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan GoneTrue = TimeSpan.FromMinutes(30);

    private static readonly string[] AtTheTrueInterval =
    [
        "link cut between one site and the target", "30 % loss between one site and the target", "400 ms delay to and from one site", "DNS gone for one site",
        "one site cut off from everything", "clock of one site 1 h ahead, then back", "clock of the desk 1 h behind, then back", "disk of the desk full",
        "target refuses", "target in a black hole",
    ];

    // Part of a row's name: only such rows are played.
    private static readonly string Only = Environment.GetEnvironmentVariable("FAULTS_ONLY") ?? "";

    private readonly List<FaultFigures> figures = [];
    private readonly List<string> wrong = [];

    [Fact(Explicit = true)]
    public async Task At_a_shortened_interval()
    {
        await using var town = await FaultTown.StartAsync(FaultTimes.Short);
        var matrix = new FaultMatrix(town);
        var targets = FaultRows.Targets.Where(r => IsAsked(r.Name)).ToList();
        foreach (var row in targets)
        {
            await TryAsync(town, row.Name, () => matrix.PlayAsync(row), row.End);
        }

        Close(targets.Count + await FaultsAsync(town, matrix, clocks: false));
    }

    [Fact(Explicit = true)]
    public async Task Clocks_at_a_shortened_interval()
    {
        await using var town = await FaultTown.StartAsync(FaultTimes.Short, clocks: true);
        Close(await FaultsAsync(town, new FaultMatrix(town), clocks: true));
    }

    [Fact(Explicit = true)]
    public async Task Without_a_desk_at_a_shortened_interval()
    {
        await using var town = await FaultTown.StartAsync(FaultTimes.Short, peers: true);
        await TryAsync(town, DeskGone.Name(GoneShort), () => new DeskGone(town).PlayAsync(GoneShort), Nothing);
        Close(1);
    }

    /// <summary>Eleven towns at once: each mostly waits.</summary>
    [Fact(Explicit = true)]
    public async Task At_the_true_interval()
    {
        var rows = FaultRows.Faults.Where(r => AtTheTrueInterval.Contains(r.Name)).Select(r => new Play(r.Name, town => new FaultMatrix(town).PlayAsync(r), Clocks: r.Clocks))
            .Concat(FaultRows.Targets.Where(r => AtTheTrueInterval.Contains(r.Name)).Select(r => new Play(r.Name, town => new FaultMatrix(town).PlayAsync(r))))
            .Append(new Play(DeskGone.Name(GoneTrue), town => new DeskGone(town).PlayAsync(GoneTrue), Peers: true))
            .ToList();
        Assert.Equal(AtTheTrueInterval.Length + 1, rows.Count);
        rows.RemoveAll(r => !IsAsked(r.Name));
        var playing = new List<Task>();

        // The longest first, and one start after the other: a start is work, the rest is waiting.
        foreach (var row in rows.OrderByDescending(r => r.Peers))
        {
            playing.Add(PlayAsync(await FaultTown.StartAsync(FaultTimes.True, row.Clocks, row.Peers), row));
        }

        await Task.WhenAll(playing);
        Close(rows.Count);
    }

    private static Task Nothing(FaultTown town) => Task.CompletedTask;

    private static bool IsAsked(string name) => name.Contains(Only, StringComparison.Ordinal);

    private async Task<int> FaultsAsync(FaultTown town, FaultMatrix matrix, bool clocks)
    {
        var rows = FaultRows.Faults.Where(f => f.Clocks == clocks && IsAsked(f.Name)).ToList();
        foreach (var row in rows)
        {
            await TryAsync(town, row.Name, () => matrix.PlayAsync(row), row.End);
        }

        return rows.Count;
    }

    private async Task PlayAsync(FaultTown town, Play row)
    {
        await using (town)
        {
            await TryAsync(town, row.Name, () => row.Begin(town), Nothing);
        }
    }

    private async Task TryAsync(FaultTown town, string name, Func<Task<FaultFigures>> play, Func<FaultTown, Task> end)
    {
        try
        {
            var came = await play();
            output.WriteLine(came.ToString());
            lock (figures)
            {
                figures.Add(came);
            }
        }
        catch (Exception broken) when (broken is Xunit.Sdk.XunitException or TimeoutException or HttpRequestException or InvalidOperationException)
        {
            lock (wrong)
            {
                wrong.Add($"{name}: {broken.Message}");
            }

            output.WriteLine($"| {name} | FAILED: {broken.Message}\n{await town.TellAsync()}");

            // The next row finds the town whole.
            await end(town);
            town.StartWeb();
        }
    }

    private void Close(int asked)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{figures.Count} of {asked} rows kept; {figures.Sum(f => f.PathMails)} customer mails of {figures.Count(f => f.Held > TimeSpan.Zero)} faults that were none of the target's; {figures.Count} faults of the target mailed, the closest to its bound at {(figures.Count == 0 ? 0 : figures.Max(f => f.Took / f.Limit)):0 %} of it"));
        Assert.Empty(wrong);
        Assert.True(asked > 0 || Only.Length > 0);
        Assert.Equal(asked, figures.Count);
    }

    /// <summary>A row with the town that it needs.</summary>
    private sealed record Play(string Name, Func<FaultTown, Task<FaultFigures>> Begin, bool Clocks = false, bool Peers = false);
}
