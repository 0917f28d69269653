using System.Text.Json;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Checks.Via;

/// <summary>What one command gave, as the agent says it.</summary>
internal sealed record AgentItem(CheckStatus Status, string Output, string Long, string Perfdata);

/// <summary>The agent's batch query and its answer: many commands in one round trip. Untrusted text in, items out.</summary>
internal static class AgentAnswer
{
    internal static string Query(IEnumerable<string> commands) => $"hinoban_batch!1!{string.Join('!', commands)}";

    /// <summary>What an agent says of a command that its configuration does not have.</summary>
    internal static string NotDefined(string command) => $"NRPE: Command '{command}' not defined";

    /// <summary>Throws <see cref="NrpeBrokenException"/> for what is no answer to a batch.</summary>
    internal static IReadOnlyDictionary<string, AgentItem> Read(NrpePacket packet)
    {
        if (packet.Result != 0)
        {
            throw new NrpeBrokenException(packet.Text.Length == 0 ? "it refused the query" : $"it refused the query: {packet.Text.Split('\n')[0]}");
        }

        try
        {
            using var document = JsonDocument.Parse(packet.Text);
            if (document.RootElement.GetProperty("v").GetInt32() != 1)
            {
                throw new NrpeBrokenException("it answers in another version; is it an agent of Hinoban?");
            }

            var items = new Dictionary<string, AgentItem>();
            foreach (var item in document.RootElement.GetProperty("items").EnumerateArray())
            {
                items[item.GetProperty("name").GetString() ?? ""] = Item(item);
            }

            return items;
        }
        catch (Exception garbage) when (garbage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new NrpeBrokenException("its answer is no batch; is it an agent of Hinoban?");
        }
    }

    private static AgentItem Item(JsonElement item) => new(
        item.GetProperty("status").GetInt32() is >= 0 and <= 3 and var status ? (CheckStatus)status : CheckStatus.Unknown,
        TextOf(item, "output"),
        TextOf(item, "long"),
        TextOf(item, "perf"));

    private static string TextOf(JsonElement item, string key) => item.TryGetProperty(key, out var text) ? text.GetString() ?? "" : "";
}
