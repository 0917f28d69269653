using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hinoban.Console.Shell;

/// <summary>
/// Stands before every page and form: says who looks, sends strangers to the sign-in and people with a one-time password to their account, refuses forms that no page of ours
/// made, sets the security headers, and turns a bug into the error page with a record of it.
/// </summary>
internal sealed class ConsoleFilter(TimeProvider clock, ILogger<ConsoleFilter> log) : IEndpointFilter
{
    private static readonly TimeSpan TroubleEvery = TimeSpan.FromSeconds(30);

    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly Pace pace = new(TroubleEvery);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        SetHeaders(http.Response.Headers);
        var viewer = http.RequestServices.GetRequiredService<Viewer>();
        await FillAsync(http, viewer);
        var route = http.GetEndpoint()?.Metadata;
        var open = route?.GetMetadata<IAllowAnonymous>() is not null;
        if (viewer.Actor is null && !open)
        {
            return Stranger(http);
        }

        if (viewer.MustChange && !open && route?.GetMetadata<OneTimeRoute>() is null)
        {
            return Elsewhere(http) ? TypedResults.StatusCode(StatusCodes.Status403Forbidden) : Pages.Redirect("/account");
        }

        var antiforgery = http.RequestServices.GetRequiredService<IAntiforgery>();
        if (!Safe(http) && route?.GetMetadata<MissRoute>() is null)
        {
            if (await FormTroubleAsync(http) is { } status)
            {
                return Pages.Error(http, status);
            }

            if (!await antiforgery.IsRequestValidAsync(http))
            {
                return Pages.Error(http, StatusCodes.Status400BadRequest);
            }
        }

        viewer.FormToken = antiforgery.GetAndStoreTokens(http).RequestToken ?? "";
        http.Response.Headers.CacheControl = "no-store";
        return await RunAsync(context, next, http);
    }

    // Read before anything looks into it: a form that cannot be read is its sender's matter, not a failure of ours.
    private static async Task<int?> FormTroubleAsync(HttpContext http)
    {
        try
        {
            if (http.Request.HasFormContentType)
            {
                await http.Request.ReadFormAsync(http.RequestAborted);
            }

            return null;
        }
        catch (BadHttpRequestException wrong)
        {
            return wrong.StatusCode;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or OperationCanceledException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    private async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, HttpContext http)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (DeskErrors.CannotWrite(e) && !http.Response.HasStarted)
        {
            // Anybody can send the sign-in's form: one line, now and then.
            if (pace.May(Moment.MonoOf(clock)))
            {
                ConsoleLog.TakesNothing(log, http.Request.Method, http.Request.Path, e.Message);
            }

            return Pages.Error(http, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            ConsoleLog.PageFailed(log, http.Request.Method, http.Request.Path, e);
            return Pages.Error(http, StatusCodes.Status500InternalServerError);
        }
    }

    private async Task FillAsync(HttpContext http, Viewer viewer)
    {
        var signedIn = await http.AuthenticateAsync(Viewer.Scheme);
        if (signedIn.Succeeded)
        {
            // The form token is bound to the principal, so that both requests must see the same one.
            http.User = signedIn.Principal;
            viewer.Actor = Principals.ActorOf(signedIn.Principal, Origins.Of(http.Connection.RemoteIpAddress));
            viewer.MustChange = Principals.MustChange(signedIn.Principal);
            viewer.SignedInUntil = signedIn.Properties?.ExpiresUtc;
        }

        viewer.Now = clock.GetUtcNow();
        viewer.Language = Preferences.LanguageOf(http.Request);
        viewer.Theme = Preferences.ThemeOf(http.Request);
        viewer.Zone = Preferences.ZoneOf(http.Request, http.RequestServices.GetRequiredService<ConsoleZone>());
        viewer.Path = http.Request.Path + http.Request.QueryString;
    }

    private static IResult Stranger(HttpContext http)
    {
        if (Elsewhere(http))
        {
            return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
        }

        var here = http.Request.Path + http.Request.QueryString;
        return Pages.Redirect(here == "/" ? "/login" : $"/login?next={Uri.EscapeDataString(here)}");
    }

    // A form, a part or a stream cannot follow to another page.
    private static bool Elsewhere(HttpContext http) =>
        !Safe(http) || http.Request.Headers.ContainsKey("HX-Request");

    private static bool Safe(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
    }
}

/// <summary>Marks a route that somebody who still has a one-time password may use.</summary>
internal sealed class OneTimeRoute;
