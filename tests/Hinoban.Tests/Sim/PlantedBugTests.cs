using Hinoban.Lab.Sim;
using Hinoban.Tests.House;

namespace Hinoban.Tests.Sim;

/// <summary>The planted bugs fit the sources as they are, so that <c>./dev proof planted</c> has something to find.</summary>
public sealed class PlantedBugTests
{
    private static readonly IReadOnlyList<PlantedBug> Bugs = PlantedBug.All(Path.Combine(Repository.Root, "tests/Hinoban.Acceptance/PlantedBugs"));

    [Fact]
    public void Each_fits_the_sources()
    {
        Assert.True(Bugs.Count > 20);
        Assert.Empty(Bugs.SelectMany(b => b.Misfits(Repository.Root)));
    }

    [Fact]
    public void Each_changes_something_and_says_what() => Assert.All(Bugs, b =>
    {
        Assert.NotEmpty(b.Title);
        Assert.NotEmpty(b.Changes);
        Assert.All(b.Changes, c => Assert.NotEqual(c.Before, c.After));
    });

    [Fact]
    public void What_shows_it_is_read_from_its_head()
    {
        var bug = PlantedBug.Parse("b", ["Bug: it lies", "Law: it tells the truth", "Seed: 12", "Days: 0.25", "Density: 3", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a", "+b"]);
        Assert.Equal(("it lies", "it tells the truth", 12, "0.25", "3"), (bug.Title, bug.Law, bug.Seed, bug.Days, bug.Density));
    }

    [Fact]
    public void Each_has_a_script_and_a_law_and_a_row_of_the_page()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs/reference/simulator.md"));
        Assert.All(Bugs, b =>
        {
            var row = Assert.Single(page, l => l.Contains($"| `{b.Name}` |", StringComparison.Ordinal));
            Assert.Contains($"{b.Law} | {b.Seed} | `--days {b.Days}` |", row);
            Assert.True(b.Seed > 0 && b.Law.Length > 0 && b.Density == "1");
        });
    }

    [Fact]
    public void Lines_that_have_gone_are_told()
    {
        var gone = PlantedBug.Parse("gone", ["Bug: x", "--- a/README.md", "+++ b/README.md", "@@ -1 +1 @@", "-no such line", "+another"]);
        Assert.Contains("no such line", Assert.Single(gone.Misfits(Repository.Root)));
    }
}
