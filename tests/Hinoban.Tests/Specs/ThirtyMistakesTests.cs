using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>All mistakes of a specification are named at once, each where it stands.</summary>
public sealed class ThirtyMistakesTests
{
    private static readonly (int Line, int Column, string Wrong)[] Expected =
    [
        (2, 11, "`Sample_Trading` is not a customer's id"),
        (3, 7, "`name` holds the control character U+000D"),
        (4, 11, "`language`: `jp` is not known"),
        (5, 12, "`Asia/Tokio` is not a time zone"),
        (6, 10, "`edition`: `four` is not a whole number"),
        (7, 1, "`edition` is here twice, first in line 6"),
        (15, 31, "`TANAKA@sample.example.jp` gets every mail twice, first in line 14"),
        (16, 29, "`suzuki at example.jp` is not a mail address"),
        (20, 30, "`ask the desk` is not a phone number"),
        (21, 56, "there is no calendar `busines`"),
        (24, 13, "`interval`: `3` has no unit"),
        (30, 36, "`tiemout` is not a key of an `http` check"),
        (31, 22, "`htps` is not a kind of check"),
        (32, 33, "`crit` (10s) is not below the time-out (10s)"),
        (36, 14, "`192.0.2.300` is not an address"),
        (37, 14, "`machine`: `clod` is not known"),
        (38, 16, "there is no template `databse`"),
        (39, 14, "parents go in a circle: `web01` → `web02` → `web01`"),
        (40, 39, "`ssh-ed25519 AAAA` is not an SSH host key"),
        (42, 7, "a `tcp` check has no `port`"),
        (43, 42, "`warn` (9s) is above `crit` (8s)"),
        (44, 47, "`attempts` is 0"),
        (45, 39, "`command` is the word `check_queue -w 100`"),
        (46, 33, "`/a b` is not a path"),
        (46, 50, "there is no runbook `restart-wbe`"),
        (47, 35, "`crit`: `fast` is not a ping threshold"),
        (47, 49, "`nagoya` is not one of the customer's sites"),
        (51, 3, "`web 03` is not a host's name"),
        (57, 21, "there is no host `web1`"),
        (58, 26, "`web01` has no check `htttp`"),
    ];

    [Fact]
    public void Thirty_mistakes_are_thirty_located_problems()
    {
        var problems = SpecReader.Read(SpecSamples.ThirtyMistakes).Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        Assert.Equal(30, Expected.Length);
        Assert.Equal(Expected, problems.Select(p => (p.Line, p.Column, p.Wrong)));
        Assert.All(problems, p => Assert.Equal(SpecSamples.ThirtyMistakes, p.File));
        Assert.All(problems, p => Assert.NotEqual("", p.Right));
    }

    [Theory]
    [InlineData(4, "did you mean `ja`?")]
    [InlineData(5, "did you mean `Asia/Tokyo`?")]
    [InlineData(24, "write `3s` or `3m`")]
    [InlineData(30, "did you mean `timeout`?")]
    [InlineData(31, "did you mean `https`?")]
    [InlineData(37, "did you mean `cloud`?")]
    [InlineData(57, "did you mean `web01`?")]
    [InlineData(58, "did you mean `web01/http`?")]
    public void A_problem_says_what_would_be_right(int line, string right) =>
        Assert.Contains(SpecReader.Read(SpecSamples.ThirtyMistakes).Problems, p => p.Line == line && p.Right == right);

    [Fact]
    public void A_problem_reads_as_one_line()
    {
        var problem = SpecReader.Read(SpecSamples.ThirtyMistakes).Problems.First(p => p.Line == 30);
        Assert.Equal($"{SpecSamples.ThirtyMistakes}:30:36: `tiemout` is not a key of an `http` check, did you mean `timeout`?", problem.ToString());
    }
}
