using System.Globalization;
using System.Text;

namespace Hinoban.Fuzz;

/// <summary>What the long hunt was told on its command line.</summary>
internal sealed record HuntOptions(IReadOnlyList<string> Parsers, long Executions, ulong Seed, TimeSpan? Within, int Threads, string? Grow, bool NotGone, string? Input)
{
    internal static HuntOptions Parse(IReadOnlyList<string> words)
    {
        var parsers = words.Count > 0 && !words[0].StartsWith('-') ? words[0].Split(',') : [];
        var named = words.Skip(Math.Min(1, parsers.Length)).Chunk(2).ToDictionary(p => p[0], p => p.Length == 2 ? p[1] : throw new FormatException($"{p[0]} wants a value"));
        string? Take(string name) => named.Remove(name, out var value) ? value : null;
        var options = new HuntOptions(
            parsers,
            long.Parse(Take("--executions") ?? "5000000", CultureInfo.InvariantCulture),
            ulong.Parse(Take("--seed") ?? "1", CultureInfo.InvariantCulture),
            Take("--minutes") is { } minutes ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : null,
            Take("--threads") is { } threads ? int.Parse(threads, CultureInfo.InvariantCulture) : Environment.ProcessorCount,
            Take("--grow"),
            Take("--branches") == "open",
            Take("--input"));
        return named.Count == 0 ? options : throw new FormatException($"{named.Keys.First()} is not known; --executions N, --seed S, --minutes M, --threads T, --grow FOLDER, --branches open, --input FILE are");
    }
}

/// <summary>One target after the other for as many executions as asked for, and a row of what each came to.</summary>
internal static class LongHunt
{
    internal const string Heading = "| parser | executions | a second | seeds | branches | findings |\n|---|---|---|---|---|---|";

    private const int LongestSeed = 4096;

    /// <summary>
    /// Called in a planted context, which is why it takes and gives what both contexts know. Asks for the next target's name until there is none, and
    /// gives the number of findings.
    /// </summary>
    internal static int Run(string[] words, Func<string?> next, TextWriter to, byte[][] marks, string[][] ways, CancellationToken stop)
    {
        var options = HuntOptions.Parse(words);
        var planted = marks.Zip(ways, (m, w) => (Marks: m, Ways: Array.ConvertAll(w, Way.Parse))).ToList();
        var found = 0;
        while (!stop.IsCancellationRequested && next() is { } name)
        {
            var target = Parsers.Targets.Single(t => t.Name == name);
            var part = planted.First(p => p.Ways.Any(w => target.Sources.Contains(w.File)));
            var told = new StringWriter { NewLine = "\n" };
            found += One(target, options, new Covered(part.Marks, part.Ways, target.Sources), told, stop);
            to.Write(told);
        }

        return found;
    }

    private static int One(Target target, HuntOptions options, Covered covered, TextWriter to, CancellationToken stop)
    {
        covered.Clear();
        var clock = TimeProvider.System;
        var (begun, worked) = (clock.GetTimestamp(), ThreadClock.Now);
        var seeds = options.Input is { } file ? [File.ReadAllBytes(file)] : Corpus.Of(target.Name);
        var hunt = new Hunt(target, options.Seed, covered);
        using (var last = new LastInput(target.Name))
        {
            hunt.Run(
                seeds,
                options.Input is null ? options.Executions : 1,
                () => !stop.IsCancellationRequested && (options.Within is not { } within || clock.GetElapsedTime(begun) < within),
                last.Is);
        }

        worked = ThreadClock.Now - worked;
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{target.Name}` | {hunt.Executions:#,0} | {hunt.Executions / worked.TotalSeconds:#,0} | {seeds.Count} | {covered.Count} of {covered.All} ({100.0 * covered.Count / Math.Max(1, covered.All):0} %) | {hunt.Findings.Count} |"));
        if (options.NotGone)
        {
            foreach (var way in covered.NotGone().Distinct().OrderBy(w => w.File).ThenBy(w => w.Line))
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

    private static void Tell(Finding finding, TextWriter to)
    {
        var kept = Corpus.Keep(Path.Combine(AppContext.BaseDirectory, "findings"), finding.Key.Replace('/', '.').Replace(' ', '-'), finding.Input);
        to.WriteLine($"  {finding.Key}: {finding.What}");
        to.WriteLine($"    {kept}: {Encoding.Latin1.GetString(finding.Input.AsSpan(0, Math.Min(200, finding.Input.Length)))}");
    }
}
