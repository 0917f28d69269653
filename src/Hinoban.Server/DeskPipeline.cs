using Hinoban.Basics;
using Hinoban.Console;
using Hinoban.Flow;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Options;
using Microsoft.AspNetCore.HttpOverrides;

namespace Hinoban.Server;

/// <summary>What every request to the desk passes, in order, and all routes.</summary>
internal static class DeskPipeline
{
    internal static void Use(WebApplication app, Action<WebApplication>? more)
    {
        Proxies(app);
        app.UseExceptionHandler(failed => failed.Run(Broken));
        app.Use(Headers);
        app.Use(OnDuty);
        app.UseStatusCodePages(Api.Unrouted);
        app.Use(app.Services.GetRequiredService<Guard>().RunAsync);
        app.UseConsoleRouting();
        app.Use(EndStreams);
        app.UseAuthentication();
        app.UseAuthorization();

        Health.Map(app);
        Metrics.Map(app);
        Api.Map(app);
        var parts = app.Services.GetRequiredService<DeskParts>();
        app.MapSiteEndpoints(parts.Door, parts.Keys, app.Services.GetRequiredService<TimeProvider>());
        app.MapConsole();
        more?.Invoke(app);
    }

    /// <summary>
    /// A trusted proxy's headers say who asks and over which scheme: for the audit, for counting wrong tries, for cookies that go over
    /// TLS only. Headers of anybody else are not looked at; the framework's own default, to trust this machine, is taken out.
    /// </summary>
    private static void Proxies(WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<ServerOptions>().Desk?.TrustedProxies ?? [];
        if (trusted.Count == 0)
        {
            return;
        }

        // As many hops as there are trusted ones: the first address that is not one of theirs is who asks.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in trusted)
        {
            options.KnownProxies.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }

    private static Task Headers(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.XFrameOptions = "DENY";
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        return next(http);
    }

    // One that was paused, or is cut off from its database, must not go on showing what another node has long changed.
    private static Task OnDuty(HttpContext http, RequestDelegate next) => http.RequestServices.GetRequiredService<DeskParts>().Db.OnDuty
        ? next(http)
        : StandbyAnswer.WriteAsync(http, null);

    /// <summary>A stream never ends by itself: when the process stops, it ends as if the reader had gone, so that only real work is waited for.</summary>
    private static async Task EndStreams(HttpContext http, RequestDelegate next)
    {
        var isStream = http.GetEndpoint()?.Metadata.GetMetadata<StreamRoute>() is not null
            || http.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal);
        if (!isStream)
        {
            await next(http);
            return;
        }

        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.RequestAborted = either.Token;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The reader or we have gone; there is nobody to tell.
        }
    }

    private static Task Broken(HttpContext http) => http.Request.Path.StartsWithSegments("/api")
        ? Problems.Of(http, StatusCodes.Status500InternalServerError, "internal", ApiText.Broken, ApiText.Broken).ExecuteAsync(http)
        : http.Response.WriteAsync(ApiText.Broken.In(Languages.Of(http)));
}

/// <summary>Marks a route whose answer is a stream without end.</summary>
internal sealed class StreamRoute;
