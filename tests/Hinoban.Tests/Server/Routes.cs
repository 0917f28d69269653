using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Routing;


namespace Hinoban.Tests.Server;

/// <summary>The route table of a running server, for tests that must not forget a route.</summary>
internal static class Routes
{
    internal static IReadOnlyList<(string Method, string Pattern)> All(SampleServer server) =>
    [
        .. server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(m => (m, e.RoutePattern.RawText!.Trim('/')))),
    ];

    /// <summary>Those of the API itself, without its fallback and its document.</summary>
    internal static IReadOnlyList<(string Method, string Pattern)> OfApi(SampleServer server) =>
        [.. All(server).Where(r => r.Pattern.StartsWith("api/v1/", StringComparison.Ordinal) && r.Method != "*" && !r.Pattern.EndsWith("openapi.json", StringComparison.Ordinal))];
}
