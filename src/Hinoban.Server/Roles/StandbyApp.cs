using System.Security.Cryptography.X509Certificates;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Options;
using Hinoban.Server.Tls;
using Hinoban.Storage;

namespace Hinoban.Server.Roles;

/// <summary>A node that waits for the desk: listens where the desk would, with the same certificate, and tells everybody who has it.</summary>
internal sealed class StandbyApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandbyApp(WebApplication app) => this.app = app;

    /// <summary>Who has the desk, as far as this node knows.</summary>
    internal LeaseView? Holder { get; set; }

    internal static async Task<StandbyApp> StartAsync(ServerOptions options, TimeProvider clock)
    {
        var listen = options.Desk!.Listen;
        (X509Certificate2, X509Certificate2Collection)? shown = listen.Tls ? DeskCertificate.Load(listen, new DataFolder(options.Data), clock.GetUtcNow()) : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(options);
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Doors.Open(kestrel, listen, shown));
        var standby = new StandbyApp(builder.Build());
        standby.app.Run(http => StandbyAnswer.WriteAsync(http, standby.Holder));
        await standby.app.StartAsync();
        return standby;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
