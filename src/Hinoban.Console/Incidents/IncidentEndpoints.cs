using Hinoban.Basics;
using Hinoban.Console.Desk;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Incidents;

/// <summary>The incident's page and everything that can be done there. Rights are decided here, not in the markup.</summary>
internal static class IncidentEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/incidents/{id:long}", (HttpContext http, Viewer viewer, IDeskQueries desk, long id) =>
            desk.TitleOf(viewer.Scope, new IncidentId(id)) is not null ? Pages.Show<IncidentPage>(http, new { Id = id }) : Pages.NotFound(http));
        app.MapGet("/incidents/{id:long}/all", (HttpContext http, Viewer viewer, IDeskQueries desk, long id, string? of, string? q, int? limit) => desk.TitleOf(viewer.Scope, new IncidentId(id)) is not null
            ? Pages.Show<IncidentListPage>(http, new { Id = id, Of = ListOf(of), Search = q ?? "", Limit = Math.Clamp(limit ?? 200, 200, 20_000) })
            : Pages.NotFound(http));
        app.MapGet("/incidents/{number:regex(^INC-)}", (HttpContext http, Viewer viewer, IDeskQueries desk, string number) =>
            desk.IncidentByNumber(viewer.Scope, number) is { } id ? Pages.Redirect($"/incidents/{id}") : Pages.NotFound(http));
        app.MapGet("/incidents/{id:long}/steps/{step:int}/confirm", Confirm);
        app.MapGet("/incidents/{id:long}/steps/{step:int}/runs/{run:int}", Transcript);

        app.MapPost("/incidents/{id:long}/claim", ClaimAsync);
        app.MapPost("/incidents/{id:long}/release", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.Released, f => commands.ReleaseAsync(viewer.Me, new(id), Text(f, "reason"))));
        app.MapPost("/incidents/{id:long}/notes", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.NoteAdded, f => commands.AddNoteAsync(viewer.Me, new(id), Text(f, "text"), f["report"] == "true")));
        app.MapPost("/incidents/{id:long}/calls", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.CallRecorded, f => RecordCallAsync(viewer, desk, commands, id, f)));
        app.MapPost("/incidents/{id:long}/steps/{step:int}/run", RunStepAsync);
        app.MapPost("/incidents/{id:long}/steps/{step:int}/resolve", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id, int step) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.Resolved, f => ResolveAsync(viewer, commands, id, step, f)));
        app.MapPost("/incidents/{id:long}/report", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.Sent, f => SendAsync(viewer, commands, id, f)));
        app.MapPost("/incidents/{id:long}/separate", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextStorm.SeparatedNow, f => commands.SeparateAsync(viewer.Me, new(id), Text(f, "host"))));
        app.MapPost("/incidents/{id:long}/close", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
            CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.ClosedNow, f => commands.CloseAsync(viewer.Me, new(id), Text(f, "reason"))));
    }

    private static string ListOf(string? of) => of is IncidentList.Services or IncidentList.Hosts or IncidentList.Together ? of : IncidentList.Story;

    private static IResult Confirm(HttpContext http, Viewer viewer, IDeskQueries desk, long id, int step)
    {
        if (desk.Incident(viewer.Scope, new IncidentId(id)) is not { } view || view.Steps.All(s => s.Number != step || s.Kind != "change"))
        {
            return Pages.NotFound(http);
        }

        return viewer.Me.MayRespond ? Pages.Show<StepConfirmPage>(http, new { Id = id, Step = step }) : Pages.Forbidden(http);
    }

    private static IResult Transcript(HttpContext http, Viewer viewer, IDeskQueries desk, long id, int step, int run)
    {
        var found = desk.Incident(viewer.Scope, new IncidentId(id))?.Steps.FirstOrDefault(s => s.Number == step)?.Runs.FirstOrDefault(r => r.Run == run);
        return found is null ? Pages.NotFound(http) : TypedResults.Text(found.Transcript, "text/plain; charset=utf-8");
    }

    private static Task<IResult> ClaimAsync(HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) =>
        CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextDesk.Claimed(desk.TitleOf(viewer.Scope, new IncidentId(id)) ?? ""), _ => commands.ClaimAsync(viewer.Me, new IncidentId(id)));

    private static Task<CommandOutcome> RecordCallAsync(Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id, IFormCollection form)
    {
        var contacts = desk.Incident(viewer.Scope, new IncidentId(id))?.Contacts ?? [];
        var contact = int.TryParse(form["contact"], out var rank) ? contacts.ElementAtOrDefault(rank - 1) : null;
        var number = form["number"].ToString();

        // Who was called comes from the agreed list: a free name or number would be a wrong address on record.
        if (contact is null || !contact.Phones.Contains(number) || !Enum.TryParse<CallOutcome>(form["outcome"], out var outcome) || !Enum.IsDefined(outcome))
        {
            return Task.FromResult(new CommandOutcome(Refusal.Invalid, ConsoleTextIncident.Form));
        }

        var digits = number.Where(char.IsAsciiDigit).ToArray();
        return commands.RecordCallAsync(viewer.Me, new IncidentId(id), contact.Name, new string(digits[^Math.Min(4, digits.Length)..]), outcome, Text(form, "said"));
    }

    private static Task<IResult> RunStepAsync(HttpContext http, Viewer viewer, IDeskQueries desk, StepRuns runs, long id, int step) =>
        CommandAnswer.RunAsync(http, viewer, desk, id, ConsoleTextIncident.Started2, async form =>
        {
            var (host, command) = (form["host"].ToString().Trim(), Text(form, "command", trim: false));
            return await runs.RunAsync(viewer.Me, new IncidentId(id), step, host.Length > 0 ? host : null, command.Length > 0 ? command : null) ?? CommandOutcome.Done;
        });

    private static Task<CommandOutcome> ResolveAsync(Viewer viewer, IDeskCommands commands, long id, int step, IFormCollection form) =>
        Text(form, "because") is { Length: > 0 } because && bool.TryParse(form["done"], out var done)
            ? commands.ResolveStepAsync(viewer.Me, new IncidentId(id), step, done, because)
            : Task.FromResult(new CommandOutcome(Refusal.Invalid, ConsoleTextIncident.Form));

    private static Task<CommandOutcome> SendAsync(Viewer viewer, IDeskCommands commands, long id, IFormCollection form)
    {
        var parts = new ReportParts(Text(form, "situation"), Text(form, "cause"), Text(form, "actions"), Text(form, "calls"));
        return new[] { parts.Situation, parts.Cause, parts.Actions, parts.Calls }.Any(string.IsNullOrWhiteSpace)
            ? Task.FromResult(new CommandOutcome(Refusal.Invalid, ConsoleTextIncident.SendNeeds))
            : commands.SendReportAsync(viewer.Me, new IncidentId(id), parts, form["interim"] == "true");
    }

    // Browsers send CR LF for every line break of a field, whatever was in it.
    private static string Text(IFormCollection form, string name, bool trim = true)
    {
        var text = form[name].ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
        return trim ? text.Trim() : text;
    }
}
