using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Hinoban.Server.Logging;

/// <summary>Writes a log event as one line, for people or as JSON. Control characters in it are escaped: log text can come from a target.</summary>
internal static class LogLines
{
    internal static string Line(DateTimeOffset now, LogLevel level, string category, string message, Exception? error)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{Stamp(now)} {Word(level),-5} {Short(category)}: ");
        Escape(line, message);
        if (error is not null)
        {
            Escape(line.Append(" | "), error.ToString());
        }

        return line.ToString();
    }

    internal static string Json(DateTimeOffset now, LogLevel level, string category, EventId id, string message, object? state, Exception? error)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) }))
        {
            json.WriteStartObject();
            json.WriteString("time", Stamp(now));
            json.WriteString("level", Word(level));
            json.WriteString("category", category);
            if (id.Name is not null)
            {
                json.WriteString("event", id.Name);
            }

            json.WriteString("message", message);
            if (error is not null)
            {
                json.WriteString("error", error.ToString());
            }

            Values(json, state);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Values(Utf8JsonWriter json, object? state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> values)
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values.Where(v => v.Key != "{OriginalFormat}"))
        {
            json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "",
    };

    private static string Short(string category) => category.StartsWith("Hinoban.", StringComparison.Ordinal) ? category["Hinoban.".Length..] : category;

    private static void Escape(StringBuilder line, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append(' '),
                _ when char.IsControl(c) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }
    }
}
