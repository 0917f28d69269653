using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>Where samples are sent on to, and how we sign in there: as a user with a password, by a token, or not at all.</summary>
internal sealed record RemoteWriteOptions(Uri Url, string? User, Redacted? Password, Redacted? Token);

/// <summary>What the receiver made of a request.</summary>
internal enum RemoteWriteOutcome
{
    /// <summary>It has them.</summary>
    Taken,

    /// <summary>It cannot take any now: the same again later.</summary>
    Later,

    /// <summary>It will never take this request.</summary>
    Refused,
}

/// <summary>How a request went. <see cref="After"/>: how long it asked us to wait.</summary>
internal sealed record RemoteWriteAnswer(RemoteWriteOutcome Outcome, string Why, TimeSpan? After = null);

/// <summary>The way to the receiver of samples: Prometheus remote-write 1.0 over HTTP.</summary>
internal sealed class RemoteWriteLink(RemoteWriteOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A redirect would take the password elsewhere.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }) { Timeout = Timeout.InfiniteTimeSpan };

    internal async Task<RemoteWriteAnswer> PostAsync(IReadOnlyList<ExportSeries> series, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(Snappy.Compress(WriteRequest.Of(series))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("hinoban", null));
        request.Headers.Authorization = Authorization();
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Answer(response);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RemoteWriteAnswer(RemoteWriteOutcome.Later, "it did not answer in time");
        }
        catch (HttpRequestException fault)
        {
            return new RemoteWriteAnswer(RemoteWriteOutcome.Later, fault.HttpRequestError.ToString());
        }
    }

    public void Dispose() => http.Dispose();

    private AuthenticationHeaderValue? Authorization() =>
        options.Token is { } token ? new AuthenticationHeaderValue("Bearer", token.Reveal())
        : options.User is { } user ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password?.Reveal()}")))
        : null;

    // Who refuses us for our password may take us when that is mended; who refuses a request for what stands in it never will.
    private RemoteWriteAnswer Answer(HttpResponseMessage response)
    {
        var why = $"HTTP {(int)response.StatusCode}";
        var after = response.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - clock.GetUtcNow() : null;
        return response.IsSuccessStatusCode ? new RemoteWriteAnswer(RemoteWriteOutcome.Taken, why)
            : response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict
                ? new RemoteWriteAnswer(RemoteWriteOutcome.Refused, why)
                : new RemoteWriteAnswer(RemoteWriteOutcome.Later, why, after);
    }
}
