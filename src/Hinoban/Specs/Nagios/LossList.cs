using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>
/// Every directive that has no counterpart, counted: the first place of each, with the reason and what a person can do. A directive that this
/// list and the writers do not know is named as unknown, so that nothing is swallowed.
/// </summary>
internal static class LossList
{
    /// <summary>What the writers read, and what only serves the reading itself.</summary>
    private static readonly HashSet<string> Carried =
    [
        "name", "use", "register", "host_name", "alias", "address", "parents", "hostgroups", "check_command", "check_interval", "retry_interval", "max_check_attempts",
        "active_checks_enabled", "passive_checks_enabled", "check_freshness", "freshness_threshold", "check_period", "notification_period", "notifications_enabled",
        "contacts", "contact_groups", "flap_detection_enabled", "low_flap_threshold", "high_flap_threshold", "service_description", "hostgroup_name", "servicegroups",
        "command_name", "command_line", "contact_name", "email", "pager", "contactgroup_name", "members", "contactgroup_members", "hostgroup_members", "servicegroup_members",
        "servicegroup_name", "timeperiod_name", "exclude", "dependent_host_name", "dependent_hostgroup_name", "dependent_servicegroup_name", "dependent_service_description",
        "execution_failure_criteria", "notification_failure_criteria", "host_notifications_enabled", "service_notifications_enabled",
    ];

    /// <summary>How Nagios itself works or shows things; nobody misses it.</summary>
    private static readonly HashSet<string> Inner =
    [
        "obsess", "process_perf_data", "retain_status_information", "retain_nonstatus_information", "parallelize_check", "initial_state", "importance", "hourly_value",
        "failure_prediction_enabled", "can_submit_commands", "2d_coords", "3d_coords", "icon_image", "icon_image_alt", "vrml_image", "statusmap_image", "minimum_importance", "minimum_value",
        "flap_detection_options",
    ];

    private static readonly Dictionary<string, (Text Why, Text Cure)> Known = new()
    {
        ["event_handler"] = (WriteText.EventHandler, WriteText.EventHandlerCure),
        ["event_handler_enabled"] = (WriteText.EventHandler, WriteText.EventHandlerCure),
        ["is_volatile"] = (WriteText.Volatile, WriteText.VolatileCure),
        ["notification_interval"] = (WriteText.Reminders, WriteText.RemindersCure),
        ["first_notification_delay"] = (WriteText.Delay, WriteText.DelayCure),
        ["notification_options"] = (WriteText.SomeStates, WriteText.SomeStatesCure),
        ["stalking_options"] = (WriteText.Stalking, WriteText.StalkingCure),
        ["notes"] = (WriteText.Notes, WriteText.NotesCure),
        ["notes_url"] = (WriteText.Notes, WriteText.NotesCure),
        ["action_url"] = (WriteText.Notes, WriteText.NotesCure),
        ["display_name"] = (WriteText.DisplayName, WriteText.DisplayNameCure),
        ["inherits_parent"] = (WriteText.InheritsParent, WriteText.InheritsParentCure),
        ["dependency_period"] = (WriteText.DependencyPeriod, WriteText.DependencyPeriodCure),
        ["host_notification_period"] = (WriteText.OfContacts, WriteText.OfContactsCure),
        ["service_notification_period"] = (WriteText.OfContacts, WriteText.OfContactsCure),
        ["host_notification_options"] = (WriteText.OfContacts, WriteText.OfContactsCure),
        ["service_notification_options"] = (WriteText.OfContacts, WriteText.OfContactsCure),
        ["host_notification_commands"] = (WriteText.MailOnly, WriteText.MailOnlyCure),
        ["service_notification_commands"] = (WriteText.MailOnly, WriteText.MailOnlyCure),
    };

    internal static void Add(NagiosModel model, NagiosProblems problems)
    {
        var counts = new OrderedDictionary<(string Type, string Key), (int Count, SpecPlace First)>();
        foreach (var one in model.Objects.Where(o => o.Type is not ("hostescalation" or "serviceescalation" or "hostextinfo" or "serviceextinfo")))
        {
            foreach (var (key, field) in one.Own.Where(f => !Carried.Contains(f.Key) && !Inner.Contains(f.Key) && Says(f.Key, f.Value)))
            {
                var word = key.StartsWith('_') || key.StartsWith("address", StringComparison.Ordinal) ? key[..1] : key;
                counts[(one.Type, word)] = counts.TryGetValue((one.Type, word), out var before) ? (before.Count + 1, before.First) : (1, field.At);
            }
        }

        foreach (var ((type, key), (count, first)) in counts)
        {
            if (key is "_" or "a")
            {
                problems.Look(first, key == "_" ? WriteText.CustomVariables(type, count) : WriteText.Addresses(count), WriteText.CustomVariablesCure);
            }
            else if (Known.TryGetValue(key, out var known))
            {
                problems.Lost(first, WriteText.Directive(type, key, count, known.Why), known.Cure);
            }
            else
            {
                problems.Lost(first, WriteText.UnknownDirective(type, key, count), WriteText.UnknownDirectiveCure);
            }
        }

        foreach (var group in model.Objects.Where(o => o.Type is "hostextinfo" or "serviceextinfo").GroupBy(o => o.Type))
        {
            problems.Lost(group.First().At, WriteText.Directive(group.Key, "define", group.Count(), WriteText.Notes), WriteText.NotesCure);
        }

        foreach (var source in model.Escalations.GroupBy(e => e.Source))
        {
            problems.Lost(source.Key.At, WriteText.Escalation(source.Count()), WriteText.EscalationCure);
        }
    }

    // What says the same as leaving it out is no loss.
    private static bool Says(string key, NagiosField field) => field.Value is { Length: > 0 } value && key switch
    {
        "is_volatile" or "first_notification_delay" or "inherits_parent" => NagiosWords.Number(value) > 0,
        "event_handler_enabled" => false,
        "notification_interval" => NagiosWords.Number(value) > 0,
        "notification_options" => !value.Split(',', StringSplitOptions.TrimEntries).Intersect(["a", "all"]).Any()
            && (!value.Contains('c', StringComparison.Ordinal) || !value.Contains('u', StringComparison.Ordinal) || !value.Contains('w', StringComparison.Ordinal)) && !value.Contains('d', StringComparison.Ordinal),
        "stalking_options" => value is not ("n" or "none"),
        _ => true,
    };
}
