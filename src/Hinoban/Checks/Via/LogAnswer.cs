using System.Globalization;
using System.Text.Json;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Checks.Via;

/// <summary>One document of an agent's answer about a log. <see cref="Lost"/>: hits that its journal no longer had when it was asked.</summary>
internal sealed record LogDocument(AgentItem Item, string Next, bool More, long Lost, IReadOnlyList<LogHit> Hits);

/// <summary>The agent's log query and its answer. Untrusted text in, hits out: whatever is too long is cut, and what has no identity is no hit.</summary>
internal static class LogAnswer
{
    /// <summary>Hits of one document, at most.</summary>
    internal const int Most = 50;

    internal const int LongestText = 4096;
    internal const int LongestLine = 1024;
    internal const int MostLines = 20;

    private const int LongestName = 200;
    private const int LongestSource = 1000;

    internal static string Query(string command, string cursor) => string.Create(CultureInfo.InvariantCulture, $"hinoban_log!1!{command}!{cursor}!{Most}");

    /// <summary>Throws <see cref="NrpeBrokenException"/> for what is no answer about a log.</summary>
    internal static LogDocument Read(NrpePacket packet, DateTimeOffset now)
    {
        if (packet.Text.StartsWith("NRPE: ", StringComparison.Ordinal))
        {
            return Nothing(new AgentItem(CheckStatus.Unknown, packet.Text.Split('\n')[0], "", ""));
        }

        if (packet.Result != 0)
        {
            throw new NrpeBrokenException(packet.Text.Length == 0 ? "it refused the query" : $"it refused the query: {packet.Text.Split('\n')[0]}");
        }

        try
        {
            using var document = JsonDocument.Parse(packet.Text);
            var root = document.RootElement;
            if (root.GetProperty("v").GetInt32() != 1)
            {
                throw new NrpeBrokenException("it answers in another version; is it an agent of Hinoban?");
            }

            var item = new AgentItem(StatusOf(root), TextOf(root, "output", LongestText), "", TextOf(root, "perf", LongestText));
            return root.TryGetProperty("hits", out var hits)
                ? new LogDocument(item, Cursor(TextOf(root, "next", LongestName)), Truth(root, "more"), Math.Max(0, Number(root, "lost")), Hits(hits, now))
                : Nothing(item);
        }
        catch (Exception garbage) when (garbage is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new NrpeBrokenException("its answer is nothing about a log; is it an agent of Hinoban?");
        }
    }

    private static LogDocument Nothing(AgentItem item) => new(item, "", false, 0, []);

    private static List<LogHit> Hits(JsonElement hits, DateTimeOffset now)
    {
        var found = new List<LogHit>();
        foreach (var hit in hits.EnumerateArray().Take(Most))
        {
            if (TextOf(hit, "id", LongestName) is var id && IsIdentity(id))
            {
                found.Add(new LogHit(
                    id,
                    TextOf(hit, "rule", LongestName),
                    Number(hit, "level") == 2 ? CheckStatus.Critical : CheckStatus.Warning,
                    At(Number(hit, "at"), now),
                    TextOf(hit, "source", LongestSource),
                    Math.Max(0, Number(hit, "offset")),
                    TextOf(hit, "text", LongestText),
                    Lines(hit, "before"),
                    Lines(hit, "after"),
                    (int)Math.Clamp(Number(hit, "count"), 0, int.MaxValue),
                    (int)Math.Clamp(Number(hit, "suppressed"), 0, int.MaxValue)));
            }
        }

        return found;
    }

    /// <summary>32 hexadecimal digits, as the agent writes them.</summary>
    internal static bool IsIdentity(string text) => text.Length == 32 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    // It goes back into a query, where an exclamation mark would be the end of it.
    private static string Cursor(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':') ? text : throw new NrpeBrokenException("its answer has no usable cursor");

    // The host's clock is the host's: a reading from the future is one of now.
    private static DateTimeOffset At(long milliseconds, DateTimeOffset now) =>
        milliseconds > 0 && milliseconds < now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : now;

    private static List<string> Lines(JsonElement hit, string key) => hit.TryGetProperty(key, out var lines)
        ? [.. lines.EnumerateArray().Take(MostLines).Select(l => Cut(l.GetString() ?? "", LongestLine))]
        : [];

    private static CheckStatus StatusOf(JsonElement root) => root.GetProperty("status").GetInt32() is >= 0 and <= 3 and var status ? (CheckStatus)status : CheckStatus.Unknown;

    private static long Number(JsonElement at, string key) => at.TryGetProperty(key, out var number) ? number.GetInt64() : 0;

    private static bool Truth(JsonElement at, string key) => at.TryGetProperty(key, out var truth) && truth.GetBoolean();

    private static string TextOf(JsonElement at, string key, int longest) => at.TryGetProperty(key, out var text) ? Cut(text.GetString() ?? "", longest) : "";

    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : $"{text[..(char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1)]}…";
}
