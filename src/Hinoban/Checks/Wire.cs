using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Hinoban.Specs;

namespace Hinoban.Checks;

/// <summary>What came instead of a line, or with it.</summary>
internal enum WireEnd : byte
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The other end closed.</summary>
    Closed,

    /// <summary>No line end within what a line may have.</summary>
    TooLong,

    /// <summary>More than an answer may have.</summary>
    TooMuch,
}

/// <summary>A line without its end, as UTF-8; or why there is none.</summary>
internal readonly record struct WireLine(WireEnd End, string Text = "");

/// <summary>One connection of a look, plain or secured, read within bounds; notes the times on the way. Throws what sockets and TLS throw.</summary>
internal sealed class Wire : IAsyncDisposable
{
    internal const int LongestLine = 8 * 1024;
    internal const int MostBytes = 64 * 1024;
    private const int FirstRead = 1024;
    private const int MostReads = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly Socket socket;
    private readonly WireSight sight;
    private readonly LookLimit limit;
    private readonly NetworkStream plain;
    private readonly long most;
    private SslStream? secure;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
    private int start;
    private int end;

    private Wire(Socket socket, WireSight sight, LookLimit limit, long most)
    {
        (this.socket, this.sight, this.limit, this.most) = (socket, sight, limit, most);
        plain = new NetworkStream(socket, ownsSocket: false);
    }

    private Stream Stream => secure is null ? plain : secure;

    /// <summary>An answer of more than <paramref name="most"/> bytes is not read to its end; <paramref name="family"/> narrows the addresses of a name.</summary>
    internal static async Task<Wire> OpenAsync(
        Connector connector, string address, int port, WireSight sight, LookLimit limit, long most = MostBytes, AddressFamily family = AddressFamily.Unspecified)
    {
        sight.ByName = !IPAddress.TryParse(address, out _);
        sight.Stage = "name not resolved";
        var addresses = await connector.FindAsync(address, limit.Token);
        sight.Named = limit.Elapsed;
        sight.Stage = "not connected";
        if (family != AddressFamily.Unspecified)
        {
            addresses = Array.FindAll(addresses, a => a.AddressFamily == family);
        }

        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var socket = await connector.ConnectAsync(addresses, port, limit.Token);
        sight.Connected = limit.Elapsed;
        sight.Stage = "connected, no byte of an answer";
        return new Wire(socket, sight, limit, most);
    }

    /// <summary>Null: secured. Else why it goes no further.</summary>
    internal async Task<WireOutcome?> SecureAsync(TlsPlan tls)
    {
        if (start < end)
        {
            // What comes in the clear before the handshake could be anybody's (CVE-2011-0411).
            return new WireOutcome(WireFate.Garbage, "went on in the clear after it had agreed to TLS");
        }

        (sight.Securing, sight.Stage) = (true, "connected, TLS handshake not finished");
        secure = await TlsHandshake.OverAsync(plain, tls.HostName, null, c => sight.Certificate = c, limit.Token);
        (sight.Securing, sight.Secured, sight.Stage) = (false, limit.Elapsed, "no byte of an answer after the TLS handshake");
        return tls.Verify && sight.Certificate is { Trouble.Length: > 0 } ? new WireOutcome(WireFate.Untrusted) : null;
    }

    internal ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes, limit.Token);

    internal ValueTask SayAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    internal async Task<WireLine> LineAsync()
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsSpan(start, at);
                start += at + 1;
                return new WireLine(WireEnd.Line, Encoding.UTF8.GetString(line is [.. var text, (byte)'\r'] ? text : line));
            }

            if (end - start >= LongestLine)
            {
                return new WireLine(WireEnd.TooLong);
            }

            if (await FillAsync(limit.Token) is not WireEnd.Line and var why)
            {
                return new WireLine(why);
            }
        }
    }

    /// <summary>All that has come and was not read yet, at least a byte; empty: the other end closed, or has said more than it may.</summary>
    internal Task<byte[]> SomeAsync() => SomeAsync(limit.Token);

    internal async Task<byte[]> SomeAsync(CancellationToken cancel)
    {
        if (start == end && await FillAsync(cancel) != WireEnd.Line)
        {
            return [];
        }

        var some = buffer.AsSpan(start, end - start).ToArray();
        start = end = 0;
        return some;
    }

    /// <summary>Takes leave as the protocol asks, so that the service's log has no broken connection in it. What becomes of that says nothing about the service.</summary>
    internal async Task FarewellAsync(ReadOnlyMemory<byte> quit, TimeProvider clock)
    {
        sight.Total = limit.Elapsed;
        if (quit.Length == 0)
        {
            return;
        }

        using var patience = new LookLimit(Patience, clock, limit.Token);
        try
        {
            await Stream.WriteAsync(quit, patience.Token);
            for (var reads = 0; reads < MostReads && await Stream.ReadAsync(buffer, patience.Token) > 0; reads++)
            {
                // Read to its end: closing with bytes unread would reset the connection.
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            // It was polite, no more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (secure is not null)
        {
            await secure.DisposeAsync();
        }

        await plain.DisposeAsync();
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task<WireEnd> FillAsync(CancellationToken cancel)
    {
        if (sight.Bytes >= most)
        {
            return WireEnd.TooMuch;
        }

        MakeRoom();
        var read = await Stream.ReadAsync(buffer.AsMemory(end), cancel);
        end += read;
        sight.Bytes += read;
        sight.FirstByte ??= read > 0 ? limit.Elapsed : null;
        return read > 0 ? WireEnd.Line : WireEnd.Closed;
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            var greater = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(greater);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = greater;
        }
    }
}
