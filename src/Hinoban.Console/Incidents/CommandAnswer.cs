using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Console.Desk;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Microsoft.AspNetCore.Http;

namespace Hinoban.Console.Incidents;

/// <summary>
/// One way through all commands: out of scope is 404, a role that may not respond is 403, a refusal comes back with its
/// reason on the page it was asked from, and what was done is shown by the page itself.
/// </summary>
internal static class CommandAnswer
{
    internal static async Task<IResult> RunAsync(
        HttpContext http, Viewer viewer, IDeskQueries desk, long id, Text done, Func<IFormCollection, Task<CommandOutcome>> command)
    {
        if (desk.Incident(viewer.Scope, new IncidentId(id)) is null)
        {
            return Pages.NotFound(http);
        }

        if (!viewer.Me.MayRespond)
        {
            return Pages.Forbidden(http);
        }

        var form = await http.Request.ReadFormAsync();
        var outcome = await command(form);
        var fromDesk = form["from"] == "desk";
        return outcome.Refusal switch
        {
            null => Done(http, viewer, id, done, fromDesk),
            Refusal.NotFound => Pages.NotFound(http),
            Refusal.Forbidden => Refused(http, viewer, id, outcome.Message, StatusCodes.Status403Forbidden, fromDesk),
            Refusal.Conflict => Refused(http, viewer, id, outcome.Message, StatusCodes.Status409Conflict, fromDesk),
            Refusal.Invalid => Refused(http, viewer, id, outcome.Message, StatusCodes.Status422UnprocessableEntity, fromDesk),
            _ => Refused(http, viewer, id, outcome.Message, StatusCodes.Status422UnprocessableEntity, fromDesk),
        };
    }

    private static IResult Done(HttpContext http, Viewer viewer, long id, Text said, bool fromDesk)
    {
        if (!Pages.WantsPart(http))
        {
            return Pages.Redirect($"/incidents/{id}");
        }

        Say(http, viewer.T(said), "done");
        return Page(http, id, "", StatusCodes.Status200OK, fromDesk);
    }

    private static IResult Refused(HttpContext http, Viewer viewer, long id, Text why, int status, bool fromDesk)
    {
        if (!Pages.WantsPart(http))
        {
            return Page(http, id, viewer.T(why), status, fromDesk);
        }

        Say(http, viewer.T(why), "refused");
        return Page(http, id, "", status, fromDesk);
    }

    private static IResult Page(HttpContext http, long id, string notice, int status, bool fromDesk) => fromDesk
        ? Pages.Show<DeskPage>(http, new { Notice = notice }, status)
        : Pages.Show<IncidentPage>(http, new { Id = id, Notice = notice }, status);

    // JSON's default encoder writes only ASCII, as a header must be.
    private static void Say(HttpContext http, string text, string kind) =>
        http.Response.Headers["HX-Trigger"] = JsonSerializer.Serialize(new Dictionary<string, object> { ["desk-notice"] = new { text, kind } });
}
