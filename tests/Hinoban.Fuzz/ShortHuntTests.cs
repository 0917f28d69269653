namespace Hinoban.Fuzz;

/// <summary>The short form: every parser's seeds, and some thousand inputs bent from them, the same at every run.</summary>
public sealed class ShortHuntTests
{
    public static TheoryData<string> Names => [.. Parsers.Targets.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Hostile_input_breaks_no_promise(string parser)
    {
        var target = Parsers.Targets.Single(t => t.Name == parser);
        var hunt = new Hunt(target, seed: 20260414);
        hunt.Run(Corpus.Of(parser), target.Short);
        Assert.Empty(hunt.Findings.Select(f => $"{f.Key}: {f.What}\n{Convert.ToBase64String(f.Input)}"));
        Assert.InRange(hunt.Executions, target.Short, long.MaxValue);
    }
}
