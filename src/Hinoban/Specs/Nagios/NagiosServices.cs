namespace Hinoban.Specs.Nagios;

/// <summary>Service definitions → one service for each host. Where two say the same service, the one that Nagios takes stays.</summary>
internal sealed class NagiosServices(NagiosSettings settings, NagiosPick pick, NagiosNamesKnown hosts, NagiosGroups hostGroups, NagiosProblems problems)
{
    // In Nagios' own order, which decides between doubles: copies in the reverse order of their making, then the definitions themselves,
    // the last one first; what a host group brought gives way to what names the host.
    private readonly List<(NagiosService Service, bool OfGroup)> copies = [];
    private readonly List<NagiosService> originals = [];

    internal IReadOnlyList<NagiosService> Of(IReadOnlyList<NagiosObject> definitions)
    {
        foreach (var definition in definitions.Reverse())
        {
            Expand(definition);
        }

        var found = new Dictionary<(string, string), NagiosService>();
        copies.Reverse();
        foreach (var service in copies.Where(c => !c.OfGroup).Select(c => c.Service).Concat(originals).Concat(copies.Where(c => c.OfGroup).Select(c => c.Service)))
        {
            if (!found.TryAdd(service.Key, service))
            {
                problems.Look(service.Source.At, NagiosText.ServiceTwice(service.Host, service.Description, found[service.Key].Source.At), NagiosText.ServiceTwiceRight);
            }
        }

        return [.. found.Values.OrderBy(s => s.Source.At.File, StringComparer.Ordinal).ThenBy(s => s.Source.At.Line)];
    }

    private void Expand(NagiosObject definition)
    {
        var (named, grouped) = (definition.Names("host_name"), definition.Names("hostgroup_name"));
        if (definition.Find("service_description") is not { Length: > 0 } description || (named.Count == 0 && grouped.Count == 0))
        {
            problems.Wrong(definition.At, NagiosText.NoHostOrName, NagiosText.NoHostOrNameRight);
            return;
        }

        var taken = new HashSet<string>();
        var groups = pick.Of(grouped, hostGroups.Known, sticks: false);
        var direct = pick.Of(named, hosts, sticks: true);
        Unknown(definition, "hostgroup", groups.Unknown, "hostgroup_name");
        Unknown(definition, "host", direct.Unknown, "host_name");
        taken.UnionWith(groups.Refused.SelectMany(hostGroups.Members));
        taken.UnionWith(direct.Refused);

        var targets = direct.Wanted.Select(h => (Host: h, OfGroup: false))
            .Concat(groups.Wanted.SelectMany(g => hostGroups.Members(g).Reverse()).Select(h => (Host: h, OfGroup: true))).ToList();
        for (var i = 0; i < targets.Count; i++)
        {
            if (!taken.Add(targets[i].Host))
            {
                continue;
            }

            var service = new NagiosService(definition, targets[i].Host, description);
            if (i == targets.Count - 1)
            {
                originals.Add(service);
            }
            else
            {
                copies.Add((service, targets[i].OfGroup));
            }
        }

        if (taken.Count == 0 && !settings.AllowsEmptyGroups && direct.Unknown.Count + groups.Unknown.Count == 0)
        {
            problems.Wrong(definition.At, NagiosText.OnNoHost(description), NagiosText.OnNoHostRight);
        }
    }

    private void Unknown(NagiosObject definition, string type, IReadOnlyList<string> names, string key)
    {
        foreach (var name in names)
        {
            problems.Wrong(definition.PlaceOf(key), NagiosText.NoSuch(type, name), problems.Near(name, (type == "host" ? hosts : hostGroups.Known).All, NagiosText.DefineIt));
        }
    }
}
