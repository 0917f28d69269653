using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// The hosts as read, and the checks that are written but not looked at (<c>host/check</c>), for those that refer to them; of these <see cref="Wrong"/> are not because of a mistake
/// that is told where it stands.
/// </summary>
internal sealed record HostShelf(IReadOnlyList<HostSpec> Hosts, IReadOnlySet<string> Keys, IReadOnlySet<string> Unwatched)
{
    internal IReadOnlySet<string> Wrong { get; init; } = new HashSet<string>();

    private readonly Dictionary<string, HostSpec> byKey = Hosts.ToDictionary(h => h.Key);

    internal HostSpec? Host(string key) => byKey.GetValueOrDefault(key);
}

/// <summary>Reads hosts with their services.</summary>
internal sealed class HostReader(CheckGround ground, TemplateShelf templates, IReadOnlyCollection<string> vendors)
{
    private readonly SpecValues values = new(ground.Problems);
    private readonly HashSet<string> keys = [];
    private readonly HashSet<string> unwatched = [];
    private readonly HashSet<string> wrong = [];
    private readonly Dictionary<string, SpecPlace> formerly = [];
    private readonly List<WrittenParents> parents = [];
    private CheckSpec? usualAlive;

    private SpecProblems Problems => ground.Problems;

    internal HostShelf Read(SpecPiece? section)
    {
        var entries = Section.Entries(Problems, section, SpecText.Key("hosts"), "web01: { address: 192.0.2.10 }");
        keys.UnionWith(entries.Select(e => e.Key.Text));
        var hosts = entries.Select(Host).OfType<HostSpec>().ToList();
        ParentRules.Check(Problems, parents, keys);
        var shelf = new HostShelf(hosts, keys, unwatched) { Wrong = wrong };
        DependsRules.Check(Problems, shelf);
        InsideRules.Check(Problems, shelf, ground.Froms);
        return shelf;
    }

    private HostSpec? Host(SpecEntry entry)
    {
        var key = values.Key(entry.Key, CustomerText.HostName);
        if (Clause.Open(Problems, Section.Filled(entry), entry.Key.At, SpecLanguage.Host) is not { } host)
        {
            return null;
        }

        var address = values.Where(host.Must("address", "192.0.2.10"), CustomerText.Address, AddressRules.IsHost, CustomerText.AddressRight);
        var name = host.Both("name") ?? Text.Same(entry.Key.Text);
        var machine = host.OneOf("machine", ("physical", MachineKind.Physical), ("virtual", MachineKind.Virtual), ("vm", MachineKind.Virtual), ("cloud", MachineKind.Cloud));
        var merged = templates.Use(host.Find("use"));
        var spec = new HostSpec(
            entry.Key.Text,
            entry.Key.At,
            Was(host),
            name,
            address ?? "",
            machine ?? MachineKind.Virtual,
            Parents(entry.Key.Text, host),
            HostParts.Ssh(Problems, host.Find("ssh"), host.PlaceOf("ssh")),
            Alive(host, host.Find("alive") ?? merged.Alive),
            Services(entry.Key.Text, host, merged))
        {
            Needed = host.Find("parents") is SpecMap written && written.Find("all") is not null ? ParentsNeeded.All : ParentsNeeded.Any,
            Datacentre = VendorReader.Datacentre(Problems, host.Find("datacentre"), host.PlaceOf("datacentre"), vendors),
            Doors = InsideReader.Doors(values, host),
        };
        Names(spec);
        return key is null ? null : spec;
    }

    /// <summary>Hardly any certificate is made out to an IP address.</summary>
    private void Names(HostSpec host)
    {
        foreach (var check in host.All.Where(c => c.Look is HttpLookPlan { Tls: true, VerifyCertificate: true, HostName: "" }))
        {
            if (AddressRules.IsIp(check.Address ?? host.Address))
            {
                Problems.Note(host.At, CustomerText.ExpectsCertificate($"{host.Key}/{check.Key}", check.Address ?? host.Address), CustomerText.CertificateRight);
            }
        }
    }

    private IReadOnlyList<string> Was(Clause host)
    {
        var names = HostParts.Was(values, host.Find("was"), CustomerText.FormerHostName);
        foreach (var name in names)
        {
            var at = host.Find("was")!.At;
            if (keys.Contains(name))
            {
                Problems.Wrong(at, CustomerText.HostOfToday(name), CustomerText.WasRight);
            }
            else if (!formerly.TryAdd(name, at))
            {
                Problems.Wrong(at, CustomerText.AlreadyWas(name, formerly[name].Line), CustomerText.OneHistory);
            }
        }

        return names;
    }

    private IReadOnlyList<string> Parents(string key, Clause host)
    {
        var node = host.Find("parents");
        if (node is SpecMap map)
        {
            Clause.Open(Problems, map, map.At, SpecLanguage.Parents);
            var written = new[] { map.Find("any"), map.Find("all") }.OfType<SpecPiece>().ToList();
            if (written.Count != 1)
            {
                Problems.Wrong(map.At, CustomerText.ParentsEither, CustomerText.ParentsRight);
                return [];
            }

            node = written[0];
        }

        var names = values.Many(node).Select(n => values.Word(n, SpecText.Key("parents"), CustomerText.ParentsRight)).OfType<string>().ToList();
        if (node is not null)
        {
            parents.Add(new WrittenParents(key, node, names));
        }

        return names;
    }

    /// <summary>The host check: <c>ping</c> unless the host or a template says otherwise.</summary>
    private CheckSpec? Alive(Clause host, SpecPiece? node)
    {
        switch (node)
        {
            case null:
                return usualAlive ??= Alive(new SpecScalar(host.At, "ping", plain: true), SpecMap.Nothing);
            case SpecScalar { Text: "none" }:
                return null;
            case SpecScalar word:
                return CheckReader.Short(Problems, word) is { } meant ? Alive(word, meant) : null;
            case SpecMap map:
                return Alive(new SpecScalar(map.At, "ping", plain: true), map);
            default:
                Problems.Wrong(node.At, SpecText.Is(SpecText.Key("alive"), SpecValues.Kind(node)), CheckText.AliveRight);
                return null;
        }
    }

    private CheckSpec? Alive(SpecScalar name, SpecMap map) => CheckReader.Read(ground, [new CheckLayer(name, map, null)], "", alive: true);

    private List<CheckSpec> Services(string key, Clause host, MergedTemplates merged)
    {
        var own = Section.Entries(Problems, host.Find("checks"), SpecText.Key("checks"), "http: { kind: http }");
        var checks = merged.Checks;
        if (own.Count > 0)
        {
            checks = new(merged.Checks);
            foreach (var entry in own)
            {
                values.Key(entry.Key, CheckText.Name);
                TemplateShelf.Put(Problems, checks, entry, null);
            }
        }

        var services = new List<CheckSpec>(checks.Count);
        foreach (var (name, layers) in checks)
        {
            var (check, isWrong) = Service(name, layers, merged);
            if (check is not null)
            {
                services.Add(check);
                continue;
            }

            unwatched.Add($"{key}/{name}");
            _ = isWrong && wrong.Add($"{key}/{name}");
        }

        return services;
    }

    private (CheckSpec? Check, bool IsWrong) Service(string name, IReadOnlyList<CheckLayer> layers, MergedTemplates merged)
    {
        if (!merged.Checks.TryGetValue(name, out var shared) || !ReferenceEquals(shared, layers))
        {
            return CheckReader.Service(ground, layers, name);
        }

        if (!merged.Read.TryGetValue(name, out var read))
        {
            merged.Read[name] = read = CheckReader.Service(ground, layers, name);
        }

        return read;
    }
}
