using Hinoban.Basics;
using Hinoban.Console.Hosts;
using Hinoban.Console.Parts;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.States;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Silences;

/// <summary>The list of silences, and maintenance that people set and end. Rights are decided here, not in the markup.</summary>
internal static class SilenceEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/silences", (HttpContext http) => Pages.Show<SilencesPage>(http));
        app.MapPost("/silences/set/{customer}/{host}", SetAsync);
        app.MapPost("/silences/{id:long}/end", EndAsync);
    }

    private static async Task<IResult> SetAsync(HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, string customer, string host)
    {
        var id = new CustomerId(customer);
        if (desk.Host(viewer.Scope, id, host) is null)
        {
            return Pages.NotFound(http);
        }

        if (!viewer.Me.MayRespond)
        {
            return Pages.Forbidden(http);
        }

        var form = await http.Request.ReadFormAsync();
        var service = form["service"].ToString();
        var outcome = FormTime.Local(form["from"]) is { } from && FormTime.Local(form["to"]) is { } to && to > from && SilenceClock.Between(from, to, viewer.Zone) is var window
            ? (await commands.SetSilenceAsync(viewer.Me, new SilenceRequest(id, host, service, window.StartUtc, window.EndUtc, form["reason"].ToString()))).Outcome
            : new CommandOutcome(Refusal.Invalid, ConsoleTextSilences.Form);
        return Pages.Answer(http, viewer, outcome, ConsoleTextSilences.SetNow, Links.Item(id, host, service), (notice, status) => service.Length == 0
            ? Pages.Show<HostPage>(http, new { Customer = customer, Host = host, Notice = notice }, status)
            : Pages.Show<ServicePage>(http, new { Customer = customer, Host = host, Service = service, Notice = notice }, status));
    }

    private static async Task<IResult> EndAsync(HttpContext http, Viewer viewer, IDeskQueries desk, IDeskCommands commands, long id)
    {
        if (id <= 0 || desk.Silences(viewer.Scope).All(s => s.Id != id))
        {
            return Pages.NotFound(http);
        }

        if (!viewer.Me.MayRespond)
        {
            return Pages.Forbidden(http);
        }

        var form = await http.Request.ReadFormAsync();
        var outcome = await commands.EndSilenceAsync(viewer.Me, id, form["reason"].ToString());
        return Pages.Answer(http, viewer, outcome, ConsoleTextSilences.Ended, "/silences", (notice, status) => Pages.Show<SilencesPage>(http, new { Notice = notice }, status));
    }
}
