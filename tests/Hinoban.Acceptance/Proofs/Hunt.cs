using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof hunt</c>: looks for a script that shows each planted bug for which none is named yet, for two minutes each, and tells it with its story.</summary>
public sealed class Hunt(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Scripts_for_planted_bugs()
    {
        using var copy = new PlantedCopy();
        copy.Build("sound");
        var unnamed = copy.Bugs.Where(b => b.Seed <= 0).ToList();
        foreach (var bug in unnamed)
        {
            var (_, said) = copy.With(bug, () => copy.Simulate("0.25", "12", "--minutes", "2", "--stop", "1"));
            output.WriteLine($"{bug.Name}:\n{said}");
        }

        output.WriteLine($"{unnamed.Count} of {copy.Bugs.Count} planted bugs had no script, and were hunted for two minutes each");
    }
}
