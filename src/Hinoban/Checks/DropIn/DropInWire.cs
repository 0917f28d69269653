using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Checks.DropIn;

/// <summary>
/// A drop-in check's connection, plain or secured, read within bounds. It waits on the thread, unlike a look's (<see cref="Wire"/>): what serves thousands of looks at once takes longer to start
/// than the one look of a plugin takes, and would be measured with it. At the limit's end the socket is closed, which ends every wait with an error.
/// </summary>
internal sealed class DropInWire : IDisposable
{
    private const int MostReads = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Socket socket;
    private readonly LookLimit limit;
    private readonly CancellationTokenRegistration end;
    private readonly long most;
    private readonly byte[] buffer = new byte[Wire.LongestLine];
    private Stream? stream;
    private int from;
    private int to;

    private DropInWire(AddressFamily family, LookLimit limit, long most)
    {
        (this.limit, this.most) = (limit, most);
        socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        end = Closing(socket, limit.Token);
    }

    /// <summary>Bytes of the application that have come.</summary>
    internal long Bytes { get; private set; }

    /// <summary>What the other end showed of itself; null without TLS.</summary>
    internal ServerCertificate? Certificate { get; private set; }

    private Stream Stream => stream ?? throw new InvalidOperationException("not connected");

    /// <summary>Whether an error is one that a broken, or at the limit a closed, connection makes.</summary>
    internal static bool IsBreak(Exception broken) => broken is IOException or SocketException or ObjectDisposedException;

    internal static CancellationTokenRegistration Closing(Socket socket, CancellationToken limit) => limit.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);

    /// <summary>Connects to the first address that takes it, in the resolver's order; throws the last error.</summary>
    internal static DropInWire Open(IPAddress[] addresses, int port, LookLimit limit, long most)
    {
        for (var i = 0; ; i++)
        {
            var wire = new DropInWire(addresses[i].AddressFamily, limit, most);
            try
            {
                wire.socket.Connect(new IPEndPoint(addresses[i], port));
                wire.stream = new NetworkStream(wire.socket, ownsSocket: false);
                return wire;
            }
            catch (Exception broken) when (IsBreak(broken))
            {
                wire.Dispose();
                limit.Token.ThrowIfCancellationRequested();
                if (i + 1 == addresses.Length)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>False: the other end went on in the clear after it had agreed to TLS, which could be anybody's words (CVE-2011-0411).</summary>
    internal bool Secure(string hostName)
    {
        if (from < to)
        {
            return false;
        }

        stream = TlsHandshake.Over(Stream, hostName, c => Certificate = c);
        return true;
    }

    internal void Send(byte[] bytes) => Stream.Write(bytes);

    /// <summary>All that has come and was not read yet; empty: the other end closed, or has said more than it may. Throws after <paramref name="pause"/> (null: none).</summary>
    internal byte[] Some(TimeSpan? pause)
    {
        if (from == to && !Fill(pause))
        {
            return [];
        }

        var some = buffer[from..to];
        from = to = 0;
        return some;
    }

    /// <summary>A line without its end; null: there is none.</summary>
    internal string? Line()
    {
        while (true)
        {
            var line = buffer.AsSpan(from, to - from);
            if (line.IndexOf((byte)'\n') is >= 0 and var at)
            {
                from += at + 1;
                return Encoding.UTF8.GetString(line[..at].TrimEnd((byte)'\r'));
            }

            if (!Fill(null))
            {
                return null;
            }
        }
    }

    /// <summary>Takes leave as the protocol asks, so that the service's log has no broken connection in it. What becomes of that says nothing about the service.</summary>
    internal void Farewell(byte[] quit)
    {
        if (quit.Length == 0)
        {
            return;
        }

        try
        {
            socket.SendTimeout = socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            var until = limit.Elapsed + Patience;
            Stream.Write(quit);
            for (var reads = 0; reads < MostReads && limit.Elapsed < until && Stream.Read(buffer) > 0; reads++)
            {
                // Read to its end: closing with bytes unread would reset the connection.
            }
        }
        catch (Exception over) when (IsBreak(over))
        {
            // It was polite, no more.
        }
    }

    public void Dispose()
    {
        end.Dispose();
        stream?.Dispose();
        socket.Dispose();
    }

    private bool Fill(TimeSpan? pause)
    {
        if (from > 0)
        {
            buffer.AsSpan(from, to - from).CopyTo(buffer);
            (from, to) = (0, to - from);
        }

        if (Bytes >= most || to == buffer.Length)
        {
            return false;
        }

        socket.ReceiveTimeout = (int)(pause ?? TimeSpan.Zero).TotalMilliseconds; // 0: none
        var read = Stream.Read(buffer.AsSpan(to));
        to += read;
        Bytes += read;
        return read > 0;
    }
}
