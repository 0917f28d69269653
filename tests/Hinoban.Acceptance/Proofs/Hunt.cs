using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof hunt</c>: looks for a script that shows each planted bug for which none is named yet, for five minutes each, and tells it with its story.</summary>
public sealed class Hunt(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Scripts_for_planted_bugs()
    {
        PlantedCopy.BuildSimulator("release");
        using var copy = new PlantedCopy("release");
        var unnamed = PlantedCopy.Bugs.Where(b => b.Seed <= 0).ToList();
        foreach (var bug in unnamed)
        {
            var (_, said) = copy.With([bug], () => copy.Simulate("0.15", "1", "--minutes", "5", "--stop", "1"));
            output.WriteLine($"{bug.Name}:\n{said}");
        }

        output.WriteLine($"{unnamed.Count} of {PlantedCopy.Bugs.Count} planted bugs had no script, and were hunted for five minutes each");
    }
}
