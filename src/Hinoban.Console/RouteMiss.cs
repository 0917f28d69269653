using Hinoban.Console.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hinoban.Console;

/// <summary>
/// What routing alone does not do: HEAD wherever GET is, and the console's own words for a page that is not there or a method that is
/// not possible. No catch-all route stands for that: it would take part in the matching, and hide every 405.
/// </summary>
internal static class RouteMiss
{
    private const string WasHead = "hinoban:head";

    // What programs ask for answers in its own words, not with a page.
    private static readonly PathString[] Machines = ["/api", "/site", "/healthz", "/metrics", "/openapi", "/assets"];

    /// <summary>Routing, with what goes before and after it.</summary>
    internal static void UseConsoleRouting(this WebApplication app)
    {
        app.Use(Match);
        app.UseRouting();
        app.Use(AnswerAsync);
    }

    /// <summary>Whoever finds that nobody serves a request sends it here, with the status that says why.</summary>
    internal static void Map(IEndpointRouteBuilder console) => console
        .Map("/{**miss}", (HttpContext http) => Pages.Error(http, http.Response.StatusCode))
        .WithMetadata(new SuppressMatchingMetadata(), new MissRoute());

    // HEAD is matched as GET.
    private static Task Match(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Items[WasHead] = true;
        }

        return next(http);
    }

    private static async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        // From here on it is HEAD again, so that the server sends no body.
        if (http.Items.Remove(WasHead))
        {
            http.Request.Method = HttpMethods.Head;
        }

        var found = http.GetEndpoint();
        if (found is RouteEndpoint)
        {
            await next(http);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        if (found?.RequestDelegate is { } notAllowed)
        {
            // The framework's own answer: it knows which methods there are.
            await notAllowed(http);
            var methods = http.Response.Headers.Allow.ToString().Split(", ");
            if (methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
            {
                http.Response.Headers.Allow = string.Join(", ", methods.Append(HttpMethods.Head));
            }
        }

        if (!Machines.Any(m => http.Request.Path.StartsWithSegments(m)))
        {
            http.SetEndpoint(http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.First(e => e.Metadata.GetMetadata<MissRoute>() is not null));
            await next(http);
        }
    }
}

/// <summary>Marks the page for what is not there: nothing is done by it, so no form has to be proved.</summary>
internal sealed class MissRoute;
