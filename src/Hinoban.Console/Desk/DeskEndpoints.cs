using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Desk;

/// <summary>The desk's page and the stream of changes that keeps every page live.</summary>
internal static class DeskEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http, string? view) => Pages.Show<DeskPage>(http, new { Closed = view == "closed" }));
        app.MapGet("/strip", (HttpContext http) => Pages.Show<StripStatus>(http));
        app.MapGet("/events", Events);
    }

    private static IResult Events(HttpContext http, Viewer viewer, IDeskChanges changes, Accounts accounts, TimeProvider clock, CancellationToken cancel)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = "text/event-stream";
            return TypedResults.Empty;
        }

        return TypedResults.ServerSentEvents(new EventStream(changes, accounts, clock).ReadAsync(http.User, viewer, cancel));
    }
}
