using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hinoban.Basics;

namespace Hinoban.Incidents;

/// <summary>How events are written as text: names of enum values rather than numbers, Japanese readable.</summary>
internal static class IncidentJson
{
    // The relaxed encoder leaves < and & as they are: these texts go to the database only, never into a page.
    internal static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter(), new TextConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Earlier versions recorded reasons as one string, in whatever languages it was written; it is read as that.</summary>
    private sealed class TextConverter : JsonConverter<Text>
    {
        public override Text Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                return Text.Same(reader.GetString() ?? "");
            }

            var both = JsonElement.ParseValue(ref reader);
            return new Text(both.GetProperty(nameof(Text.Ja)).GetString() ?? "", both.GetProperty(nameof(Text.En)).GetString() ?? "");
        }

        public override void Write(Utf8JsonWriter writer, Text value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString(nameof(Text.Ja), value.Ja);
            writer.WriteString(nameof(Text.En), value.En);
            writer.WriteEndObject();
        }
    }
}
