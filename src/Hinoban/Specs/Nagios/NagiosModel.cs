namespace Hinoban.Specs.Nagios;

/// <summary>A service on one host; a definition for many hosts is as many of them.</summary>
internal sealed record NagiosService(NagiosObject Source, string Host, string Description)
{
    internal (string Host, string Description) Key => (Host, Description);
}

/// <summary>A dependency of one host or service on another; of hosts the descriptions are empty.</summary>
internal sealed record NagiosDependency(NagiosObject Source, (string Host, string Description) Needed, (string Host, string Description) Dependent);

/// <summary>What an escalation is about; of a host the description is empty.</summary>
internal sealed record NagiosEscalation(NagiosObject Source, (string Host, string Description) About);

/// <summary>A Nagios configuration, resolved: templates, groups, lists and wildcards are gone, each thing stands for itself.</summary>
internal sealed record NagiosModel(
    NagiosSettings Settings,
    OrderedDictionary<string, NagiosObject> Hosts,
    IReadOnlyList<NagiosService> Services,
    OrderedDictionary<string, NagiosObject> Contacts,
    OrderedDictionary<string, NagiosObject> Commands,
    OrderedDictionary<string, NagiosPeriod> Periods,
    NagiosGroups HostGroups,
    NagiosGroups ServiceGroups,
    NagiosGroups ContactGroups,
    IReadOnlyList<NagiosDependency> Dependencies,
    IReadOnlyList<NagiosEscalation> Escalations,
    IReadOnlyList<NagiosObject> Objects)
{
    /// <summary>A service takes some of its host's values where it has none.</summary>
    internal NagiosField? OfService(NagiosService service, string key) => key switch
    {
        "contacts" or "contact_groups" => service.Source.Has("contacts") || service.Source.Has("contact_groups") ? service.Source.Field(key) : Hosts[service.Host].Field(key),
        "notification_interval" or "notification_period" => service.Source.Has(key) ? service.Source.Field(key) : Hosts[service.Host].Field(key),
        _ => service.Source.Field(key),
    };
}
