using Hinoban.Console.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Lists;

/// <summary>Sites, mails and customers.</summary>
internal static class ListEndpoints
{
    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sites", (HttpContext http) => Pages.Show<SitesPage>(http));
        app.MapGet("/mails", (HttpContext http) => Pages.Show<MailsPage>(http));
        app.MapGet("/customers", (HttpContext http) => Pages.Show<CustomersPage>(http));
    }
}
