using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Bench;

/// <summary>Nagios Core 4 as the distribution ships it, in control groups of its own, running one command for many services at a pace of seconds.</summary>
internal sealed class NagiosPeer : IDisposable
{
    internal const int Services = Hosts * PerHost;
    private const int Hosts = 250;
    private const int PerHost = 20;
    private const string Started = ";jobs_started=";

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-nagios-").FullName;
    private readonly Caged process;

    private NagiosPeer(string command, int every)
    {
        File.WriteAllText(Path.Combine(folder, "nagios.cfg"), Configuration(folder));
        File.WriteAllText(Path.Combine(folder, "objects.cfg"), Objects(command, every));
        Directory.CreateDirectory(Path.Combine(folder, "results"));
        process = Caged.Start("nagios", _ => { }, "/usr/sbin/nagios4", Path.Combine(folder, "nagios.cfg"));
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

    private static string Configuration(string folder) => $"""
        cfg_file={folder}/objects.cfg
        log_file={folder}/nagios.log
        object_cache_file={folder}/objects.cache
        precached_object_file={folder}/objects.precache
        status_file={folder}/status.dat
        state_retention_file={folder}/retention.dat
        lock_file={folder}/nagios.pid
        temp_file={folder}/nagios.tmp
        temp_path={folder}
        check_result_path={folder}/results
        command_file={folder}/nagios.cmd
        query_socket={folder}/nagios.qh
        nagios_user=root
        nagios_group=root
        check_external_commands=0
        enable_notifications=0
        execute_host_checks=0
        enable_environment_macros=0
        use_syslog=0
        log_initial_states=0
        interval_length=1
        status_update_interval=30
        service_check_timeout=10

        """;

    private static string Objects(string command, int every)
    {
        var text = new StringBuilder($$"""
            define timeperiod {
              timeperiod_name always
              alias always
            {{string.Join('\n', new[] { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday" }.Select(d => $"  {d} 00:00-24:00"))}}
            }
            define command {
              command_name look
              command_line {{command}}
            }
            define contact {
              contact_name nobody
              host_notifications_enabled 0
              service_notifications_enabled 0
              host_notification_period always
              service_notification_period always
              host_notification_commands look
              service_notification_commands look
            }

            """);
        for (var host = 0; host < Hosts; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"define host {{\n  host_name h{host}\n  address 127.9.{host / 250}.{(host % 250) + 1}\n  max_check_attempts 1\n  check_period always\n  contacts nobody\n}}\n");
            for (var service = 0; service < PerHost; service++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"define service {{\n  host_name h{host}\n  service_description s{service}\n  check_command look\n  check_interval {every}\n  retry_interval {every}\n  max_check_attempts 3\n  check_period always\n  contacts nobody\n}}\n");
            }
        }

        return text.ToString();
    }
}
