namespace Hinoban.Lab.Servers;

/// <summary>Configurations of a real Nagios 4 that has a folder to itself and tells nobody of anything, as tests and benches write them.</summary>
internal static class NagiosFiles
{
    /// <summary>The main file: everything that it writes lies in one folder, which its own user must be able to write to; then whatever else is set.</summary>
    internal static string Main(string objects, string work, params IReadOnlyList<string> settings) => Lines(
    [
        $"cfg_file={objects}",
        $"log_file={work}/nagios.log",
        $"object_cache_file={work}/objects.cache",
        $"status_file={work}/status.dat",
        $"state_retention_file={work}/retention.dat",
        $"lock_file={work}/nagios.pid",
        $"temp_file={work}/nagios.tmp",
        $"temp_path={work}",
        $"check_result_path={work}",
        $"command_file={work}/nagios.cmd",
        $"query_socket={work}/nagios.qh",
        "check_for_updates=0",
        "interval_length=1",
        "use_syslog=0",
        .. settings,
    ]);

    internal static string Define(string kind, params IReadOnlyList<string> directives) => Lines([$"define {kind} {{", .. directives.Select(d => $"  {d}"), "}"]);

    internal static string Command(string name, string line) => Define("command", $"command_name {name}", $"command_line {line}");

    /// <summary>The contact that Nagios wants for every service, and that hears of nothing.</summary>
    internal static string Nobody(string period, string command) => Define(
        "contact",
        "contact_name nobody",
        "host_notifications_enabled 0",
        "service_notifications_enabled 0",
        $"host_notification_period {period}",
        $"service_notification_period {period}",
        $"host_notification_commands {command}",
        $"service_notification_commands {command}");

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(l => $"{l}\n"));
}
