using System.Globalization;
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

    private const string OpenFiles = "Max open files";
    private const long FewestConnections = 50;
    private const long UsualConnections = 10_000;

    internal static void Open(KestrelServerOptions kestrel, Options.ListenOptions listen, (X509Certificate2 Certificate, X509Certificate2Collection Chain)? tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxConcurrentConnections = MostConnections(Limits());
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

    /// <summary>
    /// Half of what the process may have open, and no more than memory bears: one that has used up its descriptors on idle connections of strangers cannot read its own
    /// database any more, and ends. Whoever comes then is hung up on; sites keep the connections that they have.
    /// </summary>
    internal static long MostConnections(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(l => l.StartsWith(OpenFiles, StringComparison.Ordinal)) ?? "";
        var soft = line.Length == 0 ? "" : line[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var open) ? Math.Clamp(open / 2, FewestConnections, UsualConnections) : UsualConnections;
    }

    private static string Limits()
    {
        try
        {
            return File.ReadAllText("/proc/self/limits");
        }
        catch (Exception other) when (other is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IPAddress[] Addresses(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : Dns.GetHostAddresses(host);
}
