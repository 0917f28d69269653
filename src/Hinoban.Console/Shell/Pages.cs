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

    /// <summary>Only a path of this console is ever redirected to.</summary>
    internal static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";

    internal static bool WantsPart(HttpContext http) => http.Request.Headers["HX-Request-Type"] == "partial";

    private static Dictionary<string, object?> Keys(object? keys) =>
        keys?.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(keys)) ?? [];
}
