using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Scene;

/// <summary>The JSON API as a script of the provider's would use it.</summary>
internal sealed class DeskClient : IDisposable
{
    private readonly HttpClient http;

    internal DeskClient(Uri desk, string token)
        : this([desk], token)
    {
    }

    /// <summary>Of several nodes it asks whichever has the desk.</summary>
    internal DeskClient(IReadOnlyList<Uri> desks, string token)
    {
        // Runbook steps answer when they have ended.
        http = new HttpClient(new AnyDesk(desks)) { BaseAddress = new Uri(desks[0], "/api/v1/"), Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
    }

    internal async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(body)!.AsObject()
            : throw new HttpRequestException($"GET {path}: {(int)answer.StatusCode} {body}", null, answer.StatusCode);
    }

    /// <summary>Sends a command; refusals are answers too.</summary>
    internal async Task<(int Status, JsonObject Body)> PostAsync(string path, JsonObject? body = null)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body ?? []);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>Customers' incidents, of the queue or the closed ones; the provider's own alarms are another story.</summary>
    internal async Task<IReadOnlyList<JsonObject>> IncidentsAsync(string state = "open") =>
        [.. (await GetAsync($"incidents?state={state}")).List("incidents").Where(i => i.Word("customer") != "provider")];

    internal Task<JsonObject> IncidentAsync(long id) => GetAsync($"incidents/{id}");

    /// <summary>Null if there is none of that id.</summary>
    internal async Task<JsonObject?> TryIncidentAsync(long id)
    {
        try
        {
            return await IncidentAsync(id);
        }
        catch (HttpRequestException none) when (none.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Sends a request to the node that answered last, and to the others if that has not got the desk.</summary>
internal sealed class AnyDesk(IReadOnlyList<Uri> desks) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
{
    private static readonly TimeSpan Paused = TimeSpan.FromSeconds(3);
    private int preferred;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken);
        }

        for (var tried = 1; ; tried++)
        {
            request.RequestUri = new Uri(desks[preferred], request.RequestUri!.PathAndQuery);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (desks.Count > 1 && request.Method == HttpMethod.Get)
            {
                limit.CancelAfter(Paused);
            }

            try
            {
                var answer = await base.SendAsync(request, limit.Token);
                if (answer.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable || tried == desks.Count)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (tried == desks.Count)
                {
                    throw new HttpRequestException("no node has the desk", away);
                }
            }

            preferred = (preferred + 1) % desks.Count;
        }
    }
}

/// <summary>Short ways into JSON answers.</summary>
internal static class Json
{
    internal static IEnumerable<JsonObject> List(this JsonNode node, string name) => node[name]!.AsArray().Select(n => n!.AsObject());

    internal static string Word(this JsonNode node, string name) => node[name]?.ToString() ?? "";

    internal static long Number(this JsonNode node, string name) => node[name]!.GetValue<long>();

    internal static bool Flag(this JsonNode node, string name) => node[name]!.GetValue<bool>();

    internal static DateTimeOffset Instant(this JsonNode node, string name) => node[name]!.GetValue<DateTimeOffset>();

    /// <summary>An incident's events of one kind.</summary>
    internal static IReadOnlyList<JsonObject> Events(this JsonNode incident, string kind) => [.. incident.List("events").Where(e => e.Word("event") == kind)];

    /// <summary>An incident's mails of one kind.</summary>
    internal static IReadOnlyList<JsonObject> Mails(this JsonNode incident, string kind) => [.. incident.List("mails").Where(m => m.Word("kind") == kind)];
}
