using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Checks;

/// <summary>
/// A look's TLS handshake. Whatever certificate is presented is taken and noted, and judged afterwards: an expired one is an answer of the server, not a
/// broken handshake.
/// </summary>
internal static class TlsHandshake
{
    internal static async Task<SslStream> OverAsync(
        Stream plain, string hostName, List<SslApplicationProtocol>? protocols, Action<ServerCertificate?> note, CancellationToken cancel)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            await secure.AuthenticateAsClientAsync(Options(hostName, protocols, note), cancel);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same on the thread that calls, as long as the stream lets it wait.</summary>
    internal static SslStream Over(Stream plain, string hostName, Action<ServerCertificate?> note)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            secure.AuthenticateAsClient(Options(hostName, null, note));
            return secure;
        }
        catch
        {
            secure.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(string hostName, List<SslApplicationProtocol>? protocols, Action<ServerCertificate?> note) => new()
    {
        TargetHost = hostName,
        ApplicationProtocols = protocols,
        // Downloading missing issuers would make one server's look depend on another server.
        CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            note(ServerCertificate.Of(certificate, Trouble(chain, errors)));
            return true;
        },
    };

    private static string Trouble(X509Chain? chain, SslPolicyErrors errors)
    {
        var troubles = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            troubles.Add("it is for another name");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null)
        {
            troubles.AddRange(chain.ChainStatus.Select(s => s.StatusInformation.Trim()).Distinct());
        }

        return errors == SslPolicyErrors.None ? "" : troubles.Count > 0 ? string.Join("; ", troubles) : errors.ToString();
    }
}
