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
    public void Lines_that_have_gone_are_told()
    {
        var gone = PlantedBug.Parse("gone", ["Bug: x", "--- a/README.md", "+++ b/README.md", "@@ -1 +1 @@", "-no such line", "+another"]);
        Assert.Contains("no such line", Assert.Single(gone.Misfits(Repository.Root)));
    }
}
