using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>Whom an agent listens to, as the specification cannot know it: addresses that sites come from, and the fingerprints of their certificates.</summary>
internal sealed record AgentTerms(IReadOnlyList<string> Allow, IReadOnlyList<string> Sites);

/// <summary>
/// A host's part of a specification as what runs there has it: the agent's JSON, or lines of an NRPE daemon's configuration. No password is in it, only the
/// name of the file on the host that holds it. Pure.
/// </summary>
internal static class AgentConfig
{
    private const string Secrets = "/etc/hinoban/secrets/";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All that is asked of the host by one way, other hosts' checks that are done from here included.</summary>
    internal static IReadOnlyList<ItemPlan> Items(CustomerPlan plan, string host, Specs.Via via) =>
        [.. plan.Items.Where(i => i.Look is InsideLookPlan { Way: var way } && way.Via == via && way.Host == host)];

    internal static string Json(IReadOnlyList<ItemPlan> items, int port, AgentTerms terms)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            Texts(json, "listen", Listen(terms.Allow, port));
            Texts(json, "allow", terms.Allow);
            json.WriteStartObject("tls");
            json.WriteString("certificate", "agent.pem");
            json.WriteString("key", "agent.key");
            Texts(json, "sites", terms.Sites);
            json.WriteEndObject();
            json.WriteStartObject("commands");
            foreach (var item in items)
            {
                json.WriteStartObject(((InsideLookPlan)item.Look).Way.Command);
                Command(json, item, (InsideLookPlan)item.Look);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary><c>command[load]=…</c>; those of which only the daemon's owner knows what they are stand there as comments.</summary>
    internal static IEnumerable<string> NrpeLines(IReadOnlyList<ItemPlan> items)
    {
        foreach (var item in items)
        {
            var look = (InsideLookPlan)item.Look;
            var name = look.Way.Command.Split('!')[0];
            var words = PluginLine.Of(look);
            yield return words.Count > 0 ? $"command[{name}]={PluginLine.Quoted(words)}" : $"# command[{name}]: {item.Title}";
        }
    }

    // Only in the families from which anybody may ask: a machine without IPv6 has no [::] to listen at.
    private static List<string> Listen(IReadOnlyList<string> allow, int port)
    {
        var number = port.ToString(CultureInfo.InvariantCulture);
        var ends = new List<string>();
        if (allow.Any(a => !a.Contains(':', StringComparison.Ordinal)))
        {
            ends.Add($"0.0.0.0:{number}");
        }

        if (allow.Any(a => a.Contains(':', StringComparison.Ordinal)))
        {
            ends.Add($"[::]:{number}");
        }

        return ends;
    }

    private static void Command(Utf8JsonWriter json, ItemPlan item, InsideLookPlan look)
    {
        json.WriteString("kind", look is InsidePluginLookPlan ? "run" : look.Kind);
        switch (look)
        {
            case LoadLookPlan load:
                json.WriteBoolean("per_core", load.PerCore);
                Limits(json, load.Warn, load.Crit);
                break;
            case SwapLookPlan swap:
                Limits(json, swap.Warn, swap.Crit);
                break;
            case DiskLookPlan disk:
                Disk(json, disk);
                break;
            case CountLookPlan count:
                Given(json, "name", count.Name);
                Limits(json, count.Warn, count.Crit);
                break;
            case InsidePluginLookPlan plugin:
                Texts(json, "command", [.. PluginLine.Of(plugin).Select(w => PluginCommand.Expand(w, item))]);
                json.WriteNumber("timeout", Timeout(item));
                Given(json, "user", plugin.RunAs);
                break;
            case InsideTcpLookPlan tcp:
                Target(json, item, tcp.Target, tcp.Port);
                Limits(json, Seconds(tcp.Warn), Seconds(tcp.Crit));
                break;
            case DatabaseLookPlan database:
                Database(json, item, database);
                break;
            case LogLookPlan log:
                LogConfig.Write(json, log);
                break;
        }
    }

    private static void Disk(Utf8JsonWriter json, DiskLookPlan disk)
    {
        if (disk.Mounts.Count > 0)
        {
            Texts(json, "mounts", disk.Mounts);
        }

        if (disk.Except.Count > 0)
        {
            Texts(json, "except", disk.Except);
        }

        Limits(json, disk.Warn, disk.Crit);
        Given(json, "inodes_warn", disk.InodesWarn);
        Given(json, "inodes_crit", disk.InodesCrit);
    }

    private static void Database(Utf8JsonWriter json, ItemPlan item, DatabaseLookPlan database)
    {
        Target(json, item, database.Target, database.Port);
        Given(json, "database", database.Database.Length == 0 ? null : database.Database);
        json.WriteString("user", database.User);
        Given(json, "password_file", database.Secret is null ? null : Secrets + database.Secret);
        json.WriteString("query", database.Query);
        Limits(json, Seconds(database.Warn), Seconds(database.Crit));
    }

    private static void Target(Utf8JsonWriter json, ItemPlan item, string host, int port)
    {
        json.WriteString("host", host);
        json.WriteNumber("port", port);
        json.WriteNumber("timeout", Timeout(item));
    }

    // The agent gives up a second before the site does, so that "the database does not answer" still arrives.
    private static int Timeout(ItemPlan item) => (int)Math.Max(1, Math.Floor(item.Timeout.TotalSeconds - 1));

    private static string? Seconds(TimeSpan? time) => time?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Limits(Utf8JsonWriter json, string? warn, string? crit)
    {
        Given(json, "warn", warn);
        Given(json, "crit", crit);
    }

    internal static void Given(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
        {
            json.WriteString(key, value);
        }
    }

    private static void Texts(Utf8JsonWriter json, string key, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(key);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
