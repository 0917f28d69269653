using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hinoban.Agent.Serving;

/// <summary>The batch: one query for many commands, one JSON document for all their answers.</summary>
internal static class Batch
{
    /// <summary>What a batch query begins with; the names follow, each after an exclamation mark.</summary>
    internal const string Query = "hinoban_batch!1";

    /// <summary>Names in one query.</summary>
    internal const int MostNames = 500;

    // With room left for what stands around the texts: a name of 256 characters, escaped, for each.
    private const int MostText = Checks.Nrpe.NrpeCodec.MostText - (MostNames * 512);
    private const int StockText = Checks.Nrpe.NrpeCodec.StockText;
    private const int WorstEscape = 6; // \u0001
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The names asked for, none for all; null if this is no batch query.</summary>
    internal static IReadOnlyList<string>? Names(string query) =>
        query == Query ? []
        : query.StartsWith($"{Query}!", StringComparison.Ordinal) ? query[(Query.Length + 1)..].Split('!', StringSplitOptions.RemoveEmptyEntries)
        : null;

    /// <summary>The document. If it grows too long, each text is cut to a share, so that one chatty plugin takes nobody's place.</summary>
    internal static string Write(IReadOnlyList<(string Name, Answer Answer, TimeSpan Took)> items)
    {
        var whole = Write(items, StockText);
        return whole.WrittenCount <= MostText ? Encoding.UTF8.GetString(whole.WrittenSpan) : Encoding.UTF8.GetString(Write(items, MostText / items.Count / WorstEscape / 3).WrittenSpan);
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
            json.WriteString("output", Cut(answer.Output, share));
            json.WriteString("long", Cut(answer.Long, share));
            json.WriteString("perf", Cut(answer.Perf, share));
            json.WriteNumber("ms", (long)took.TotalMilliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes;
    }

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
