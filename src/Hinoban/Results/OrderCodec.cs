using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>
/// Orders as lines of JSON. A plan of tens of thousands of items travels and is kept as Brotli-compressed JSON, in a line
/// <c>{"order":"packed","data":"base64"}</c>.
/// </summary>
internal static class OrderCodec
{
    /// <summary>An order line longer than this is refused by the reader.</summary>
    internal const int MaxLine = 64 * 1024 * 1024;

    /// <summary>And one that unpacks to more than this: three times the plan of a million items.</summary>
    internal const int MaxUnpacked = 1024 * 1024 * 1024;

    private const int PackFrom = 2048;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new ItemIdJson(), new SiteNameJson(), new CustomerIdJson(), new JsonStringEnumConverter() },
    };

    /// <summary>For everything that desk and sites tell each other as JSON.</summary>
    internal static readonly JsonSerializerOptions Json = new(Plain) { Converters = { new ItemPlanJson() } };

    // Of the plan that is being read on this thread.
    [ThreadStatic]
    private static ItemSharing? sharing;

    /// <summary>One line with its line feed.</summary>
    internal static byte[] Line(SiteOrder order)
    {
        var json = order is PlanOrder ? [] : JsonSerializer.SerializeToUtf8Bytes(order, Json);
        return order is PlanOrder || json.Length > PackFrom
            ? Encoding.ASCII.GetBytes($"{{\"order\":\"packed\",\"data\":\"{Convert.ToBase64String(Pack(order))}\"}}\n")
            : [.. json, (byte)'\n'];
    }

    /// <summary>Null for an order that this version does not know (a newer desk's): to be passed over. Throws <see cref="InvalidDataException"/> on garbage.</summary>
    internal static SiteOrder? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            SiteOrder? order = document.RootElement.GetProperty("order").GetString() switch
            {
                "packed" => Unpack(document.RootElement.GetProperty("data").GetBytesFromBase64()),
                "plan" or "look-now" or "trace" or "away" or "episodes" or "beat" => document.RootElement.Deserialize<SiteOrder>(Json),
                _ => null,
            };
            return IsWhole(order) ? order : throw new InvalidDataException("An order without what it orders.");
        }
        catch (Exception garbage) when (garbage is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new InvalidDataException("An order is not what this version understands.", garbage);
        }
    }

    private static bool IsWhole(SiteOrder? order) => order switch
    {
        PlanOrder { Plan: null or { Items: null } } or AwayOrder { Plan: null or { Sites: null } or { Customers: null } } => false,
        EpisodesOrder told => told.Notes is { } notes && notes.All(n => n is not null && n.IsWhole),
        _ => true,
    };

    internal static byte[] PackPlan(SitePlan plan) => Pack(new PlanOrder(plan));

    internal static SitePlan? UnpackPlan(byte[] packed)
    {
        try
        {
            return (Unpack(packed) as PlanOrder)?.Plan;
        }
        catch (Exception other) when (other is JsonException or InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }

    private static byte[] Pack(SiteOrder order)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, new BrotliCompressionOptions { Quality = 4 }, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, order, Json);
        }

        return packed.ToArray();
    }

    private static SiteOrder? Unpack(byte[] packed)
    {
        using var brotli = new LimitedStream(new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress), MaxUnpacked);
        sharing = new ItemSharing();
        try
        {
            return JsonSerializer.Deserialize<SiteOrder>(brotli, Json);
        }
        finally
        {
            sharing = null;
        }
    }

    /// <summary>As it is written without us; what is read shares its parts with the items before it.</summary>
    private sealed class ItemPlanJson : JsonConverter<ItemPlan>
    {
        public override ItemPlan? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<ItemPlan>(ref reader, Plain) is { } item ? sharing?.Share(item) ?? item : null;

        public override void Write(Utf8JsonWriter writer, ItemPlan value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Plain);
    }

    private sealed class ItemIdJson : JsonConverter<ItemId>
    {
        public override ItemId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, ItemId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    private sealed class SiteNameJson : JsonConverter<SiteName>
    {
        public override SiteName Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, SiteName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class CustomerIdJson : JsonConverter<CustomerId>
    {
        public override CustomerId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, CustomerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
