using System.Net;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hinoban.Server;

/// <summary>How the web server listens: addresses, TLS, limits.</summary>
internal static class Doors
{
    /// <summary>Above the largest batch of a site; the API has a smaller limit of its own.</summary>
    private const long LargestBody = 8 * 1024 * 1024;

    internal static void Open(KestrelServerOptions kestrel, Options.ListenOptions listen, (X509Certificate2 Certificate, X509Certificate2Collection Chain)? tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        foreach (var address in Addresses(listen.Host))
        {
            kestrel.Listen(address, listen.Port, door =>
            {
                if (tls is { } shown)
                {
                    door.UseHttps(https =>
                    {
                        https.ServerCertificate = shown.Certificate;
                        https.ServerCertificateChain = shown.Chain;
                    });
                }
            });
        }
    }

    private static IPAddress[] Addresses(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : Dns.GetHostAddresses(host);
}
