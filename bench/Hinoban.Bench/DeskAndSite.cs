using System.Diagnostics;

namespace Hinoban.Bench;

/// <summary>A desk and one site as processes, each in control groups of its own, with services on 127.0.0.0/8 to look at.</summary>
internal sealed class DeskAndSite : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
    private Caged? desk;
    private Caged? site;

    /// <summary>What each gets of memory at most, page cache and sockets included; null: all there is.</summary>
    internal int? DeskMiB { get; init; }

    internal int? SiteMiB { get; init; }

    internal DeskPage Page { get; } = new();

    internal Caged Desk => desk!;

    internal Caged Site => site!;

    internal double DatabaseMiB => new DirectoryInfo(Path.Combine(folder, "desk")).EnumerateFiles("desk.db*").Sum(f => f.Length) / 1048576.0;

    /// <summary>Starts the desk; returns how long it took until it served.</summary>
    internal async Task<TimeSpan> StartDeskAsync(BenchLoad load)
    {
        Write(load);
        var begun = TimeProvider.System.GetTimestamp();
        desk = Caged.Start("desk", DeskMiB, Said, Program, "desk", "--data", Path.Combine(folder, "desk"), "--specs", Path.Combine(folder, "specs"), "--listen", Page.Listen, "--smtp", "127.0.0.1:9", "--sites", "tokyo");
        await DeskPage.UntilAsync(async () => (await Page.ReadAsync()).Count > 0);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>Writes the load's specifications, at first or as a new edition under the running desk.</summary>
    internal void Write(BenchLoad load) => BenchSpecs.Write(Directory.CreateDirectory(Path.Combine(folder, "specs")).FullName, load);

    /// <summary>Starts the site; returns how long it took until the desk knew of its first look.</summary>
    internal async Task<TimeSpan> StartSiteAsync()
    {
        var key = Path.Combine(folder, "tokyo.key");
        using (var made = Process.Start(Program, ["site", "key", "--data", Path.Combine(folder, "desk"), "--name", "tokyo", "--out", key]))
        {
            await made.WaitForExitAsync();
        }

        return await StartSiteAgainAsync();
    }

    /// <summary>The same of a site that has its key, and its folder, from before.</summary>
    internal async Task<TimeSpan> StartSiteAgainAsync()
    {
        site?.Dispose();
        var looks = await Page.ReadAsync("hinoban_looks_total");
        var begun = TimeProvider.System.GetTimestamp();
        site = Caged.Start("site", SiteMiB, Said, Program, "site", "--name", "tokyo", "--desk", Page.Listen, "--key", Path.Combine(folder, "tokyo.key"), "--data", Path.Combine(folder, "tokyo"));
        await DeskPage.UntilAsync(async () => await Page.ReadAsync("hinoban_looks_total") is var now && now > 0 && now != looks);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    public void Dispose()
    {
        site?.Dispose();
        desk?.Dispose();
        Page.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Hinoban.Server");

    private static void Said(string line)
    {
        if (line.Contains(" warn ", StringComparison.Ordinal) || line.Contains(" error ", StringComparison.Ordinal))
        {
            System.Console.Error.WriteLine(line);
        }
    }
}
