using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hinoban.Agent.Logs;

/// <summary>One entry of systemd's journal, as a line of a log has it: <c>IDENTIFIER[PID]: MESSAGE</c>.</summary>
internal sealed record JournalEntry(string Cursor, long Microseconds, string Text)
{
    /// <summary>Null for what is no entry.</summary>
    internal static JournalEntry? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Field(root, "__CURSOR") is not { Length: > 0 } cursor)
            {
                return null;
            }

            var (name, pid, message) = (Field(root, "SYSLOG_IDENTIFIER") ?? Field(root, "_COMM"), Field(root, "SYSLOG_PID") ?? Field(root, "_PID"), Field(root, "MESSAGE") ?? "");
            var micros = long.TryParse(Field(root, "__REALTIME_TIMESTAMP"), CultureInfo.InvariantCulture, out var at) ? at : 0;
            message = message.Length > HitMaker.Longest ? message[..HitMaker.Longest] : message;
            return new JournalEntry(cursor, micros, name is null ? message : pid is null ? $"{name}: {message}" : $"{name}[{pid}]: {message}");
        }
        catch (Exception garbage) when (garbage is JsonException or InvalidOperationException)
        {
            return null; // JSON with half a character, or with a text among bytes, is found out only as it is read
        }
    }

    // What is no text comes as a list of its bytes; a field that stands there more than once as a list of its values.
    private static string? Field(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? TextOf(value) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Number =>
            Encoding.UTF8.GetString([.. value.EnumerateArray().Select(b => b.TryGetByte(out var one) ? one : (byte)'?')]),
        JsonValueKind.Array when value.GetArrayLength() > 0 => TextOf(value[0]),
        _ => null,
    };
}
