using System.Diagnostics;
using Hinoban.Lab.Sim;

namespace Hinoban.Acceptance.Proofs;

/// <summary>A copy of the core's sources into which bugs are planted, and a simulator that runs over the core built from it.</summary>
internal sealed class PlantedCopy : IDisposable
{
    private static readonly string[] Copied = ["src/Hinoban", "eng", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    private readonly string copy = Directory.CreateTempSubdirectory("hinoban-planted-").FullName;
    private readonly string configuration;

    /// <param name="configuration">Of the simulator, which has been built, and of the core.</param>
    internal PlantedCopy(string configuration)
    {
        this.configuration = configuration;
        foreach (var path in Copied)
        {
            Copy(path, path);
        }

        Copy(Path.Combine("artifacts/bin/Hinoban.Sim", configuration), "sim");
    }

    internal static string Root { get; } = FindRoot();

    internal static IReadOnlyList<PlantedBug> Bugs { get; } = PlantedBug.All(Path.Combine(Root, "tests/Hinoban.Acceptance/PlantedBugs"));

    /// <summary>Builds the simulator itself, as it is.</summary>
    internal static void BuildSimulator(string configuration) => Build("lab/Hinoban.Sim", configuration, Root);

    /// <summary>Does something with the bugs in the core, and takes them out of the sources again.</summary>
    internal T With<T>(IReadOnlyList<PlantedBug> bugs, Func<T> work)
    {
        foreach (var bug in bugs)
        {
            bug.PlantIn(copy);
        }

        try
        {
            Build("src/Hinoban", configuration, copy);
            File.Copy(Path.Combine(copy, "artifacts/bin/Hinoban", configuration, "Hinoban.Core.dll"), Path.Combine(copy, "sim/Hinoban.Core.dll"), overwrite: true);
            return work();
        }
        finally
        {
            foreach (var file in bugs.SelectMany(b => b.Changes).Select(c => c.File).Distinct())
            {
                File.Copy(Path.Combine(Root, file), Path.Combine(copy, file), overwrite: true);

                // Older than what was built from the bug, it would be taken for built.
                File.SetLastWriteTimeUtc(Path.Combine(copy, file), TimeProvider.System.GetUtcNow().UtcDateTime);
            }
        }
    }

    /// <summary>The simulator's own exit: 0 is no violation, 1 is some; anything else did not run.</summary>
    internal (int Exit, string Said) Simulate(string days, string density, params string[] more) =>
        Run(copy, Path.Combine(copy, "sim/Hinoban.Sim"), ["--days", days, "--density", density, .. more]);

    public void Dispose() => Directory.Delete(copy, recursive: true);

    private static void Build(string project, string configuration, string folder)
    {
        var (built, log) = Run(folder, "dotnet", "build", project, "-c", configuration, "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=true");
        Assert.True(built == 0, $"{project} does not build:\n{log}");
    }

    private static (int Exit, string Said) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private void Copy(string path, string to)
    {
        if (File.Exists(Path.Combine(Root, path)))
        {
            File.Copy(Path.Combine(Root, path), Path.Combine(copy, to));
            return;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(Root, path), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, to, Path.GetRelativePath(Path.Combine(Root, path), file));
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
