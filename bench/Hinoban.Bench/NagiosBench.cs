using System.Globalization;
using System.Text;

namespace Hinoban.Bench;

/// <summary>
/// TCP checks by Nagios Core 4 (the distribution's, with its check_tcp) and by a desk and a site of ours in the same run, against the same listener: processor
/// per 1,000 checks with everything both start, and the rate when more is asked than can be done.
/// </summary>
internal static class NagiosBench
{
    private const int Hosts = 250;
    private const int PerHost = 20;

    internal static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        await using var sink = await Sink.StartAsync();
        var nagios = await NagiosAsync(sink, every: 60, seconds);
        var most = await NagiosAsync(sink, every: 1, seconds);
        var (site, desk) = await OursAsync(sink, 40_000, "10s", seconds);
        Say($"Nagios 4, {Hosts * PerHost} services a minute: {nagios.PerSecond:0}/s, {nagios.CpuPer1000:0.000} s of processor per 1,000 checks");
        Say($"Nagios 4, more than it can do: {most.PerSecond:0}/s, {most.CpuPer1000:0.000} s per 1,000");
        Say($"Hinoban, 40,000 services every 10 s: {site.PerSecond:0}/s, site {site.CpuPer1000:0.000} s and desk {desk.CpuPer1000:0.000} s per 1,000; {nagios.CpuPer1000 / (site.CpuPer1000 + desk.CpuPer1000):0.0} times cheaper, {site.PerSecond / most.PerSecond:0.0} times as many (asked: 4,000/s)");
        return 0;
    }

    private static async Task<Cost> NagiosAsync(Sink sink, int every, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-nagios-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "nagios.cfg"), Configuration(folder));
            File.WriteAllText(Path.Combine(folder, "objects.cfg"), Objects(sink.Port, every));
            Directory.CreateDirectory(Path.Combine(folder, "results"));
            using var nagios = Caged.Start("nagios", _ => { }, "/usr/sbin/nagios4", Path.Combine(folder, "nagios.cfg"));
            await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
            return await MeasureAsync(sink, seconds, nagios);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(Cost Site, Cost Desk)> OursAsync(Sink sink, int services, string interval, int seconds)
    {
        using var pair = new DeskAndSite();
        await pair.StartDeskAsync(services, interval, sink.Port, dead: 0);
        await pair.StartSiteAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        var desk = pair.Desk.Cpu;
        var cost = await MeasureAsync(sink, seconds, pair.Site);
        return (cost, cost with { CpuPer1000 = (pair.Desk.Cpu - desk).TotalSeconds / cost.Checks * 1000 });
    }

    private static async Task<Cost> MeasureAsync(Sink sink, int seconds, Caged process)
    {
        var clock = TimeProvider.System;
        var (cpu, taken, at) = (process.Cpu, await sink.TakenAsync(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock);
        var checks = await sink.TakenAsync() - taken;
        return new Cost(checks, checks / clock.GetElapsedTime(at).TotalSeconds, (process.Cpu - cpu).TotalSeconds / checks * 1000);
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

    private static string Objects(int port, int every)
    {
        var text = new StringBuilder($$"""
            define timeperiod {
              timeperiod_name always
              alias always
            {{string.Join('\n', new[] { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday" }.Select(d => $"  {d} 00:00-24:00"))}}
            }
            define command {
              command_name tcp
              command_line /usr/lib/nagios/plugins/check_tcp -H $HOSTADDRESS$ -p {{port}} -w 3 -c 8 -t 10
            }
            define contact {
              contact_name nobody
              host_notifications_enabled 0
              service_notifications_enabled 0
              host_notification_period always
              service_notification_period always
              host_notification_commands tcp
              service_notification_commands tcp
            }

            """);
        for (var host = 0; host < Hosts; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"define host {{\n  host_name h{host}\n  address 127.9.{host / 250}.{(host % 250) + 1}\n  max_check_attempts 1\n  check_period always\n  contacts nobody\n}}\n");
            for (var service = 0; service < PerHost; service++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"define service {{\n  host_name h{host}\n  service_description s{service}\n  check_command tcp\n  check_interval {every}\n  retry_interval {every}\n  max_check_attempts 3\n  check_period always\n  contacts nobody\n}}\n");
            }
        }

        return text.ToString();
    }

    private static void Say(FormattableString text) => System.Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Cost(long Checks, double PerSecond, double CpuPer1000);
}
