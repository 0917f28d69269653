using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Server.Endpoints;

/// <summary>What a node that has not got the desk says to everybody: 503, and who has it as far as it knows. Sites ask the next node then.</summary>
internal static class StandbyAnswer
{
    internal const string Code = "Standby";

    internal static Task WriteAsync(HttpContext http, LeaseView? holder)
    {
        var detail = holder is { Left.Ticks: > 0 } ? StandbyText.HeldBy(DeskNode.NameOf(holder.Holder), holder.Address) : StandbyText.HeldByNobody;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.RetryAfter = "5";
        if (http.Request.Path.StartsWithSegments("/site"))
        {
            return TypedResults.Problem(detail.En, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: new Dictionary<string, object?> { ["code"] = Code })
                .ExecuteAsync(http);
        }

        if (http.Request.Path.StartsWithSegments("/api"))
        {
            return Problems.Of(http, StatusCodes.Status503ServiceUnavailable, "standby", StandbyText.Title, detail).ExecuteAsync(http);
        }

        if (http.Request.Path == "/healthz")
        {
            return TypedResults.Json(new HealthShape("standby", null, [detail.En]), ApiJson.Options, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(detail.In(Languages.Of(http)));
    }
}
