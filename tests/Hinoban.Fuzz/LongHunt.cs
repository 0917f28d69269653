using System.Globalization;
using System.Text;

namespace Hinoban.Fuzz;

/// <summary>What the long hunt was told on its command line.</summary>
internal sealed record HuntOptions(string Parser, long Executions, ulong Seed, TimeSpan? Within, string? Grow, bool NotGone, string? Input)
{
    internal static HuntOptions Parse(IReadOnlyList<string> words)
    {
        var parser = words.Count > 0 && !words[0].StartsWith('-') ? words[0] : "";
        var named = words.Skip(parser.Length > 0 ? 1 : 0).Chunk(2).ToDictionary(p => p[0], p => p.Length == 2 ? p[1] : throw new FormatException($"{p[0]} wants a value"));
        string? Take(string name) => named.Remove(name, out var value) ? value : null;
        var options = new HuntOptions(
            parser,
            long.Parse(Take("--executions") ?? "5000000", CultureInfo.InvariantCulture),
            ulong.Parse(Take("--seed") ?? "1", CultureInfo.InvariantCulture),
            Take("--minutes") is { } minutes ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : null,
            Take("--grow"),
            Take("--branches") == "open",
            Take("--input"));
        return named.Count == 0 ? options : throw new FormatException($"{named.Keys.First()} is not known; --executions N, --seed S, --minutes M, --grow FOLDER, --branches open, --input FILE are");
    }
}

/// <summary>Every target for as many executions as asked for, one after the other, and a table of what they came to.</summary>
internal static class LongHunt
{
    private const int LongestSeed = 4096;

    /// <summary>Called in the planted context, which is why it takes and gives what both contexts know.</summary>
    internal static int Run(string[] words, TextWriter to, byte[][] marks, string[][] ways)
    {
        var options = HuntOptions.Parse(words);
        var parts = marks.Zip(ways, (m, w) => (Covered: new Covered(m, Array.ConvertAll(w, Way.Parse)), Files: w.Select(x => Way.Parse(x).File).ToHashSet())).ToList();
        var targets = Parsers.Targets.Where(t => options.Parser.Length == 0 || options.Parser.Split(',').Contains(t.Name)).ToList();
        if (targets.Count == 0)
        {
            to.WriteLine($"no parser is called {options.Parser}; these are: {string.Join(", ", Parsers.Targets.Select(t => t.Name))}");
            return 64;
        }

        to.WriteLine("| parser | executions | a second | seeds | branches | findings |");
        to.WriteLine("|---|---|---|---|---|---|");
        var found = 0;
        foreach (var target in targets)
        {
            found += One(target, options, parts.First(p => target.Sources.Any(p.Files.Contains)).Covered, to);
        }

        to.WriteLine(found == 0 ? $"{targets.Count} parsers hold." : $"{found} findings.");
        return found == 0 ? 0 : 1;
    }

    private static int One(Target target, HuntOptions options, Covered covered, TextWriter to)
    {
        covered.Clear();
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        var seeds = options.Input is { } file ? [File.ReadAllBytes(file)] : Corpus.Of(target.Name);
        var hunt = new Hunt(target, options.Seed, covered);
        using (var last = new LastInput(target.Name))
        {
            hunt.Run(seeds, options.Input is null ? options.Executions : 1, () => options.Within is not { } within || clock.GetElapsedTime(begun) < within, last.Is);
        }

        var took = clock.GetElapsedTime(begun);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{target.Name}` | {hunt.Executions:#,0} | {hunt.Executions / took.TotalSeconds:#,0} | {seeds.Count} | {Branches(target, covered)} | {hunt.Findings.Count} |"));
        if (options.NotGone)
        {
            foreach (var way in covered.NotGone(target.Sources).Distinct().OrderBy(w => w.File).ThenBy(w => w.Line))
            {
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  not gone: {way.File}:{way.Line} {way.Method}"));
            }
        }

        foreach (var finding in hunt.Findings)
        {
            Tell(Shorter.Of(target, finding), to);
        }

        if (options.Grow is { } folder && hunt.Findings.Count == 0)
        {
            foreach (var input in Shorter.Cover(target, seeds, [.. hunt.Pool.Skip(seeds.Count).Where(i => i.Length <= LongestSeed)], covered))
            {
                Corpus.Keep(Path.Combine(folder, target.Name), "found", input);
            }
        }

        return hunt.Findings.Count;
    }

    private static string Branches(Target target, Covered covered)
    {
        var ratios = target.Sources.Select(covered.Ratio).ToList();
        var (gone, all) = (ratios.Sum(r => r.Gone), ratios.Sum(r => r.All));
        return string.Create(CultureInfo.InvariantCulture, $"{gone} of {all} ({100.0 * gone / Math.Max(1, all):0} %)");
    }

    private static void Tell(Finding finding, TextWriter to)
    {
        var kept = Corpus.Keep(Path.Combine(AppContext.BaseDirectory, "findings"), finding.Key.Replace('/', '.').Replace(' ', '-'), finding.Input);
        to.WriteLine($"  {finding.Key}: {finding.What}");
        to.WriteLine($"    {kept}: {Encoding.Latin1.GetString(finding.Input.AsSpan(0, Math.Min(200, finding.Input.Length)))}");
    }
}
