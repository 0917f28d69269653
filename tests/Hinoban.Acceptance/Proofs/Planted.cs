using System.Globalization;
using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary>
/// <c>./dev proof planted</c>: each planted bug is built into a copy of the sources, and the simulator must find it with the script that is named for it: the same
/// law broken, which the sound sources keep in that script. The short form plants three at once.
/// </summary>
public sealed class Planted(ITestOutputHelper output)
{
    // Each cheap to play, and none in another's way.
    private static readonly string[] Few = ["path-trouble-mails", "unknown-settled-as-sent", "flap-end-loses-recovery"];

    [Fact(Explicit = true)]
    public void Every_planted_bug_is_found()
    {
        PlantedCopy.BuildSimulator("release");
        using var copy = new PlantedCopy("release");
        Assert.Empty(PlantedCopy.Bugs.SelectMany(b => b.Misfits(PlantedCopy.Root)));
        foreach (var scripts in PlantedCopy.Bugs.Where(b => b.Seed > 0).GroupBy(b => (b.Days, b.Density)))
        {
            var (exit, said) = copy.Simulate(scripts.Key.Days, scripts.Key.Density, "--seeds", Seeds(scripts), "--shrinks", "0");
            Assert.True(exit == 0, $"The sound sources break a law:\n{said}");
        }

        // One without a seed has been found by nobody yet.
        Assert.Empty(PlantedCopy.Bugs.Where(b => b.Seed <= 0 || copy.With([b], () => Missed(copy, [b])).Count > 0).Select(b => b.Title).ToList());
    }

    [Fact]
    public void Three_planted_at_once_are_found_and_nothing_in_the_sound_sources()
    {
        using var copy = new PlantedCopy("debug");
        var few = PlantedCopy.Bugs.Where(b => Few.Contains(b.Name)).ToList();
        Assert.Equal(Few.Length, few.Count);
        var (exit, said) = copy.Simulate(few[0].Days, few[0].Density, "--seeds", Seeds(few), "--shrinks", "0");
        Assert.True(exit == 0, $"The sound sources break a law:\n{said}");
        Assert.Empty(copy.With(few, () => Missed(copy, few)));
    }

    private List<string> Missed(PlantedCopy copy, IReadOnlyList<PlantedBug> planted)
    {
        var (exit, said) = copy.Simulate(planted[0].Days, planted[0].Density, "--seeds", Seeds(planted), "--shrinks", "0");
        var missed = planted.Where(b => exit != 1 || !said.Contains(string.Create(CultureInfo.InvariantCulture, $"seed {b.Seed}: {b.Law} at "), StringComparison.Ordinal)).Select(b => b.Title).ToList();
        output.WriteLine($"{string.Join(", ", planted.Select(b => b.Title))}: {(missed.Count == 0 ? "found" : $"NOT FOUND (exit {exit})")}\n{said}");
        return missed;
    }

    private static string Seeds(IEnumerable<PlantedBug> bugs) => string.Join(',', bugs.Select(b => b.Seed.ToString(CultureInfo.InvariantCulture)).Distinct());
}
