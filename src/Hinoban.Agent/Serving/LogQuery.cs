using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hinoban.Agent.Logs;

namespace Hinoban.Agent.Serving;

/// <summary>One query for a log's hits: those past a cursor, as one JSON document.</summary>
/// <param name="Cursor">Empty, or what the last document said under "next".</param>
internal sealed record LogQuery(string Name, string Cursor, int Most)
{
    /// <summary>What such a query begins with; the command, the cursor and the number of hits follow, each after an exclamation mark.</summary>
    internal const string Query = "hinoban_log!1!";

    private const int MostHits = 1000;

    // Far below what the protocol can carry: it is held several times over while it is sent, and "more" says that there is more.
    private const int MostBytes = 256 * 1024;

    /// <summary>False for what is no such query; true and null for one that was not understood.</summary>
    internal static bool Is(string text, out LogQuery? query)
    {
        query = text.StartsWith(Query, StringComparison.Ordinal)
            && text[Query.Length..].Split('!') is [{ Length: > 0 } name, var cursor, var most]
            && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? new LogQuery(name, cursor, Math.Min(number, MostHits))
                : null;
        return query is not null || text == "hinoban_log" || text.StartsWith("hinoban_log!", StringComparison.Ordinal);
    }

    /// <summary>The document.</summary>
    internal string Answer(LogFollower follower)
    {
        var (hits, facts) = (new ArrayBufferWriter<byte>(4096), new ArrayBufferWriter<byte>(4096));
        var (id, lost, next, more) = ("", 0L, 0L, false);
        using (var json = new Utf8JsonWriter(hits, HitJson.Options))
        {
            json.WriteStartArray();
            if (follower.Journal is { } journal)
            {
                id = journal.Id;
                (lost, next, more) = journal.Read(NumberOf(id), Most, MostBytes, json, follower.Now);
            }

            json.WriteEndArray();
        }

        using (var json = new Utf8JsonWriter(facts, HitJson.Options))
        {
            var health = follower.Health;
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("journal", id);

            // A journal that cannot be opened has no end to go on from.
            json.WriteString("next", id.Length == 0 ? Cursor : string.Create(CultureInfo.InvariantCulture, $"{id}.{next}"));
            json.WriteBoolean("more", more);
            json.WriteNumber("lost", lost);
            json.WriteNumber("status", (int)health.Status);
            json.WriteString("output", health.Output);
            json.WriteString("perf", health.Perf);
            json.WritePropertyName("hits");
            json.WriteRawValue(hits.WrittenSpan, skipInputValidation: true);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(facts.WrittenSpan);
    }

    private long? NumberOf(string journal) =>
        Cursor.Split('.') is [var id, var number] && id == journal && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : null;
}
