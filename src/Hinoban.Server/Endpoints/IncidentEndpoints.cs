using System.ComponentModel;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;

namespace Hinoban.Server.Endpoints;

/// <summary>Incidents over the API: the same queries and commands as the console's.</summary>
internal static class IncidentEndpoints
{
    internal static void Map(RouteGroupBuilder api)
    {
        var incidents = api.MapGroup("/incidents").WithTags("incidents");
        incidents.MapGet("", List).Describe<IncidentsShape>("listIncidents", "The queue, SLO time left first; state=closed lists the latest closed ones");
        incidents.MapGet("/{id}", One).Describe<IncidentDetailShape>("getIncident", "One incident with its events, by id or number");
        incidents.MapPost("/{id}/claim", Claim).Command<EmptyBody, IncidentDetailShape>("claimIncident", "対応開始: take it; the first claim stops the SLO clock");
        incidents.MapPost("/{id}/release", Release).Command<ReasonBody, IncidentDetailShape>("releaseIncident", "Give it back to the queue");
        incidents.MapPost("/{id}/notes", Note).Command<NoteBody, IncidentDetailShape>("addNote", "Add a note; for_report puts it into the report's draft");
        incidents.MapPost("/{id}/calls", Call).Command<CallBody, IncidentDetailShape>("recordCall", "Record a telephone call that was made");
        incidents.MapPost("/{id}/runbook/steps/{step:int}", Step).Command<StepBody, StepShape>(
            "runStep", "Run a runbook step and answer when it has ended. A change step answers 409 with host and command until both are confirmed");
        incidents.MapPost("/{id}/runbook/steps/{step:int}/resolve", Resolve).Command<ResolveBody, StepShape>(
            "resolveStep", "Settle a step whose outcome is unknown, by a person's word");
        incidents.MapGet("/{id}/report", Draft).Describe<ReportParts>("getReportDraft", "The response report's four parts as drafted from the events");
        incidents.MapPost("/{id}/report", Report).Command<ReportBody, IncidentDetailShape>(
            "sendReport", "Send the response report into the incident's mail thread; no part may be empty unless it is an interim one");
        incidents.MapPost("/{id}/separate", Separate).Command<SeparateBody, IncidentDetailShape>(
            "separateHost", "個別に扱う: a host that was grouped into this incident gets an incident of its own");
        incidents.MapPost("/{id}/close", Close).Command<ReasonBody, IncidentDetailShape>("closeIncident", "Close it, with a reason");
    }

    private static IResult List(
        HttpContext http, IDeskQueries queries, [Description("open (default) or closed")] string? state, [Description("1 to 1000, default 200")] string? limit)
    {
        if (state is not (null or "open" or "closed"))
        {
            return Problems.Invalid(http, ApiText.StateWrong);
        }

        return Limits.Of(limit, 200) is not { } count
            ? Problems.Invalid(http, ApiText.NotPositive)
            : ApiJson.Answer(new IncidentsShape([.. queries.Incidents(Caller.Of(http).Scope, state == "closed", count).Select(IncidentShape.Of)]));
    }

    private static IResult One(HttpContext http, IDeskQueries queries, string id) =>
        View(http, queries, id) is { } view ? ApiJson.Answer(IncidentDetailShape.Of(view)) : Problems.NotFound(http, ApiText.NoSuchIncident);

    private static IResult Draft(HttpContext http, IDeskQueries queries, string id) =>
        View(http, queries, id) is { } view ? ApiJson.Answer(view.Draft) : Problems.NotFound(http, ApiText.NoSuchIncident);

    private static Task<IResult> Claim(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) =>
        Do<EmptyBody>(http, queries, id, (incident, _) => commands.ClaimAsync(Caller.Of(http), incident));

    private static Task<IResult> Release(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) =>
        Do<ReasonBody>(http, queries, id, (incident, body) => commands.ReleaseAsync(Caller.Of(http), incident, body.Reason));

    private static Task<IResult> Note(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) =>
        Do<NoteBody>(http, queries, id, (incident, body) => commands.AddNoteAsync(Caller.Of(http), incident, body.Text, body.ForReport));

    private static Task<IResult> Call(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) => Do<CallBody>(
        http, queries, id,
        (incident, body) => commands.RecordCallAsync(Caller.Of(http), incident, body.Contact, body.NumberTail, body.Outcome, body.Said));

    private static Task<IResult> Step(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id, int step) => Do<StepBody>(
        http, queries, id,
        (incident, body) => commands.RunStepAsync(Caller.Of(http), incident, step, body.ConfirmHost, body.ConfirmCommand, http.RequestAborted),
        view => StepOf(http, view, step));

    private static Task<IResult> Resolve(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id, int step) => Do<ResolveBody>(
        http, queries, id,
        (incident, body) => commands.ResolveStepAsync(Caller.Of(http), incident, step, body.Done, body.Because),
        view => StepOf(http, view, step));

    private static Task<IResult> Report(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) => Do<ReportBody>(
        http, queries, id,
        (incident, body) => commands.SendReportAsync(
            Caller.Of(http), incident, new ReportParts(body.Situation, body.Cause, body.Actions, body.Calls), body.Interim));

    private static Task<IResult> Separate(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) =>
        Do<SeparateBody>(http, queries, id, (incident, body) => commands.SeparateAsync(Caller.Of(http), incident, body.Host));

    private static Task<IResult> Close(HttpContext http, IDeskQueries queries, IDeskCommands commands, string id) =>
        Do<ReasonBody>(http, queries, id, (incident, body) => commands.CloseAsync(Caller.Of(http), incident, body.Reason));

    /// <summary>Finds the incident in the caller's scope, reads the body, commands, and answers with the incident as it is then.</summary>
    private static async Task<IResult> Do<TBody>(
        HttpContext http, IDeskQueries queries, string id, Func<IncidentId, TBody, Task<CommandOutcome>> command, Func<IncidentView, IResult>? answer = null)
        where TBody : class
    {
        if (View(http, queries, id) is not { } before)
        {
            return Problems.NotFound(http, ApiText.NoSuchIncident);
        }

        return await ApiBody.CommandAsync<TBody>(http, body => command(before.Row.Id, body), () =>
            View(http, queries, id) is not { } after ? Problems.NotFound(http, ApiText.NoSuchIncident)
            : answer is null ? ApiJson.Answer(IncidentDetailShape.Of(after))
            : answer(after));
    }

    private static IResult StepOf(HttpContext http, IncidentView view, int number) =>
        view.Steps.FirstOrDefault(s => s.Number == number) is { } step ? ApiJson.Answer(StepShape.Of(step)) : Problems.NotFound(http, ApiText.NoSuchStep);

    private static IncidentView? View(HttpContext http, IDeskQueries queries, string id) =>
        Caller.Incident(http, queries, id) is { } incident ? queries.Incident(Caller.Of(http).Scope, incident, Caller.Of(http)) : null;
}

/// <summary>How many rows a caller may ask for.</summary>
internal static class Limits
{
    internal static int? Of(string? limit, int otherwise) =>
        limit is null ? otherwise
        : int.TryParse(limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000 ? count
        : null;
}
