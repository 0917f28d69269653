using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Serving;

/// <summary>The batch: one query for many commands, one JSON document for all their answers.</summary>
internal static class Batch
{
    /// <summary>What a batch query begins with; the names follow, each after an exclamation mark.</summary>
    internal const string Query = "hinoban_batch!1";

    // With room left for what stands around the texts: a name of 256 characters, escaped, for each.
    private const int MostText = Checks.Nrpe.NrpeCodec.MostText - (AgentPlan.MostCommands * 512);
    private const int WorstEscape = 6; // \u0001
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The names asked for, none for all; null if this is no batch query.</summary>
    internal static IReadOnlyList<string>? Names(string query) =>
        query == Query ? []
        : query.StartsWith($"{Query}!", StringComparison.Ordinal) ? query[(Query.Length + 1)..].Split('!', StringSplitOptions.RemoveEmptyEntries)
        : null;

    /// <summary>An answer cut to its fair share of a document with so many items, as soon as it is there: they are all held at once.</summary>
    internal static Answer Fit(Answer answer, int items) => Cut(answer, MostText / Math.Max(1, items) / 3);

    /// <summary>The document. Where escaping could make it too long, each text is cut once more, so that one chatty plugin takes nobody's place.</summary>
    internal static string Write(IReadOnlyList<(string Name, Answer Answer, TimeSpan Took)> items)
    {
        var texts = items.Sum(i => i.Answer.Output.Length + i.Answer.Long.Length + i.Answer.Perf.Length);
        var share = texts * WorstEscape <= MostText ? MostText : MostText / items.Count / WorstEscape / 3;
        return Encoding.UTF8.GetString(Write(items, share).WrittenSpan);
    }

    private static ArrayBufferWriter<byte> Write(IReadOnlyList<(string Name, Answer Answer, TimeSpan Took)> items, int share)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, Plain);
        json.WriteStartObject();
        json.WriteNumber("v", 1);
        json.WriteStartArray("items");
        foreach (var (name, answer, took) in items)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("status", (int)answer.Status);
            var (_, output, more, perf) = Cut(answer, share);
            json.WriteString("output", output);
            json.WriteString("long", more);
            json.WriteString("perf", perf);
            json.WriteNumber("ms", (long)took.TotalMilliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

    private static Answer Cut(Answer answer, int most) =>
        answer with { Output = Cut(answer.Output, most), Long = Cut(answer.Long, most), Perf = Cut(answer.Perf, most) };

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return $"{text[..end]}…";
    }
}
