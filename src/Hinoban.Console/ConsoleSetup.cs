using System.Text.Encodings.Web;
using System.Text.Unicode;
using Hinoban.Console.Assets;
using Hinoban.Console.Desk;
using Hinoban.Console.Incidents;
using Hinoban.Console.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hinoban.Console;

/// <summary>Puts the console into a web server. The cookie scheme <c>hinoban</c> and the desk's views are the server's.</summary>
internal static class ConsoleSetup
{
    /// <param name="services">Where.</param>
    /// <param name="zone">The provider's time zone.</param>
    internal static IServiceCollection AddConsole(this IServiceCollection services, TimeZoneInfo zone)
    {
        services.AddRazorComponents();

        // Japanese as it is, not as references of eight bytes each; what is markup stays escaped.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "hinoban-form";
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<RouteOptions>(o => o.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new AssetSet());
        services.AddSingleton(new ConsoleZone(zone));
        services.AddScoped<Viewer>();
        services.AddSingleton<StepRuns>();
        services.AddSingleton<ConsoleFilter>();
        return services;
    }

    internal static void MapConsole(this IEndpointRouteBuilder app)
    {
        AssetEndpoints.Map(app, app.ServiceProvider.GetRequiredService<AssetSet>());
        var console = app.MapGroup("").AddEndpointFilter(app.ServiceProvider.GetRequiredService<ConsoleFilter>()).WithMetadata(new ConsoleRoute()).ExcludeFromDescription();
        AccountEndpoints.Map(console);
        DeskEndpoints.Map(console);
        IncidentEndpoints.Map(console);
        Hosts.HostEndpoints.Map(console);
        Lists.ListEndpoints.Map(console);
        Silences.SilenceEndpoints.Map(console);
        Maintenance.MaintenanceEndpoints.Map(console);

        RouteMiss.Map(console);
    }
}

/// <summary>Marks a route of the console, for the tests that try every one of them.</summary>
internal sealed class ConsoleRoute;
