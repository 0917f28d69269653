using System.ComponentModel;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.States;

namespace Hinoban.Server.Endpoints;

/// <summary>Silences over the API: maintenance is set and ended here, and all that holds is listed.</summary>
internal static class SilenceEndpoints
{
    internal static void Map(RouteGroupBuilder api)
    {
        var silences = api.MapGroup("/silences").WithTags("silences");
        silences.MapGet("", List).Describe<SilencesShape>("listSilences", "Silences that hold, are to come, or ended in the last seven days");
        silences.MapPost("", Set).Command<SilenceBody, SilenceShape>(
            "setSilence", "通知停止: no alert mail about a customer, a host or a service for a while, at most 30 days");
        silences.MapPost("/{id:int}/end", End).Command<ReasonBody, SilenceShape>("endSilence", "End a silence that was set at run time before its time");
    }

    private static IResult List(HttpContext http, IDeskQueries queries) =>
        ApiJson.Answer(new SilencesShape([.. queries.Silences(Caller.Of(http).Scope).Select(SilenceShape.Of)]));

    private static async Task<IResult> Set(HttpContext http, IDeskQueries queries, IDeskCommands commands, TimeProvider clock)
    {
        var (body, problem) = await ApiBody.ReadAsync<SilenceBody>(http);
        if (body is null)
        {
            return problem!;
        }

        var wanted = new SilenceRequest(new CustomerId(body.Customer), body.Host, body.Service, body.FromUtc ?? clock.GetUtcNow(), body.ToUtc, body.Reason);
        var (outcome, id) = await commands.SetSilenceAsync(Caller.Of(http), wanted);
        return outcome.Refusal is { } refusal ? Problems.Of(http, refusal, outcome) : One(http, queries, id);
    }

    private static Task<IResult> End(HttpContext http, IDeskQueries queries, IDeskCommands commands, int id) => ApiBody.CommandAsync<ReasonBody>(
        http, body => commands.EndSilenceAsync(Caller.Of(http), id, body.Reason), () => One(http, queries, id));

    private static IResult One(HttpContext http, IDeskQueries queries, long id) =>
        queries.Silences(Caller.Of(http).Scope).FirstOrDefault(s => s.Id == id) is { } row
            ? ApiJson.Answer(SilenceShape.Of(row))
            : Problems.NotFound(http, SilenceWhy.NoSuchSilence);
}

/// <summary>What a maintenance asks for.</summary>
internal sealed record SilenceBody(
    string Customer,
    DateTimeOffset ToUtc,
    string Reason,
    [property: Description("Empty: the whole customer")] string Host = "",
    [property: Description("Empty: the host with all its services")] string Service = "",
    [property: Description("Now if left out")] DateTimeOffset? FromUtc = null);

/// <summary>A silence.</summary>
internal sealed record SilenceShape(
    [property: Description("Above 0 for those set at run time, which can be ended early; 0 for those of the agreed edition")] long Id,
    [property: Description("As incidents' notices name it")] string Key,
    CustomerId Customer,
    Text CustomerName,
    [property: Description("web01/http, web01 with all its services, or * for the whole customer")] string What,
    [property: Description("stop: not looked at; mute: no alert mail; wait: the response waits; known: a known output is not mailed")] Hinoban.Specs.SilenceKind Kind,
    [property: Description("A recurring one's rule in the customer's time zone; otherwise empty")] string When,
    string TimeZone,
    string Reason,
    string Owner,
    SilenceStage Stage,
    [property: Description("Of the stretch that holds or comes next")] DateTimeOffset FromUtc,
    DateTimeOffset ToUtc,
    [property: Description("When it is over for good")] DateTimeOffset EndsUtc,
    [property: Description("wait: for how many seconds")] TimeSpan For,
    [property: Description("known: the part of the output that is known")] string Match,
    string EndedBy,
    string EndedBecause,
    [property: Description("Alerts that it has held back")] int Held)
{
    internal static SilenceShape Of(SilenceRow r) => new(
        r.Id, r.Key, r.Customer, r.CustomerName, r.What, r.Kind, r.When, r.TimeZone, r.Reason, r.Owner, r.Stage, r.FromUtc, r.ToUtc, r.EndsUtc, r.For,
        r.Match, r.EndedBy, r.EndedBecause, r.Held);
}

/// <summary>A list of silences.</summary>
internal sealed record SilencesShape(IReadOnlyList<SilenceShape> Silences);
