using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Basics;

namespace Hinoban.Checks.Via;

/// <summary>What a site shows to agents as itself: a certificate of its own, made once, whose fingerprint stands in every agent's configuration.</summary>
internal sealed class SiteCertificate : IDisposable
{
    private const string FileName = "agent-client.pem";

    // Agents know it by its fingerprint; no date ends that.
    private static readonly TimeSpan Valid = TimeSpan.FromDays(365 * 30);

    private readonly X509Certificate2 certificate;

    private SiteCertificate(X509Certificate2 certificate)
    {
        this.certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, null, offline: true);
    }

    internal SslStreamCertificateContext Context { get; }

    /// <summary><c>sha256:…</c>, as agents' configurations have it.</summary>
    internal string Fingerprint => CertificatePrint.Written(certificate);

    /// <summary>The certificate in the site's folder; made if there is none yet.</summary>
    internal static SiteCertificate Open(string folder, string name, TimeProvider clock)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Make(path, name, clock.GetUtcNow());
        }

        return new SiteCertificate(X509Certificate2.CreateFromPemFile(path));
    }

    public void Dispose() => certificate.Dispose();

    private static void Make(string path, string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN=Hinoban site {name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false)); // clientAuth
        using var made = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Valid);
        Save(path, $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private static void Save(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Written aside: a half-written key would be taken for the site's own.
        using (var file = new StreamWriter(path + ".new", options))
        {
            file.Write(pem);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
