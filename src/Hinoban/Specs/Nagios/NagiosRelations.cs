namespace Hinoban.Specs.Nagios;

/// <summary>Service groups, dependencies and escalations: relations between hosts and services, with every list and wildcard resolved.</summary>
internal sealed class NagiosRelations
{
    private readonly NagiosPick pick;
    private readonly NagiosNamesKnown hosts;
    private readonly NagiosGroups hostGroups;
    private readonly NagiosGroups serviceGroups;
    private readonly NagiosProblems problems;
    private readonly ILookup<string, NagiosService> byHost;
    private readonly IReadOnlyList<NagiosService> services;
    private readonly HashSet<(string, string)> keys;

    internal NagiosRelations(
        NagiosPick pick, NagiosNamesKnown hosts, NagiosGroups hostGroups, NagiosGroups serviceGroups, IReadOnlyList<NagiosService> services, NagiosProblems problems)
    {
        (this.pick, this.hosts, this.hostGroups, this.serviceGroups, this.services, this.problems) = (pick, hosts, hostGroups, serviceGroups, services, problems);
        byHost = services.ToLookup(s => s.Host);
        keys = [.. services.Select(s => s.Key)];
    }

    /// <summary>A service as a member of groups.</summary>
    internal static string Member((string Host, string Description) service) => $"{service.Host}\0{service.Description}";

    internal void FillServiceGroups()
    {
        foreach (var (source, name) in serviceGroups.All)
        {
            var members = source.Names("members");
            var at = source.PlaceOf("members");
            if (members.Count % 2 != 0)
            {
                problems.Wrong(at, NagiosText.OddMembers, NagiosText.OddMembersRight);
            }

            for (var i = 0; i + 1 < members.Count; i += 2)
            {
                var (found, refused) = OnHost(members[i], [members[i + 1]], at);
                serviceGroups.Name(name, found.Select(Member), refused.Select(Member));
            }
        }

        foreach (var service in services)
        {
            var names = pick.Of(service.Source.Names("servicegroups"), serviceGroups.Known, sticks: false);
            Unknown("servicegroup", names.Unknown, service.Source.PlaceOf("servicegroups"), serviceGroups.Known);
            serviceGroups.Join(Member(service.Key), names);
        }

        serviceGroups.Close();
    }

    internal IReadOnlyList<NagiosDependency> Dependencies(IEnumerable<NagiosObject> objects) =>
        [.. objects.SelectMany(o => o.Type == "hostdependency" ? HostDependencies(o) : ServiceDependencies(o))];

    internal IReadOnlyList<NagiosEscalation> Escalations(IEnumerable<NagiosObject> objects) => [.. objects.SelectMany(o => (o.Type == "hostescalation"
        ? Hosts(o, "").Select(h => (Host: h, Description: ""))
        : Services(o, "")).Select(about => new NagiosEscalation(o, about)))];

    private IEnumerable<NagiosDependency> HostDependencies(NagiosObject source)
    {
        var dependents = Hosts(source, "dependent_");
        return Hosts(source, "").SelectMany(needed => dependents.Select(d => new NagiosDependency(source, (needed, ""), (d, ""))));
    }

    /// <summary>Without a host on one side, both are on the same one.</summary>
    private IEnumerable<NagiosDependency> ServiceDependencies(NagiosObject source)
    {
        var neededHere = !Says(source, "host_name", "hostgroup_name", "servicegroup_name");
        var dependentHere = !Says(source, "dependent_host_name", "dependent_hostgroup_name", "dependent_servicegroup_name");
        if (neededHere && dependentHere)
        {
            problems.Wrong(source.At, NagiosText.DependsOnNothing, NagiosText.DependsOnNothingRight);
            return [];
        }

        if (neededHere)
        {
            return Services(source, "dependent_").SelectMany(d =>
                OnHost(d.Host, source.Names("service_description"), source.At).Found.Select(n => new NagiosDependency(source, n, d))).Distinct();
        }

        var needed = Services(source, "");
        if (!dependentHere)
        {
            var dependents = Services(source, "dependent_");
            return needed.SelectMany(n => dependents.Select(d => new NagiosDependency(source, n, d)));
        }

        return needed.SelectMany(n => OnHost(n.Host, source.Names("dependent_service_description"), source.At).Found.Select(d => new NagiosDependency(source, n, d))).Distinct();
    }

    private static bool Says(NagiosObject source, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (source.Find(key) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private List<string> Hosts(NagiosObject source, string prefix)
    {
        var direct = pick.Of(source.Names($"{prefix}host_name"), hosts, sticks: true);
        var groups = pick.Of(source.Names($"{prefix}hostgroup_name"), hostGroups.Known, sticks: false);
        Unknown("host", direct.Unknown, source.PlaceOf($"{prefix}host_name"), hosts);
        Unknown("hostgroup", groups.Unknown, source.PlaceOf($"{prefix}hostgroup_name"), hostGroups.Known);
        var refused = direct.Refused.Concat(groups.Refused.SelectMany(hostGroups.Members)).ToHashSet();

        // A host that is named stands, whatever else is refused; so it is in Nagios for dependencies and escalations.
        return [.. direct.Wanted.Concat(groups.Wanted.SelectMany(hostGroups.Members).Where(h => !refused.Contains(h))).Distinct()];
    }

    private IReadOnlyList<(string Host, string Description)> Services(NagiosObject source, string prefix)
    {
        var groups = pick.Of(source.Names($"{prefix}servicegroup_name"), serviceGroups.Known, sticks: false);
        Unknown("servicegroup", groups.Unknown, source.PlaceOf($"{prefix}servicegroup_name"), serviceGroups.Known);
        var refused = groups.Refused.SelectMany(serviceGroups.Members).ToHashSet();
        var found = groups.Wanted.SelectMany(serviceGroups.Members).Where(m => !refused.Contains(m)).Select(Key).ToList();
        var direct = pick.Of(source.Names($"{prefix}host_name"), hosts, sticks: true);
        var hostsOfGroups = pick.Of(source.Names($"{prefix}hostgroup_name"), hostGroups.Known, sticks: false);
        Unknown("host", direct.Unknown, source.PlaceOf($"{prefix}host_name"), hosts);
        Unknown("hostgroup", hostsOfGroups.Unknown, source.PlaceOf($"{prefix}hostgroup_name"), hostGroups.Known);
        var without = direct.Refused.Concat(hostsOfGroups.Refused.SelectMany(hostGroups.Members)).ToHashSet();
        foreach (var host in direct.Wanted.Concat(hostsOfGroups.Wanted.SelectMany(hostGroups.Members)).Distinct().Where(h => !without.Contains(h)))
        {
            found.AddRange(OnHost(host, source.Names($"{prefix}service_description"), source.PlaceOf($"{prefix}service_description")).Found);
        }

        return [.. found.Distinct()];
    }

    private static (string, string) Key(string member) => member.Split('\0') is [var host, var description] ? (host, description) : (member, "");

    /// <summary>Services of one host by their descriptions; the host itself may be an expression in a service group's members.</summary>
    private (List<(string Host, string Description)> Found, List<(string, string)> Refused) OnHost(string host, IReadOnlyList<string> descriptions, SpecPlace at)
    {
        var (found, refused) = (new List<(string, string)>(), new List<(string, string)>());
        foreach (var description in descriptions)
        {
            var before = found.Count;
            if (pick.IsRegex(host) || pick.IsRegex(description))
            {
                found.AddRange(Candidates(host).Where(s => pick.IsRegex(description) ? pick.Matches(description, s.Description) : s.Description == description).Select(s => s.Key));
            }
            else if (description == "*")
            {
                found.AddRange(byHost[host].Select(s => s.Key));
                continue;
            }
            else if (description[0] == '!')
            {
                refused.Add((host, description[1..]));
                continue;
            }
            else if (keys.Contains((host, description)))
            {
                found.Add((host, description));
            }

            if (found.Count == before)
            {
                problems.Wrong(at, NagiosText.NoService(host, description), problems.Near(description, [.. byHost[host].Select(s => s.Description)], NagiosText.DefineIt));
            }
        }

        found.RemoveAll(refused.Contains);
        return (found, refused);
    }

    private IEnumerable<NagiosService> Candidates(string host) => pick.IsRegex(host) ? services.Where(s => pick.Matches(host, s.Host)) : byHost[host];

    private void Unknown(string type, IReadOnlyList<string> names, SpecPlace at, NagiosNamesKnown known)
    {
        foreach (var name in names)
        {
            problems.Wrong(at, NagiosText.NoSuch(type, name), problems.Near(name, known.All, NagiosText.DefineIt));
        }
    }
}
