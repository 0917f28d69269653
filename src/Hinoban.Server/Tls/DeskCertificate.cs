using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Server.Options;

namespace Hinoban.Server.Tls;

/// <summary>
/// The certificate the desk shows: the provider's own from PEM files, else one the desk makes for itself and keeps. Sites pin its
/// SHA-256 fingerprint, so it may be self-signed; it must not change by itself.
/// </summary>
internal static class DeskCertificate
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Server certificate with its private key, and the chain to send with it. Throws <see cref="CryptographicException"/> or
    /// <see cref="IOException"/> for files that are none.
    /// </summary>
    internal static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(ListenOptions listen, DataFolder folder, DateTimeOffset now)
    {
        if (listen is { Certificate: { } file, Key: { } key })
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            if (chain.Count > 0)
            {
                chain.RemoveAt(0);
            }

            return (X509Certificate2.CreateFromPemFile(file, key), chain);
        }

        if (!File.Exists(folder.Certificate))
        {
            Make(listen.Host, folder, now);
        }

        return (X509Certificate2.CreateFromPemFile(folder.Certificate, folder.CertificateKey), []);
    }

    private static void Make(string host, DataFolder folder, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Hinoban desk", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName.ToLowerInvariant());
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));

        // The certificate comes last: where it stands, its key stands too, even after a crash in between.
        DataFolder.MakeFolder(Path.GetDirectoryName(folder.Certificate)!);
        Write(folder.CertificateKey, key.ExportPkcs8PrivateKeyPem());
        Write(folder.Certificate, made.ExportCertificatePem());
    }

    private static void Write(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerReads;
        }

        using var file = new StreamWriter(path, options);
        file.WriteLine(pem);
    }
}
