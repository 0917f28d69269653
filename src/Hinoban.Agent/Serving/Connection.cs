using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Hinoban.Agent.Setup;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;

namespace Hinoban.Agent.Serving;

/// <summary>One connection from an allowed address: handshake, one query and its answer; more of them once a batch was asked for.</summary>
internal sealed class Connection(Answers answers, ServingLimits limits, TimeProvider clock, AgentLog log)
{
    private const int FirstBuffer = 2048;

    internal async Task ServeAsync(Socket socket, IPAddress from, Func<(AgentPlan Plan, SiteTls Tls)> current, CancellationToken stop)
    {
        socket.NoDelay = true;
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            using (var limit = new Checks.LookLimit(limits.Handshake, clock, stop))
            {
                await tls.AuthenticateAsServerAsync(current().Tls.Options, limit.Token);
            }

            var peer = new Peer(from, tls.RemoteCertificate is { } shown ? CertificatePrint.Of(shown) : null);
            await AnswerAsync(tls, peer, () => current().Plan, stop);
            using var farewell = new Checks.LookLimit(limits.Take, clock, stop);
            await tls.ShutdownAsync().WaitAsync(farewell.Token);
        }
        catch (AuthenticationException refused)
        {
            log.Warn("tls", $"{from}: TLS refused: {refused.InnerException?.Message ?? refused.Message}");
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
            // It went away, or took too long: nothing that it can be told.
        }
    }

    private async Task AnswerAsync(Stream tls, Peer peer, Func<AgentPlan> current, CancellationToken stop)
    {
        var buffer = new byte[FirstBuffer];
        var (filled, kept) = (0, false);
        do
        {
            (var query, buffer, filled) = await QueryAsync(tls, buffer, filled, kept, peer.From, stop);
            if (query is null)
            {
                return;
            }

            // A kept connection may be older than the configuration: what it was let in by may stand there no more.
            var plan = current();
            if (!AddressGate.Allows(plan.Allow, peer.From) || !plan.Tls.Believes(peer.Fingerprint))
            {
                log.Warn("outlived", $"{peer.From}: no longer allowed to ask");
                return;
            }

            var (response, batch) = await answers.ToAsync(query, plan, stop);
            kept |= batch;
            using var limit = new Checks.LookLimit(limits.Take, clock, stop);
            await tls.WriteAsync(NrpeCodec.Write(response), limit.Token);
        }
        while (kept);
    }

    /// <summary>The next query, and the buffer with what follows it; null if there comes none.</summary>
    private async Task<(NrpePacket? Query, byte[] Buffer, int Filled)> QueryAsync(Stream tls, byte[] buffer, int filled, bool kept, IPAddress from, CancellationToken stop)
    {
        using var idle = new Checks.LookLimit(kept && filled == 0 ? limits.Idle : limits.Query, clock, stop);
        Checks.LookLimit? whole = null;
        try
        {
            while (true)
            {
                var reading = NrpeCodec.Read(buffer.AsSpan(0, filled));
                if (reading is { State: NrpeState.Whole, Packet: { Kind: NrpeKind.Query } packet })
                {
                    buffer.AsSpan(reading.Used, filled - reading.Used).CopyTo(buffer);
                    return (packet, buffer.Length > FirstBuffer && filled == reading.Used ? new byte[FirstBuffer] : buffer, filled - reading.Used);
                }

                if (reading.State != NrpeState.Wanting)
                {
                    log.Warn("packet", $"{from}: no query: {(reading.Why.Length > 0 ? reading.Why : "it is a response")}");
                    return (null, buffer, 0);
                }

                if (reading.Needs > buffer.Length)
                {
                    Array.Resize(ref buffer, reading.Needs);
                }

                // A query that has begun must come to its end soon, however long the connection may stay idle.
                whole ??= filled > 0 ? new Checks.LookLimit(limits.Query, clock, stop) : null;
                var read = await tls.ReadAsync(buffer.AsMemory(filled), (whole ?? idle).Token);
                if (read == 0)
                {
                    return (null, buffer, 0);
                }

                filled += read;
            }
        }
        finally
        {
            whole?.Dispose();
        }
    }

    /// <param name="Fingerprint">Of the certificate that it showed; null if none was asked for.</param>
    private sealed record Peer(IPAddress From, string? Fingerprint);
}
