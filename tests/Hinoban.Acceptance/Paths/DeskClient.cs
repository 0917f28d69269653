using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Hinoban.Acceptance.Paths;

/// <summary>A desk's API with a token, as a script uses it. Waits by asking again, since a script has nothing else.</summary>
internal sealed class DeskClient : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(150);
    private readonly HttpClient http;

    /// <param name="address">Where the desk listens.</param>
    /// <param name="token">From <c>hinoban token add</c>.</param>
    /// <param name="fingerprint">The only certificate to trust, SHA-256 in hex; null without TLS.</param>
    /// <param name="connect">Makes the connected stream where the desk is in another network.</param>
    internal DeskClient(Uri address, string token, string? fingerprint = null, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = connect };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && shown.GetCertHashString(HashAlgorithmName.SHA256).Equals(fingerprint, StringComparison.OrdinalIgnoreCase);
        http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    internal async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/v1/{path}", UriKind.Relative)))!;

    /// <summary>Asks until the answer is as wished; after <paramref name="patience"/> it throws with the last answer.</summary>
    internal async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> wished, TimeSpan patience, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await GetAsync(path);
            if (wished(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException($"not within {patience.TotalSeconds:0} s: {what}. Last answer: {answer.ToJsonString()}");
            }

            await Task.Delay(AskEvery, TimeProvider.System);
        }
    }

    public void Dispose() => http.Dispose();
}
