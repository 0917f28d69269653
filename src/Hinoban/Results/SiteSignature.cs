using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>What a site claims in the headers of a request; proven by <see cref="Signature"/>.</summary>
/// <param name="Site">Who it says it is.</param>
/// <param name="Key">The first 16 hex digits of its key's fingerprint.</param>
/// <param name="TimeMicros">The desk's time as the site knows it, microseconds since 1970.</param>
/// <param name="Nonce">Never used twice.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, IEEE P1363 form, base64.</param>
internal sealed record SiteClaim(SiteName Site, string Key, long TimeMicros, string Nonce, string Signature);

/// <summary>The signature over a request: method, path, site, key, time, nonce and the body's hash, a line each.</summary>
internal static class SiteSignature
{
    internal const string SiteHeader = "Hinoban-Site";
    internal const string KeyHeader = "Hinoban-Key";
    internal const string TimeHeader = "Hinoban-Time";
    internal const string NonceHeader = "Hinoban-Nonce";
    internal const string SignatureHeader = "Hinoban-Signature";

    internal static SiteClaim Sign(ECDsa key, SiteName site, string method, string path, ReadOnlySpan<byte> body, long timeMicros, string nonce)
    {
        var unsigned = new SiteClaim(site, KeyId(Fingerprint(key)), timeMicros, nonce, "");
        return unsigned with { Signature = Convert.ToBase64String(key.SignData(Signed(unsigned, method, path, body), HashAlgorithmName.SHA256)) };
    }

    internal static bool Verify(ECDsa key, SiteClaim claim, string method, string path, ReadOnlySpan<byte> body)
    {
        var signature = new byte[128];
        return Convert.TryFromBase64String(claim.Signature, signature, out var length)
            && key.VerifyData(Signed(claim, method, path, body), signature.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex.</summary>
    internal static string Fingerprint(ECDsa key) => Fingerprint(key.ExportSubjectPublicKeyInfo());

    internal static string Fingerprint(byte[] spki) => Convert.ToHexStringLower(SHA256.HashData(spki));

    internal static string KeyId(string fingerprint) => fingerprint[..16];

    private static byte[] Signed(SiteClaim claim, string method, string path, ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes(string.Join(
        '\n',
        "hinoban-site-1",
        method,
        path,
        claim.Site.Value,
        claim.Key,
        claim.TimeMicros.ToString(CultureInfo.InvariantCulture),
        claim.Nonce,
        Convert.ToHexStringLower(SHA256.HashData(body))));
}
