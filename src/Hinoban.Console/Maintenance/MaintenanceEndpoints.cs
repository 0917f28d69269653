using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.States;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Maintenance;

/// <summary>Maintenance that customers ask for and the desk decides. Rights are decided here and at the desk, not in the markup.</summary>
internal static class MaintenanceEndpoints
{
    internal const string Path = "/maintenance";

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (HttpContext http) => Pages.Show<MaintenancePage>(http));
        app.MapPost(Path + "/{customer}", AskAsync);
        app.MapPost(Path + "/{id:long}/approve", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) => DecideAsync(http, viewer, desk, commands, id, approve: true));
        app.MapPost(Path + "/{id:long}/decline", (HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id) => DecideAsync(http, viewer, desk, commands, id, approve: false));
    }

    private static async Task<IResult> AskAsync(HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, string customer)
    {
        var id = new CustomerId(customer);
        if (desk.Customers(viewer.Scope).All(c => c.Id != id))
        {
            return Pages.NotFound(http);
        }

        var form = await http.Request.ReadFormAsync();
        var targets = form["target"].OfType<string>().Where(t => t.Length > 0).ToList();
        var outcome = FormTime.Local(form["from"]) is { } from && FormTime.Local(form["to"]) is { } to
            ? (await commands.AskMaintenanceAsync(viewer.Me, Ask(viewer, id, targets, from, to, form["reason"].ToString(), form["contact"].ToString()))).Outcome
            : new CommandOutcome(Refusal.Invalid, ConsoleTextMaintenance.Form);
        return Pages.Answer(http, viewer, outcome, ConsoleTextMaintenance.AskedNow, Path, (notice, status) => Pages.Show<MaintenancePage>(http, new { Notice = notice }, status));
    }

    private static async Task<IResult> DecideAsync(HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id, bool approve)
    {
        if (desk.Maintenance(viewer.Scope).All(r => r.Request.Id != id))
        {
            return Pages.NotFound(http);
        }

        if (!viewer.Me.MayRespond)
        {
            return Pages.Forbidden(http);
        }

        var form = await http.Request.ReadFormAsync();
        var outcome = await commands.DecideMaintenanceAsync(viewer.Me, id, approve, form["reason"].ToString());
        return Pages.Answer(
            http, viewer, outcome, approve ? ConsoleTextMaintenance.ApprovedNow : ConsoleTextMaintenance.DeclinedNow, Path,
            (notice, status) => Pages.Show<MaintenancePage>(http, new { Notice = notice }, status));
    }

    // A time that the clock change skips or has twice is read as silences read it; an end before the start stays one, for the desk to refuse.
    private static MaintenanceAsk Ask(Viewer viewer, CustomerId customer, List<string> targets, DateTime from, DateTime to, string reason, string contact)
    {
        var (start, end) = to > from ? SilenceClock.Between(from, to, viewer.Zone) is var window ? (window.StartUtc, window.EndUtc) : default : (Utc(from), Utc(to));
        return new MaintenanceAsk(customer, targets, start, end, reason, contact);

        DateTimeOffset Utc(DateTime local) => new DateTimeOffset(local, viewer.Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
