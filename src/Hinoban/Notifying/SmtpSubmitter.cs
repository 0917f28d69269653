using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying;

/// <summary>Opens SMTP sessions with the provider's relay (RFC 5321, 3207, 4954): connection, greeting, TLS, log-in.</summary>
internal sealed class SmtpSubmitter(MailOptions options, TimeProvider clock, ILogger<SmtpSubmitter> log) : IMailSubmitter
{
    private bool ToOurselves => IPAddress.TryParse(options.Host, out var address) && IPAddress.IsLoopback(address);

    public async Task<MailOpening> OpenAsync(CancellationToken cancel)
    {
        SmtpWire? wire = null;
        try
        {
            wire = new SmtpWire(new NetworkStream(await ConnectAsync(cancel), ownsSocket: true), options.Timeout, clock, log);
            var extensions = await GreetAsync(wire, cancel);
            var line = new SmtpSession(wire, extensions);
            wire = null;
            return new MailOpening(line, null);
        }
        catch (SmtpBreak e)
        {
            return new MailOpening(null, new SubmitOutcome(SubmitResult.Broken, e.Reason, Visible.Line(e.Message, 300)));
        }
        finally
        {
            if (wire is not null)
            {
                await wire.DisposeAsync();
            }
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        var failure = new SmtpBreak(SubmitReason.NameUnresolved, options.Host);
        foreach (var address in await ResolveAsync(cancel))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timer = new CancellationTokenSource(options.Timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, options.Port), either.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                failure = cancel.IsCancellationRequested
                    ? throw new SmtpBreak(SubmitReason.Stopping, "")
                    : new SmtpBreak(SubmitReason.ConnectFailed, e is SocketException s ? s.SocketErrorCode.ToString() : nameof(SocketError.TimedOut));
            }
        }

        throw failure;
    }

    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancel)
    {
        if (IPAddress.TryParse(options.Host, out var literal))
        {
            return [literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(options.Host, cancel).WaitAsync(options.Timeout, clock, cancel);
        }
        catch (OperationCanceledException)
        {
            throw new SmtpBreak(SubmitReason.Stopping, "");
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            throw new SmtpBreak(SubmitReason.NameUnresolved, options.Host);
        }
    }

    private async Task<SmtpExtensions> GreetAsync(SmtpWire wire, CancellationToken cancel)
    {
        if (options.Tls == SmtpTls.Implicit)
        {
            await SecureAsync(wire, cancel);
        }

        Require(await wire.ReplyAsync(cancel), SubmitReason.GreetingRefused);
        var extensions = await HelloAsync(wire, cancel);
        if (options.Tls is SmtpTls.StartTls or SmtpTls.IfOffered)
        {
            extensions = await StartTlsAsync(wire, extensions, cancel);
        }

        if (options.User is not null)
        {
            await LogInAsync(wire, extensions, cancel);
        }

        return extensions;
    }

    private async Task<SmtpExtensions> HelloAsync(SmtpWire wire, CancellationToken cancel)
    {
        var name = MailAddress.AsciiDomain(options.Domain) ?? "localhost";
        var reply = await wire.CommandAsync($"EHLO {name}", cancel);
        if (reply.Positive)
        {
            return SmtpExtensions.Of(reply);
        }

        // Relays older than EHLO still exist as appliances; a 4xx is a refusal.
        Require(reply.Code is >= 500 and not 521 and not 554 ? await wire.CommandAsync($"HELO {name}", cancel) : reply, SubmitReason.GreetingRefused);
        return SmtpExtensions.None;
    }

    private async Task<SmtpExtensions> StartTlsAsync(SmtpWire wire, SmtpExtensions plain, CancellationToken cancel)
    {
        if (!plain.StartTls)
        {
            return options.Tls == SmtpTls.IfOffered ? plain : throw new SmtpBreak(SubmitReason.TlsNotOffered, "");
        }

        Require(await wire.CommandAsync("STARTTLS", cancel), SubmitReason.TlsFailed);
        if (wire.HasUnread)
        {
            throw new SmtpBreak(SubmitReason.Garbage, "clear text after STARTTLS");
        }

        await SecureAsync(wire, cancel);
        return await HelloAsync(wire, cancel);
    }

    private async Task SecureAsync(SmtpWire wire, CancellationToken cancel)
    {
        var tls = new SslStream(wire.Stream, leaveInnerStreamOpen: false);
        wire.Secure(tls);
        var terms = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.Tls == SmtpTls.IfOffered && (options.User is null || ToOurselves))
        {
            // Opportunistic: against eavesdropping only, as relays do among each other. A password is not given to a stranger.
            terms.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (options.CaFile is { } file)
        {
            terms.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            terms.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        await wire.StepAsync(
            async token =>
            {
                await tls.AuthenticateAsClientAsync(terms, token);
                return 0;
            },
            options.Timeout,
            cancel);
    }

    private async Task LogInAsync(SmtpWire wire, SmtpExtensions extensions, CancellationToken cancel)
    {
        // A password in the clear only where the configuration says "no TLS", or to ourselves.
        var secure = wire.Stream is SslStream || options.Tls == SmtpTls.None || ToOurselves;
        if (!secure || (!extensions.AuthPlain && !extensions.AuthLogin))
        {
            throw new SmtpBreak(SubmitReason.AuthNotOffered, secure ? "" : "only in the clear");
        }

        var password = options.Password?.Reveal() ?? "";
        SmtpReply reply;
        if (extensions.AuthPlain)
        {
            reply = await wire.CommandAsync($"AUTH PLAIN {Base64($"\0{options.User}\0{password}")}", cancel, "AUTH PLAIN ***");
        }
        else
        {
            reply = await wire.CommandAsync("AUTH LOGIN", cancel);
            reply = reply.Code == 334 ? await wire.CommandAsync(Base64(options.User!), cancel, "***") : reply;
            reply = reply.Code == 334 ? await wire.CommandAsync(Base64(password), cancel, "***") : reply;
        }

        Require(reply, SubmitReason.AuthRefused);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void Require(SmtpReply reply, SubmitReason otherwise)
    {
        if (!reply.Positive)
        {
            throw new SmtpBreak(reply.Code == 421 ? SubmitReason.RelayCloses : otherwise, reply.Text);
        }
    }
}
