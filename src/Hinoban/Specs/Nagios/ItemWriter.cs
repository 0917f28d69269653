using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>How an item is paced in Nagios' own values, as the language writes them.</summary>
internal readonly record struct NagiosPace(string Interval, string Attempts, string Retry, string Flapping);

/// <summary>A check ready to be written: its keys but for the pace, and the pace (null: of a passive one, which has none).</summary>
internal sealed record WrittenItem(IReadOnlyList<(string Key, string? Value)> Keys, NagiosPace? Pace);

/// <summary>A host's or service's check → the keys of a check in the language; null with the reason listed where it cannot be carried over.</summary>
internal sealed class ItemWriter(NagiosModel model, NagiosProblems problems)
{
    /// <summary>They look at the machine they run on, which here is the site and not the host.</summary>
    private static readonly string[] Local =
    [
        "check_disk", "check_load", "check_swap", "check_users", "check_procs", "check_file_age", "check_log", "check_sensors", "check_apt", "check_mailq", "check_ide_smart",
        "check_disk_smb_local", "check_uptime", "check_memory", "check_mem", "check_raid", "check_nagios",
    ];

    private readonly NagiosMacros macros = new(model);
    private readonly Dictionary<string, SpecPlace> programs = [];

    /// <summary>The folders that plugins were run from, and the programs that are outside of them.</summary>
    internal IReadOnlyDictionary<string, SpecPlace> Programs => programs;

    internal WrittenItem? Of(string hostName, NagiosObject host, NagiosService? service, string address)
    {
        var source = service?.Source ?? host;
        if (!source.Flag("active_checks_enabled", true) || model.Settings.Number(service is null ? "execute_host_checks" : "execute_service_checks", 1) <= 0)
        {
            return Passive(source, service);
        }

        if (source.Find("check_command") is not { Length: > 0 } checkCommand)
        {
            problems.Look(source.At, WriteText.NoHostCheck(hostName), WriteText.NoHostCheckCure);
            return null;
        }

        var at = source.PlaceOf("check_command");
        var command = model.Commands[NagiosReferences.CommandName(checkCommand)];
        var (line, why) = macros.Command(new NagiosGround(hostName, host, service, NagiosMacros.Arguments(checkCommand)), command.Find("command_line") ?? "");
        var (words, shell, wild) = line is null ? (null, null, null) : CommandWords.Of(line);
        if ((why ?? shell) is { } reason || words is null || Program(words, at) is not { } argv)
        {
            problems.Lost(at, WriteText.NotCarried(Title(hostName, service), why ?? shell ?? WriteText.NoProgram), WriteText.CureOf(why ?? shell));
            return null;
        }

        if (Array.IndexOf(Local, argv[0]) >= 0)
        {
            problems.Lost(at, WriteText.NotCarried(Title(hostName, service), WriteText.LooksAtItself(argv[0])), WriteText.LooksAtItselfCure);
            return null;
        }

        if (wild is { } pattern)
        {
            problems.Look(at, WriteText.Wild(Title(hostName, service), pattern), WriteText.WildCure);
        }

        return Keys(argv, Title(hostName, service), service is null, address, at) is { } keys ? new WrittenItem(keys, Pace(source, service)) : null;
    }

    private IReadOnlyList<(string Key, string? Value)>? Keys(IReadOnlyList<string> argv, string title, bool ofHost, string address, SpecPlace at)
    {
        if (KnownPlugins.Of(argv, address) is { } native)
        {
            return [.. native.Keys, ("timeout", native.Timeout is { } wait ? SpecWords.Of(wait) : null)];
        }

        var arguments = new List<string>();
        foreach (var word in argv)
        {
            if (word.Length > 4000 || word.Any(c => char.IsControl(c) && c != '\t') || SpecWords.Macros(word).Any())
            {
                problems.Lost(at, WriteText.NotCarried(title, WriteText.BadArgument), WriteText.Script);
                return null;
            }

            arguments.Add(SpecPrint.Quoted(word.Replace(NagiosMacros.Address.ToString(), "$HOSTADDRESS$", StringComparison.Ordinal)));
        }

        return
        [
            ("kind", "plugin"), ("command", SpecPrint.List(arguments)), ("timeout", Wait(ofHost)),
        ];
    }

    private string? Wait(bool ofHost)
    {
        var (key, timeout) = ofHost ? ("host_check_timeout", model.Settings.HostTimeout) : ("service_check_timeout", model.Settings.ServiceTimeout);
        if (timeout < SpecDefaults.LeastTimeout || timeout > SpecDefaults.MostTimeout)
        {
            problems.Look(model.Settings.PlaceOf(key), WriteText.OutOfRange(key), SpecText.FromTo(SpecWords.Of(SpecDefaults.LeastTimeout), SpecWords.Of(SpecDefaults.MostTimeout)));
        }

        return timeout == SpecDefaults.Timeout ? null : Duration(timeout, SpecDefaults.LeastTimeout, SpecDefaults.MostTimeout);
    }

    /// <summary>The program by its bare name: where it may stand is the provider's setting.</summary>
    private IReadOnlyList<string>? Program(IReadOnlyList<string> words, SpecPlace at)
    {
        var slash = words[0].LastIndexOf('/');
        var name = words[0][(slash + 1)..];
        if (!AddressRules.IsProgram(name))
        {
            return null;
        }

        programs.TryAdd(slash <= 0 ? "" : words[0][..slash], at);
        return [name, .. words.Skip(1)];
    }

    private WrittenItem? Passive(NagiosObject source, NagiosService? service)
    {
        if (service is null)
        {
            problems.Look(source.At, WriteText.PassiveHost(source.Find("host_name") ?? ""), WriteText.PassiveHostCure);
            return null;
        }

        var at = source.PlaceOf("active_checks_enabled");
        if (!source.Flag("passive_checks_enabled", true))
        {
            problems.Lost(at, WriteText.NotCarried(Title(service.Host, service), WriteText.NeitherWay), WriteText.NeitherWayCure);
            return null;
        }

        var threshold = source.Flag("check_freshness", false) ? source.Number("freshness_threshold", 0) : 0;
        if (threshold <= 0)
        {
            problems.Look(at, WriteText.NoFreshness(service.Description), WriteText.NoFreshnessCure);
        }

        var freshness = threshold <= 0 ? TimeSpan.FromDays(31) : TimeSpan.FromSeconds(Math.Clamp(threshold, 10, 31 * 86400));
        return new WrittenItem([("kind", PassiveLookPlan.Word), ("freshness", SpecWords.Of(freshness)), ("attempts", Attempts(source)), ("flapping", Flapping(source, service))], null);
    }

    private NagiosPace Pace(NagiosObject source, NagiosService? service)
    {
        var unit = model.Settings.IntervalLength;
        var (interval, retry) = (source.Number("check_interval", 5) * unit, source.Number("retry_interval", 1) * unit);
        if (interval <= 0)
        {
            problems.Look(source.PlaceOf("check_interval"), WriteText.OnDemand, WriteText.OnDemandCure);
            interval = 5 * unit;
        }

        return new NagiosPace(Paced(interval, source, "check_interval"), Attempts(source), Paced(retry <= 0 ? interval : retry, source, "retry_interval"), Flapping(source, service));
    }

    private string Paced(double seconds, NagiosObject source, string key)
    {
        var span = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6));
        if (span < SpecDefaults.LeastInterval || span > SpecDefaults.MostInterval)
        {
            problems.Look(source.PlaceOf(key), WriteText.OutOfRange(key), SpecText.FromTo(SpecWords.Of(SpecDefaults.LeastInterval), SpecWords.Of(SpecDefaults.MostInterval)));
        }

        return Duration(span, SpecDefaults.LeastInterval, SpecDefaults.MostInterval);
    }

    private string Attempts(NagiosObject source)
    {
        var attempts = (int)Math.Clamp(source.Number("max_check_attempts", 3), -1, 10_000);
        if (attempts is < 1 or > SpecDefaults.MostAttempts)
        {
            problems.Look(source.PlaceOf("max_check_attempts"), WriteText.OutOfRange("max_check_attempts"), SpecText.NumberFromTo(1, SpecDefaults.MostAttempts));
        }

        return SpecPrint.Number(Math.Clamp(attempts, 1, SpecDefaults.MostAttempts));
    }

    private string Flapping(NagiosObject source, NagiosService? service)
    {
        var kind = service is null ? "host" : "service";
        if (!source.Flag("flap_detection_enabled", true) || !model.Settings.FindsFlapping)
        {
            return "off";
        }

        var high = Share(source.Number("high_flap_threshold", 0), model.Settings.Number($"high_{kind}_flap_threshold", 30), 1, 100);
        var low = Share(source.Number("low_flap_threshold", 0), model.Settings.Number($"low_{kind}_flap_threshold", 20), 1, 99);
        return low >= high ? "off" : SpecPrint.Map([("high", $"{SpecPrint.Number(high)}%"), ("low", $"{SpecPrint.Number(low)}%")]);
    }

    private static int Share(double own, double otherwise, int least, int most) => (int)Math.Clamp(Math.Round(own > 0 ? own : otherwise), least, most);

    private static string Duration(TimeSpan span, TimeSpan least, TimeSpan most) => SpecWords.Of(span < least ? least : span > most ? most : span);

    private static string Title(string host, NagiosService? service) => service is null ? host : $"{host}/{service.Description}";
}
