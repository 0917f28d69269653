using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Agent.Setup;
using Hinoban.Basics;

namespace Hinoban.Agent.Serving;

/// <summary>The agent's certificate and what it asks of a client's: to be one of those named, or nothing.</summary>
internal sealed class SiteTls : IDisposable
{
    private readonly X509Certificate2 certificate;
    private readonly SslStreamCertificateContext context;
    private readonly TlsPlan plan;

    private SiteTls(X509Certificate2 certificate, TlsPlan plan)
    {
        this.certificate = certificate;
        this.plan = plan;
        context = SslStreamCertificateContext.Create(certificate, null, offline: true);
    }

    /// <summary>Reads certificate and key; null with what is wrong with them.</summary>
    internal static SiteTls? Load(TlsPlan plan, out string whyNot)
    {
        try
        {
            whyNot = "";
            return new SiteTls(X509Certificate2.CreateFromPemFile(plan.Certificate, plan.Key), plan);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or CryptographicException)
        {
            whyNot = $"tls: {plan.Certificate} with {plan.Key} cannot be used ({unread.Message}); `hinoban-agent certificate` makes both";
            return null;
        }
    }

    internal SslServerAuthenticationOptions Options => new()
    {
        ServerCertificateContext = context,
        ClientCertificateRequired = !plan.Anybody,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        RemoteCertificateValidationCallback = (_, shown, _, _) => plan.Believes(shown is null ? null : CertificatePrint.Of(shown)),
    };

    public void Dispose() => certificate.Dispose();
}
