using System.Diagnostics;
using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary>A copy of the sources into which bugs are planted, one at a time, and the simulator that is built from it.</summary>
internal sealed class PlantedCopy : IDisposable
{
    private static readonly string[] Copied =
        ["src/Hinoban", "lab/Hinoban.Lab", "lab/Hinoban.Sim", "eng", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    private readonly string copy = Directory.CreateTempSubdirectory("hinoban-planted-").FullName;

    internal PlantedCopy()
    {
        foreach (var path in Copied)
        {
            Copy(path);
        }
    }

    internal static string Root { get; } = FindRoot();

    internal IReadOnlyList<PlantedBug> Bugs { get; } = PlantedBug.All(Path.Combine(Root, "tests/Hinoban.Acceptance/PlantedBugs"));

    /// <summary>Does something with the bug in the sources, and takes it out again.</summary>
    internal T With<T>(PlantedBug bug, Func<T> work)
    {
        bug.PlantIn(copy);
        try
        {
            Build(bug.Name);
            return work();
        }
        finally
        {
            foreach (var file in bug.Changes.Select(c => c.File).Distinct())
            {
                File.Copy(Path.Combine(Root, file), Path.Combine(copy, file), overwrite: true);

                // Older than what was built from the bug, it would be taken for built.
                File.SetLastWriteTimeUtc(Path.Combine(copy, file), TimeProvider.System.GetUtcNow().UtcDateTime);
            }
        }
    }

    internal void Build(string name)
    {
        var (built, log) = Run("dotnet", "build", "lab/Hinoban.Sim", "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=true");
        Assert.True(built == 0, $"{name} does not build:\n{log}");
    }

    /// <summary>The simulator's own exit: 0 is no violation, 1 is some; anything else did not run.</summary>
    internal (int Exit, string Said) Simulate(string days, string density, params string[] more) =>
        Run(Path.Combine(copy, "artifacts/bin/Hinoban.Sim/release/Hinoban.Sim"), ["--days", days, "--density", density, .. more]);

    public void Dispose() => Directory.Delete(copy, recursive: true);

    private (int Exit, string Said) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = copy, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private void Copy(string path)
    {
        if (File.Exists(Path.Combine(Root, path)))
        {
            File.Copy(Path.Combine(Root, path), Path.Combine(copy, path));
            return;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(Root, path), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hinoban.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The proof runs inside a checkout.");
        }

        return folder.FullName;
    }
}
