using System.Net;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;

namespace Hinoban.Server.Endpoints;

/// <summary>Who calls the API, and what they may see of what the URL names.</summary>
internal static class Caller
{
    private static readonly string[] Proxied = ["X-Forwarded-For", "X-Original-For", "Forwarded"];

    /// <summary>The group lets nobody in without one.</summary>
    internal static Actor Of(HttpContext http) =>
        Principals.ActorOf(http.User, Origins.Of(http.Connection.RemoteIpAddress)) ?? throw new InvalidOperationException("An API handler ran for nobody.");

    /// <summary>
    /// Whether it comes from this machine itself. A proxy's word about somebody is not enough, trusted or not: what came through one
    /// keeps one of these headers.
    /// </summary>
    internal static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && !Proxied.Any(http.Request.Headers.ContainsKey);

    /// <summary>By database number or by what people call it; null if there is none in the caller's scope.</summary>
    internal static IncidentId? Incident(HttpContext http, IDeskQueries queries, string id) =>
        long.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new IncidentId(number)
            : queries.IncidentByNumber(Of(http).Scope, id.ToUpperInvariant());
}
