using System.ComponentModel;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.States;

namespace Hinoban.Server.Endpoints;

/// <summary>Maintenance that customers ask for: a customer's own viewer asks, the desk decides.</summary>
internal static class MaintenanceEndpoints
{
    internal static void Map(RouteGroupBuilder api)
    {
        var requests = api.MapGroup("/maintenance").WithTags("silences");
        requests.MapGet("", List).Describe<MaintenanceListShape>("listMaintenance", "Maintenance that customers asked for; what the desk has to decide first");
        requests.MapPost("", Ask).Command<MaintenanceBody, MaintenanceShape>("askMaintenance", "Ask for a maintenance; a customer's viewer may, for its own hosts and items")
            .WithMetadata(new ViewerRoute());
        requests.MapPost("/{id:int}/approve", Approve).Command<EmptyBody, MaintenanceShape>("approveMaintenance", "Approve it: its items are mute for that time, and the list is told");
        requests.MapPost("/{id:int}/decline", Decline).Command<ReasonBody, MaintenanceShape>("declineMaintenance", "Decline it, with a reason that the list is told");
    }

    private static IResult List(HttpContext http, IDeskQueries queries) =>
        ApiJson.Answer(new MaintenanceListShape([.. queries.Maintenance(Caller.Of(http).Scope).Select(MaintenanceShape.Of)]));

    private static async Task<IResult> Ask(HttpContext http, IDeskQueries queries, IDeskCommands commands, TimeProvider clock)
    {
        var (body, problem) = await ApiBody.ReadAsync<MaintenanceBody>(http);
        if (body is null)
        {
            return problem!;
        }

        var ask = new MaintenanceAsk(new CustomerId(body.Customer), body.Targets, body.FromUtc ?? clock.GetUtcNow(), body.ToUtc, body.Reason, body.Contact);
        var asked = await commands.AskMaintenanceAsync(Caller.Of(http), ask);
        return asked.Outcome.Refusal is { } refusal ? Problems.Of(http, refusal, asked) : One(http, queries, asked.Id);
    }

    private static Task<IResult> Approve(HttpContext http, IDeskQueries queries, IDeskCommands commands, int id) => ApiBody.CommandAsync<EmptyBody>(
        http, _ => commands.DecideMaintenanceAsync(Caller.Of(http), id, approve: true, ""), () => One(http, queries, id));

    private static Task<IResult> Decline(HttpContext http, IDeskQueries queries, IDeskCommands commands, int id) => ApiBody.CommandAsync<ReasonBody>(
        http, body => commands.DecideMaintenanceAsync(Caller.Of(http), id, approve: false, body.Reason), () => One(http, queries, id));

    private static IResult One(HttpContext http, IDeskQueries queries, long id) =>
        queries.Maintenance(Caller.Of(http).Scope).FirstOrDefault(r => r.Request.Id == id) is { } row
            ? ApiJson.Answer(MaintenanceShape.Of(row))
            : Problems.NotFound(http, MaintenanceText.NoSuchRequest);
}

/// <summary>Marks a command that a customer's viewer may call too.</summary>
internal sealed record ViewerRoute;

/// <summary>What a customer asks for.</summary>
internal sealed record MaintenanceBody(
    string Customer,
    [property: Description("web01 with all its services, or web01/http; 1 to 50")] IReadOnlyList<string> Targets,
    DateTimeOffset ToUtc,
    string Reason,
    [property: Description("Who can be asked, and how")] string Contact,
    [property: Description("Now if left out")] DateTimeOffset? FromUtc = null);

/// <summary>A request.</summary>
internal sealed record MaintenanceShape(
    long Id,
    [property: Description("As people and mails call it")] string Number,
    CustomerId Customer,
    Text CustomerName,
    IReadOnlyList<string> Targets,
    DateTimeOffset FromUtc,
    DateTimeOffset ToUtc,
    string Reason,
    string Contact,
    MaintenanceStage Stage,
    DateTimeOffset AskedUtc,
    string AskedBy,
    [property: Description("Null while it is not decided")] DateTimeOffset? DecidedUtc,
    string DecidedBy,
    [property: Description("Why it was declined")] string DecidedBecause)
{
    internal static MaintenanceShape Of(MaintenanceRow r) => new(
        r.Request.Id, r.Request.Number, r.Request.Ask.Customer, r.CustomerName, r.Request.Ask.Targets, r.Request.Ask.FromUtc, r.Request.Ask.ToUtc, r.Request.Ask.Reason,
        r.Request.Ask.Contact, r.Stage, r.Request.AskedUtc, r.Request.AskedBy, r.Request.Decision?.AtUtc, r.Request.Decision?.By ?? "", r.Request.Decision?.Reason ?? "");
}

/// <summary>A list of requests.</summary>
internal sealed record MaintenanceListShape(IReadOnlyList<MaintenanceShape> Requests);
