using System.Diagnostics;
using System.Globalization;
using Hinoban.Mutants;

// mutants ROOT COPY [PLANTED [TRIED]]: plants, builds and tries those of the files whose names contain these; mutants try TESTS COUNT NUMBERS: a process that tries.
if (args is ["try", var tests, var count, var numbers])
{
    return Trials.Run(tests, int.Parse(count, CultureInfo.InvariantCulture), [.. numbers.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]);
}

if (args is not [var root, var copy, ..])
{
    Console.Error.WriteLine("usage: mutants ROOT COPY [PART OF A FILE'S NAME]");
    return 2;
}

var planted = args.ElementAtOrDefault(2) ?? "";
var tried = args.ElementAtOrDefault(3) ?? planted;
var orchard = new Orchard(Path.GetFullPath(root), Path.GetFullPath(copy)).Plant(planted);
var mutants = orchard.Mutants.Where(m => Orchard.IsWanted(m.File, tried)).ToList();
var justified = Justified.Read(Path.Combine(root, "lab/Hinoban.Mutants/justified.txt"));
var fates = new Dictionary<int, string>();
while (mutants.Where(m => !fates.ContainsKey(m.Number)).Select(m => m.Number).ToList() is { Count: > 0 } open)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!, ["try", orchard.Tests, orchard.Mutants.Count.ToString(CultureInfo.InvariantCulture), string.Join(',', open)])
    {
        RedirectStandardOutput = true,
    };
    using var trying = Process.Start(start)!;
    var began = false;
    while (trying.StandardOutput.ReadLine() is { } line)
    {
        switch (line.Split(' ', 4))
        {
            case ["tests", var passing, var left]:
                began = true;
                Console.WriteLine($"{passing} tests pass through them; {left} failed or took too long by themselves and are left out");
                break;
            case ["left", ..]:
                Console.Error.WriteLine(line);
                break;
            case ["mutant", var number, var fate, var by]:
                var mutant = orchard.Mutants[int.Parse(number, CultureInfo.InvariantCulture)];
                fates[mutant.Number] = fate;
                if (fate != "killed" || by.Contains("no end", StringComparison.Ordinal))
                {
                    Console.WriteLine($"{(fate != "killed" && justified.Contains(mutant) ? "justified" : fate)} {mutant} {by}".TrimEnd());
                }

                break;
        }
    }

    trying.WaitForExit();
    if (!began)
    {
        throw new InvalidOperationException($"The tests do not run even without a mutant: exit {trying.ExitCode}");
    }

    if (trying.ExitCode is not (0 or 3) && open.Exists(n => !fates.ContainsKey(n)))
    {
        // It took the whole process with it: nobody would overlook that.
        fates[open.Find(n => !fates.ContainsKey(n))] = "killed";
    }
}

var living = mutants.Where(m => fates[m.Number] != "killed").ToList();
var unexplained = living.Where(m => !justified.Contains(m)).ToList();
var stale = justified.Stale(living, file => file.Contains(tried, StringComparison.OrdinalIgnoreCase)).ToList();
Console.WriteLine("| file | mutants | killed | justified | left | do not compile |\n|---|---|---|---|---|---|");
foreach (var file in mutants.Select(m => m.File).Distinct())
{
    bool Here(Mutant m) => m.File == file;
    Console.WriteLine($"| {file} | {mutants.Count(Here)} | {mutants.Count(Here) - living.Count(Here)} | {living.Count(Here) - unexplained.Count(Here)} | {unexplained.Count(Here)} | {orchard.Refused.Count(r => r.StartsWith(file, StringComparison.Ordinal))} |");
}

Console.WriteLine($"{mutants.Count} mutants: {mutants.Count - living.Count} killed, {living.Count - unexplained.Count} justified, {unexplained.Count} left");
stale.ForEach(line => Console.WriteLine($"justified, but not alive: {line}"));
return unexplained.Count == 0 && stale.Count == 0 ? 0 : 1;
