using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Storage;
using Microsoft.Extensions.Logging;

namespace Hinoban.Results;

/// <summary>
/// The link to a desk over HTTP(S), as docs/reference/site-link.md says. Requests are stamped with the desk's own time, which every
/// answer tells: a site's wrong clock is logged and changes nothing. Of several desk nodes one has the desk; the others say that they
/// have not, or nothing at all, and the next one is asked.
/// </summary>
internal sealed class HttpSiteLink : IHandBackLink, IDisposable
{
    internal const string BatchesPath = "/site/v1/batches";
    internal const string OrdersPath = "/site/v1/orders";
    internal const string HandBackPath = "/site/v1/hand-back";

    /// <summary>The desk sends a beat every 5 s.</summary>
    internal static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SkewWorthSaying = TimeSpan.FromSeconds(5);

    /// <summary>Bytes per second that a line must carry at least, on top of <see cref="AnswerLimit"/>.</summary>
    private const double SlowestLine = 8 * 1024;

    private readonly SiteKeyFile file;
    private readonly ECDsa key;
    private readonly LinkPaths paths;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly HttpClient http;
    private readonly IReadOnlyList<Uri> desks;
    private readonly Lock gate = new();
    private int preferred;
    private (DateTimeOffset Utc, long Stamp)? deskTime;
    private TimeSpan saidSkew;

    internal HttpSiteLink(Uri desk, SiteKeyFile file, TimeProvider clock, ILogger log, LinkPaths? paths = null)
        : this([desk], file, clock, log, paths)
    {
    }

    internal HttpSiteLink(IReadOnlyList<Uri> desks, SiteKeyFile file, TimeProvider clock, ILogger log, LinkPaths? paths = null)
    {
        (this.desks, this.file, this.clock, this.log, this.paths) = (desks, file, clock, log, paths ?? LinkPaths.Desk);
        key = file.OpenKey();
        http = new HttpClient(Handler(file.DeskFingerprint)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel) => PostAsync<BatchReceipt>(paths.Batches, BatchCodec.Write(batch), JsonSerializerOptions.Web, cancel);

    public Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel) =>
        PostAsync<HandBackReceipt>(HandBackPath, AwayCodec.Write(back), OrderCodec.Json, cancel);

    /// <summary>Posts a body to a path of the other side and reads its answer.</summary>
    internal Task<T> PostAsync<T>(string path, byte[] body, JsonSerializerOptions json, CancellationToken cancel) => AnyDeskAsync(async desk =>
    {
        using var limit = new CancellationTokenSource(AnswerLimit + TimeSpan.FromSeconds(body.Length / SlowestLine), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        return await GuardAsync(async () =>
        {
            using var response = await SendAsync(desk, HttpMethod.Post, path, body, either.Token);
            return await response.Content.ReadFromJsonAsync<T>(json, either.Token) ?? throw new SiteLinkException("the desk's receipt is empty");
        }, cancel);
    });

    /// <summary>
    /// Carries a peer's request to the desk as it came, byte for byte, so that the desk itself sees who signed it; the answer is the caller's to
    /// pass on and dispose. A node that does not have the desk is passed over.
    /// </summary>
    internal async Task<HttpResponseMessage> CarryAsync(HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body, CancellationToken cancel)
    {
        for (var (first, tried) = (Volatile.Read(ref preferred), 0); ; tried++)
        {
            var at = (first + tried) % desks.Count;
            var last = tried == desks.Count - 1;
            try
            {
                var answer = await CarryAsync(desks[at], method, path, headers, body, cancel);
                if (last || answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    if (answer.IsSuccessStatusCode)
                    {
                        Prefer(at);
                    }

                    return answer;
                }

                answer.Dispose();
            }
            catch (Exception away) when (!last && (away is HttpRequestException || (away is OperationCanceledException && !cancel.IsCancellationRequested)))
            {
                // The next one may have the desk.
            }
        }
    }

    private async Task<HttpResponseMessage> CarryAsync(
        Uri desk, HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(desk, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(BatchCodec.ContentType) } };
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    public async IAsyncEnumerable<SiteOrder> OrdersAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await AnyDeskAsync(desk => OpenAsync(desk, cancel));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var alarm = clock.CreateTimer(_ => Cancel(silence), null, SilenceLimit, Timeout.InfiniteTimeSpan);
        await using var stream = await response.Content.ReadAsStreamAsync(silence.Token);
        var lines = new LineReader(stream, OrderCodec.MaxLine, () => alarm.Change(SilenceLimit, Timeout.InfiniteTimeSpan));
        while (await GuardAsync(() => lines.NextAsync(silence.Token), cancel) is { } line)
        {
            if (await GuardAsync(() => Task.FromResult(OrderCodec.Read(line)), cancel) is { } order)
            {
                // However long the order takes to carry out, the silence counts from the next read.
                alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                yield return order;
                alarm.Change(SilenceLimit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The desk that answered last, then each of the others, once. Of several failures the one that a person must know of is told.</summary>
    private async Task<T> AnyDeskAsync<T>(Func<Uri, Task<T>> ask)
    {
        SiteLinkException? worst = null;
        for (var (first, tried) = (Volatile.Read(ref preferred), 0); ; tried++)
        {
            var at = (first + tried) % desks.Count;
            try
            {
                var answer = await ask(desks[at]);
                Prefer(at);
                return answer;
            }
            catch (SiteLinkException away) when (MayBeElsewhere(away.Fault))
            {
                // The next one may have the desk.
                worst = worst is null || Badness(away.Fault) > Badness(worst.Fault) ? away : worst;
                if (tried == desks.Count - 1)
                {
                    ExceptionDispatchInfo.Throw(worst);
                }
            }
        }
    }

    // One that refuses may be a node that was made anew with another certificate, and does not have the desk.
    private static bool MayBeElsewhere(SiteLinkFault fault) => fault is SiteLinkFault.Unreachable or SiteLinkFault.Failed or SiteLinkFault.Refused;

    private static int Badness(SiteLinkFault fault) => fault switch { SiteLinkFault.Refused => 2, SiteLinkFault.Failed => 1, _ => 0 };

    private void Prefer(int at)
    {
        if (Interlocked.Exchange(ref preferred, at) != at)
        {
            ResultsLog.OtherDesk(log, file.Site, desks[at]);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Uri desk, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(SilenceLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        return await GuardAsync(() => SendAsync(desk, HttpMethod.Get, paths.Orders, [], either.Token), cancel);
    }

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    private static void Cancel(CancellationTokenSource silence)
    {
        try
        {
            silence.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream ended at the same moment.
        }
    }

    private static SocketsHttpHandler Handler(string? fingerprint)
    {
        // No proxy: a site's link must not depend on an environment variable.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (fingerprint is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificatePrint.Is(certificate, fingerprint);
        }

        return handler;
    }

    // A request whose stamp the desk finds wrong is signed once more with the time that the refusal told.
    private async Task<HttpResponseMessage> SendAsync(Uri desk, HttpMethod method, string path, byte[] body, CancellationToken cancel)
    {
        for (var last = false; ; last = true)
        {
            using var request = Signed(desk, method, path, body);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            LearnTime(response.Headers);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return response;
            }

            using (response)
            {
                var problem = await ProblemAsync(response, cancel);
                if (last || problem.Code != nameof(GateRefusal.Clock))
                {
                    throw Refusal(response.StatusCode, problem);
                }
            }
        }
    }

    private HttpRequestMessage Signed(Uri desk, HttpMethod method, string path, byte[] body)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var claim = SiteSignature.Sign(key, file.Site, method.Method, path, body, SqlTypes.ToMicros(DeskTime()), nonce);
        var request = new HttpRequestMessage(method, new Uri(desk, path));
        request.Headers.Add(SiteSignature.SiteHeader, claim.Site.Value);
        request.Headers.Add(SiteSignature.KeyHeader, claim.Key);
        request.Headers.Add(SiteSignature.TimeHeader, claim.TimeMicros.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(SiteSignature.NonceHeader, claim.Nonce);
        request.Headers.Add(SiteSignature.SignatureHeader, claim.Signature);
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(BatchCodec.ContentType) } };
        }

        return request;
    }

    private DateTimeOffset DeskTime()
    {
        lock (gate)
        {
            return deskTime is { } known ? known.Utc + clock.GetElapsedTime(known.Stamp) : clock.GetUtcNow();
        }
    }

    private void LearnTime(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues(SiteSignature.TimeHeader, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            && micros < SqlTypes.ToMicros(DateTimeOffset.MaxValue))
        {
            lock (gate)
            {
                deskTime = (SqlTypes.FromMicros(micros), clock.GetTimestamp());
                var skew = clock.GetUtcNow() - deskTime.Value.Utc;
                if (skew.Duration() > SkewWorthSaying && (skew - saidSkew).Duration() > SkewWorthSaying)
                {
                    ResultsLog.ClockSkew(log, file.Site, skew.TotalSeconds);
                    saidSkew = skew;
                }
            }
        }
    }

    private static async Task<(string Code, string Detail)> ProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            using var json = await JsonDocument.ParseAsync(stream, default, cancel);
            return (Member("code"), Member("detail"));

            string Member(string name) => json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
        }
        catch (Exception garbage) when (garbage is JsonException or InvalidOperationException)
        {
            // Not our desk's words: a proxy's page, perhaps.
            return ("", response.ReasonPhrase ?? "");
        }
    }

    private static SiteLinkException Refusal(HttpStatusCode status, (string Code, string Detail) problem) => new($"the desk answered {(int)status}: {problem.Detail}")
    {
        Fault = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => SiteLinkFault.Refused,
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => SiteLinkFault.NotKnown,
            HttpStatusCode.InternalServerError => SiteLinkFault.Failed,
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => SiteLinkFault.BadBatch,
            _ => SiteLinkFault.Unreachable,
        },
    };

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new SiteLinkException("the desk was silent for too long", late);
        }
        catch (HttpRequestException broken)
        {
            var wrongCertificate = broken.HttpRequestError == HttpRequestError.SecureConnectionError;
            throw new SiteLinkException(wrongCertificate ? "the desk's certificate is not the one that the key file names, or cannot be verified" : broken.Message, broken)
            {
                Fault = wrongCertificate ? SiteLinkFault.Refused : SiteLinkFault.Unreachable,
            };
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or JsonException)
        {
            throw new SiteLinkException($"the connection to the desk broke: {broken.Message}", broken);
        }
    }
}

/// <summary>Where on the other side results are posted and orders are given.</summary>
internal sealed record LinkPaths(string Batches, string Orders)
{
    internal static LinkPaths Desk { get; } = new(HttpSiteLink.BatchesPath, HttpSiteLink.OrdersPath);

    /// <summary>At a peer that judges for a desk that is away.</summary>
    internal static LinkPaths Peer { get; } = new("/peer/v1/batches", "/peer/v1/orders");
}
