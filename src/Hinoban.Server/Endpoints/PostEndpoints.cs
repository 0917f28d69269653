using System.ComponentModel;
using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;

namespace Hinoban.Server.Endpoints;

/// <summary>Where programs post results for passive items.</summary>
internal static class PostEndpoints
{
    internal static void Map(RouteGroupBuilder api) =>
        api.MapPost("/customers/{customer}/results", Post).WithTags("watching").Command<PostedBody, PostedShape>(
            "postResults", "Post results for passive items; one that was posted before changes nothing")
            .WithMetadata(new SenderRoute());

    private static async Task<IResult> Post(HttpContext http, IDeskCommands commands, string customer)
    {
        if (!Caller.Of(http).Scope.Covers(new CustomerId(customer)))
        {
            return Problems.NotFound(http, PostedText.NoSuchCustomer);
        }

        var (body, problem) = await ApiBody.ReadAsync<WrittenResults>(http);
        if (body is null)
        {
            return problem!;
        }

        var posted = await commands.PostResultsAsync(Caller.Of(http), new CustomerId(customer), body.Results);
        return posted.Outcome.Refusal is { } refusal
            ? Problems.Of(http, refusal, posted.Outcome, posted.Problems)
            : ApiJson.Answer(new PostedShape(posted.Fates.Count(f => f.Fate == PostedFate.Taken), posted.Fates));
    }

    /// <summary>The body as it is read: each result by itself, so that every mistake of all of them is told at once.</summary>
    private sealed record WrittenResults(IReadOnlyList<JsonElement> Results);
}

/// <summary>Marks what a sender's token may call; everything else it may not.</summary>
internal sealed record SenderRoute;

/// <summary>A batch of results.</summary>
internal sealed record PostedBody([property: Description("1 to 1000; taken whole or not at all")] IReadOnlyList<PostedResultBody> Results);

/// <summary>One result.</summary>
internal sealed record PostedResultBody(
    [property: Description("host/check, as in the specification")] string Item,
    [property: Description("When it was found, by the poster's clock, with offset; orders results and never ages them")] DateTimeOffset Time,
    [property: Description("0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN")] int State,
    [property: Description("First line, long output and performance data as a plugin prints them")] string Output = "",
    [property: Description("Instead of what stands behind the bar of the output")] string Perfdata = "",
    [property: Description("Tells two results of one time apart; without it their content does")] string Id = "");

/// <summary>What became of the results, in the order of the batch.</summary>
internal sealed record PostedShape(int Taken, IReadOnlyList<PostedFateOf> Results);
