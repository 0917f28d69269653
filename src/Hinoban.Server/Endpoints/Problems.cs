using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Server.Endpoints;

/// <summary>An RFC 9457 problem. <see cref="Host"/> and <see cref="Command"/> come with <c>confirmation-needed</c> only.</summary>
internal sealed record ProblemShape(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Host = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Command = null)
{
    /// <summary>Everything that is wrong, where a body has several parts; null elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemPart>? Errors { get; init; }
}

/// <summary>One of several mistakes: in which of several results (from 1; 0: the body itself), in which field, and what would be right.</summary>
internal sealed record ProblemPart(int Result, string Field, string Detail);

/// <summary>How refusals leave the API: problem details in the caller's language.</summary>
internal static class Problems
{
    internal const string MediaType = "application/problem+json";

    internal static IResult Of(HttpContext http, int status, string type, Text title, Text detail, string? host = null, string? command = null)
    {
        var language = Languages.Of(http);
        return TypedResults.Json(
            new ProblemShape($"/problems/{type}", title.In(language), status, detail.In(language), host, command), ApiJson.Options, MediaType, status);
    }

    internal static IResult NotFound(HttpContext http, Text detail) => Of(http, StatusCodes.Status404NotFound, "not-found", ApiText.NotFound, detail);

    internal static IResult Invalid(HttpContext http, Text detail) => Of(http, StatusCodes.Status400BadRequest, "invalid", ApiText.Invalid, detail);

    internal static IResult Forbidden(HttpContext http, Text detail) => Of(http, StatusCodes.Status403Forbidden, "forbidden", ApiText.Forbidden, detail);

    /// <summary>With all that is wrong, each in the caller's language.</summary>
    internal static IResult Of(HttpContext http, Refusal refusal, CommandOutcome outcome, IReadOnlyList<PostedProblem> parts)
    {
        var language = Languages.Of(http);
        return parts.Count == 0 ? Of(http, refusal, outcome) : TypedResults.Json(
            new ProblemShape("/problems/refused-input", ApiText.Invalid.In(language), StatusCodes.Status422UnprocessableEntity, outcome.Message.In(language))
            {
                Errors = [.. parts.Select(p => new ProblemPart(p.Result, p.Field, p.Said.In(language)))],
            },
            ApiJson.Options,
            MediaType,
            StatusCodes.Status422UnprocessableEntity);
    }

    internal static IResult Of(HttpContext http, Refusal refusal, MaintenanceOutcome asked) =>
        Of(http, refusal, asked.Outcome, [.. asked.Problems.Select(p => new PostedProblem(0, p.Field, p.Said))]);

    internal static IResult Of(HttpContext http, Refusal refusal, CommandOutcome outcome) => refusal switch
    {
        Refusal.NotFound => NotFound(http, outcome.Message),
        Refusal.Forbidden => Forbidden(http, outcome.Message),
        Refusal.Conflict => Of(http, StatusCodes.Status409Conflict, "conflict", ApiText.Conflict, outcome.Message),
        Refusal.Invalid => Of(http, StatusCodes.Status422UnprocessableEntity, "refused-input", ApiText.Invalid, outcome.Message),
        Refusal.ConfirmationNeeded => Of(
            http, StatusCodes.Status409Conflict, "confirmation-needed", ApiText.ConfirmationNeeded, ApiText.ConfirmationDetail, outcome.Host, outcome.Command),
    };
}

/// <summary>The caller's language: Accept-Language, else the desk's own.</summary>
internal static class Languages
{
    internal static Language Of(HttpContext http)
    {
        foreach (var wanted in http.Request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is null or > 0).OrderByDescending(l => l.Quality ?? 1))
        {
            var word = wanted.Value.Value ?? "";
            if (word.StartsWith("ja", StringComparison.OrdinalIgnoreCase))
            {
                return Language.Ja;
            }

            if (word.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return Language.En;
            }
        }

        return http.RequestServices.GetRequiredService<Options.ServerOptions>().Language;
    }
}
