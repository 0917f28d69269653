using Dapper;
using Hinoban.Basics;
using Hinoban.Flow;
using Microsoft.Data.Sqlite;

namespace Hinoban.Server.Endpoints;

/// <summary>What <c>/healthz</c> answers.</summary>
internal sealed record HealthShape(string Status, string Version, IReadOnlyList<string> Problems);

/// <summary><c>/healthz</c>: 200 while the database can be read and the engine is well, else 503 with what is wrong.</summary>
internal static class Health
{
    internal static void Map(WebApplication app) => app.MapGet("/healthz", Answer).AllowAnonymous();

    private static IResult Answer(HttpContext http, DeskParts parts, TimeProvider clock)
    {
        http.Response.Headers.CacheControl = "no-store";
        string?[] found = [Database(parts), parts.Ailment(Moment.Of(clock))];
        var problems = found.OfType<string>().ToList();
        return TypedResults.Json(
            new HealthShape(problems.Count == 0 ? "ok" : "failing", CommandTree.Version, problems),
            ApiJson.Options,
            statusCode: problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string? Database(DeskParts parts)
    {
        try
        {
            return parts.Db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from schema_versions", null, tx.Transaction)) > 0
                ? null
                : "The database has no schema.";
        }
        catch (SqliteException wrong)
        {
            return $"The database cannot be read: {wrong.SqliteErrorCode}";
        }
    }
}
