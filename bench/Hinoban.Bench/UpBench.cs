using System.Diagnostics;
using System.Globalization;

namespace Hinoban.Bench;

/// <summary>
/// The whole program as people start it: <c>hinoban up</c> with 10,000 TCP services on loopback. Start to first check, memory, CPU per 1,000
/// checks, and how long a changed specification takes until it runs.
/// </summary>
internal static class UpBench
{
    private const int Services = 10_000;

    internal static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        var folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
        await using var sink = await Sink.StartAsync();
        var (specs, load) = (Directory.CreateDirectory(Path.Combine(folder, "specs")).FullName, new BenchLoad(Services, "3m", sink.Check));
        BenchSpecs.Write(specs, load);
        using var page = new DeskPage();
        using var up = Start(folder, specs, page.Listen);
        try
        {
            await MeasureAsync(up, page, () => BenchSpecs.Write(specs, load with { Edition = 2 }), seconds);
            return 0;
        }
        finally
        {
            up.Kill();
            await up.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Process up, DeskPage page, Action change, int seconds)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        await DeskPage.UntilAsync(async () => await LooksAsync() > 0, TimeSpan.FromMinutes(2));
        Say($"start to first result at the desk, {Services} services: {clock.GetElapsedTime(start).TotalSeconds:0.0} s");

        await Task.Delay(TimeSpan.FromSeconds(10), clock);
        var (cpu, done, at) = (up.TotalProcessorTime, await LooksAsync(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        up.Refresh();
        var looks = await LooksAsync() - done;
        var used = (up.TotalProcessorTime - cpu).TotalSeconds;
        Say($"{looks} looks in {clock.GetElapsedTime(at).TotalSeconds:0} s; whole process (two sites and the desk): {used / looks * 1000:0.000} s CPU per 1,000 TCP checks");
        Say($"memory: {up.WorkingSet64 / 1048576} MiB resident, peak {up.PeakWorkingSet64 / 1048576} MiB");

        var before = await RevisionAsync();
        change();
        var changed = clock.GetTimestamp();
        await DeskPage.UntilAsync(async () => await RevisionAsync() > before, TimeSpan.FromMinutes(1));
        Say($"changed file to running revision: {clock.GetElapsedTime(changed).TotalSeconds:0.0} s (the file is looked at every 2 s, and loads once it stands still)");

        Task<double> LooksAsync() => page.ReadAsync("hinoban_looks_total");
        Task<double> RevisionAsync() => page.ReadAsync("hinoban_site_plan_revision");
    }

    private static Process Start(string folder, string specs, string listen)
    {
        var up = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "Hinoban.Server"), ["up", "--data", Path.Combine(folder, "data"), "--specs", specs, "--listen", listen, "--smtp", "127.0.0.1:9"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        up.OutputDataReceived += (_, _) => { };
        up.ErrorDataReceived += (_, line) => System.Console.Error.WriteLine(line.Data);
        up.BeginOutputReadLine();
        up.BeginErrorReadLine();
        return up;
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
