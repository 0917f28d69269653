using System.Globalization;
using System.Text;
using Hinoban.Specs;

namespace Hinoban.Lab.Sim;

/// <summary>
/// The specification that a simulated company runs under: five hosts with a host check and three services each, two switches that some of them are
/// behind, a service that is muted every night, and one item that comes and goes.
/// </summary>
internal static class SimSpec
{
    internal const string Tanaka = "tanaka@sim.example.jp";
    internal const string Yamamoto = "yamamoto@sim.example.jp";
    internal const string DeskBox = "desk@hinoban.example.jp";
    internal const string Added = "h5/added";

    /// <summary>Muted from 01:30 to 02:30 by the customer's clock.</summary>
    internal const string Nightly = "h2/mail";

    /// <summary>What a program of the customer posts to, in scripts that dwell on it.</summary>
    internal const string Posted = "nas/backup";

    /// <summary>What the person at the desk has done on a host that has a runbook.</summary>
    internal const string Restart = "restart";

    /// <summary>What a known pattern is known by.</summary>
    internal const string Pattern = "it says so";

    private const string LogIn = "    ssh: { user: ops, port: 22, host_keys: [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT\"] }\n";

    internal static readonly TimeSpan NightFrom = TimeSpan.FromMinutes(90);
    internal static readonly TimeSpan NightUntil = TimeSpan.FromMinutes(150);

    internal static readonly string[] Members = [Tanaka, Yamamoto, DeskBox];
    internal static readonly string[] Hosts = ["h1", "h2", "h3", "h4", "h5"];
    internal static readonly string[] Switches = ["sw1", "sw2"];

    /// <summary>Services as <c>h1/web</c>.</summary>
    internal static readonly string[] Services = [.. Hosts.SelectMany(h => new[] { $"{h}/web", $"{h}/mail", $"{h}/db" })];

    internal static readonly string[] Items = [.. Switches, .. Hosts, .. Services, Added];

    internal static string HostOf(string item) => item.Split('/')[0];

    internal static bool IsHost(string item) => !item.Contains('/', StringComparison.Ordinal);

    internal static int NumberOf(string item) => Array.IndexOf(Items, item);

    /// <summary>Whether what is behind the switches is cut off while these are down: h3 needs both, h4 the first, h5 either.</summary>
    internal static bool IsCut(string host, bool first, bool second) => host switch
    {
        "h3" => first || second,
        "h4" => first,
        "h5" => first && second,
        _ => false,
    };

    /// <summary>The text while these changes are in force.</summary>
    internal static string Text(SimScript script, int edition, IReadOnlyCollection<SimFault> changes)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            customer: sim
            name: Sim
            contract: S-1
            language: en
            time_zone: {{script.Zone}}
            edition: {{edition}}
            mailing_list:
              address: list@sim.example.jp
              members:
                - { name: Tanaka, mail: {{Tanaka}} }
                - { name: Yamamoto, mail: {{Yamamoto}} }
                - { desk: true }
            defaults: { timeout: 10s }
            {{(script.Groups == SimGroups.Vendor ? "vendors: { dc: { name: Datacentre } }" : "")}}
            silences:
              - { what: {{Nightly}}, when: "daily 01:30-02:30", until: 2027-12-31, kind: mute, reason: nightly batch, owner: tanaka }
            {{string.Concat(changes.Where(c => c.Kind == SimKind.SpecSilence && IsThere(c.What, changes)).Select(c => Silence(script, c)))}}
            hosts:

            """));
        for (var i = 0; i < Switches.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Switches[i]}:\n    address: {Address(script, i + 101)}\n    alive: {{ kind: ping, interval: {Seconds(script, Switches[i])} }}\n");
        }

        foreach (var host in Hosts)
        {
            Host(text, script, host, changes);
        }

        if (script.HasPosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  nas:\n    address: 198.51.200.1\n    alive: none\n    checks:\n      backup: {{ kind: passive, freshness: {SimPosts.Freshness.TotalSeconds}s }}\n");
        }

        if (script.Packed)
        {
            text.Append("runbooks:\n").Append(string.Concat(Hosts.Select(h => $"  again-{h}:\n    risk: change\n    steps:\n      - change: {{ on: {h}, run: {Restart} }}\n")));
        }

        return text.ToString();
    }

    private static void Host(StringBuilder text, SimScript script, string host, IReadOnlyCollection<SimFault> changes)
    {
        var parents = host switch
        {
            "h3" => "    parents: { all: [sw1, sw2] }\n",
            "h4" => "    parents: sw1\n",
            "h5" => "    parents: [sw1, sw2]\n",
            _ => "",
        };
        text.Append(CultureInfo.InvariantCulture, $"  {host}:\n    address: {Address(script, host[1] - '0')}\n{parents}{(AtVendor(script, host) ? "    datacentre: { vendor: dc }\n" : "")}    alive: {{ kind: ping, interval: {Seconds(script, host)} }}\n{(script.Packed ? LogIn : "")}    checks:\n");
        foreach (var item in Services.Append(Added).Where(s => HostOf(s) == host && IsThere(s, changes)))
        {
            var name = item.Split('/')[1];
            var changed = changes.Any(c => c.Kind == SimKind.SpecChange && c.What == item);
            var look = name switch
            {
                "web" => $"kind: http, path: /, port: {(changed ? 81 : 80)}, expect: {{ status: 200 }}, crit: 8s",
                "mail" => "kind: tcp, port: 25",
                "db" => "kind: tcp, port: 5432",
                _ => "kind: tcp, port: 8080",
            };
            text.Append(CultureInfo.InvariantCulture, $"      {name}: {{ {look}, interval: {Seconds(script, item)}{(script.Packed ? $", runbook: again-{host}" : "")} }}\n");
        }
    }

    /// <summary>Stands at the vendor's, where there is one.</summary>
    internal static bool AtVendor(SimScript script, string host) => script.Groups == SimGroups.Vendor && Array.IndexOf(Hosts, host) is >= 0 and < 4;

    /// <summary>Whether these may be told as one problem.</summary>
    internal static bool AreGrouped(SimScript script, string host, string other) =>
        host != other && IsHost(host) && IsHost(other) && (script.Groups == SimGroups.Network || (AtVendor(script, host) && AtVendor(script, other)));

    private static string Address(SimScript script, int number) => script.Groups == SimGroups.Network ? $"192.0.2.{number}" : $"198.51.{number}.1";

    private static bool IsThere(string item, IReadOnlyCollection<SimFault> changes) => item == Added
        ? changes.Any(c => c.Kind == SimKind.SpecAdd)
        : !changes.Any(c => c.Kind == SimKind.SpecRemove && c.What == item);

    private static string Seconds(SimScript script, string item) => $"{(int)script.IntervalOf(item).TotalSeconds}s";

    // Even numbers end by their clock, where that hour is there once; others with the edition that no longer has them.
    private static string Silence(SimScript script, SimFault fault)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(script.Zone);
        var from = TimeZoneInfo.ConvertTime(script.Start + fault.From - TimeSpan.FromHours(3), zone).DateTime;
        var ends = TimeZoneInfo.ConvertTime(script.Start + fault.Until, zone).DateTime;
        if (fault.Detail >= 4 || zone.IsAmbiguousTime(ends))
        {
            ends += TimeSpan.FromDays(2);
        }

        var more = fault.Silences switch
        {
            SilenceKind.Known => $", match: \"{Pattern}\"",
            SilenceKind.Wait => ", for: 20m",
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  - {{ what: {fault.What}, when: \"from {from:yyyy-MM-dd HH:mm} to {ends:yyyy-MM-dd HH:mm}\", kind: {fault.Silences.ToString()!.ToLowerInvariant()}{more}, reason: work, owner: tanaka }}\n");
    }
}
