using Hinoban.Results;
using Hinoban.Server.Roles;

namespace Hinoban.Server.Endpoints;

/// <summary>
/// What a site does for its peers (docs/reference/site-link.md): hears how they stand, takes their results where it judges for a desk that is away, and
/// carries their requests to the desk. Every request must be signed with a key that the desk has shipped.
/// </summary>
internal static class PeerEndpoints
{
    private static readonly string[] Signed = [SiteSignature.SiteHeader, SiteSignature.KeyHeader, SiteSignature.TimeHeader, SiteSignature.NonceHeader, SiteSignature.SignatureHeader];

    internal static void Map(IEndpointRouteBuilder routes, PeerPost post, TimeProvider clock)
    {
        var gate = new SiteGate(post.Find, clock);
        routes.MapPost(HttpPeerLink.HelloPath, http => AnswerAsync(http, HelloAsync(http, post, gate, clock)));
        routes.MapPost(LinkPaths.Peer.Batches, http => AnswerAsync(http, JuryAsync(http, post, gate, clock)));
        routes.MapGet(LinkPaths.Peer.Orders, http => AnswerAsync(http, OrdersAsync(http, post, gate, clock)));
        foreach (var path in new[] { HttpSiteLink.BatchesPath, HttpSiteLink.HandBackPath })
        {
            routes.MapPost(path, http => AnswerAsync(http, CarryAsync(http, post, path)));
        }

        routes.MapGet(HttpSiteLink.OrdersPath, http => AnswerAsync(http, CarryAsync(http, post, HttpSiteLink.OrdersPath)));
    }

    private static async Task AnswerAsync(HttpContext http, Task<IResult> work) => await (await work).ExecuteAsync(http);

    private static async Task<IResult> HelloAsync(HttpContext http, PeerPost post, SiteGate gate, TimeProvider clock)
    {
        var (claim, body, refused) = await SiteEndpoints.ReadAsync(http, gate, HttpPeerLink.HelloPath, clock);
        if (refused is not null)
        {
            return refused;
        }

        try
        {
            var word = AwayCodec.Read<PeerWord>(body);
            return word is { Notes: not null } && word.Site == claim!.Site
                ? TypedResults.Json(post.Door!.Hear(word), OrderCodec.Json)
                : SiteEndpoints.Problem(StatusCodes.Status403Forbidden, "OtherSite", "The word is not of the site whose key signed it.");
        }
        catch (InvalidDataException garbage)
        {
            return SiteEndpoints.Problem(StatusCodes.Status400BadRequest, "BadBatch", garbage.Message);
        }
    }

    private static async Task<IResult> JuryAsync(HttpContext http, PeerPost post, SiteGate gate, TimeProvider clock)
    {
        var (claim, body, refused) = await SiteEndpoints.ReadAsync(http, gate, LinkPaths.Peer.Batches, clock);
        return refused ?? (post.Door?.Jury is { } jury
            ? await SiteEndpoints.TakeAsync(http, jury, claim!, body)
            : NotJudging());
    }

    private static async Task<IResult> OrdersAsync(HttpContext http, PeerPost post, SiteGate gate, TimeProvider clock)
    {
        SiteEndpoints.TellTime(http, clock);
        var claim = SiteEndpoints.Claim(http);
        return gate.Check(claim, http.Request.Method, LinkPaths.Peer.Orders, []) is { } refusal ? SiteEndpoints.Refused(refusal, clock)
            : post.Door?.Jury is { } jury ? await SiteEndpoints.GiveAsync(http, jury, claim!, clock, () => post.Door.Jury == jury && post.Find(claim!.Site, claim.Key) is not null)
            : NotJudging();
    }

    // Whether the request is new is the desk's to say, by its own clock; here it is enough that a peer has signed exactly this.
    private static async Task<IResult> CarryAsync(HttpContext http, PeerPost post, string path)
    {
        // A stranger's body is not read.
        var claim = SiteEndpoints.Claim(http);
        if (claim is null || post.Desk is null || post.Find(claim.Site, claim.Key) is not { } key
            || await SiteEndpoints.BodyAsync(http) is not { } body
            || !SiteSignature.Verify(key, claim, http.Request.Method, path, body))
        {
            return SiteEndpoints.Problem(StatusCodes.Status401Unauthorized, nameof(GateRefusal.BadSignature), "No peer of this site has signed this request.");
        }

        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            using var answer = await post.Desk.CarryAsync(
                new HttpMethod(http.Request.Method), path, [.. Signed.Select(h => KeyValuePair.Create(h, http.Request.Headers[h].ToString()))], body, end.Token);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Headers.TryGetValues(SiteSignature.TimeHeader, out var time))
            {
                http.Response.Headers[SiteSignature.TimeHeader] = time.First();
            }

            await using var content = await answer.Content.ReadAsStreamAsync(end.Token);
            await PassAsync(content, http.Response, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!http.Response.HasStarted)
            {
                return SiteEndpoints.Problem(StatusCodes.Status502BadGateway, "NoDesk", $"The desk does not answer here either: {broken.Message}");
            }

            http.Abort();
        }

        return TypedResults.Empty;
    }

    // Each line of a stream goes on at once.
    private static async Task PassAsync(Stream from, HttpResponse to, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        await to.StartAsync(cancel);
        while (await from.ReadAsync(buffer, cancel) is > 0 and var got)
        {
            await to.Body.WriteAsync(buffer.AsMemory(0, got), cancel);
            await to.Body.FlushAsync(cancel);
        }
    }

    private static IResult NotJudging() => SiteEndpoints.Problem(StatusCodes.Status503ServiceUnavailable, "NotJudging", "This site does not judge now.");
}
