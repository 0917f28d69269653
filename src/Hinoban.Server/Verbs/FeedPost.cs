using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Server.Verbs;

/// <summary>What became of a batch: how many the desk took; <see cref="Ends"/>: nothing will be taken, however often it is tried.</summary>
internal readonly record struct FeedOutcome(int Taken, int Refused, Text? Ends);

/// <summary>Posts batches to the desk. What the desk refuses is named and left out, the rest is posted again; what does not arrive is tried again for a while.</summary>
internal sealed class FeedPost : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The desk refuses more before it has read it, which may look like a broken connection.</summary>
    private const int MostBytes = 256 * 1024;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly HttpClient http;
    private readonly Uri target;
    private readonly Redacted token;
    private readonly TimeSpan patience;
    private readonly Surroundings around;
    private readonly HashSet<string> told = [];

    internal FeedPost(Uri desk, string customer, Redacted token, string? fingerprint, TimeSpan patience, Surroundings around)
    {
        (this.token, this.patience, this.around) = (token, patience, around);
        target = new Uri(desk, $"api/v1/customers/{customer}/results");
        // No proxy, as with a site's link.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (fingerprint is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificatePrint.Is(certificate, fingerprint);
        }

        http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public void Dispose() => http.Dispose();

    internal async Task<FeedOutcome> PostAsync(IReadOnlyList<FedResult> batch)
    {
        var left = batch.ToList();
        while (left.Count > 0)
        {
            var (status, body, trouble) = await TryAsync(left);
            switch (status)
            {
                case HttpStatusCode.OK:
                    return new FeedOutcome(left.Count, batch.Count - left.Count, null);
                case HttpStatusCode.UnprocessableEntity when Refused(body, left) is { Count: > 0 } refused:
                    left = [.. left.Where((_, i) => !refused.Contains(i))];
                    break;
                case HttpStatusCode.RequestEntityTooLarge when left.Count > 1:
                    return await HalvesAsync(left, batch.Count - left.Count);
                case HttpStatusCode.RequestEntityTooLarge:
                    around.Complain(NagiosVerbText.TooLarge(left[0].Item));
                    return new FeedOutcome(0, batch.Count, null);
                case null:
                    around.Complain(NagiosVerbText.NotArrived(left.Count, trouble ?? ""));
                    return new FeedOutcome(0, batch.Count, null);
                default:
                    return new FeedOutcome(0, batch.Count, NagiosVerbText.Ends((int)status, Detail(body)));
            }
        }

        return new FeedOutcome(0, batch.Count, null);
    }

    private async Task<FeedOutcome> HalvesAsync(List<FedResult> batch, int refused)
    {
        var half = batch.Count / 2;
        var first = await PostAsync(batch[..half]);
        if (first.Ends is not null)
        {
            return first with { Refused = refused + first.Refused + batch.Count - half };
        }

        var second = await PostAsync(batch[half..]);
        return new FeedOutcome(first.Taken + second.Taken, refused + first.Refused + second.Refused, second.Ends);
    }

    // The same results with the same times: a batch whose answer got lost counts once, however often it is posted.
    private async Task<(HttpStatusCode? Status, string Body, string? Trouble)> TryAsync(IReadOnlyList<FedResult> results)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { Results = results }, Json);
        if (body.Length > MostBytes && results.Count > 1)
        {
            return (HttpStatusCode.RequestEntityTooLarge, "", null);
        }

        var start = around.Clock.GetTimestamp();
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            string trouble;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
                request.Headers.AcceptLanguage.ParseAdd(around.Language == Language.Ja ? "ja" : "en");
                using var response = await http.SendAsync(request);
                var said = await response.Content.ReadAsStringAsync();
                if ((int)response.StatusCode is not (408 or 429 or >= 500))
                {
                    return (response.StatusCode, said, null);
                }

                trouble = $"{(int)response.StatusCode} {Detail(said)}";
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
            {
                trouble = away.Message;
            }

            if (around.Clock.GetElapsedTime(start) + pause > patience)
            {
                return (null, "", trouble);
            }

            await Task.Delay(pause, around.Clock);
        }
    }

    private HashSet<int> Refused(string body, List<FedResult> results)
    {
        var refused = new HashSet<int>();
        foreach (var (result, detail) in Errors(body).Where(e => e.Result >= 1 && e.Result <= results.Count))
        {
            refused.Add(result - 1);
            if (told.Count < 10_000 && told.Add($"{results[result - 1].Item} {detail}"))
            {
                around.Complain(NagiosVerbText.NotTaken(results[result - 1].Item, detail));
            }
        }

        return refused;
    }

    private static IEnumerable<(int Result, string Detail)> Errors(string body)
    {
        if (Parsed(body) is not { } root || !root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var error in errors.EnumerateArray())
        {
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("result", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var result))
            {
                yield return (result, error.TryGetProperty("detail", out var detail) ? Shown.Tame(detail.ToString(), 300) : "");
            }
        }
    }

    private static string Detail(string body) =>
        Parsed(body) is { } root && root.TryGetProperty("detail", out var detail) ? Shown.Tame(detail.ToString(), 300) : "";

    private static JsonElement? Parsed(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
