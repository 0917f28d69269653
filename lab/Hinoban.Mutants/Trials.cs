using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace Hinoban.Mutants;

/// <summary>Tries mutants in this process, one after the other: each with the tests that pass through it, the quickest first.</summary>
internal static class Trials
{
    // Of processor time. A test of a rule takes milliseconds; what takes longer is about something else. All that pass through one mutant are given this long together.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTogether = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Prints a line for each of <paramref name="numbers"/>, tried by the tests of <paramref name="classes"/>: its number, what became of it, and by which test. Exit 3: one did not end; go on after it in another process.
    /// </summary>
    internal static int Run(string assembly, int count, IReadOnlyCollection<string> classes, IReadOnlyList<int> numbers)
    {
        var tests = Load(assembly);
        var mutant = AssemblyLoadContext.GetLoadContext(tests)!.LoadFromAssemblyName(new AssemblyName("Hinoban.Core")).GetType("Hinoban.Mutant")!;
        var (active, seen) = (mutant.GetField("Active")!, mutant.GetField("Seen")!);
        var asked = Measure(tests, classes, seen, count, numbers, out var left);
        Console.WriteLine($"tests {asked.Count} {left}");
        foreach (var number in numbers)
        {
            var through = asked.Where(t => t.Through[number]).ToList();
            var (fate, by, hangs) = Try(number, through, active, asked);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mutant {number} {fate} {by}"));
            if (hangs)
            {
                return 3;
            }
        }

        return 0;
    }

    private static (string Fate, string By, bool Hangs) Try(int number, List<Asked> through, FieldInfo active, List<Asked> all)
    {
        var start = Trial.Spent;
        foreach (var test in through)
        {
            active.SetValue(null, number);
            var why = test.Trial.Fails((test.Took * 10) + Patience, out var hangs);
            active.SetValue(null, -1);
            if (hangs)
            {
                return ("killed", $"{test.Trial.Name} ({why})", true);
            }

            // Who fails without the mutant as well says nothing about it.
            if (why is not null && test.Trial.Fails((test.Took * 10) + Patience, out _) is null)
            {
                return ("killed", $"{test.Trial.Name} ({why})", false);
            }

            if (why is not null)
            {
                all.Remove(test);
            }

            if (Trial.Spent - start > LongestTogether)
            {
                return ("survived", string.Create(CultureInfo.InvariantCulture, $"(in {through.IndexOf(test) + 1} of {through.Count} tests, then time was up)"), false);
            }
        }

        return (through.Count > 0 ? "survived" : "unseen", "", false);
    }

    private static List<Asked> Measure(Assembly tests, IReadOnlyCollection<string> classes, FieldInfo seen, int count, IReadOnlyList<int> numbers, out int left)
    {
        var measured = new List<Asked>();
        left = 0;
        // Those over a server's database start one.
        foreach (var trial in Trial.Of(tests, t => classes.Contains(t.Name) && !t.Name.EndsWith("OnServer", StringComparison.Ordinal)))
        {
            var through = new bool[count];
            seen.SetValue(null, through);
            var start = Trial.Spent;
            // To its end: one that goes on beside the others would be counted as their work.
            var fails = trial.Fails(Longest * 30, out _);
            var took = Trial.Spent - start;
            seen.SetValue(null, null);
            if (fails is not null || took > Longest)
            {
                left++;
                Console.WriteLine($"left {trial.Name} {fails ?? "slow"}");
            }
            else if (numbers.Any(n => through[n]))
            {
                measured.Add(new(trial, took, through));
            }
        }

        return [.. measured.OrderBy(m => m.Took)];
    }

    private static Assembly Load(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } found ? System.Runtime.InteropServices.NativeLibrary.Load(found) : 0;
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    private sealed record Asked(Trial Trial, TimeSpan Took, bool[] Through);
}
