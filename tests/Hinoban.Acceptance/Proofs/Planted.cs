using System.Diagnostics;
using System.Globalization;
using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof planted</c>: each planted bug is built into a copy of the sources, and the simulator must find it with the seed that is named for it.</summary>
public sealed class Planted(ITestOutputHelper output)
{
    private static readonly string[] Copied =
        ["src/Hinoban", "lab/Hinoban.Lab", "lab/Hinoban.Sim", "eng", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    [Fact(Explicit = true)]
    public void Every_planted_bug_is_found()
    {
        var root = Root();
        var bugs = PlantedBug.All(Path.Combine(root, "tests/Hinoban.Acceptance/PlantedBugs"));
        var copy = Directory.CreateTempSubdirectory("hinoban-planted-").FullName;
        try
        {
            Assert.Empty(bugs.SelectMany(b => b.Misfits(root)));
            Copied.ToList().ForEach(path => Copy(root, copy, path));
            Assert.Equal(0, Simulate(copy, "sound", 1, runs: 3).Exit);

            // One without a seed has been found by nobody yet.
            var missed = bugs.Where(b => b.Seed <= 0 || !IsFound(root, copy, b)).Select(b => b.Title).ToList();
            Assert.Empty(missed);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private bool IsFound(string root, string copy, PlantedBug bug)
    {
        bug.PlantIn(copy);
        var (exit, said) = Simulate(copy, bug.Name, bug.Seed, runs: 1);
        foreach (var file in bug.Changes.Select(c => c.File).Distinct())
        {
            File.Copy(Path.Combine(root, file), Path.Combine(copy, file), overwrite: true);
        }

        output.WriteLine($"{bug.Title}: {(exit == 1 ? "found" : $"NOT FOUND (exit {exit})")}\n{said}");
        return exit == 1;
    }

    // The simulator's own exit: 0 is no violation, 1 is some; anything else did not run.
    private (int Exit, string Said) Simulate(string copy, string name, int seed, int runs)
    {
        var (built, log) = Run(copy, "dotnet", "build", "lab/Hinoban.Sim", "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false");
        Assert.True(built == 0, $"{name} does not build:\n{log}");
        return Run(
            copy,
            Path.Combine(copy, "artifacts/bin/Hinoban.Sim/release/Hinoban.Sim"),
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--days", "2", "--runs", runs.ToString(CultureInfo.InvariantCulture), "--stop", "1");
    }

    private static (int Exit, string Said) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private static void Copy(string root, string copy, string path)
    {
        if (File.Exists(Path.Combine(root, path)))
        {
            File.Copy(Path.Combine(root, path), Path.Combine(copy, path));
            return;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(root, path), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hinoban.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The proof runs inside a checkout.");
        }

        return folder.FullName;
    }
}
