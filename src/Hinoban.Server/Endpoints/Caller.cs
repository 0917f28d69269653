using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;

namespace Hinoban.Server.Endpoints;

/// <summary>Who calls the API, and what they may see of what the URL names.</summary>
internal static class Caller
{
    /// <summary>The group lets nobody in without one.</summary>
    internal static Actor Of(HttpContext http) =>
        Principals.ActorOf(http.User) ?? throw new InvalidOperationException("An API handler ran for nobody.");

    internal static string Origin(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>By database number or by what people call it; null if there is none in the caller's scope.</summary>
    internal static IncidentId? Incident(HttpContext http, IDeskQueries queries, string id) =>
        long.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new IncidentId(number)
            : queries.IncidentByNumber(Of(http).Scope, id.ToUpperInvariant());
}
