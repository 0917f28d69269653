using Hinoban.Console.Parts;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Lists;

/// <summary>Sites, mails and customers.</summary>
internal static class ListEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sites", (HttpContext http, string? all) => Pages.Show<SitesPage>(http, new { All = all is "on" or "true" }));
        app.MapGet("/mails", (HttpContext http) => Pages.Show<MailsPage>(http));
        app.MapGet("/mails/received/{id:long}", (HttpContext http, Viewer viewer, IDeskQueries desk, long id) => Saved(http, desk.Archived(viewer.Scope, id, 0)));
        app.MapGet("/mails/received/{id:long}/attachments/{attachment:int}", (HttpContext http, Viewer viewer, IDeskQueries desk, long id, int attachment) =>
            Saved(http, attachment < 1 ? null : desk.Archived(viewer.Scope, id, attachment)));
        app.MapPost("/mails/retry", RetryAsync);
        app.MapGet("/customers", (HttpContext http) => Pages.Show<CustomersPage>(http));
    }

    private static async Task<IResult> RetryAsync(HttpContext http, Viewer viewer, IDeskCommands commands) => viewer.Me.MayRespond
        ? Pages.Answer(
            http, viewer, await commands.RetryMailsAsync(viewer.Me), ConsoleTextLists.RetriedNow, "/mails", (notice, status) => Pages.Show<MailsPage>(http, new { Notice = notice }, status))
        : Pages.Forbidden(http);

    /// <summary>
    /// What strangers send is saved and never shown: no type that a browser would open, whatever the sender says it is, and nothing runs even if one
    /// does open it.
    /// </summary>
    private static IResult Saved(HttpContext http, ArchivedFile? file)
    {
        if (file is null)
        {
            return Pages.NotFound(http);
        }

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.File(file.Content, "application/octet-stream", NameOf(file.Name));
    }

    private static string NameOf(string name)
    {
        var plain = string.Concat(Show.Line(name, 150).Select(c => c is '/' or '\\' or ':' or '"' or '<' or '>' or '|' or '?' or '*' ? '_' : c)).Trim('.', ' ');
        return plain.Length > 0 ? plain : "attachment";
    }
}
