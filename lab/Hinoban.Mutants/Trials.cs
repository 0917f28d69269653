using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace Hinoban.Mutants;

/// <summary>Tries mutants in this process, one after the other: each with the tests that pass through it, the quickest first.</summary>
internal static class Trials
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly string[] Elsewhere = ["House", "Server", "Sim", "Storage", "Stories"];

    /// <summary>Prints a line for each from <paramref name="first"/> on: its number, what became of it, and by which test. Exit 3: one did not end; go on after it in another process.</summary>
    internal static int Run(string assembly, int count, int first)
    {
        var tests = Load(assembly);
        var mutant = AssemblyLoadContext.GetLoadContext(tests)!.LoadFromAssemblyName(new AssemblyName("Hinoban.Core")).GetType("Hinoban.Mutant")!;
        var (active, seen) = (mutant.GetField("Active")!, mutant.GetField("Seen")!);
        var trials = Measure(tests, seen, count, out var left);
        Console.WriteLine($"tests {trials.Count} {left}");
        for (var number = first; number < count; number++)
        {
            active.SetValue(null, number);
            var by = "";
            var hangs = false;
            foreach (var (trial, took, through) in trials.Where(t => t.Through[number]))
            {
                if (trial.Fails(took * 10 + TimeSpan.FromSeconds(10), out hangs) is { } why)
                {
                    by = $"{trial.Name} ({why})";
                    break;
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mutant {number} {(by.Length > 0 ? "killed" : trials.Any(t => t.Through[number]) ? "survived" : "unseen")} {by}"));
            if (hangs)
            {
                return 3;
            }
        }

        return 0;
    }

    private static List<(Trial Trial, TimeSpan Took, bool[] Through)> Measure(Assembly tests, FieldInfo seen, int count, out int left)
    {
        var measured = new List<(Trial Trial, TimeSpan Took, bool[] Through)>();
        left = 0;
        foreach (var trial in Trial.Of(tests, IsWanted))
        {
            var through = new bool[count];
            seen.SetValue(null, through);
            var start = TimeProvider.System.GetTimestamp();
            var fails = trial.Fails(Longest, out _) is not null;
            seen.SetValue(null, null);
            if (fails)
            {
                left++;
            }
            else if (through.Contains(true))
            {
                measured.Add((trial, TimeProvider.System.GetElapsedTime(start), through));
            }
        }

        return [.. measured.OrderBy(m => m.Took)];
    }

    // Tests of pages, servers and whole stories say little about one rule, and take long; those over a server database start one.
    private static bool IsWanted(Type test)
    {
        var room = test.Namespace!.Split('.').ElementAtOrDefault(2) ?? "";
        return !Elsewhere.Contains(room) && (room != "Console" || test.Name == "PartTests") && !test.Name.EndsWith("OnServer", StringComparison.Ordinal);
    }

    private static Assembly Load(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } found ? System.Runtime.InteropServices.NativeLibrary.Load(found) : 0;
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }
}
