using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Server.Endpoints;

namespace Hinoban.Server.Demo;

/// <summary>The pages under <c>/demo</c>, which only the demo maps: break, mend, and the mailbox.</summary>
internal static class DemoPages
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    /// <summary><paramref name="secret"/> stands in the page's form and in the running demo's note: other pages cannot press the button.</summary>
    internal static void Map(WebApplication app, Town town, string secret)
    {
        var demo = app.MapGroup("/demo").ExcludeFromDescription();
        demo.MapGet("", (HttpContext http) => Page(http, DemoHtml.Stage(Languages.Of(http), town, secret, new Uri($"{http.Request.Scheme}://{http.Request.Host}/"))));
        demo.MapGet("/mailbox", (HttpContext http) => Page(http, DemoHtml.Mailbox(Languages.Of(http), town, Tokyo)));
        demo.MapGet("/state", () => TypedResults.Text(DemoHtml.State(town)));
        demo.MapGet("/demo.css", () => File("demo.css", "text/css; charset=utf-8"));
        demo.MapGet("/demo.js", () => File("demo.js", "text/javascript; charset=utf-8"));
        demo.MapPost("/break", (HttpContext http, CancellationToken _) => ActAsync(http, secret, town.Break));
        demo.MapPost("/mend", (HttpContext http, CancellationToken _) => ActAsync(http, secret, town.Mend));
    }

    private static IResult File(string name, string type) => TypedResults.Stream(typeof(DemoPages).Assembly.GetManifestResourceStream(name)!, type);

    private static async Task<IResult> ActAsync(HttpContext http, string secret, Action act)
    {
        var form = await http.Request.ReadFormAsync();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form["secret"].ToString()), Encoding.UTF8.GetBytes(secret)))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        act();
        return TypedResults.LocalRedirect("/demo");
    }

    private static IResult Page(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }
}
