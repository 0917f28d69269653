using System.Diagnostics;
using System.Globalization;
using Hinoban.Mutants;

// mutants ROOT COPY [ONLY]: plants, builds and tries all; mutants try TESTS COUNT FIRST: a process that tries.
if (args is ["try", var tests, var count, var first])
{
    return Trials.Run(tests, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(first, CultureInfo.InvariantCulture));
}

if (args is not [var root, var copy, ..])
{
    Console.Error.WriteLine("usage: mutants ROOT COPY [PART OF A FILE'S NAME]");
    return 2;
}

var orchard = new Orchard(Path.GetFullPath(root), Path.GetFullPath(copy)).Plant(args.ElementAtOrDefault(2) ?? "");
Console.WriteLine($"{orchard.Mutants.Count} mutants planted, {orchard.Refused} do not compile");
var justified = Justified.Read(Path.Combine(root, "lab/Hinoban.Mutants/justified.txt"));
var fates = new Dictionary<int, string>();
while (fates.Count < orchard.Mutants.Count)
{
    var next = fates.Count;
    var start = new ProcessStartInfo(Environment.ProcessPath!, ["try", orchard.Tests, orchard.Mutants.Count.ToString(CultureInfo.InvariantCulture), next.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    };
    using var trying = Process.Start(start)!;
    while (trying.StandardOutput.ReadLine() is { } line)
    {
        switch (line.Split(' ', 4))
        {
            case ["tests", var passing, var left]:
                Console.WriteLine($"{passing} tests pass through them; {left} failed or took too long by themselves and are left out");
                break;
            case ["mutant", var number, var fate, var by]:
                fates[int.Parse(number, CultureInfo.InvariantCulture)] = fate;
                if (fate != "killed")
                {
                    var mutant = orchard.Mutants[fates.Count - 1];
                    Console.WriteLine($"{(justified.Contains(mutant) ? "justified" : fate)} {mutant}");
                }

                break;
        }
    }

    trying.WaitForExit();
    if (trying.ExitCode is not (0 or 3) && fates.Count == next)
    {
        // It took the whole process with it: nobody would overlook that.
        fates[next] = "killed";
    }
}

var living = orchard.Mutants.Where(m => fates[m.Number] != "killed").ToList();
Console.WriteLine($"{orchard.Mutants.Count} mutants: {orchard.Mutants.Count - living.Count} killed, {living.Count(justified.Contains)} justified, {living.Count(m => !justified.Contains(m))} left");
foreach (var stale in justified.Stale(living))
{
    Console.WriteLine($"justified, but not alive: {stale}");
}

return living.All(justified.Contains) ? 0 : 1;
