using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Logs;

/// <summary>One matching record, with the lines around it.</summary>
internal sealed class Hit
{
    /// <summary>Characters of a record and of a line beside it that are kept; a longer one ends with an ellipsis.</summary>
    internal const int LongestText = 4000;
    internal const int LongestContext = 1000;

    private const int LongestUtf8 = 4096;

    internal required string Id { get; init; }

    internal required string Rule { get; init; }

    internal required HitLevel Level { get; init; }

    /// <summary>When the agent read it, Unix milliseconds.</summary>
    internal required long At { get; init; }

    internal required string Source { get; init; }

    internal required long Offset { get; init; }

    internal required string Text { get; init; }

    internal IReadOnlyList<string> Before { get; init; } = [];

    internal List<string> After { get; init; } = [];

    /// <summary>Records that it stands for: of a rule with a rate, all that made it up.</summary>
    internal int Count { get; init; } = 1;

    /// <summary>Hits before this one that were counted and not kept.</summary>
    internal long Suppressed { get; init; }

    /// <summary>Lines still awaited behind it, until <see cref="Deadline"/> (a timestamp).</summary>
    internal int Awaits { get; set; }

    internal long Deadline { get; set; }

    /// <summary>About what it takes in memory and in the journal.</summary>
    internal int Size => 300 + Text.Length + Before.Sum(b => b.Length + 4) + After.Sum(a => a.Length + 4);

    /// <summary>The identity: the same whenever the same record is read again, another for an equal line elsewhere.</summary>
    internal static string Identity(string file, long offset, string rule, ReadOnlySpan<byte> line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> lineHash = stackalloc byte[32];
        SHA256.HashData(line, lineHash);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file}\n{offset}\n{rule}\n")));
        hash.AppendData(lineHash);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>As the query answers it; everything that people wrote goes through the masks. Without a number while it still waits.</summary>
    internal void Write(Utf8JsonWriter json, Masks masks, long? seq)
    {
        json.WriteStartObject();
        if (seq is { } number)
        {
            json.WriteNumber("seq", number);
        }

        json.WriteString("id", Id);
        json.WriteString("rule", Rule);
        json.WriteNumber("level", (int)Level);
        json.WriteNumber("at", At);
        json.WriteString("source", Source);
        json.WriteNumber("offset", Offset);
        json.WriteString("text", Cut(masks.Mask(Text), LongestText, LongestUtf8));
        WriteLines("before", Before);
        WriteLines("after", After);
        json.WriteNumber("count", Count);
        json.WriteNumber("suppressed", Suppressed);
        if (seq is null)
        {
            json.WriteNumber("awaits", Awaits);
        }

        json.WriteEndObject();

        void WriteLines(string name, IEnumerable<string> lines)
        {
            json.WriteStartArray(name);
            foreach (var line in lines)
            {
                json.WriteStringValue(Cut(masks.Mask(line), LongestContext, LongestContext));
            }

            json.WriteEndArray();
        }
    }

    /// <summary>One that <see cref="Write"/> wrote while it still waited.</summary>
    internal static Hit Read(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Rule = json.GetProperty("rule").GetString()!,
        Level = (HitLevel)json.GetProperty("level").GetInt32(),
        At = json.GetProperty("at").GetInt64(),
        Source = json.GetProperty("source").GetString()!,
        Offset = json.GetProperty("offset").GetInt64(),
        Text = json.GetProperty("text").GetString()!,
        Before = [.. json.GetProperty("before").EnumerateArray().Select(b => b.GetString()!)],
        After = [.. json.GetProperty("after").EnumerateArray().Select(a => a.GetString()!)],
        Count = json.GetProperty("count").GetInt32(),
        Suppressed = json.GetProperty("suppressed").GetInt64(),
        Awaits = json.GetProperty("awaits").GetInt32(),
    };

    /// <summary>A text for keeping: twice what is written in the end, so that a mask sees what the cut would have halved.</summary>
    internal static string Keep(ReadOnlySpan<char> text, int most) => Sound(text[..Math.Min(text.Length, most * 2)]);

    private static string Cut(string text, int most, int mostBytes)
    {
        if (text.Length <= most && Encoding.UTF8.GetByteCount(text) <= mostBytes)
        {
            return text;
        }

        var end = Math.Min(text.Length, most);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) > mostBytes - 3)
        {
            end -= 1 + ((Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) - mostBytes) / 4 is > 0 and var over ? over : 0);
        }

        return $"{text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)]}…";
    }

    // What a terminal or a database would trip over is shown as a question mark; tabs and the line ends of a long record stay.
    private static string Sound(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (into, from) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            var lone = char.IsSurrogate(from[i]) && !(i + 1 < from.Length && char.IsSurrogatePair(from[i], from[i + 1])) && !(i > 0 && char.IsSurrogatePair(from[i - 1], from[i]));
            into[i] = lone || (char.IsControl(from[i]) && from[i] is not ('\t' or '\n')) ? '?' : from[i];
        }
    });
}
