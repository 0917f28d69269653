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
        if (desk.TitleOf(viewer.Scope, new IncidentId(id)) is null)
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
        return Pages.Answer(
            http, viewer, outcome, done, $"/incidents/{id}", (notice, status) => Page(http, id, notice, status, fromDesk));
    }

    private static IResult Page(HttpContext http, long id, string notice, int status, bool fromDesk) => fromDesk
        ? Pages.Show<DeskPage>(http, new { Notice = notice }, status)
        : Pages.Show<IncidentPage>(http, new { Id = id, Notice = notice }, status);
}
