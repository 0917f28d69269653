using System.Globalization;
using System.Net;
using Hinoban.Basics;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>Where the desk's sign of life goes: an independent party that calls somebody when it stops.</summary>
internal sealed record HeartbeatOptions(Uri Url, bool Post);

/// <summary>How the heartbeat stands. <see cref="Trouble"/> null: the last one arrived, or none was due yet.</summary>
internal sealed record HeartbeatView(string Url, DateTimeOffset? LastUtc, Text? Trouble);

/// <summary>
/// Tells an independent party each minute that the desk is well, and only while it is. Whoever watches the desk must not share its fate:
/// silence is the alarm, so nothing here tries again before the next minute.
/// </summary>
internal sealed partial class Heartbeat(HeartbeatOptions options, Func<OwnFacts?> facts, TimeProvider clock, ILogger<Heartbeat> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal HeartbeatView View { get; private set; } = new(Shown(options.Url), null, null);

    internal async Task RunAsync(CancellationToken cancel)
    {
        // A redirect would tell somebody else.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            Note(HeartbeatRules.WhyNot(facts()) ?? await SendAsync(http, cancel));
        }
    }

    /// <summary>Null if it arrived.</summary>
    private async Task<Text?> SendAsync(HttpClient http, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(options.Post ? HttpMethod.Post : HttpMethod.Get, options.Url);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : HeartbeatText.Answered((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return HeartbeatText.Unreachable(string.Create(CultureInfo.InvariantCulture, $"{Patience.TotalSeconds:0} s"));
        }
        catch (HttpRequestException fault)
        {
            return HeartbeatText.Unreachable(fault.HttpRequestError.ToString());
        }
    }

    // Logged when it turns, not each minute.
    private void Note(Text? trouble)
    {
        if (trouble is not null && View.Trouble is null)
        {
            Stopped(log, View.Url, trouble.En);
        }
        else if (trouble is null && View.Trouble is not null)
        {
            Resumed(log, View.Url);
        }

        View = View with { Trouble = trouble, LastUtc = trouble is null ? clock.GetUtcNow() : View.LastUtc };
    }

    /// <summary>The path of such an address is often its secret.</summary>
    private static string Shown(Uri url) => url.GetLeftPart(UriPartial.Authority);

    [LoggerMessage(5211, LogLevel.Error, "The heartbeat to {Url} does not go out: {Why}")]
    private static partial void Stopped(ILogger log, string url, string why);

    [LoggerMessage(5212, LogLevel.Warning, "The heartbeat to {Url} goes out again")]
    private static partial void Resumed(ILogger log, string url);
}
