using Hinoban.Basics;
using Hinoban.Server.Endpoints;
using Hinoban.Storage;

namespace Hinoban.Server;

/// <summary>
/// Requests that nobody can carry out are answered, and are no bugs: a body that breaks off, a database that takes no changes. Strangers
/// must not be able to fill the log, so the one is not logged at all and the other at most once in a while.
/// </summary>
internal sealed partial class Guard(TimeProvider clock, ILogger<Guard> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly Pace pace = new(Every);

    internal async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException wrong) when (!http.Response.HasStarted)
        {
            var text = wrong.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiText.TooLarge : ApiText.BadBody;
            await AnswerAsync(http, wrong.StatusCode, "invalid", text, text);
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong) && !http.Response.HasStarted)
        {
            if (pace.May(Moment.MonoOf(clock)))
            {
                TakesNothing(log, http.Request.Method, http.Request.Path, wrong.Message);
            }

            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "unavailable", ApiText.Unavailable, ApiText.UnavailableDetail);
        }
    }

    private static Task AnswerAsync(HttpContext http, int status, string type, Text title, Text detail)
    {
        http.Response.Clear();
        if (http.Request.Path.StartsWithSegments("/api"))
        {
            return Problems.Of(http, status, type, title, detail).ExecuteAsync(http);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(detail.In(Languages.Of(http)));
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} was not carried out, the database is in trouble: {Why}. Others are not told for half a minute")]
    private static partial void TakesNothing(ILogger log, string method, string path, string why);
}
