using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Bench;

/// <summary>
/// The whole program as people start it: <c>hinoban up</c> with 10,000 TCP services on loopback. Start to first check, memory, CPU per 1,000
/// checks, and how long a changed specification takes until it runs.
/// </summary>
internal static partial class UpBench
{
    private const int Hosts = 500;
    private const int PerHost = 20;

    internal static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        var folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
        using var target = new TcpListener(IPAddress.Any, 0);
        target.Start(4096);
        _ = AcceptAsync(target);
        var port = ((IPEndPoint)target.LocalEndpoint).Port;
        var spec = Path.Combine(folder, "spec.yaml");
        await File.WriteAllTextAsync(spec, Spec(port, 1));
        var listen = FreePort();
        using var up = Start(folder, spec, listen);
        try
        {
            await MeasureAsync(up, spec, port, listen, seconds);
            return 0;
        }
        finally
        {
            up.Kill();
            await up.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Process up, string spec, int port, int listen, int seconds)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{listen}"), Timeout = TimeSpan.FromSeconds(30) };
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        await UntilAsync(async () => await LooksAsync(http) > 0, TimeSpan.FromMinutes(2));
        Say($"start to first result at the desk, {Hosts * PerHost} services: {clock.GetElapsedTime(start).TotalSeconds:0.0} s");

        await Task.Delay(TimeSpan.FromSeconds(10), clock);
        var (cpu, done, at) = (up.TotalProcessorTime, await LooksAsync(http), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        up.Refresh();
        var looks = await LooksAsync(http) - done;
        var used = (up.TotalProcessorTime - cpu).TotalSeconds;
        Say($"{looks} looks in {clock.GetElapsedTime(at).TotalSeconds:0} s; whole process (two sites and the desk): {used / looks * 1000:0.000} s CPU per 1,000 TCP checks");
        Say($"memory: {up.WorkingSet64 / 1048576} MiB resident, peak {up.PeakWorkingSet64 / 1048576} MiB");

        var before = await RevisionAsync(http);
        await File.WriteAllTextAsync(spec, Spec(port, 2));
        var changed = clock.GetTimestamp();
        await UntilAsync(async () => await RevisionAsync(http) > before, TimeSpan.FromMinutes(1));
        Say($"changed file to running revision: {clock.GetElapsedTime(changed).TotalSeconds:0.0} s (the file is looked at every 2 s, and loads once it stands still)");
    }

    private static async Task<double> LooksAsync(HttpClient http) => await MetricAsync(http, "hinoban_looks_total");

    private static async Task<double> RevisionAsync(HttpClient http) => await MetricAsync(http, "hinoban_site_plan_revision");

    private static async Task<double> MetricAsync(HttpClient http, string name)
    {
        try
        {
            var text = await http.GetStringAsync("/metrics");
            return Line().Matches(text).Where(m => m.Groups[1].Value == name).Sum(m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static string Spec(int port, int edition)
    {
        var text = new StringBuilder($"""
            customer: bench
            name: Bench
            contract: B-1
            language: ja
            time_zone: Asia/Tokyo
            edition: {edition}
            mailing_list: {"{"} address: list@bench.example, members: [{"{"} name: One, mail: one@bench.example {"}"}] {"}"}
            defaults: {"{"} interval: 3m, timeout: 10s {"}"}
            hosts:

            """);
        for (var host = 0; host < Hosts; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  h{host}:\n    address: 127.1.{host / 250}.{(host % 250) + 1}\n    alive: none\n    checks:\n");
            for (var service = 0; service < PerHost; service++)
            {
                text.Append(CultureInfo.InvariantCulture, $"      s{service}: {{ kind: tcp, port: {port} }}\n");
            }
        }

        return text.ToString();
    }

    private static Process Start(string folder, string spec, int listen)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "hinoban"));
        var info = new ProcessStartInfo(File.Exists(program) ? program : Path.Combine(AppContext.BaseDirectory, "Hinoban.Server"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in new[] { "up", "--data", Path.Combine(folder, "data"), "--specs", spec, "--listen", $"http://127.0.0.1:{listen}", "--smtp", "127.0.0.1:9" })
        {
            info.ArgumentList.Add(argument);
        }

        var up = Process.Start(info)!;
        up.OutputDataReceived += (_, _) => { };
        up.ErrorDataReceived += (_, line) => System.Console.Error.WriteLine(line.Data);
        up.BeginOutputReadLine();
        up.BeginErrorReadLine();
        return up;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            (await listener.AcceptSocketAsync()).Dispose();
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan atMost)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > atMost)
            {
                throw new TimeoutException("It did not come to hold.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
