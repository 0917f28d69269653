using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Flow;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hinoban.Console.Shell;

/// <summary>Turns a page component and its keys into an answer: the whole document, or its content alone when htmx asks for a part.</summary>
internal static class Pages
{
    internal static IResult Show<TPage>(HttpContext http, object? keys = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        http.Response.Headers.Vary = "HX-Request-Type, Cookie";
        return new RazorComponentResult<PageFrame>(new Dictionary<string, object?>
        {
            [nameof(PageFrame.Page)] = typeof(TPage),
            [nameof(PageFrame.Keys)] = Keys(keys),
            [nameof(PageFrame.Bare)] = WantsPart(http),
        })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };
    }

    internal static IResult NotFound(HttpContext http) => Error(http, StatusCodes.Status404NotFound);

    internal static IResult Forbidden(HttpContext http) => Error(http, StatusCodes.Status403Forbidden);

    internal static IResult Error(HttpContext http, int status) => Show<ErrorPage>(http, new { Status = status }, status);

    internal static IResult Redirect(string path) => TypedResults.LocalRedirect(path);

    /// <summary>
    /// A command's answer: who has no scripts is led on to <paramref name="here"/>, or shown the page with the reason of the refusal on it; a
    /// part says either in a notice beside it.
    /// </summary>
    internal static IResult Answer(HttpContext http, Viewer viewer, CommandOutcome outcome, Text done, string here, Func<string, int, IResult> page)
    {
        var part = WantsPart(http);
        if (outcome.Refusal is Refusal.NotFound || (outcome.Refusal is null && !part))
        {
            return outcome.Refusal is null ? Redirect(here) : NotFound(http);
        }

        var said = viewer.T(outcome.Refusal is null ? done : outcome.Message);
        if (part)
        {
            // JSON's default encoder writes only ASCII, as a header must be.
            var notice = new { text = said, kind = outcome.Refusal is null ? "done" : "refused" };
            http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new Dictionary<string, object> { ["desk-notice"] = notice });
        }

        return page(part ? "" : said, StatusOf(outcome.Refusal));
    }

    /// <summary>Only a path of this console is ever redirected to.</summary>
    internal static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";

    internal static bool WantsPart(HttpContext http) => http.Request.Headers["HX-Request-Type"] == "partial";

    private static int StatusOf(Refusal? refusal) => refusal switch
    {
        null => StatusCodes.Status200OK,
        Refusal.Forbidden => StatusCodes.Status403Forbidden,
        Refusal.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static Dictionary<string, object?> Keys(object? keys) =>
        keys?.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(keys)) ?? [];
}
