using System.Net;
using System.Text.Json;

namespace Hinoban.Agent.Setup;

/// <summary>Reads the configuration: a plan, or everything that is wrong with it at once, each with its path and what would be right.</summary>
internal static class ConfigReader
{
    private const int Version = 1;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>Reads a file; certificate files are named from its folder.</summary>
    internal static (AgentPlan? Plan, IReadOnlyList<string> Problems) ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path), System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "/");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return (null, [$"{path} cannot be read ({unread.Message}); `hinoban spec agent HOST` writes it"]);
        }
    }

    internal static (AgentPlan? Plan, IReadOnlyList<string> Problems) Read(ReadOnlyMemory<byte> json, string folder)
    {
        var problems = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, ["the file is not one object {…}"]);
            }

            var plan = Root(new ConfigNode(document.RootElement, "", problems), folder);
            return problems.Count == 0 ? (plan, []) : (null, problems);
        }
        catch (JsonException broken)
        {
            return (null, [$"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}: this is no JSON"]);
        }
        catch (InvalidOperationException)
        {
            // The document is read as bytes; only who takes a text out of it sees that it is none.
            return (null, [.. problems, "a text holds half of a character (a lone \\uD800 to \\uDFFF) or is not UTF-8; write whole characters in UTF-8"]);
        }
    }

    private static AgentPlan Root(ConfigNode root, string folder)
    {
        if (root.Number("v", 0, 0, int.MaxValue) != Version)
        {
            root.Wrong("v", $"this agent reads version {Version}; write {Version}, or use the agent that fits the file");
        }

        var listen = Listen(root);
        var allow = Allow(root);
        var tls = Tls(root.Child("tls"), folder);
        var commands = new Dictionary<string, CommandPlan>(StringComparer.Ordinal);
        foreach (var (name, node) in root.Children("commands"))
        {
            if (name.Length is 0 or > 256 || name.AsSpan().ContainsAny("!\n\r\0") || name is "hinoban_batch" or "hinoban_log")
            {
                root.Wrong("commands", $"'{name}' cannot be asked for; write a name of 1 to 256 characters without '!' and line ends");
            }
            else if (CommandReader.Read(node) is { } command)
            {
                commands[name] = command;
            }
        }

        if (commands.Count > AgentPlan.MostCommands)
        {
            root.Wrong("commands", $"{commands.Count} are too many for one machine; write up to {AgentPlan.MostCommands}");
        }

        var data = root.Text("data", wanted: false) ?? AgentPlan.StandardData;
        if (!data.StartsWith('/'))
        {
            root.Wrong("data", $"'{data}' is no full path; write {AgentPlan.StandardData}");
        }

        root.Finish();
        return new AgentPlan(listen, allow, tls, commands) { Data = data };
    }

    private static List<IPEndPoint> Listen(ConfigNode root)
    {
        var ends = new List<IPEndPoint>();
        foreach (var text in root.Texts("listen"))
        {
            // Without a port the framework reads port 0.
            if (IPEndPoint.TryParse(text, out var end) && end.Port > 0)
            {
                ends.Add(end);
            }
            else
            {
                root.Wrong("listen", $"'{text}' is no address with a port; write 0.0.0.0:5666 or [::]:5666");
            }
        }

        return ends;
    }

    private static List<IPNetwork> Allow(ConfigNode root)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in root.Texts("allow"))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                root.Wrong("allow", $"'{text}' is no address and no network; write 192.0.2.1, 192.0.2.0/24 or 2001:db8::/64");
            }
        }

        return networks;
    }

    private static TlsPlan Tls(ConfigNode? node, string folder)
    {
        var sites = new HashSet<string>(StringComparer.Ordinal);
        if (node is null)
        {
            return new TlsPlan("", "", sites);
        }

        var certificate = System.IO.Path.Combine(folder, node.Text("certificate") ?? "");
        var key = System.IO.Path.Combine(folder, node.Text("key") ?? "");
        var anybody = node.Text("clients", wanted: false) is { } clients && IsAny(node, clients);
        foreach (var text in node.Texts("sites", wanted: !anybody))
        {
            const string mark = "sha256:";
            var hex = text.StartsWith(mark, StringComparison.Ordinal) ? text[mark.Length..].Replace(":", "", StringComparison.Ordinal).ToLowerInvariant() : "";
            if (hex.Length == 64 && hex.All(char.IsAsciiHexDigit))
            {
                sites.Add(hex);
            }
            else
            {
                node.Wrong("sites", $"'{text}' is no fingerprint; write sha256: and the 64 hexadecimal digits of the site's certificate");
            }
        }

        if (anybody && sites.Count > 0)
        {
            node.Wrong("clients", "is \"any\" although sites are named; leave one of the two out");
        }

        node.Finish();
        return new TlsPlan(certificate, key, sites);
    }

    private static bool IsAny(ConfigNode node, string clients)
    {
        if (clients != "any")
        {
            node.Wrong("clients", $"'{clients}' is not known; write \"any\", or leave it out and name the sites");
        }

        return clients == "any";
    }
}
