using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Lab;
using Hinoban.Results;
using Hinoban.Server.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hinoban.Tests.Results;

/// <summary>The site endpoints in a real Kestrel on loopback, before a desk that only counts.</summary>
internal sealed class DeskServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool ownsDoor;

    private DeskServer(WebApplication app, CountingDoor door, SiteKeyStore keys, bool ownsDoor, X509Certificate2? certificate)
    {
        (this.app, this.ownsDoor, Door, Keys, Certificate) = (app, ownsDoor, door, keys, certificate);
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    internal CountingDoor Door { get; }

    internal SiteKeyStore Keys { get; }

    internal X509Certificate2? Certificate { get; }

    internal Uri Url { get; }

    internal string? Fingerprint => Certificate?.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    internal static async Task<DeskServer> StartAsync(TimeProvider clock, bool tls = false, CountingDoor? door = null, int port = 0, IResultDoor? front = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var certificate = tls ? LabCertificate.Make("hinoban-desk") : null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var desk = door ?? new CountingDoor();
        var keys = new SiteKeyStore(desk.Db, clock);
        app.MapSiteEndpoints(front ?? desk, keys, clock);
        await app.StartAsync();
        return new DeskServer(app, desk, keys, door is null, certificate);
    }

    /// <summary>Registers a key and returns the file's content as the site has it.</summary>
    internal SiteKeyFile KeyFor(string site)
    {
        var file = SiteKeyFile.Make(new(site), Fingerprint);
        using var key = file.OpenKey();
        Door.Db.Write(tx => Keys.Add(tx, file.Site, key, DateTimeOffset.UnixEpoch));
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Certificate?.Dispose();
        if (ownsDoor)
        {
            Door.Dispose();
        }
    }
}
