using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Tests.Specs.Nagios;

/// <summary>Our resolution of Nagios' configuration beside Nagios' own: it writes its resolved objects, and each of them is compared.</summary>
public sealed class NagiosRealTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hinoban-nagios-");

    [Fact]
    public void Every_feature_is_resolved_as_Nagios_resolves_it()
    {
        Assert.SkipUnless(File.Exists(NagiosScene.Program), "nagios4 is not installed: ./dev test installs it");
        var config = NagiosScene.Everything(folder.FullName);
        var (exit, said) = NagiosScene.Nagios("-pv", config);
        Assert.True(exit == 0, said);

        var theirs = Precached(Path.Combine(folder.FullName, "work", "objects.precache"));
        var problems = new NagiosProblems();
        var ours = NagiosReader.Read(NagiosSources.Read(config, problems)!, problems);

        Assert.False(problems.HasErrors, string.Join('\n', problems.Sorted()));
        Assert.Equal(theirs["host"].Select(h => Host(h.Find("host_name")!, h)).Order(), ours.Hosts.Select(h => Host(h.Key, h.Value)).Order());
        Assert.Equal(theirs["service"].Select(s => Service(s, k => s.Find(k))).Order(), ours.Services.Select(s => Service(s.Source, k => Own(ours, s, k))).Order());
        Assert.Equal(Groups(theirs["hostgroup"], "hostgroup_name"), Groups(ours.HostGroups, m => m));
        Assert.Equal(Groups(theirs["contactgroup"], "contactgroup_name"), Groups(ours.ContactGroups, m => m));
        Assert.Equal(Groups(theirs["servicegroup"], "servicegroup_name"), Groups(ours.ServiceGroups, m => m.Replace('\0', ',')));
        Assert.Equal(theirs["command"].Select(c => $"{c.Find("command_name")} = {c.Find("command_line")}").Order(), ours.Commands.Select(c => $"{c.Key} = {c.Value.Find("command_line")}").Order());
        Assert.Equal(
            theirs["servicedependency"].Concat(theirs["hostdependency"]).Select(d => $"{d.Find("dependent_host_name")}/{d.Find("dependent_service_description")} needs {d.Find("host_name")}/{d.Find("service_description")}").Distinct().Order(),
            ours.Dependencies.Select(d => $"{d.Dependent.Host}/{d.Dependent.Description} needs {d.Needed.Host}/{d.Needed.Description}").Distinct().Order());
        Assert.Equal(
            theirs["serviceescalation"].Concat(theirs["hostescalation"]).Select(e => $"{e.Find("host_name")}/{e.Find("service_description")}").Order(),
            ours.Escalations.Select(e => $"{e.About.Host}/{e.About.Description}").Order());
        Assert.Equal(theirs["timeperiod"].Select(p => Period(NagiosPeriodReader.Read(p, p.Find("timeperiod_name")!, problems))).Order(), ours.Periods.Values.Select(Period).Order());
    }

    [Fact]
    public void The_distributions_sample_configuration_is_imported_whole()
    {
        Assert.SkipUnless(File.Exists("/etc/nagios4/nagios.cfg"), "nagios4 is not installed: ./dev test installs it");
        var problems = new NagiosProblems();
        var model = NagiosReader.Read(NagiosSources.Read("/etc/nagios4/nagios.cfg", problems)!, problems);
        Assert.False(problems.HasErrors, string.Join('\n', problems.Sorted()));
        Assert.Equal(8, model.Services.Count);

        var import = NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems);
        var customer = NagiosScene.ReadBack(import);
        Assert.Equal((1, 4, 5), (import.Hosts, import.Items, import.NotCarried));
        Assert.Equal(["PING", "SSH", "HTTP"], customer.Hosts[0].Services.Select(s => s.Key));
        Assert.Equal("nagios@localhost", Assert.Single(customer.MailingList.Members).Mail);
        Assert.Equal(5, import.Problems.Count(p => p.Wrong.Contains("looks at the machine it runs on", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nagios_own_resolved_objects_are_imported_to_the_same_specification()
    {
        Assert.SkipUnless(File.Exists(NagiosScene.Program), "nagios4 is not installed: ./dev test installs it");
        var config = NagiosScene.Everything(folder.FullName);
        Assert.Equal(0, NagiosScene.Nagios("-pv", config).Exit);
        var resolved = Path.Combine(folder.FullName, "resolved.cfg");
        var cache = Path.Combine(folder.FullName, "work", "objects.precache");
        File.WriteAllText(cache, Escaped(cache));
        var main = File.ReadAllText(config).Replace("cfg_file=objects/base.cfg", "cfg_file=work/objects.precache", StringComparison.Ordinal)
            .Replace("cfg_dir=objects/more", "", StringComparison.Ordinal).Replace("use_regexp_matching=1", "", StringComparison.Ordinal);
        File.WriteAllText(resolved, main);
        Assert.Equal(Items(config), Items(resolved));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static IEnumerable<string> Items(string config)
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.Read(NagiosSources.Read(config, problems)!, problems);
        Assert.False(problems.HasErrors, string.Join('\n', problems.Sorted()));
        var customer = NagiosScene.ReadBack(NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems));
        return customer.Hosts.SelectMany(h => h.All.Select(c =>
            $"{h.Key}/{c.Key} at {h.Address} [{string.Join(',', h.Parents.Order())} {h.Needed}] {c.Look} {string.Join(' ', (c.Look as PluginLookPlan)?.Command ?? [])} {c.Interval} {c.Timeout} {c.Attempts} {c.Retry} {c.Flapping} {string.Join(',', c.DependsOn?.Names.Select(n => n.Text).Order() ?? (IEnumerable<string>)[])}"))
            .Select(i => i.Replace("System.Collections.Generic.List`1[System.String]", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
    }

    // Nagios writes a semicolon as it is, which in what it writes begins a comment.
    private static string Escaped(string cache) => File.ReadAllText(cache).Replace(";", "\\;", StringComparison.Ordinal);

    private static ILookup<string, NagiosObject> Precached(string path)
    {
        var problems = new NagiosProblems();
        var objects = NagiosObjectFile.Read(new SpecFile(path, Escaped(path)), problems).Objects;
        Assert.False(problems.HasErrors);
        return objects.ToLookup(o => o.Type);
    }

    private static string Host(string name, NagiosObject host) =>
        $"{name} {host.Find("alias")} {host.Find("address")} parents {Set(host.Names("parents"))} {Shared(host.Find)} {Custom(host)}";

    private static string Service(NagiosObject source, Func<string, string?> of) =>
        $"{of("host_name")}/{of("service_description")} parents {Set(NagiosWords.List(of("parents")))} {Shared(of)} {NagiosWords.Number(of("is_volatile"))} {Custom(source)}";

    private static string Shared(Func<string, string?> of) => string.Join(" | ",
    [
        of("check_command")!.TrimEnd('!'), of("check_period") ?? "", of("notification_period") ?? "", $"{NagiosWords.Number(of("check_interval") ?? "5")}", $"{NagiosWords.Number(of("retry_interval") ?? "1")}",
        $"{NagiosWords.Number(of("max_check_attempts"))}", $"{NagiosWords.Number(of("active_checks_enabled") ?? "1")}", $"{NagiosWords.Number(of("freshness_threshold"))}",
        $"{NagiosWords.Number(of("notifications_enabled") ?? "1")}", $"{NagiosWords.Number(of("notification_interval") ?? "30")}", $"{NagiosWords.Number(of("flap_detection_enabled") ?? "1")}",
        Set(NagiosWords.List(of("contacts"))), Set(NagiosWords.List(of("contact_groups"))), of("event_handler") ?? "",
    ]);

    private static string? Own(NagiosModel model, NagiosService service, string key) => key switch
    {
        "host_name" => service.Host,
        "service_description" => service.Description,
        _ => model.OfService(service, key)?.Value,
    };

    private static string Custom(NagiosObject source) => string.Join(' ', Keys(source).Where(k => k[0] == '_').Distinct().Order(StringComparer.Ordinal).Select(k => $"{k}={source.Find(k)}"));

    private static IEnumerable<string> Keys(NagiosObject source) => source.Own.Keys.Concat(source.Templates.SelectMany(Keys));

    private static IEnumerable<string> Groups(IEnumerable<NagiosObject> groups, string key) => groups.Select(g => $"{g.Find(key)}: {Pairs(key, g.Names("members"))}").Order(StringComparer.Ordinal);

    private static string Pairs(string key, IReadOnlyList<string> members) => key != "servicegroup_name" ? Set(members) : Set(members.Chunk(2).Select(p => string.Join(',', p)));

    private static IEnumerable<string> Groups(NagiosGroups groups, Func<string, string> shown) => groups.All.Select(g => $"{g.Name}: {Set(groups.Members(g.Name).Select(shown))}").Order(StringComparer.Ordinal);

    private static string Set(IEnumerable<string> names) => string.Join(';', names.Distinct().Order(StringComparer.Ordinal));

    private static string Period(NagiosPeriod period) =>
        $"{period.Name} {string.Join(' ', period.Days.Select(d => d is null ? "-" : string.Join(',', d)))} {Set(period.Without)} {Set(period.Dates.Select(d => $"{d.Dates} {string.Join(',', d.Hours)}"))}";
}
