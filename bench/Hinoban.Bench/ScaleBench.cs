using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Bench;

/// <summary>
/// Many services at three minutes in one site process that ships to a desk process, each in a control group of its own: how late looks begin, what both
/// cost in processor and memory. <c>scale SERVICES SECONDS [DEAD]</c>; DEAD: how many of a hundred targets do not answer.
/// </summary>
internal static partial class ScaleBench
{
    private const int PerHost = 20;
    private const int HostsEach = 500;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    internal static async Task<int> RunAsync(string[] args)
    {
        var services = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 900;
        var dead = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
        var folder = Directory.CreateTempSubdirectory("hinoban-scale-").FullName;
        using var sink = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "tcp-sink") { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        try
        {
            var port = int.Parse((await sink.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            WriteSpecs(Directory.CreateDirectory(Path.Combine(folder, "specs")).FullName, services / PerHost, port, dead);
            await PlayAsync(folder, services, seconds);
            return 0;
        }
        finally
        {
            sink.StandardInput.Close();
            await sink.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PlayAsync(string folder, int services, int seconds)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Hinoban.Server");
        var listen = $"http://127.0.0.1:{FreePort()}";
        using var http = new HttpClient { BaseAddress = new Uri(listen), Timeout = TimeSpan.FromSeconds(60) };
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        using var desk = Caged.Start(
            "desk", Say, program, "desk", "--data", Path.Combine(folder, "desk"), "--specs", Path.Combine(folder, "specs"), "--listen", listen, "--smtp", "127.0.0.1:9", "--sites", "tokyo");
        await UntilAsync(async () => (await MetricsAsync(http)).Count > 0, TimeSpan.FromMinutes(10));
        Say($"desk serves after {clock.GetElapsedTime(begun).TotalSeconds:0.0} s; memory peak {desk.PeakMiB:0} MiB");

        var key = Path.Combine(folder, "tokyo.key");
        using (var made = Process.Start(program, ["site", "key", "--data", Path.Combine(folder, "desk"), "--name", "tokyo", "--out", key]))
        {
            await made.WaitForExitAsync();
        }

        begun = clock.GetTimestamp();
        using var site = Caged.Start("site", Say, program, "site", "--name", "tokyo", "--desk", listen, "--key", key, "--data", Path.Combine(folder, "tokyo"));
        await UntilAsync(async () => Of(await MetricsAsync(http), "hinoban_looks_total") > 0, TimeSpan.FromMinutes(10));
        Say($"site's start to its first look known at the desk: {clock.GetElapsedTime(begun).TotalSeconds:0.0} s; memory peak of the site {site.PeakMiB:0} MiB, of the desk {desk.PeakMiB:0} MiB");

        // The first cycle, in which every state is new and written, belongs to the start; what follows is the steady state.
        await Task.Delay(TimeSpan.FromMinutes(3.2), clock);
        Say($"after the first cycle: memory peak of the site {site.PeakMiB:0} MiB, of the desk {desk.PeakMiB:0} MiB");
        var (deskCpu, siteCpu, before, at) = (desk.Cpu, site.Cpu, await MetricsAsync(http), clock.GetTimestamp());
        double worstP99 = 0, worst = 0;
        while (clock.GetElapsedTime(at).TotalSeconds < seconds)
        {
            await Task.Delay(Every, clock);
            var now = await MetricsAsync(http);
            worstP99 = Math.Max(worstP99, Of(now, "hinoban_lateness_p99_seconds"));
            worst = Math.Max(worst, Of(now, "hinoban_lateness_max_seconds"));
        }

        var after = await MetricsAsync(http);
        var took = clock.GetElapsedTime(at).TotalSeconds;
        var looks = Of(after, "hinoban_looks_total") - Of(before, "hinoban_looks_total");
        Say($"{looks} looks in {took:0} s: {looks / took:0}/s of {services / 180.0:0}/s wanted; lateness p99 {worstP99 * 1000:0} ms, max {worst * 1000:0} ms (worst minute); missed cycles {Of(after, "hinoban_missed_cycles_total")}; spool {Of(after, "hinoban_spool_backlog")}");
        Say($"site: {(site.Cpu - siteCpu).TotalSeconds / took:0.00} core, {(site.Cpu - siteCpu).TotalSeconds / looks * 1000:0.000} s per 1,000 looks, memory peak {site.PeakMiB:0} MiB (anonymous now {site.RssMiB:0} MiB)");
        Say($"desk: {(desk.Cpu - deskCpu).TotalSeconds / took:0.00} core, {(desk.Cpu - deskCpu).TotalSeconds / looks * 1000:0.000} s per 1,000 looks, memory peak {desk.PeakMiB:0} MiB (anonymous now {desk.RssMiB:0} MiB)");
        var kept = new DirectoryInfo(Path.Combine(folder, "desk")).EnumerateFiles("desk.db*").Sum(f => f.Length);
        Say($"desk's database: {kept / 1048576.0:0} MiB");
    }

    private static void WriteSpecs(string folder, int hosts, int port, int dead)
    {
        for (var (customer, at) = (0, 0); at < hosts; customer++)
        {
            var text = new StringBuilder($"""
                customer: bench-{customer}
                name: Bench {customer}
                contract: B-{customer}
                language: ja
                time_zone: Asia/Tokyo
                edition: 1
                mailing_list: {"{"} address: list@bench.example, members: [{"{"} name: One, mail: one@bench.example {"}"}] {"}"}
                defaults: {"{"} interval: 3m, timeout: 10s {"}"}
                templates:
                  all:
                    checks:

                """);
            for (var service = 0; service < PerHost; service++)
            {
                text.Append(CultureInfo.InvariantCulture, $"      s{service}: {{ kind: tcp, port: {port} }}\n");
            }

            text.Append("hosts:\n");
            for (var n = 0; n < HostsEach && at < hosts; n++, at++)
            {
                // 192.0.2.0/24 (TEST-NET-1) is routed nowhere that answers; a machine that refuses it at once shows refused looks instead.
                var address = at % 100 < dead ? $"192.0.2.{1 + (at % 250)}" : $"127.{1 + (at / 62_500)}.{at / 250 % 250}.{(at % 250) + 1}";
                text.Append(CultureInfo.InvariantCulture, $"  h{at}: {{ address: {address}, alive: none, use: all }}\n");
            }

            File.WriteAllText(Path.Combine(folder, $"bench-{customer}.yaml"), text.ToString());
        }
    }

    private static async Task<ILookup<string, double>> MetricsAsync(HttpClient http)
    {
        try
        {
            return Line().Matches(await http.GetStringAsync("/metrics")).ToLookup(m => m.Groups[1].Value, m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return Array.Empty<int>().ToLookup(_ => "", _ => 0.0);
        }
    }

    private static double Of(ILookup<string, double> metrics, string name) => metrics[name].Sum();

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

    private static void Say(string line)
    {
        if (line.Length > 0)
        {
            System.Console.WriteLine(line);
        }
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
