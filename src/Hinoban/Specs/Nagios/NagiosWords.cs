using System.Globalization;

namespace Hinoban.Specs.Nagios;

/// <summary>The words of Nagios' object language: types, other spellings of keys, which keys add up, how numbers and lists are read.</summary>
internal static class NagiosWords
{
    internal static readonly string[] Types =
    [
        "timeperiod", "command", "contact", "contactgroup", "host", "hostgroup", "servicegroup", "service",
        "servicedependency", "serviceescalation", "hostdependency", "hostescalation", "hostextinfo", "serviceextinfo",
    ];

    private static readonly string[] Dependencies = ["servicedependency", "hostdependency"];

    private static readonly Dictionary<string, string> Everywhere = new()
    {
        ["normal_check_interval"] = "check_interval",
        ["retry_check_interval"] = "retry_interval",
        ["checks_enabled"] = "active_checks_enabled",
        ["contactgroups"] = "contact_groups",
        ["service_groups"] = "servicegroups",
        ["obsess_over_host"] = "obsess",
        ["obsess_over_service"] = "obsess",
        ["gd2_image"] = "statusmap_image",
    };

    private static readonly Dictionary<string, string> OfHosts = new() { ["host_groups"] = "hostgroups" };

    private static readonly Dictionary<string, string> OfServices = new()
    {
        ["host"] = "host_name",
        ["hosts"] = "host_name",
        ["description"] = "service_description",
        ["hostgroup"] = "hostgroup_name",
        ["hostgroups"] = "hostgroup_name",
    };

    private static readonly Dictionary<string, string> OfRelations = new()
    {
        ["host"] = "host_name",
        ["master_host"] = "host_name",
        ["master_host_name"] = "host_name",
        ["hostgroup"] = "hostgroup_name",
        ["hostgroups"] = "hostgroup_name",
        ["servicegroup"] = "servicegroup_name",
        ["servicegroups"] = "servicegroup_name",
        ["description"] = "service_description",
        ["master_description"] = "service_description",
        ["master_service_description"] = "service_description",
        ["dependent_host"] = "dependent_host_name",
        ["dependent_hostgroup"] = "dependent_hostgroup_name",
        ["dependent_hostgroups"] = "dependent_hostgroup_name",
        ["dependent_servicegroup"] = "dependent_servicegroup_name",
        ["dependent_servicegroups"] = "dependent_servicegroup_name",
        ["dependent_description"] = "dependent_service_description",
        ["execution_failure_options"] = "execution_failure_criteria",
        ["notification_failure_options"] = "notification_failure_criteria",
    };

    private static readonly HashSet<(string Type, string Key)> Adding =
    [
        ("host", "parents"), ("host", "hostgroups"), ("host", "contact_groups"), ("host", "contacts"),
        ("service", "parents"), ("service", "host_name"), ("service", "hostgroup_name"), ("service", "servicegroups"),
        ("service", "contact_groups"), ("service", "contacts"),
        ("contact", "contact_groups"), ("contact", "host_notification_commands"), ("contact", "service_notification_commands"),
        ("contactgroup", "members"), ("contactgroup", "contactgroup_members"),
        ("hostgroup", "members"), ("hostgroup", "hostgroup_members"),
        ("servicegroup", "members"), ("servicegroup", "servicegroup_members"),
        .. from type in Dependencies.Concat(["serviceescalation", "hostescalation"])
           from key in new[]
           {
               "host_name", "hostgroup_name", "servicegroup_name", "service_description", "dependent_host_name", "dependent_hostgroup_name",
               "dependent_servicegroup_name", "dependent_service_description", "contacts", "contact_groups",
           }
           select (type, key),
    ];

    /// <summary>A key as it is known by, whatever spelling was written.</summary>
    internal static string KeyOf(string type, string word) => type switch
    {
        "host" => OfHosts.GetValueOrDefault(word),
        "service" => OfServices.GetValueOrDefault(word),
        "servicedependency" or "hostdependency" or "serviceescalation" or "hostescalation" => OfRelations.GetValueOrDefault(word),
        _ => null,
    } ?? Everywhere.GetValueOrDefault(word) ?? (word.StartsWith('_') ? word.ToUpperInvariant() : word);

    internal static bool IsAdditive(string type, string key) => Adding.Contains((type, key));

    /// <summary>As C's atoi and strtod read: the number at the beginning, 0 if there is none.</summary>
    internal static double Number(string? text)
    {
        var word = (text ?? "").AsSpan().Trim();
        var end = 0;
        while (end < word.Length && (char.IsAsciiDigit(word[end]) || word[end] == '.' || (end == 0 && word[end] is '+' or '-')))
        {
            end++;
        }

        return double.TryParse(word[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>Names between commas; a leading <c>+</c> has done its work by now.</summary>
    internal static IReadOnlyList<string> List(string? text) =>
        string.IsNullOrEmpty(text) ? [] : (text[0] == '+' ? text[1..] : text).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
