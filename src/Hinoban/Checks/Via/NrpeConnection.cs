using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>The other end answered, but not as its protocol has it.</summary>
internal sealed class NrpeBrokenException(string why) : Exception(why);

/// <summary>It is not the machine whose certificate the specification pins.</summary>
internal sealed class NotPinnedException(string shown) : Exception($"its certificate is {shown}, not the one that the specification pins");

/// <summary>
/// One connection to an agent or an NRPE daemon: queries and answers in turn. Throws <see cref="SocketException"/>, <see cref="AuthenticationException"/>,
/// <see cref="IOException"/>, <see cref="NotPinnedException"/> or <see cref="NrpeBrokenException"/>.
/// </summary>
internal sealed class NrpeConnection : IDisposable
{
    private readonly Socket socket;
    private readonly Stream stream;
    private byte[] buffer = new byte[4096];

    private NrpeConnection(Socket socket, Stream stream) => (this.socket, this.stream) = (socket, stream);

    /// <summary>When it was used last (monotonic), for whoever keeps it.</summary>
    internal TimeSpan Used { get; set; }

    /// <summary>Since when it is there (monotonic), for whoever keeps it.</summary>
    internal TimeSpan Opened { get; init; }

    /// <summary>Bytes of the answer to the last query were received: whoever is there speaks, and has taken the query.</summary>
    internal bool Spoke { get; private set; }

    internal static async Task<NrpeConnection> OpenAsync(Connector connector, InsideWay way, SiteCertificate? own, TimeSpan now, CancellationToken cancel)
    {
        IPAddress[] addresses = await connector.FindAsync(way.Address, cancel);
        var socket = await connector.ConnectAsync(addresses, way.Port, cancel);
        try
        {
            KeepAlive(socket);
            return new NrpeConnection(socket, way.Tls == NrpeTls.None ? new NetworkStream(socket) : await SecureAsync(socket, way, own, cancel)) { Opened = now };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal async Task<NrpePacket> AskAsync(NrpeVersion version, string text, CancellationToken cancel)
    {
        Spoke = false;
        await stream.WriteAsync(NrpeCodec.Write(new NrpePacket(version, NrpeKind.Query, 0, text)), cancel);
        var got = 0;
        while (true)
        {
            var reading = NrpeCodec.Read(buffer.AsSpan(0, got));
            if (reading.State == NrpeState.Broken)
            {
                throw new NrpeBrokenException(reading.Why);
            }

            if (reading is { State: NrpeState.Whole, Packet: { } packet })
            {
                return packet.Kind == NrpeKind.Response ? packet : throw new NrpeBrokenException("it answers with a query");
            }

            if (buffer.Length < reading.Needs)
            {
                Array.Resize(ref buffer, reading.Needs);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(got), cancel);
            got += read;
            Spoke |= read > 0;
            if (read == 0)
            {
                throw new IOException(got == 0 ? "the connection was closed without an answer" : "the connection was closed within the answer");
            }
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }

    /// <summary>A firewall forgets silent connections, and a machine that lost its power closes none: 45 s tell.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private static async Task<SslStream> SecureAsync(Socket socket, InsideWay way, SiteCertificate? own, CancellationToken cancel)
    {
        string? stranger = null;
        var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = way.Address,
                    ClientCertificateContext = own?.Context,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

                    // Who it is tells the pinned fingerprint; agents have certificates of their own making, which no authority vouches for.
                    RemoteCertificateValidationCallback = (_, shown, _, _) => (stranger = Stranger(way, shown)) is null,
                },
                cancel);
            return tls;
        }
        catch (AuthenticationException) when (stranger is not null)
        {
            await tls.DisposeAsync();
            throw new NotPinnedException(stranger);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static string? Stranger(InsideWay way, X509Certificate? shown) =>
        shown is null ? "absent"
        : way.Certificate is { } pin && CertificatePrint.Written(shown) is var print && print != pin ? print
        : null;
}
