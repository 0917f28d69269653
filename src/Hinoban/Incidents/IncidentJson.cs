using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hinoban.Incidents;

/// <summary>How events are written as text: names of enum values rather than numbers, Japanese readable.</summary>
internal static class IncidentJson
{
    // The relaxed encoder leaves < and & as they are: these texts go to the database only, never into a page.
    internal static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
    };
}
