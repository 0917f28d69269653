using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>Reads what a check's kind asks for, into the look that sites carry out.</summary>
internal sealed partial class LookReader(SpecValues values, CheckLayers layers, TimeSpan timeout)
{
    /// <summary>What holds without <c>status</c>, as it is written.</summary>
    internal const string AnyStatus = "below 400";

    private static readonly string[] Macros = ["$HOSTADDRESS$", "$HOSTNAME$", "$SERVICEDESC$"];
    private bool broken;

    internal LookPlan? Read(bool alive, string key)
    {
        LookPlan? look = AgentLookReader.IsInside(layers) ? new AgentLookReader(values, layers, this).Read(key) : layers.Kind switch
        {
            "ping" => Ping(alive ? SpecDefaults.AliveCritLoss : SpecDefaults.PingCritLoss),
            "http" => Http(tls: false),
            "https" => Http(tls: true),
            "tcp" => Tcp(),
            var kind when ServiceKind.Is(kind) => Service(),
            "udp" => Udp(),
            "dns" => Dns(),
            _ => Plugin(),
        };
        return broken ? null : look;
    }

    private SpecProblems Problems => values.Problems;

    private PingLookPlan Ping(int critLoss)
    {
        var packets = values.Whole(layers.Find("packets").Node, SpecText.Key("packets"), 1, 20) ?? SpecDefaults.PingPackets;
        var warn = Threshold("warn");
        var crit = Threshold("crit");
        Below(warn?.Rtt, crit?.Rtt, "warn", "crit", SpecWords.Of, orDefault: false);
        Below(warn?.Loss, crit is null ? critLoss : crit.Value.Loss ?? 100, "warn", "crit", l => $"{l}%", orDefault: false);
        UnderTimeout(crit?.Rtt, orDefault: false);
        return new PingLookPlan(packets, warn?.Rtt, warn?.Loss, crit?.Rtt, crit is null ? critLoss : crit.Value.Loss ?? 100);
    }

    private (TimeSpan? Rtt, int? Loss)? Threshold(string key)
    {
        var node = layers.Find(key).Node;
        if (values.Word(node, SpecText.Key(key), CheckText.ThresholdShape) is not { } text || text == "none")
        {
            return null;
        }

        var match = ThresholdShape().Match(text);
        var rtt = match.Groups["rtt"].Success ? SpecWords.Duration(match.Groups["rtt"].Value) : null;
        var loss = match.Groups["loss"].Success ? int.Parse(match.Groups["loss"].ValueSpan, CultureInfo.InvariantCulture) : (int?)null;
        if (!match.Success || loss is 0 or > 100 || (rtt is { } r && (r <= TimeSpan.Zero || r > SpecDefaults.MostTimeout)))
        {
            Problems.Wrong(node!.At, CheckText.NotAThreshold(key, text), CheckText.ThresholdRight);
            broken = true;
            return null;
        }

        return (rtt, loss);
    }

    private HttpLookPlan Http(bool tls)
    {
        var (warn, crit) = Times();
        var expect = Clause.Open(Problems, layers.Find("expect").Node, default, CheckLanguage.Expect);
        var statuses = expect?.Find("status") is null or SpecScalar { Text: AnyStatus } ? [] : values.Many(expect.Find("status"))
            .Select(s => values.Whole(s, SpecText.Key("status"), 100, 599)).OfType<int>().Distinct().ToList();
        var certificate = Certificate();
        return new HttpLookPlan(
            tls,
            Port() ?? (tls ? 443 : 80),
            values.Where(layers.Find("host_name").Node, CheckText.HostName, AddressRules.IsHost, CheckText.HostNameRight) ?? "",
            values.Where(layers.Find("path").Node, CheckText.Path, AddressRules.IsPath, CheckText.PathRight) ?? "/",
            statuses,
            expect?.Line("contains", 1000),
            values.OneOf(layers.Find("redirects").Node, SpecText.Key("redirects"), ("none", false), ("follow", true)) ?? false,
            warn,
            crit,
            certificate.Warn,
            certificate.Crit,
            values.Truth(layers.Find("verify").Node, SpecText.Key("verify")) ?? true,
            Size(expect));
    }

    private (int? Warn, int? Crit) Certificate()
    {
        var node = layers.Find("certificate").Node;
        if (Clause.Open(Problems, node, node?.At ?? default, CheckLanguage.Certificate) is not { } clause)
        {
            return (null, null);
        }

        var warn = Days(clause, "warn");
        var crit = Days(clause, "crit");
        if (warn < crit)
        {
            Problems.Wrong(clause.Find("warn")!.At, CheckText.DaysCrossed(warn, crit), CheckText.WarnEarlier);
            broken = true;
        }

        // The plan has no warning without a critical point; an expired certificate is critical in any case.
        return (warn, crit ?? (warn is null ? null : 0));
    }

    private static int? Days(Clause clause, string key) =>
        clause.Duration(key, TimeSpan.FromDays(1), TimeSpan.FromDays(3650)) is { } span ? (int)Math.Ceiling(span.TotalDays) : null;

    private TcpLookPlan? Tcp()
    {
        var (warn, crit) = Times();
        var talk = Talk();
        return PortOf() is { } port ? new TcpLookPlan(port, warn, crit, talk) : null;
    }

    internal int? PortOf()
    {
        var port = Port();
        if (port is null && layers.Find("port").Node is null)
        {
            Missing("port", "22");
        }

        return port;
    }

    private int? Port() => values.Whole(layers.Find("port").Node, SpecText.Key("port"), 1, 65535);

    private PluginLookPlan? Plugin()
    {
        var answers = values.OneOf(layers.Find("evidence").Node, SpecText.Key("evidence"), ("path", false), ("answer", true)) ?? false;
        switch (layers.Find("command").Node)
        {
            case null:
                Missing("command", "[check_queue, -w, \"100\", -c, \"500\"]");
                return null;
            case SpecList { Items.Count: > 0 } list:
                var command = list.Items.Select((item, i) => i == 0 ? Program(item) : Argument(item)).OfType<string>().ToList();
                return command.Count == list.Items.Count ? new PluginLookPlan(command, answers) : null;
            case var node:
                Problems.Wrong(node.At, SpecText.Is(SpecText.Key("command"), SpecValues.Kind(node)), CheckText.CommandRight);
                return null;
        }
    }

    private string? Program(SpecPiece node) =>
        values.Where(node, CheckText.Program, AddressRules.IsProgram, CheckText.ProgramRight);

    internal string? Argument(SpecPiece node)
    {
        if (node is not SpecScalar { Text.Length: <= 4000 } scalar)
        {
            Problems.Wrong(node.At, node is SpecScalar ? CheckText.ArgumentLong : SpecText.Is(CheckText.Argument, SpecValues.Kind(node)), CheckText.OneTextEach);
            return null;
        }

        if (scalar.Text.FirstOrDefault(c => char.IsControl(c) && c != '\t') is var control && control != default || scalar.Text.Contains('\0', StringComparison.Ordinal))
        {
            Problems.Wrong(node.At, CheckText.ArgumentControl(control), CheckText.OwnEscape);
            return null;
        }

        if (SpecWords.Macros(scalar.Text).FirstOrDefault(m => Array.IndexOf(Macros, m) < 0) is { } unknown)
        {
            Problems.Unknown(node.At, CheckText.NoMacro(unknown), unknown, Macros);
            return null;
        }

        return scalar.Text;
    }

    internal (TimeSpan? Warn, TimeSpan? Crit) Times(bool orDefault = true)
    {
        var warn = Time("warn", orDefault);
        var crit = Time("crit", orDefault);
        Below(warn, crit, "warn", "crit", SpecWords.Of, orDefault);
        UnderTimeout(crit, orDefault);
        return (warn, crit);
    }

    private TimeSpan? Time(string key, bool orDefault) => layers.Find(key, orDefault).Node switch
    {
        SpecScalar { Text: "none" } => null,
        var node => values.Duration(node, SpecText.Key(key), TimeSpan.FromMilliseconds(1), SpecDefaults.MostTimeout),
    };

    private void Below<T>(T? low, T? high, string lowKey, string highKey, Func<T, string> show, bool orDefault)
        where T : struct, IComparable<T>
    {
        if (low is { } l && high is { } h && l.CompareTo(h) > 0)
        {
            Problems.Wrong(Place(lowKey, highKey, orDefault), CheckText.Above(lowKey, show(l), highKey, show(h)), CheckText.ComesFirst(lowKey));
            broken = true;
        }
    }

    private void UnderTimeout(TimeSpan? crit, bool orDefault)
    {
        if (crit >= timeout)
        {
            Problems.Wrong(Place("crit", "timeout", orDefault), CheckText.NotBelowTimeout(SpecWords.Of(crit.Value), SpecWords.Of(timeout)), CheckText.SlowAndAbsent);
            broken = true;
        }
    }

    private SpecPlace Place(string first, string second, bool orDefault)
    {
        var (a, rankA) = layers.Find(first, orDefault);
        var (b, rankB) = layers.Find(second, orDefault: true);
        return (rankA >= rankB ? a ?? b : b ?? a)?.At ?? layers.Name.At;
    }

    internal void Missing(string key, string example) =>
        Problems.Wrong(layers.Name.At, SpecText.Lacks(CheckLanguage.CheckOf(layers.Kind).What, key), SpecText.ForInstance(key, example));

    [GeneratedRegex(@"\A\s*(?:(?<rtt>[0-9.]+(?:ms|s))(?:\s*,\s*(?<loss>\d{1,3})\s*%)?|(?<loss>\d{1,3})\s*%)\s*\z")]
    private static partial Regex ThresholdShape();
}
