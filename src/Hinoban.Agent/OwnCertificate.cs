using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Basics;

namespace Hinoban.Agent;

/// <summary>The agent's own certificate: made once, self-signed, and pinned by the sites by its SHA-256.</summary>
internal static class OwnCertificate
{
    private const UnixFileMode OwnerWritesGroupReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>The certificate's fingerprint; certificate and key are made if neither is there.</summary>
    internal static string Ensure(string certificate, string key, string host, DateTimeOffset now)
    {
        if (!File.Exists(certificate) && !File.Exists(key))
        {
            Make(certificate, key, host, now);
        }

        using var found = X509Certificate2.CreateFromPemFile(certificate, key);
        return CertificatePrint.Written(found);
    }

    private static void Make(string certificate, string key, string host, DateTimeOffset now)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));

        // The certificate comes last: where it stands, its key stands too, even after a crash in between.
        Write(key, pair.ExportPkcs8PrivateKeyPem());
        Write(certificate, made.ExportCertificatePem());
    }

    private static void Write(string path, string pem)
    {
        using var file = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerWritesGroupReads });
        file.WriteLine(pem);
    }
}
