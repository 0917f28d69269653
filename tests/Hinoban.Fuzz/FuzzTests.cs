namespace Hinoban.Fuzz;

/// <summary>The hunt itself: it repeats, it measures, and what it says of branches is so.</summary>
public sealed class FuzzTests
{
    private const int LongestSeed = 8 * 1024;

    [Fact]
    public void Every_parser_has_a_corpus_of_small_files_and_every_corpus_a_parser()
    {
        Assert.Equal(Parsers.Targets.Select(t => t.Name).Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Corpus.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Parsers.Targets, t => Assert.True(Corpus.Of(t.Name).Count >= 2, t.Name));
        Assert.All(Directory.EnumerateFiles(Corpus.Folder, "*", SearchOption.AllDirectories), f => Assert.InRange(new FileInfo(f).Length, 0, LongestSeed));
    }

    [Fact]
    public void The_same_seed_bends_the_same_inputs()
    {
        static List<byte[]> Bent(ulong seed)
        {
            var mutator = new Mutator(new Dice(seed), Target.Words("word"));
            return [.. Enumerable.Range(0, 2000).Select(_ => mutator.Bend("a seed of 100 bytes"u8.ToArray(), "another"u8.ToArray()).ToArray())];
        }

        Assert.Equal(Bent(7), Bent(7));
        Assert.NotEqual(Bent(7), Bent(8));
        Assert.True(Bent(7).Select(Convert.ToHexString).Distinct().Count() > 1500);
    }

    [Fact]
    public void What_throws_is_slow_or_takes_memory_is_found_and_told_once()
    {
        var kept = new List<byte[]>();
        var target = new Target("made", input =>
        {
            switch (input.Span)
            {
                case [(byte)'t', ..]:
                    throw new InvalidOperationException("thrown");
                case [(byte)'m', ..]:
                    kept.Add(new byte[1_000_000]);
                    break;
                case [(byte)'p', ..]:
                    throw new Broken("a promise");
            }
        });
        Assert.Null(Trial.Of(target, "a"u8.ToArray()));
        Assert.StartsWith("InvalidOperationException", Trial.Of(target, "t"u8.ToArray())!.Key, StringComparison.Ordinal);
        Assert.Equal("memory", Trial.Of(target, "m"u8.ToArray())!.Key);
        Assert.StartsWith("a promise", Trial.Of(target, "p"u8.ToArray())!.Key, StringComparison.Ordinal);
        Assert.Equal("t"u8.ToArray(), Shorter.Of(target, Trial.Of(target, "tttttaaaaa"u8.ToArray())!).Input);
        var hunt = new Hunt(target, 1);
        hunt.Run(["t"u8.ToArray(), "tt"u8.ToArray()], 2);
        Assert.Single(hunt.Findings);
    }

    [Fact]
    public void The_planted_product_runs_and_tells_its_branches()
    {
        var told = new StringWriter();
        Assert.Equal(0, Planting.PlantedContext.Hunt(["range", "--executions", "3000"], told));
        var row = Assert.Single(told.ToString().Split('\n'), l => l.StartsWith("| `range`", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal("3,000", row[2]);
        var (gone, all) = (int.Parse(row[5].Split(' ')[0]), int.Parse(row[5].Split(' ')[2]));
        Assert.InRange(gone, all * 8 / 10, all);
        Assert.InRange(all, 40, 200);
    }
}
