namespace Hinoban.Specs.Nagios;

/// <summary>
/// Parents and dependencies → <c>parents</c> and <c>depends_on</c>. A host that depends on others needs every one of them, which parents can
/// say; what neither can say is listed.
/// </summary>
internal sealed class RelationWriter
{
    private readonly Dictionary<(string, string), NagiosObject> sources = [];
    private readonly IReadOnlyDictionary<string, string> hostKeys;
    private readonly NagiosProblems problems;
    private readonly Dictionary<(string, string), string> titles = [];
    private readonly HashSet<string> written;
    private readonly ILookup<(string, string), NagiosDependency> needs;

    internal RelationWriter(NagiosModel model, IReadOnlyList<WrittenHost> hosts, IReadOnlyDictionary<string, string> hostKeys, NagiosProblems problems)
    {
        (this.hostKeys, this.problems) = (hostKeys, problems);
        written = [.. hosts.Select(h => h.Name)];
        foreach (var host in hosts)
        {
            foreach (var (service, key, _) in host.Services)
            {
                titles[service.Key] = $"{host.Key}/{key}";
                sources[service.Key] = service.Source;
            }
        }

        needs = model.Dependencies.Where(d => Counts(d.Source)).ToLookup(d => d.Dependent, d => d);
    }

    internal string? Parents(WrittenHost host)
    {
        var parents = host.Source.Names("parents").Distinct().Where(p => Written(p, host.Source.PlaceOf("parents"))).ToList();
        var needed = needs[(host.Name, "")].Where(d => Written(d.Needed.Host, d.Source.At)).Select(d => d.Needed.Host).Distinct().Except(parents).ToList();
        if (needed.Count > 0 && parents.Count > 1)
        {
            problems.Lost(needs[(host.Name, "")].First().Source.At, WriteText.ParentsAndDependencies(host.Name), WriteText.ParentsAndDependenciesCure);
            needed.Clear();
        }

        var all = parents.Concat(needed).Select(p => SpecPrint.Quoted(hostKeys[p])).ToList();
        return all.Count == 0 ? null : needed.Count > 0 && all.Count > 1 ? SpecPrint.Map([("all", SpecPrint.List(all))]) : SpecPrint.List(all);
    }

    internal string? Depends((string Host, string Description) service)
    {
        var parents = ServiceParents(service);
        var needed = needs[service].Where(d => Known(d.Needed, d.Source.At)).Select(d => d.Needed).Distinct().ToList();
        var both = parents.Count > 1 && needed.Except(parents).Any();
        if (both)
        {
            problems.Lost(needs[service].First().Source.At, WriteText.ParentsAndDependencies($"{service.Host}/{service.Description}"), WriteText.ParentsAndDependenciesCure);
        }

        var any = both || (parents.Count > 1 && needed.Count == 0);
        var names = (both ? parents : parents.Concat(needed).Distinct()).Where(n => n != service).Select(n => SpecPrint.Quoted(titles[n])).ToList();
        return names.Count == 0 ? null : SpecPrint.Map([(any ? "any" : "all", SpecPrint.List(names))]);
    }

    /// <summary>One service of the same host, or pairs of host and service; any of them is enough, as for hosts.</summary>
    private List<(string, string)> ServiceParents((string Host, string Description) service)
    {
        var source = sources[service];
        var names = source.Names("parents");
        var pairs = names.Count == 1 ? [(service.Host, names[0])] : Enumerable.Range(0, names.Count / 2).Select(i => (names[2 * i], names[(2 * i) + 1]));
        return [.. pairs.Distinct().Where(p => Known(p, source.PlaceOf("parents")))];
    }

    // A dependency whose criteria are `n` says nothing; one on being well (o) has no meaning here.
    private bool Counts(NagiosObject source)
    {
        var criteria = source.Names("execution_failure_criteria").Concat(source.Names("notification_failure_criteria")).ToList();
        var failing = criteria.Intersect(["w", "u", "c", "d", "a", "all", "warning", "unknown", "critical", "down", "unreachable"]).Any();
        if (!failing && criteria.Count > 0 && !criteria.TrueForAll(c => c is "n" or "none"))
        {
            problems.Lost(source.At, WriteText.DependsOnWell, WriteText.DependsOnWellCure);
        }
        else if (failing && criteria.Any(c => c is "o" or "p"))
        {
            problems.Look(source.At, WriteText.DependsOnWell, WriteText.DependsOnWellCure);
        }

        return failing;
    }

    private bool Written(string host, SpecPlace at)
    {
        if (!written.Contains(host))
        {
            problems.Lost(at, WriteText.NeedsWhatIsNot(host), WriteText.NeedsWhatIsNotCure);
        }

        return written.Contains(host);
    }

    private bool Known((string Host, string Description) service, SpecPlace at)
    {
        if (!titles.ContainsKey(service))
        {
            problems.Lost(at, WriteText.NeedsWhatIsNot($"{service.Host}/{service.Description}"), WriteText.NeedsWhatIsNotCure);
        }

        return titles.ContainsKey(service);
    }
}
