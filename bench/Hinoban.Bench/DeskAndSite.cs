using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Bench;

/// <summary>A desk and one site as processes, each in control groups of its own, with TCP services on 127.0.0.0/8 to look at.</summary>
internal sealed partial class DeskAndSite : IDisposable
{
    private const int PerHost = 20;
    private const int HostsEach = 500;

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-bench-").FullName;
    private readonly HttpClient http;
    private readonly string listen = $"http://127.0.0.1:{FreePort()}";
    private Caged? desk;
    private Caged? site;

    internal DeskAndSite() => http = new HttpClient { BaseAddress = new Uri(listen), Timeout = TimeSpan.FromSeconds(60) };

    internal Caged Desk => desk!;

    internal Caged Site => site!;

    internal double DatabaseMiB => new DirectoryInfo(Path.Combine(folder, "desk")).EnumerateFiles("desk.db*").Sum(f => f.Length) / 1048576.0;

    /// <summary>Starts the desk; returns how long it took until it served.</summary>
    internal async Task<TimeSpan> StartDeskAsync(int services, string interval, int port, int dead)
    {
        WriteSpecs(Directory.CreateDirectory(Path.Combine(folder, "specs")).FullName, services / PerHost, interval, port, dead);
        var begun = TimeProvider.System.GetTimestamp();
        desk = Caged.Start("desk", Said, Program, "desk", "--data", Path.Combine(folder, "desk"), "--specs", Path.Combine(folder, "specs"), "--listen", listen, "--smtp", "127.0.0.1:9", "--sites", "tokyo");
        await UntilAsync(async () => (await MetricsAsync()).Count > 0);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>Starts the site; returns how long it took until the desk knew of its first look.</summary>
    internal async Task<TimeSpan> StartSiteAsync()
    {
        var key = Path.Combine(folder, "tokyo.key");
        using (var made = Process.Start(Program, ["site", "key", "--data", Path.Combine(folder, "desk"), "--name", "tokyo", "--out", key]))
        {
            await made.WaitForExitAsync();
        }

        var begun = TimeProvider.System.GetTimestamp();
        site = Caged.Start("site", Said, Program, "site", "--name", "tokyo", "--desk", listen, "--key", key, "--data", Path.Combine(folder, "tokyo"));
        await UntilAsync(async () => Of(await MetricsAsync(), "hinoban_looks_total") > 0);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    internal async Task<ILookup<string, double>> MetricsAsync()
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

    internal static double Of(ILookup<string, double> metrics, string name) => metrics[name].Sum();

    public void Dispose()
    {
        site?.Dispose();
        desk?.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Hinoban.Server");

    private static void WriteSpecs(string folder, int hosts, string interval, int port, int dead)
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
                mailing_list: {"{"} address: list{customer}@bench.example, members: [{"{"} name: One, mail: one@bench.example {"}"}] {"}"}
                defaults: {"{"} interval: {interval}, timeout: 10s {"}"}
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
                // 192.0.2.0/24 (TEST-NET-1) is routed to nobody who answers; a machine that refuses it at once shows refused looks instead.
                var address = at % 100 < dead ? $"192.0.2.{1 + (at % 250)}" : $"127.{1 + (at / 62_500)}.{at / 250 % 250}.{(at % 250) + 1}";
                text.Append(CultureInfo.InvariantCulture, $"  h{at}: {{ address: {address}, alive: none, use: all }}\n");
            }

            File.WriteAllText(Path.Combine(folder, $"bench-{customer}.yaml"), text.ToString());
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(10))
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

    private static void Said(string line)
    {
        if (line.Contains(" warn ", StringComparison.Ordinal) || line.Contains(" error ", StringComparison.Ordinal))
        {
            System.Console.Error.WriteLine(line);
        }
    }

    [GeneratedRegex(@"^(\w+)(?:\{[^}]*\})? ([0-9.eE+-]+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
