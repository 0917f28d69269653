using System.Globalization;
using System.Text;

namespace Hinoban.Lab.Sim;

/// <summary>The specification that a simulated company runs under: five hosts with a host check and three services each, and one item that comes and goes.</summary>
internal static class SimSpec
{
    internal const string Tanaka = "tanaka@sim.example.jp";
    internal const string Yamamoto = "yamamoto@sim.example.jp";
    internal const string DeskBox = "desk@hinoban.example.jp";
    internal const string Added = "h5/added";

    internal static readonly string[] Members = [Tanaka, Yamamoto, DeskBox];
    internal static readonly string[] Hosts = ["h1", "h2", "h3", "h4", "h5"];

    /// <summary>Services as <c>h1/web</c>.</summary>
    internal static readonly string[] Services = [.. Hosts.SelectMany(h => new[] { $"{h}/web", $"{h}/mail", $"{h}/db" })];

    internal static IEnumerable<string> Items => Hosts.Concat(Services).Append(Added);

    internal static string HostOf(string item) => item.Split('/')[0];

    internal static bool IsHost(string item) => !item.Contains('/', StringComparison.Ordinal);

    /// <summary>The text while these changes are in force.</summary>
    internal static string Text(SimScript script, int edition, IReadOnlyCollection<SimFault> changes)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            customer: sim
            name: Sim
            contract: S-1
            language: en
            time_zone: Asia/Tokyo
            edition: {{edition}}
            mailing_list:
              address: list@sim.example.jp
              members:
                - { name: Tanaka, mail: {{Tanaka}} }
                - { name: Yamamoto, mail: {{Yamamoto}} }
                - { desk: true }
            defaults: { interval: {{script.Interval.TotalSeconds:0}}s, timeout: 10s }
            hosts:

            """));
        for (var i = 0; i < Hosts.Length; i++)
        {
            var lines = new (string Item, string Line)[] { ($"{Hosts[i]}/web", "web: http"), ($"{Hosts[i]}/mail", "mail: tcp:25"), ($"{Hosts[i]}/db", "db: tcp:5432") };
            text.Append(CultureInfo.InvariantCulture, $"  {Hosts[i]}:\n    address: 192.0.2.{i + 1}\n    alive: ping\n    checks:\n");
            foreach (var (item, line) in lines.Where(l => !changes.Any(c => c.Kind == SimKind.SpecRemove && c.What == l.Item)))
            {
                var port = changes.Any(c => c.Kind == SimKind.SpecChange && c.What == item) ? 81 : 80;
                text.Append(CultureInfo.InvariantCulture, $"      {line.Replace("web: http", $"web: {{ kind: http, path: /, port: {port}, expect: {{ status: 200 }}, crit: 8s }}", StringComparison.Ordinal)}\n");
            }

            if (changes.Any(c => c.Kind == SimKind.SpecAdd) && Added.StartsWith(Hosts[i], StringComparison.Ordinal))
            {
                text.Append("      added: tcp:8080\n");
            }
        }

        return text.ToString();
    }
}
