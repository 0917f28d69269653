using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Lab;

/// <summary>Self-signed certificates for a name, localhost and loopback, with any dates: with their keys, or as the PEM files that servers read.</summary>
internal static class LabCertificate
{
    /// <summary>One that is good whatever a test's clock says.</summary>
    internal static X509Certificate2 Make(string name) => Make(name, DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));

    internal static X509Certificate2 Make(string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var one in new[] { name, "localhost" }.Distinct())
        {
            names.AddDnsName(one);
        }

        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(from, until);
    }

    internal static void Write(string certificateFile, string keyFile, DateTimeOffset from, DateTimeOffset until, string name = "localhost")
    {
        using var certificate = Make(name, from, until);
        Write(certificate, certificateFile, keyFile);
    }

    internal static void Write(X509Certificate2 certificate, string certificateFile, string keyFile)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
