using Hinoban.Basics;
using Hinoban.Console;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Hinoban.Server;
using Hinoban.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Console;

/// <summary>The console on a real web server on a port of its own, over the sample desk and real accounts.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    internal const string Password = "correct horse battery";

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-console-").FullName;
    private readonly WebApplication app;
    private readonly Db db;

    private ConsoleHost(SampleClock clock)
    {
        db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);
        Desk = new SampleDesk(clock);
        app = Build(clock);
    }

    internal SampleDesk Desk { get; }

    internal Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    internal static async Task<ConsoleHost> StartAsync()
    {
        var clock = new SampleClock();
        var host = new ConsoleHost(clock);
        var accounts = host.app.Services.GetRequiredService<Accounts>();
        var now = Moment.Of(clock);
        foreach (var (name, display, role, customer) in new (string, string, Role, CustomerId?)[]
        {
            ("sato", "佐藤 花子", Role.Operator, null), ("mori", "森 健", Role.Lead, null), ("tanaka", "田中 一郎", Role.CustomerViewer, SampleHosts.Trading),
            ("klein", "Anna Klein", Role.CustomerViewer, SampleHosts.Media),
        })
        {
            Assert.Null(accounts.Add(name, display, role, customer, Password, now, "test"));
        }

        Assert.Null(accounts.Add("ito", "伊藤 結", Role.Operator, null, Password, now, "test", mustChange: true));
        await host.app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
        db.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private WebApplication Build(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        KeyRing.AddServices(builder.Services, Path.Combine(folder, "keys"));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(db);
        builder.Services.AddSingleton<Accounts>();
        builder.Services.AddSingleton<IDeskQueries>(Desk);
        builder.Services.AddSingleton<IDeskCommands>(Desk);
        builder.Services.AddSingleton<IDeskChanges>(Desk);
        builder.Services.AddAuthentication(Viewer.Scheme).AddCookie(Viewer.Scheme);
        builder.Services.AddConsole(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        var built = builder.Build();
        built.UseConsoleRouting();
        built.MapConsole();
        return built;
    }
}
