namespace Hinoban.Specs.Nagios;

/// <summary>Definitions as written → the resolved model, with every mistake at its place. Never throws for what a file says.</summary>
internal sealed class NagiosReader
{
    private readonly NagiosWritten written;
    private readonly NagiosProblems problems;
    private readonly NagiosPick pick;

    private NagiosReader(NagiosWritten written, NagiosProblems problems) =>
        (this.written, this.problems, pick) = (written, problems, new NagiosPick(written.Settings));

    internal static NagiosModel Read(NagiosWritten written, NagiosProblems problems) => new NagiosReader(written, problems).Read();

    /// <summary>Reads texts as if they stood in files of these names, the main configuration's own settings aside.</summary>
    internal static NagiosModel ReadTexts(IReadOnlyList<SpecFile> files, NagiosSettings settings, NagiosProblems problems) =>
        Read(new NagiosWritten(settings, [.. files.SelectMany(f => NagiosObjectFile.Read(f, problems).Objects)], files), problems);

    private NagiosModel Read()
    {
        NagiosTemplates.Link(written.Objects, problems);
        var real = written.Objects.Where(o => o.IsRegistered).ToLookup(o => o.Type);
        var hosts = Named(real["host"], "host_name");
        var commands = Named(real["command"], "command_name");
        var contacts = Named(real["contact"], "contact_name");
        var periods = new OrderedDictionary<string, NagiosPeriod>();
        foreach (var (name, source) in Named(real["timeperiod"], "timeperiod_name"))
        {
            periods[name] = NagiosPeriodReader.Read(source, name, problems);
        }

        var knownHosts = Known(hosts);
        var hostGroups = new NagiosGroups(real["hostgroup"], "hostgroup_name", "hostgroup_members", problems);
        Fill(hostGroups, knownHosts, hosts, "hostgroups", "host");
        var contactGroups = new NagiosGroups(real["contactgroup"], "contactgroup_name", "contactgroup_members", problems);
        Fill(contactGroups, Known(contacts), contacts, "contact_groups", "contact");
        var services = new NagiosServices(written.Settings, pick, knownHosts, hostGroups, problems).Of([.. real["service"]]);
        var serviceGroups = new NagiosGroups(real["servicegroup"], "servicegroup_name", "servicegroup_members", problems);
        var relations = new NagiosRelations(pick, knownHosts, hostGroups, serviceGroups, services, problems);
        relations.FillServiceGroups();
        var model = new NagiosModel(
            written.Settings,
            hosts,
            services,
            contacts,
            commands,
            periods,
            hostGroups,
            serviceGroups,
            contactGroups,
            relations.Dependencies(real["hostdependency"].Concat(real["servicedependency"])),
            relations.Escalations(real["hostescalation"].Concat(real["serviceescalation"])),
            written.Objects);
        NagiosReferences.Check(model, problems);
        return model;
    }

    private static NagiosNamesKnown Known(OrderedDictionary<string, NagiosObject> named)
    {
        var known = new NagiosNamesKnown();
        foreach (var name in named.Keys)
        {
            known.Add(name);
        }

        return known;
    }

    private OrderedDictionary<string, NagiosObject> Named(IEnumerable<NagiosObject> objects, string key)
    {
        var named = new OrderedDictionary<string, NagiosObject>();
        foreach (var one in objects)
        {
            if (one.Find(key) is not { Length: > 0 } name)
            {
                problems.Wrong(one.At, NagiosText.Lacks(one.Type, key), NagiosText.LacksRight);
            }
            else if (!named.TryAdd(name, one))
            {
                problems.Wrong(one.At, NagiosText.Twice(one.Type, name, named[name].At), NagiosText.OneName);
            }
        }

        return named;
    }

    private void Fill(NagiosGroups groups, NagiosNamesKnown known, OrderedDictionary<string, NagiosObject> members, string groupsKey, string type)
    {
        foreach (var (source, name) in groups.All)
        {
            var picked = pick.Of(source.Names("members"), known, sticks: true);
            foreach (var unknown in picked.Unknown)
            {
                problems.Wrong(source.PlaceOf("members"), NagiosText.NoSuch(type, unknown), problems.Near(unknown, known.All, NagiosText.DefineIt));
            }

            groups.Name(name, picked.Wanted, picked.Refused);
        }

        foreach (var (name, source) in members)
        {
            var picked = pick.Of(source.Names(groupsKey), groups.Known, sticks: false);
            foreach (var unknown in picked.Unknown)
            {
                problems.Wrong(source.PlaceOf(groupsKey), NagiosText.NoSuch($"{type}group", unknown), problems.Near(unknown, groups.Known.All, NagiosText.DefineIt));
            }

            groups.Join(name, picked);
        }

        groups.Close();
    }
}
