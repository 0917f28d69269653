using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Checks;

/// <summary>How far an HTTP look has come: filled in on the way, so that a look cut short can say where.</summary>
internal sealed class HttpSight
{
    /// <summary>A name had to be resolved.</summary>
    internal bool ByName { get; set; }

    /// <summary>Times since the look began; null: not reached.</summary>
    internal TimeSpan? Named { get; set; }

    internal TimeSpan? Connected { get; set; }

    internal TimeSpan? Secured { get; set; }

    internal TimeSpan? FirstByte { get; set; }

    internal TimeSpan Total { get; set; }

    /// <summary>The answer of the last hop.</summary>
    internal HttpAnswerParser Parser { get; set; } = new();

    /// <summary>An answer, be it a redirect's, has been seen: the target spoke.</summary>
    internal bool Spoke { get; set; }

    /// <summary>Redirects followed so far.</summary>
    internal int Redirects { get; set; }

    internal HttpCertificate? Certificate { get; set; }

    /// <summary>The address asked last, for texts: <c>http://web01/path</c>.</summary>
    internal string Url { get; set; } = "";
}

/// <summary>The server's certificate as it presented it: until when, whose, and what verification says (empty: nothing wrong).</summary>
internal sealed record HttpCertificate(DateTimeOffset NotAfter, string Subject, string Trouble)
{
    internal static HttpCertificate? Of(X509Certificate? certificate, string trouble) =>
        certificate is X509Certificate2 c ? new(new DateTimeOffset(c.NotAfter.ToUniversalTime(), TimeSpan.Zero), Name(c), trouble) : null;

    private static string Name(X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false) is { Length: > 0 } name ? name : certificate.Subject;
}
