using System.Security.Cryptography.X509Certificates;
using Hinoban.Basics;
using Hinoban.Console;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Server.Endpoints;
using Hinoban.Server.Logging;
using Hinoban.Server.Options;
using Hinoban.Server.Roles;
using Hinoban.Server.Tls;
using Hinoban.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Hinoban.Server;

/// <summary>A whole desk or site inside a process: built from options and a clock, started, stopped. Tests and the demo embed it.</summary>
internal sealed class ServerApp : IAsyncDisposable
{
    /// <summary>How long a stop waits for what runs.</summary>
    internal static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private readonly IHost host;
    private readonly TimeProvider clock;

    private ServerApp(IHost host, TimeProvider clock) => (this.host, this.clock) = (host, clock);

    /// <summary>SHA-256 of the certificate, for sites to pin; null without TLS.</summary>
    internal string? Fingerprint { get; private init; }

    /// <summary>The one-time password of the account that this start has made; null at any later start. For the person at the machine, never for a log.</summary>
    internal string? FirstAdminPassword { get; private set; }

    /// <summary>Cancelled when what is in memory may not be what the database holds; then only a new start helps. Never at a site.</summary>
    internal CancellationToken Ended => host.Services.GetService<Db>()?.Ended ?? CancellationToken.None;

    internal IServiceProvider Services => host.Services;

    /// <summary>Where it listens, once started; the real port when port 0 was asked for.</summary>
    internal Uri Address => new(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Cancelled when a loop broke or somebody inside asked to stop.</summary>
    internal CancellationToken Stopping => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>True if a loop of the engine ended though nobody stopped it.</summary>
    internal bool Broke => host.Services.GetRequiredService<EngineService>().Broke;

    /// <summary>The first account is made once the server listens: a start that fails must not use up its password unseen.</summary>
    internal async Task StartAsync(CancellationToken cancel = default)
    {
        await host.StartAsync(cancel);
        FirstAdminPassword = host.Services.GetService<Accounts>()?.EnsureFirstAdmin(Moment.Of(clock));
    }

    /// <summary>Reads the specifications anew; nothing at a site.</summary>
    internal void Reload() => host.Services.GetService<DeskParts>()?.Reload();

    /// <summary>Stops accepting, lets what runs finish for at most <see cref="Drain"/>, then ends.</summary>
    internal async Task StopAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Services.GetService<PlaceWatch>()?.End();
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();

    /// <summary>A desk from its parts; <paramref name="more"/> maps what only an embedder has (the demo's pages).</summary>
    internal static ServerApp Desk(
        ServerOptions options, TimeProvider clock, Func<Ground, DeskParts> wire, Action<WebApplication>? more = null, DutyLease? lease = null)
    {
        var desk = options.Desk ?? throw new ArgumentException("These are a site's options.", nameof(options));
        var folder = new DataFolder(options.Data);
        folder.Make();
        (X509Certificate2 Certificate, X509Certificate2Collection Chain)? shown =
            desk.Listen.Tls ? DeskCertificate.Load(desk.Listen, folder, clock.GetUtcNow()) : null;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddBasics(builder.Services, builder.Logging, options, folder, clock, lease);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Doors.Open(kestrel, desk.Listen, shown));
        AddDesk(builder.Services, folder, wire, options.Desk!.Zone);

        var app = builder.Build();
        _ = app.Services.GetRequiredService<EngineService>();
        DeskPipeline.Use(app, more);
        return new ServerApp(app, clock) { Fingerprint = shown is { } certificate ? CertificatePrint.Of(certificate.Certificate) : null };
    }

    /// <summary>A site of its own: it dials out, and has a web server only where it listens for its peers.</summary>
    internal static ServerApp Site(ServerOptions options, TimeProvider clock, Func<Ground, PeerPost, IReadOnlyList<Runner>> wire)
    {
        var folder = new DataFolder(options.Data);
        folder.Make();
        if (options.Site?.Listen is { } listen)
        {
            return Listening(options, listen, folder, clock, wire);
        }

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        AddBasics(builder.Services, builder.Logging, options, folder, clock);
        AddEngine(builder.Services, s => wire(s.GetRequiredService<Ground>(), new PeerPost()));

        // What is wrong with the key is to be known before anything starts.
        var host = builder.Build();
        _ = host.Services.GetRequiredService<EngineService>();
        return new ServerApp(host, clock);
    }

    private static ServerApp Listening(ServerOptions options, Options.ListenOptions listen, DataFolder folder, TimeProvider clock, Func<Ground, PeerPost, IReadOnlyList<Runner>> wire)
    {
        var shown = DeskCertificate.Load(listen, folder, clock.GetUtcNow());
        var post = new PeerPost { Pin = CertificatePrint.Of(shown.Certificate) };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddBasics(builder.Services, builder.Logging, options, folder, clock);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Doors.Open(kestrel, listen, shown));
        builder.Services.AddRouting();
        AddEngine(builder.Services, s => wire(s.GetRequiredService<Ground>(), post));
        var app = builder.Build();
        _ = app.Services.GetRequiredService<EngineService>();
        app.UseRouting();
        PeerEndpoints.Map(app, post, clock);
        return new ServerApp(app, clock) { Fingerprint = post.Pin };
    }

    private static void AddBasics(IServiceCollection services, ILoggingBuilder logging, ServerOptions options, DataFolder folder, TimeProvider clock, DutyLease? lease = null)
    {
        LogLineFormatter.Use(logging);
        services.AddSingleton(options);
        services.AddSingleton(folder);
        services.AddSingleton(clock);
        services.AddSingleton(s => new Ground(options, folder, clock, s.GetRequiredService<ILoggerFactory>()) { Lease = lease });
        services.Configure<HostOptions>(h => h.ShutdownTimeout = Drain);

        // Signals are the process's matter: heard by the host too, one in the middle of a start would break it off.
        services.AddSingleton<IHostLifetime, QuietLifetime>();
    }

    private static void AddDesk(IServiceCollection services, DataFolder folder, Func<Ground, DeskParts> wire, TimeZoneInfo zone)
    {
        services.AddSingleton(s => wire(s.GetRequiredService<Ground>()));
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Db);
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Accounts);
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Queries);
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Commands);
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Changes);
        services.AddSingleton(s => s.GetRequiredService<DeskParts>().Door);
        services.AddSingleton(s => new DiskWatch(s.GetRequiredService<Ground>().Reserve, folder.Path, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<DiskWatch>>()));
        services.AddSingleton(s => s.GetRequiredService<Ground>().Place);
        AddEngine(services, s => [.. s.GetRequiredService<DeskParts>().Runners, new Runner("disk", s.GetRequiredService<DiskWatch>().RunAsync), new Runner("folder", s.GetRequiredService<PlaceWatch>().RunAsync)]);
        KeyRing.AddServices(services, folder.DataProtectionKeys);
        services.AddSingleton<HealthReading>();
        services.AddSingleton<Guard>();
        services.AddRouting();
        services.AddConsole(zone);
        ConsoleSignIn.AddServices(services);
        Api.AddServices(services);
    }

    /// <summary>Starts and stops when it is told to.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static void AddEngine(IServiceCollection services, Func<IServiceProvider, IReadOnlyList<Runner>> runners)
    {
        services.AddSingleton(s => new EngineService(
            runners(s), s.GetRequiredService<IHostApplicationLifetime>(), s.GetRequiredService<ILogger<EngineService>>()));
        services.AddHostedService(s => s.GetRequiredService<EngineService>());
    }
}
