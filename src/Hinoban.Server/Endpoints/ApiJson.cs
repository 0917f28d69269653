using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hinoban.Basics;

namespace Hinoban.Server.Endpoints;

/// <summary>How the API writes JSON: snake_case, ids as plain values, durations in seconds, instants as RFC 3339 in UTC.</summary>
internal static class ApiJson
{
    internal static JsonSerializerOptions Options { get; } = Configured(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    internal static IResult Answer<T>(T value) => TypedResults.Json(value, Options);

    internal static JsonSerializerOptions Configured(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;

        // People read answers too. Nothing has to be escaped for HTML: the type is JSON, and browsers are told not to guess another.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new WordConverter<CustomerId>(w => new CustomerId(w), id => id.Value));
        options.Converters.Add(new WordConverter<SiteName>(w => new SiteName(w), name => name.Value));
        options.Converters.Add(new NumberConverter<ItemId>(n => new ItemId((int)n), id => id.Value));
        options.Converters.Add(new NumberConverter<IncidentId>(n => new IncidentId(n), id => id.Value));
        options.Converters.Add(new SecondsConverter());
        return options;
    }

    private sealed class WordConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    private sealed class NumberConverter<T>(Func<long, T> read, Func<T, long> write) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(write(value));
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
    }
}
