using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Hosts;

/// <summary>Hosts and their services.</summary>
internal static class HostEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/hosts", (HttpContext http, string? customer, string? q, string? problems, int? limit) =>
            Pages.Show<HostsPage>(http, new { Customer = customer ?? "", Search = q ?? "", Problems = problems is "on" or "true", Limit = Math.Clamp(limit ?? HostsPage.Page, HostsPage.Page, 20_000) }));
        app.MapGet("/hosts/{customer}/{host}", (HttpContext http, Viewer viewer, IDeskQueries desk, string customer, string host, string? all, string? range) => desk.Host(viewer.Scope, new CustomerId(customer), host) is null
            ? Pages.NotFound(http)
            : Pages.Show<HostPage>(http, new { Customer = customer, Host = host, All = all is "on" or "true", Back = range ?? "" }));
        app.MapGet("/hosts/{customer}/{host}/{service}", (HttpContext http, Viewer viewer, IDeskQueries desk, string customer, string host, string service, string? range, string? metric) =>
            desk.Host(viewer.Scope, new CustomerId(customer), host)?.Services.Any(s => s.Service == service) == true
                ? Pages.Show<ServicePage>(http, new { Customer = customer, Host = host, Service = service, Back = range ?? "", Metric = metric ?? "" })
                : Pages.NotFound(http));
    }
}
