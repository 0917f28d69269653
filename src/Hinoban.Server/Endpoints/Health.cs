using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Server.Roles;
using Hinoban.Storage;

namespace Hinoban.Server.Endpoints;

/// <summary>What <c>/healthz</c> answers. The version is for callers on this machine: strangers need not know what to look up.</summary>
internal sealed record HealthShape(
    string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version, IReadOnlyList<string> Problems);

/// <summary><c>/healthz</c>: 200 while the database can be read and written, the disk has room, the data folder is where it was and the engine is well, else 503 with what is wrong.</summary>
internal static class Health
{
    internal static void Map(WebApplication app) => app.MapGet("/healthz", AnswerAsync).AllowAnonymous();

    private static async Task<IResult> AnswerAsync(HttpContext http, HealthReading reading)
    {
        http.Response.Headers.CacheControl = "no-store";
        var problems = await reading.AskAsync();
        return TypedResults.Json(
            new HealthShape(problems.Count == 0 ? "ok" : "failing", Caller.IsLocal(http) ? CommandTree.Version : null, problems),
            ApiJson.Options,
            statusCode: problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>
/// Looks after the database and the engine, at most once a second and one look at a time however many ask: anybody may ask, and
/// nobody must be able to load the desk with it. Says what is wrong, the log says why.
/// </summary>
internal sealed partial class HealthReading(DeskParts parts, DiskWatch disk, PlaceWatch place, TimeProvider clock, ILogger<HealthReading> log)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<IReadOnlyList<string>>? latest;
    private TimeSpan askedAt;

    /// <summary>What is wrong; empty if nothing is.</summary>
    internal Task<IReadOnlyList<string>> AskAsync()
    {
        var now = Moment.Of(clock);
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && now.Mono - askedAt >= Fresh))
            {
                askedAt = now.Mono;
                latest = Task.Run(() => Look(now));
            }

            return latest;
        }
    }

    private IReadOnlyList<string> Look(Moment now)
    {
        string?[] found = [disk.State().Full ? DiskWatch.FullWords : null, place.View.State == PlaceState.Whole ? null : PlaceWatch.LostWords, Database(), Writing(), parts.Ailment(now)];
        return [.. found.OfType<string>()];
    }

    private string? Database()
    {
        if (parts.Db.Ping() is not { } why)
        {
            return null;
        }

        Unreadable(log, why);
        return "The database cannot be read.";
    }

    // Asked while the disk may be mended: the next change of the desk's own can be long in coming.
    private string? Writing()
    {
        if (parts.Db.Trouble is null)
        {
            return null;
        }

        parts.Db.TryAgain();
        return parts.Db.Trouble is null ? null : "The database takes no changes.";
    }

    [LoggerMessage(1, LogLevel.Error, "The database cannot be read: {Why}")]
    private static partial void Unreadable(ILogger log, string why);
}
