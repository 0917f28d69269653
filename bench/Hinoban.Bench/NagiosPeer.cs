using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hinoban.Lab.Servers;

namespace Hinoban.Bench;

/// <summary>Nagios Core 4 as the distribution ships it, in control groups of its own, running one command for many services at a pace of seconds.</summary>
internal sealed class NagiosPeer : IDisposable
{
    internal const int Services = Hosts * PerHost;
    private const int Hosts = 250;
    private const int PerHost = 20;
    private const string Started = ";jobs_started=";

    private static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    // It only runs checks: what else a Nagios does is not measured.
    private static readonly string[] Settings =
    [
        "nagios_user=root",
        "nagios_group=root",
        "check_external_commands=0",
        "enable_notifications=0",
        "execute_host_checks=0",
        "enable_environment_macros=0",
        "log_initial_states=0",
        "status_update_interval=30",
        "service_check_timeout=10",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-nagios-").FullName;
    private readonly Caged process;

    private NagiosPeer(string command, int every)
    {
        File.WriteAllText(Path.Combine(folder, "objects.cfg"), Objects(command, every));
        File.WriteAllText(Path.Combine(folder, "nagios.cfg"), NagiosFiles.Main(Path.Combine(folder, "objects.cfg"), folder, Settings));
        process = Caged.Start("nagios", null, _ => { }, "/usr/sbin/nagios4", Path.Combine(folder, "nagios.cfg"));
    }

    internal TimeSpan Cpu => process.Cpu;

    /// <summary>Starts it and waits until it has its pace. <paramref name="command"/> may contain Nagios' macros; 5,000 services run it every so many seconds.</summary>
    internal static async Task<NagiosPeer> StartAsync(string command, int every)
    {
        var nagios = new NagiosPeer(command, every);
        await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        return nagios;
    }

    /// <summary>Programs that its workers have started, by its own count (query handler, <c>wproc wpstats</c>).</summary>
    internal async Task<long> RunsAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "nagios.qh")));
        await socket.SendAsync("#wproc wpstats\0"u8.ToArray());
        var said = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer) is > 0 and var got)
        {
            said.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }

        return said.ToString().Split('\n').Where(l => l.Contains(Started, StringComparison.Ordinal))
            .Sum(l => long.Parse(l[(l.IndexOf(Started, StringComparison.Ordinal) + Started.Length)..].Split(';')[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Objects(string command, int every)
    {
        var text = new StringBuilder();
        text.Append(NagiosFiles.Define("timeperiod", ["timeperiod_name always", "alias always", .. Days.Select(d => $"{d} 00:00-24:00")]));
        text.Append(NagiosFiles.Command("look", command));
        text.Append(NagiosFiles.Nobody("always", "look"));
        for (var host = 0; host < Hosts; host++)
        {
            text.Append(NagiosFiles.Define(
                "host",
                string.Create(CultureInfo.InvariantCulture, $"host_name h{host}"),
                string.Create(CultureInfo.InvariantCulture, $"address 127.9.{host / 250}.{(host % 250) + 1}"),
                "max_check_attempts 1",
                "check_period always",
                "contacts nobody"));
            for (var service = 0; service < PerHost; service++)
            {
                text.Append(NagiosFiles.Define(
                    "service",
                    string.Create(CultureInfo.InvariantCulture, $"host_name h{host}"),
                    string.Create(CultureInfo.InvariantCulture, $"service_description s{service}"),
                    "check_command look",
                    string.Create(CultureInfo.InvariantCulture, $"check_interval {every}"),
                    string.Create(CultureInfo.InvariantCulture, $"retry_interval {every}"),
                    "max_check_attempts 3",
                    "check_period always",
                    "contacts nobody"));
            }
        }

        return text.ToString();
    }
}
