using System.Buffers;
using System.Globalization;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Hinoban.Server.Endpoints;

/// <summary>
/// Where sites post their results and hold their stream of orders (docs/reference/site-link.md). Sites prove themselves by signature;
/// people's sign-in has no part in it.
/// </summary>
internal static class SiteEndpoints
{
    private const int FirstBuffer = 16 * 1024;

    internal static IEndpointRouteBuilder MapSiteEndpoints(this IEndpointRouteBuilder routes, IResultDoor door, SiteKeyStore keys, TimeProvider clock)
    {
        var gate = new SiteGate(keys, clock);
        routes.MapPost(HttpSiteLink.BatchesPath, http => AnswerAsync(http, PostAsync(http, door, gate, clock)))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        routes.MapGet(HttpSiteLink.OrdersPath, http => AnswerAsync(http, OrdersAsync(http, door, gate, keys, clock)))
            .AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(HttpSiteLink.HandBackPath, http => AnswerAsync(http, HandBackAsync(http, door, gate, clock)))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        return routes;
    }

    private static async Task AnswerAsync(HttpContext http, Task<IResult> work) =>
        await (await work).ExecuteAsync(http);

    private static async Task<IResult> PostAsync(HttpContext http, IResultDoor door, SiteGate gate, TimeProvider clock)
    {
        var (claim, body, refused) = await ReadAsync(http, gate, HttpSiteLink.BatchesPath, clock);
        return refused ?? await TakeAsync(http, door, claim!, body);
    }

    private static async Task<IResult> HandBackAsync(HttpContext http, IResultDoor door, SiteGate gate, TimeProvider clock)
    {
        var (claim, body, refused) = await ReadAsync(http, gate, HttpSiteLink.HandBackPath, clock);
        if (refused is not null || door is not IHandBackDoor takes)
        {
            return refused ?? Problem(StatusCodes.Status404NotFound, "NotKnown", "This desk takes nothing back.");
        }

        try
        {
            var back = AwayCodec.Read<HandBack>(body);
            return back is { Notes: not null, Episodes: not null } && back.Site == claim!.Site
                ? TypedResults.Json(await takes.TakeBackAsync(back, http.RequestAborted), OrderCodec.Json)
                : Problem(StatusCodes.Status403Forbidden, "OtherSite", $"What is handed back is not of site {claim!.Site}.");
        }
        catch (InvalidDataException garbage)
        {
            return Problem(StatusCodes.Status400BadRequest, "BadBatch", garbage.Message);
        }
    }

    /// <summary>A signed request's body, or why it was refused.</summary>
    internal static async Task<(SiteClaim? Claim, byte[] Body, IResult? Refused)> ReadAsync(HttpContext http, SiteGate gate, string path, TimeProvider clock)
    {
        TellTime(http, clock);
        var claim = Claim(http);
        if (gate.Precheck(claim) is { } early)
        {
            return (claim, [], Refused(early, clock));
        }

        if (await BodyAsync(http) is not { } body)
        {
            return (claim, [], Problem(StatusCodes.Status413PayloadTooLarge, "TooLarge", $"A body is at most {BatchCodec.MaxBody} bytes."));
        }

        return gate.Check(claim, http.Request.Method, path, body) is { } refusal ? (claim, [], Refused(refusal, clock)) : (claim, body, null);
    }

    /// <summary>A posted batch into the door.</summary>
    internal static async Task<IResult> TakeAsync(HttpContext http, IResultDoor door, SiteClaim claim, byte[] body)
    {
        try
        {
            var batch = BatchCodec.Read(body);
            return batch.Site == claim.Site
                ? TypedResults.Json(await door.AcceptAsync(batch with { From = http.Connection.RemoteIpAddress }, http.RequestAborted))
                : Problem(StatusCodes.Status403Forbidden, "OtherSite", $"The batch is of site {batch.Site}, the key is of site {claim.Site}.");
        }
        catch (InvalidDataException garbage)
        {
            return Problem(StatusCodes.Status400BadRequest, "BadBatch", garbage.Message);
        }
    }

    private static async Task<IResult> OrdersAsync(HttpContext http, IResultDoor door, SiteGate gate, SiteKeyStore keys, TimeProvider clock)
    {
        TellTime(http, clock);
        var claim = Claim(http);
        if (gate.Check(claim, http.Request.Method, HttpSiteLink.OrdersPath, []) is { } refusal)
        {
            return Refused(refusal, clock);
        }

        return await GiveAsync(http, door, claim!, clock, () => keys.Find(claim!.Site, claim.Key) is not null);
    }

    /// <summary>The door's orders for a site and beats among them, for as long as it may have them.</summary>
    internal static async Task<IResult> GiveAsync(HttpContext http, IResultDoor door, SiteClaim claim, TimeProvider clock, Func<bool> may)
    {
        // A held stream would otherwise keep the server from stopping until its patience ends.
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var order in Beats.AmongAsync(stop => door.OrdersAsync(claim.Site, stop), clock, end.Token))
            {
                if (!may())
                {
                    break;
                }

                await http.Response.BodyWriter.WriteAsync(OrderCodec.Line(order), end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }

        return TypedResults.Empty;
    }

    // Null: too long. Kestrel's own limit would be an exception after the same number of bytes.
    internal static async Task<byte[]?> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > BatchCodec.MaxBody)
        {
            return null;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BatchCodec.MaxBody + 1;
        }

        // Grows as it comes: what a stranger says of its length costs nothing.
        var body = new ArrayBufferWriter<byte>(FirstBuffer);
        while (await http.Request.Body.ReadAsync(body.GetMemory(4096), http.RequestAborted) is > 0 and var got)
        {
            body.Advance(got);
            if (body.WrittenCount > BatchCodec.MaxBody)
            {
                return null;
            }
        }

        return body.WrittenSpan.ToArray();
    }

    internal static SiteClaim? Claim(HttpContext http) =>
        SiteGate.Claim(name => http.Request.Headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null);

    internal static void TellTime(HttpContext http, TimeProvider clock) =>
        http.Response.Headers[SiteSignature.TimeHeader] = SqlTypes.ToMicros(clock.GetUtcNow()).ToString(CultureInfo.InvariantCulture);

    internal static IResult Refused(GateRefusal refusal, TimeProvider clock) => Problem(StatusCodes.Status401Unauthorized, refusal.ToString(), refusal switch
    {
        GateRefusal.Unsigned => "The request is not signed by a site.",
        GateRefusal.UnknownKey => "The desk does not know this site with this key, or the key was revoked.",
        GateRefusal.Clock => string.Create(CultureInfo.InvariantCulture, $"The request's time is more than {SiteGate.Window.TotalSeconds:0} s from the desk's, {clock.GetUtcNow():O}."),
        GateRefusal.BadSignature => "The signature does not fit the request.",
        GateRefusal.Replayed => "The same request was here before.",
    });

    internal static IResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
