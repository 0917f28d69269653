using System.Collections.Concurrent;
using System.Net;
using System.Text.Encodings.Web;
using Hinoban.Basics;
using Hinoban.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hinoban.Server.Endpoints;

/// <summary>The API's log-in: <c>Authorization: Bearer hin_…</c>. The console's cookie opens nothing here, so no page can be made to write through it.</summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Accounts accounts, BadTokens bad, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    internal const string SchemeName = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var now = Moment.Of(clock);
        if (accounts.ByToken(header["Bearer ".Length..].Trim(), now) is { } actor)
        {
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Principals.Of(actor, SchemeName), SchemeName)));
        }

        bad.Add(Context.Connection.RemoteIpAddress, now.Mono);
        return Task.FromResult(AuthenticateResult.Fail("unknown token"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Request.Headers.Authorization.Count > 0 && bad.Wait(Context.Connection.RemoteIpAddress, Moment.Of(clock).Mono) is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problems.Of(Context, StatusCodes.Status429TooManyRequests, "too-many-tries", ApiText.TooMany, ApiText.TooManyDetail).ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(Context, StatusCodes.Status401Unauthorized, "unauthorized", ApiText.Unauthorized, ApiText.TokenNeeded).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Forbidden(Context, ApiText.Forbidden).ExecuteAsync(Context);
}

/// <summary>
/// Counts bad tokens per address: 20 in a minute, then 429. A token that is right always passes: its neighbours behind the
/// same address must not be able to lock it out.
/// </summary>
internal sealed class BadTokens
{
    private const int PerMinute = 20;
    private const int Addresses = 10_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (int Count, TimeSpan Since)> counts = new();

    internal void Add(IPAddress? from, TimeSpan now)
    {
        if (counts.Count >= Addresses)
        {
            foreach (var (address, count) in counts.Where(c => now - c.Value.Since >= Minute).ToList())
            {
                counts.TryRemove(new KeyValuePair<string, (int, TimeSpan)>(address, count));
            }
        }

        if (counts.Count < Addresses)
        {
            counts.AddOrUpdate(Origins.SenderOf(from), (1, now), (_, c) => now - c.Since >= Minute ? (1, now) : (c.Count + 1, c.Since));
        }
    }

    /// <summary>Null while the address may go on trying.</summary>
    internal TimeSpan? Wait(IPAddress? from, TimeSpan now) =>
        counts.TryGetValue(Origins.SenderOf(from), out var count) && count.Count > PerMinute && now - count.Since < Minute ? Minute - (now - count.Since) : null;
}
