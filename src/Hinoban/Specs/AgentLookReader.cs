using System.Globalization;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads the looks from inside a host: what its agent, its NRPE daemon or its sshd is asked for, and with which thresholds.</summary>
internal sealed class AgentLookReader(SpecValues values, CheckLayers layers, LookReader reader)
{
    internal const string From = "from";

    /// <summary>A disk that names no threshold.</summary>
    internal const string DiskWarn = "80% used";

    private static readonly string[] Always = ["load", "swap", "disk", "users", "procs", "zombies", "postgres", "mysql", LogLookPlan.Word];

    private Via via;

    private SpecProblems Problems => values.Problems;

    /// <summary>Whether the check is looked at from inside; <c>tcp</c> and <c>plugin</c> are where they say so.</summary>
    internal static bool IsInside(CheckLayers layers) => layers.Kind switch
    {
        "plugin" => WrittenVia(layers) is not null,
        "tcp" => layers.Find(From).Node is not null,
        var kind => Array.IndexOf(Always, kind) >= 0,
    };

    internal static WrittenInside? Written(CheckLayers layers) => !IsInside(layers) ? null : new WrittenInside(
        layers.Find(From).Node?.At ?? layers.Find("via").Node?.At ?? layers.Name.At, layers.Find(From).Node as SpecScalar);

    internal InsideLookPlan? Read(string key)
    {
        via = ViaOf();
        NeverAlerts();
        var from = values.Word(layers.Find(From).Node, SpecText.Key(From), AgentText.FromRight) ?? "";
        var way = InsideWay.Open(via, from, via == Via.Nrpe ? Command() ?? key : "");
        NoCommand();
        Thresholds();
        return layers.Kind switch
        {
            "load" => new LoadLookPlan(way, values.Truth(layers.Find("per_core").Node, SpecText.Key("per_core")) ?? false, Load("warn"), Load("crit")),
            "swap" => Percentages() is var (warn, crit) ? new SwapLookPlan(way, warn, crit) : null,
            "disk" => Disk(way),
            "users" or "procs" or "zombies" => Count(way),
            "tcp" => Tcp(way),
            "postgres" or "mysql" => Database(way),
            LogLookPlan.Word => new LogReader(values, layers, reader).Read(way),
            _ => Plugin(way),
        };
    }

    private static string? WrittenVia(CheckLayers layers) =>
        (layers.Find("via").Node as SpecScalar)?.Text ?? layers.Own.LastOrDefault(l => l.Via is not null)?.Via;

    private Via ViaOf()
    {
        var onlyAgent = layers.Kind is "postgres" or "mysql" or "tcp" or LogLookPlan.Word;
        var via = WrittenVia(layers) switch { "nrpe" => Via.Nrpe, "ssh" => Via.Ssh, _ => Via.Agent };
        if (onlyAgent && via != Via.Agent && layers.Find("via").Node is { } node)
        {
            Problems.Wrong(node.At, AgentText.OnlyAgent(layers.Kind), AgentText.OnlyAgentRight);
        }

        return onlyAgent ? Via.Agent : via;
    }

    /// <summary>A daemon's own name for it, and arguments, as check_nrpe's <c>-c</c> and <c>-a</c>.</summary>
    private string? Command()
    {
        var words = values.Many(layers.Find("command").Node).Select((node, i) => i == 0
            ? values.Where(node, AgentText.DaemonCommand, SpecWords.IsKey, AgentText.DaemonCommandRight)
            : values.Where(node, CheckText.Argument, a => !a.Contains('!', StringComparison.Ordinal) && SpecWords.Unprintable(a) is null && a.Length <= 1000, AgentText.DaemonArgumentRight));
        return words.ToList() is [{ } name, .. var rest] && rest.TrueForAll(w => w is not null) ? string.Join('!', rest.Prepend(name)) : null;
    }

    private void NoCommand()
    {
        if (layers.Kind != "plugin" && via != Via.Nrpe && layers.Find("command").Node is { } command)
        {
            Problems.Wrong(command.At, AgentText.NoCommand, AgentText.NoCommandRight);
        }
    }

    private void Thresholds()
    {
        if (via == Via.Nrpe && (layers.Find("warn").Node ?? layers.Find("crit").Node) is { } threshold)
        {
            Problems.Note(threshold.At, AgentText.DaemonThresholds(layers.Kind), AgentText.DaemonThresholdsRight);
        }
    }

    // NRPE's stand in the daemon's own configuration.
    private bool IsBare => via != Via.Nrpe && layers.Find("warn").Node is null && layers.Find("crit").Node is null;

    private void NeverAlerts()
    {
        if (layers.Kind is "load" or "swap" or "users" or "procs" or "zombies" && IsBare)
        {
            Problems.Note(layers.Name.At, AgentText.NeverAlerts(layers.Kind), AgentText.NeverAlertsRight);
        }
    }

    private DiskLookPlan? Disk(InsideWay way)
    {
        var all = layers.Find("mounts").Node is null or SpecScalar { Text: "all" };
        var mounts = all ? [] : Mounts("mounts");
        var except = Mounts("except");
        var inodes = layers.Find("inodes").Node;
        var own = inodes is SpecScalar { Text: "none" } ? null : Clause.Open(Problems, inodes, inodes?.At ?? default, CheckLanguage.Inodes);
        if (Percentages() is not var (warn, crit))
        {
            return null;
        }

        warn ??= IsBare ? UsedWords.Read(DiskWarn) : null;
        return inodes is null ? new DiskLookPlan(way, mounts, except, warn, crit, warn, crit)
            : new DiskLookPlan(way, mounts, except, warn, crit, Percentage(own?.Find("warn"), "warn"), Percentage(own?.Find("crit"), "crit"));
    }

    private List<string> Mounts(string key) => [.. values.Many(layers.Find(key).Node)
        .Select(n => values.Where(n, AgentText.Mount, IsMount, AgentText.MountRight)).OfType<string>()];

    private static bool IsMount(string text) => text is ['/', ..] && text.Length <= 400 && SpecWords.Unprintable(text) is null;

    private CountLookPlan? Count(InsideWay way)
    {
        var name = values.Where(layers.Find("name").Node, AgentText.ProcessName, t => t.Length is > 0 and <= 200 && SpecWords.Unprintable(t) is null && !t.Contains('/', StringComparison.Ordinal), AgentText.ProcessNameRight);
        var (warn, crit) = (Range("warn"), Range("crit"));
        Wider(warn, crit, r => r.ToString());
        return new CountLookPlan(way, layers.Kind, name, warn?.ToString(), crit?.ToString());
    }

    private InsidePluginLookPlan? Plugin(InsideWay way)
    {
        var node = layers.Find("command").Node;
        var runAs = values.Where(layers.Find("run_as").Node, CustomerText.User, AddressRules.IsUser, CustomerText.UserRight);
        if (runAs is not null && way.Via != Via.Agent)
        {
            Problems.Wrong(layers.Find("run_as").Node!.At, AgentText.RunAs, AgentText.RunAsRight);
        }

        if (layers.Find("evidence").Node is { } evidence)
        {
            Problems.Note(evidence.At, AgentText.Evidence, AgentText.EvidenceRight);
        }

        if (way.Via == Via.Nrpe)
        {
            return new InsidePluginLookPlan(way, [], null);
        }

        if (node is not SpecList { Items.Count: > 0 } list)
        {
            Problems.Wrong(node?.At ?? layers.Name.At, node is null ? SpecText.Lacks(CheckLanguage.CheckOf("plugin").What, "command") : SpecText.Is(SpecText.Key("command"), SpecValues.Kind(node)), CheckText.CommandRight);
            return null;
        }

        var command = list.Items.Select((item, i) => i == 0 ? values.Where(item, CheckText.Program, IsProgram, AgentText.ProgramRight) : reader.Argument(item)).OfType<string>().ToList();
        return command.Count == list.Items.Count ? new InsidePluginLookPlan(way, command, runAs) : null;
    }

    private static bool IsProgram(string text) => AddressRules.IsProgram(text) || (IsMount(text) && !text.EndsWith('/'));

    private InsideTcpLookPlan? Tcp(InsideWay way)
    {
        var (warn, crit) = reader.Times();
        return reader.PortOf() is { } port ? new InsideTcpLookPlan(way, "", port, warn, crit) : null;
    }

    private DatabaseLookPlan? Database(InsideWay way)
    {
        var (warn, crit) = reader.Times();
        var isMySql = layers.Kind == "mysql";
        var target = values.Where(layers.Find("host").Node, CustomerText.Address, AddressRules.IsHost, AgentText.DatabaseHostRight) ?? "";
        var port = values.Whole(layers.Find("port").Node, SpecText.Key("port"), 1, 65535) ?? (isMySql ? 3306 : 5432);
        var database = values.Line(layers.Find("database").Node, SpecText.Key("database"), 63);
        var query = values.Line(layers.Find("query").Node, SpecText.Key("query"), 1000);
        var user = values.Line(layers.Find("user").Node, SpecText.Key("user"), 63);
        if (layers.Find("user").Node is null)
        {
            reader.Missing("user", "monitor");
        }

        return user is null ? null : new DatabaseLookPlan(way, isMySql, target, port, database ?? (isMySql ? "" : user), user, Secret(), query ?? "select 1", warn, crit);
    }

    private string? Secret()
    {
        const string Prefix = "secret:";
        var word = values.Where(layers.Find("password").Node, SpecText.Key("password"), w => w.StartsWith(Prefix, StringComparison.Ordinal) && SpecWords.IsKey(w[Prefix.Length..]), AgentText.SecretRight, AgentText.PasswordHere);
        return word?[Prefix.Length..];
    }

    /// <summary>Null after a mistake; the thresholds, of which either may be absent, otherwise.</summary>
    private (string? Warn, string? Crit)? Percentages()
    {
        var (warn, crit) = (Percentage(layers.Find("warn").Node, "warn"), Percentage(layers.Find("crit").Node, "crit"));
        if (warn is not null && crit is not null && NagiosRange.TryParse(warn, out var w, "%") == RangeFault.None && NagiosRange.TryParse(crit, out var c, "%") == RangeFault.None)
        {
            Wider(w, c, r => UsedWords.Written(r.ToString() + "%")!);
        }

        return (warn, crit);
    }

    private string? Percentage(SpecPiece? node, string key)
    {
        if (values.Word(node, SpecText.Key(key), AgentText.PercentageRight) is not { } text || text == "none")
        {
            return null;
        }

        if (UsedWords.Read(text) is { } used)
        {
            // check_disk and check_swap know one bound only, and would never alert.
            if (via != Via.Agent && UsedWords.UpperOf(used) is null)
            {
                Problems.Wrong(node!.At, AgentText.NotForPlugins(key, text), AgentText.NotForPluginsRight);
            }

            return used;
        }

        Problems.Wrong(node!.At, AgentText.NotAPercentage(key, text), text.EndsWith('%') ? AgentText.UsedOrFree(text) : AgentText.PercentageRight);
        return null;
    }

    private NagiosRange? Range(string key)
    {
        var node = layers.Find(key).Node;
        if (values.Word(node, SpecText.Key(key), NagiosRangeText.Right) is not { } text || text == "none")
        {
            return null;
        }

        var fault = NagiosRange.TryParse(text, out var range);
        if (fault == RangeFault.None)
        {
            return range;
        }

        Problems.Wrong(node!.At, AgentText.NotARange(key, text, NagiosRangeText.Wrong(fault)), NagiosRangeText.Right);
        return null;
    }

    private string? Load(string key)
    {
        var node = layers.Find(key).Node;
        if (node is null or SpecScalar { Text: "none" })
        {
            return null;
        }

        var words = node is SpecScalar { Text: var text } ? text.Split(',', StringSplitOptions.TrimEntries) : [.. values.Many(node).Select(n => (n as SpecScalar)?.Text ?? "")];
        var numbers = (words.Length == 1 ? [words[0], words[0], words[0]] : words)
            .Select(w => double.TryParse(w, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n is >= 0 and < 1e6 ? n : double.NaN).ToList();
        if (numbers.Count != 3 || numbers.Exists(double.IsNaN))
        {
            Problems.Wrong(node.At, AgentText.NotALoad(key), AgentText.LoadRight);
            return null;
        }

        LoadOrder(key, numbers, node);
        return string.Join(',', numbers.Select(NagiosRange.Show));
    }

    private List<double>? loadWarn;

    private void LoadOrder(string key, List<double> numbers, SpecPiece node)
    {
        if (key == "warn")
        {
            loadWarn = numbers;
        }
        else if (loadWarn is { } warn && warn.Zip(numbers).Any(p => p.First > p.Second))
        {
            Problems.Wrong(node.At, CheckText.Above("warn", string.Join(", ", warn.Select(NagiosRange.Show)), "crit", string.Join(", ", numbers.Select(NagiosRange.Show))), CheckText.ComesFirst("warn"));
        }
    }

    private void Wider(NagiosRange? warn, NagiosRange? crit, Func<NagiosRange, string> show)
    {
        if (warn is { Inside: false } w && crit is { Inside: false } c && (c.Start > w.Start || c.End < w.End))
        {
            Problems.Wrong(layers.Find("crit").Node!.At, AgentText.Narrower(show(w), show(c)), AgentText.NarrowerRight);
        }
    }
}
