using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What an import gave: the specification's text, how much is in it, and everything that a person should know.</summary>
internal sealed record NagiosImport(string Text, int Hosts, int Items, int NotCarried, IReadOnlyList<Problem> Problems);

/// <summary>A host as it will be written, with its items that are carried over.</summary>
internal sealed record WrittenHost(string Name, string Key, string Address, NagiosObject Source, WrittenItem? Alive, IReadOnlyList<(NagiosService Service, string Key, WrittenItem Item)> Services)
{
    internal int Items => Services.Count + (Alive is null ? 0 : 1);
}

/// <summary>The resolved model → the text of one customer's specification.</summary>
internal sealed class NagiosSpec
{
    private readonly NagiosModel model;
    private readonly NagiosProblems problems;
    private readonly ItemWriter items;
    private readonly IReadOnlyDictionary<string, string> hostKeys;
    private readonly ILookup<string, NagiosService> fed;
    private readonly List<WrittenHost> hosts = [];
    private int notCarried;

    private NagiosSpec(NagiosModel model, NagiosProblems problems)
    {
        (this.model, this.problems) = (model, problems);
        items = new ItemWriter(model, problems);
        hostKeys = NagiosKeys.Of(model.Hosts.Keys);
        fed = model.Services.ToLookup(s => NagiosKeys.Fed(s.Host, s.Description));
    }

    /// <param name="customer">The customer's id.</param>
    /// <param name="list">The mailing list's address; Nagios knows of none.</param>
    internal static NagiosImport Write(NagiosModel model, string customer, string list, NagiosProblems problems)
    {
        var spec = new NagiosSpec(model, problems);
        spec.Collect();
        var text = new StringWriter { NewLine = "\n" };
        spec.Write(text, customer, list);
        LossList.Add(model, problems);
        spec.Settings();
        return new NagiosImport(text.ToString(), spec.hosts.Count, spec.hosts.Sum(h => h.Items), spec.notCarried, problems.Sorted());
    }

    private void Collect()
    {
        var byHost = model.Services.ToLookup(s => s.Host);
        foreach (var (name, source) in model.Hosts)
        {
            var address = source.Find("address") is { Length: > 0 } said ? said : name;
            if (!AddressRules.IsHost(address))
            {
                problems.Lost(source.PlaceOf("address"), WriteText.NoAddress(name, address, byHost[name].Count()), CustomerText.AddressRight);
                notCarried += 1 + byHost[name].Count();
                continue;
            }

            if (address is "127.0.0.1" or "::1" or "localhost")
            {
                problems.Look(source.PlaceOf("address"), WriteText.Loopback(name), WriteText.LoopbackCure);
            }

            var keys = NagiosKeys.Of(byHost[name].Select(s => s.Description));
            var services = byHost[name].Select(s => (s, keys[s.Description], Item: Known(s, keys, items.Of(name, source, s, address)))).ToList();
            hosts.Add(new WrittenHost(name, hostKeys[name], address, source, items.Of(name, source, null, address), [.. services.Where(s => s.Item is not null).Select(s => (s.s, s.Item2, s.Item!))]));
            notCarried += services.Count(s => s.Item is null);
            Renamed(name, source, services.Select(s => (s.s, s.Item2)));
        }
    }

    /// <summary>Null for a passive one whose results could not be told from another's: the feed knows a name, not who else has its key.</summary>
    private WrittenItem? Known(NagiosService service, IReadOnlyDictionary<string, string> keys, WrittenItem? item)
    {
        var key = NagiosKeys.Fed(service.Host, service.Description);
        if (item is not { Pace: null } || (fed[key].Count() == 1 && key == $"{hostKeys[service.Host]}/{keys[service.Description]}"))
        {
            return item;
        }

        var other = fed[key].FirstOrDefault(s => s.Key != service.Key) is { } same ? $"{same.Host}/{same.Description}"
            : keys.FirstOrDefault(k => k.Value == NagiosKeys.Of(service.Description) && k.Key != service.Description).Key
            ?? hostKeys.First(k => k.Value == NagiosKeys.Of(service.Host)).Key;
        problems.Lost(service.Source.PlaceOf("service_description"), WriteText.NotCarried($"{service.Host}/{service.Description}", WriteText.SameKey(other, key)), WriteText.SameKeyCure);
        return null;
    }

    private void Renamed(string name, NagiosObject source, IEnumerable<(NagiosService Service, string Key)> services)
    {
        if (hostKeys[name] != name)
        {
            problems.Look(source.PlaceOf("host_name"), WriteText.Renamed(name, hostKeys[name]), WriteText.RenamedCure);
        }

        foreach (var (service, key) in services.Where(s => s.Key != s.Service.Description))
        {
            problems.Look(service.Source.PlaceOf("service_description"), WriteText.Renamed(service.Description, key), WriteText.RenamedCure);
        }
    }

    private void Write(StringWriter to, string customer, string list)
    {
        to.WriteLine($"customer: {customer}");
        if (model.Settings.Text("use_timezone") is { Length: > 0 } zone)
        {
            if (AddressRules.IsZone(zone.TrimStart(':')))
            {
                to.WriteLine($"time_zone: {zone.TrimStart(':')}");
            }
            else
            {
                problems.Lost(model.Settings.PlaceOf("use_timezone"), WriteText.Zone(zone), CustomerText.IanaZone);
            }
        }

        to.WriteLine("edition: 1");
        new PeopleWriter(model, problems).Write(to, list);
        var usual = hosts.SelectMany(h => h.Services.Select(s => s.Item).Append(h.Alive)).Where(i => i?.Pace is not null).Select(i => i!.Pace!.Value)
            .GroupBy(p => p).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key ?? default;
        if (usual.Interval is not null)
        {
            to.WriteLine($"defaults: {SpecPrint.Map([("interval", usual.Interval), ("attempts", usual.Attempts), ("retry", usual.Retry), ("flapping", usual.Flapping)])}");
        }

        var relations = new RelationWriter(model, hosts, hostKeys, problems);
        to.WriteLine(hosts.Count == 0 ? "hosts: {}" : "hosts:");
        foreach (var host in hosts)
        {
            Host(to, host, usual, relations);
        }

        Silences(to);
    }

    private static void Host(StringWriter to, WrittenHost host, NagiosPace usual, RelationWriter relations)
    {
        to.WriteLine($"  {SpecPrint.Quoted(host.Key)}:");
        to.WriteLine($"    address: {SpecPrint.Quoted(host.Address)}");
        if (host.Source.Find("alias") is { Length: > 0 and <= 120 } alias && alias != host.Key && SpecWords.Unprintable(alias) is null && !string.IsNullOrWhiteSpace(alias))
        {
            to.WriteLine($"    name: {SpecPrint.Quoted(alias)}");
        }

        if (relations.Parents(host) is { } parents)
        {
            to.WriteLine($"    parents: {parents}");
        }

        to.WriteLine($"    alive: {(host.Alive is null ? "none" : Item(host.Alive, usual, null))}");
        if (host.Services.Count > 0)
        {
            to.WriteLine("    checks:");
        }

        foreach (var (service, key, item) in host.Services)
        {
            if (key != service.Description)
            {
                to.WriteLine($"      # {Shown.Tame(service.Description, 100)}");
            }

            to.WriteLine($"      {SpecPrint.Quoted(key)}: {Item(item, usual, relations.Depends(service.Key))}");
        }
    }

    private static string Item(WrittenItem item, NagiosPace usual, string? depends)
    {
        var pace = item.Pace ?? usual;
        return SpecPrint.Map(
        [
            .. item.Keys,
            ("interval", pace.Interval == usual.Interval ? null : pace.Interval),
            ("attempts", pace.Attempts == usual.Attempts ? null : pace.Attempts),
            ("retry", pace.Retry == usual.Retry ? null : pace.Retry),
            ("flapping", pace.Flapping == usual.Flapping ? null : pace.Flapping),
            ("depends_on", depends),
        ]);
    }

    private void Silences(StringWriter to)
    {
        var all = hosts.Select(h => (h.Key, (IReadOnlyList<(string, NagiosObject, NagiosService?)>)
        [
            .. h.Alive is null ? [] : new[] { (h.Key, h.Source, (NagiosService?)null) },
            .. h.Services.Select(s => ($"{h.Key}/{s.Key}", s.Service.Source, (NagiosService?)s.Service)),
        ])).ToList();
        var silences = new SilenceWriter(model, problems).Of(all);
        if (silences.Count > 0)
        {
            to.WriteLine("silences:");
            problems.Look(hosts[0].Source.At, WriteText.Silences(silences.Count, SilenceWriter.Until), WriteText.SilencesCure);
        }

        foreach (var (what, kind, when, reason) in silences)
        {
            to.WriteLine($"  - {SpecPrint.Map([("what", SpecPrint.Quoted(what)), ("kind", kind), ("when", SpecPrint.Quoted(when)), ("until", SilenceWriter.Until), ("reason", SpecPrint.Quoted(Shown.Tame(reason, 150))), ("owner", "\"Nagios\"")])}");
        }
    }

    /// <summary>What of the main configuration the provider sets elsewhere.</summary>
    private void Settings()
    {
        foreach (var (folder, at) in items.Programs.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            problems.Look(at, folder.Length == 0 ? WriteText.BareProgram : WriteText.PluginFolder(folder), WriteText.PluginFolderCure);
        }

        var folders = new NagiosMacros(model).Folders;
        foreach (var (user, (_, at)) in model.Settings.Users.Where(u => !folders.ContainsKey(u.Key)))
        {
            problems.Lost(at, WriteText.SecretUser(user), WriteText.SecretCure);
        }

        foreach (var key in new[] { "ocsp_command", "ochp_command", "global_host_event_handler", "global_service_event_handler", "broker_module" }.Where(model.Settings.Has))
        {
            problems.Lost(model.Settings.PlaceOf(key), WriteText.Setting(key), WriteText.SettingCure);
        }
    }
}
