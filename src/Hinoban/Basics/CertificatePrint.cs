using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Basics;

/// <summary>What certificates are pinned by: SHA-256 over the DER, lower-case hexadecimal.</summary>
internal static class CertificatePrint
{
    internal static string Of(X509Certificate certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>As a specification and an agent's configuration write it: <c>sha256:…</c>.</summary>
    internal static string Written(X509Certificate certificate) => $"sha256:{Of(certificate)}";

    internal static bool Is(X509Certificate? certificate, string print) => certificate is not null && Of(certificate).Equals(print, StringComparison.OrdinalIgnoreCase);
}
