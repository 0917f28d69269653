using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Checks;

/// <summary>The server's certificate as it presented it: until when, whose, and what verification says (empty: nothing wrong).</summary>
internal sealed record ServerCertificate(DateTimeOffset NotAfter, string Subject, string Trouble)
{
    internal static ServerCertificate? Of(X509Certificate? certificate, string trouble) =>
        certificate is X509Certificate2 c ? new(new DateTimeOffset(c.NotAfter.ToUniversalTime(), TimeSpan.Zero), Name(c), trouble) : null;

    private static string Name(X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false) is { Length: > 0 } name ? name : certificate.Subject;
}
