using System.Diagnostics;
using System.Globalization;
using Hinoban.Mutants;

// mutants ROOT COPY [PLANTED [TRIED]]: plants, builds and tries those of the files whose names contain these; mutants try TESTS COUNT CLASSES NUMBERS: a process that tries.
if (args is ["try", var tests, var count, var classes, var numbers])
{
    return Trials.Run(tests, int.Parse(count, CultureInfo.InvariantCulture), classes.Split(','), [.. numbers.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]);
}

if (args is not [var root, var copy, ..])
{
    Console.Error.WriteLine("usage: mutants ROOT COPY [PART OF A FILE'S NAME]");
    return 2;
}

var planted = args.ElementAtOrDefault(2) ?? "";
var tried = args.ElementAtOrDefault(3) ?? planted;
var ground = new Orchard(Path.GetFullPath(root), Path.GetFullPath(copy));
var orchard = ground.Plant(planted);
var mutants = orchard.Mutants.Where(m => Orchard.IsWanted(m.File, tried)).ToList();
var justified = Justified.Read(Path.Combine(root, "lab/Hinoban.Mutants/justified.txt"));
var fates = new Dictionary<int, string>();
List<string> table = ["| file | mutants | killed | justified | left | do not compile |", "|---|---|---|---|---|---|"];
foreach (var here in mutants.GroupBy(m => m.File))
{
    Try([.. here], string.Join(',', ground.TestsThatName(Path.GetFileNameWithoutExtension(here.Key))));
    var alive = here.Where(m => fates[m.Number] != "killed").ToList();
    var row = $"| {here.Key} | {here.Count()} | {here.Count() - alive.Count} | {alive.Count(justified.Contains)} | {alive.Count(m => !justified.Contains(m))} | {orchard.Refused.Count(r => r.StartsWith(here.Key, StringComparison.Ordinal))} |";
    Console.WriteLine(row);
    table.Add(row);
}

var living = mutants.Where(m => fates[m.Number] != "killed").ToList();
var unexplained = living.Where(m => !justified.Contains(m)).ToList();
var stale = justified.Stale(living, file => Orchard.IsWanted(file, tried)).ToList();
table.ForEach(Console.WriteLine);
Console.WriteLine($"{mutants.Count} mutants: {mutants.Count - living.Count} killed, {living.Count - unexplained.Count} justified, {unexplained.Count} left, {orchard.Refused.Count} do not compile");
stale.ForEach(line => Console.WriteLine($"justified, but not alive: {line}"));
return unexplained.Count == 0 && stale.Count == 0 ? 0 : 1;

// Those of one file, in as many processes as it takes.
void Try(IReadOnlyList<Mutant> all, string asked)
{
    while (all.Where(m => !fates.ContainsKey(m.Number)).Select(m => m.Number).ToList() is { Count: > 0 } open)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["try", orchard.Tests, orchard.Mutants.Count.ToString(CultureInfo.InvariantCulture), asked, string.Join(',', open)])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" },
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
}
