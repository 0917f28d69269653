using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Checks;

/// <summary>A question in one datagram. It is asked three times within the time-out, for the network may lose it once.</summary>
internal sealed class Datagram(Connector connector, string address, int port, TimeProvider clock)
{
    private const int Tries = 3;
    private const int Longest = 65535;

    /// <summary><paramref name="take"/> says what a datagram from the target means; null: it is no answer to this question.</summary>
    internal async Task<WireOutcome> AskAsync(byte[] question, Func<ReadOnlyMemory<byte>, WireOutcome?> take, WireSight sight, LookLimit limit)
    {
        sight.ByName = !IPAddress.TryParse(address, out _);
        sight.Stage = "name not resolved";
        var addresses = await connector.FindAsync(address, limit.Token);
        sight.Named = limit.Elapsed;
        sight.Stage = "no datagram back";
        using var socket = new Socket(addresses[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Connected, so that only its own answers come, and the kernel tells of a closed port.
        await socket.ConnectAsync(new IPEndPoint(addresses[0], port), limit.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(Longest);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                await socket.SendAsync(question, SocketFlags.None, limit.Token);
                using var pause = new LookLimit(attempt < Tries ? limit.Timeout / Tries : limit.Timeout, clock, limit.Token);
                if (await HearAsync(socket, buffer, take, sight, limit, pause) is { } outcome)
                {
                    return outcome;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Null: nothing came in this pause.</summary>
    private static async Task<WireOutcome?> HearAsync(
        Socket socket, byte[] buffer, Func<ReadOnlyMemory<byte>, WireOutcome?> take, WireSight sight, LookLimit limit, LookLimit pause)
    {
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None, pause.Token);
                sight.FirstByte ??= limit.Elapsed;
                sight.Bytes += length;
                if (take(buffer.AsMemory(0, length)) is { } outcome)
                {
                    return outcome;
                }
            }
        }
        catch (OperationCanceledException) when (pause.TimedOut)
        {
            return null;
        }
        catch (SocketException forbidden) when (LookFailures.IsForbiddenThere(forbidden))
        {
            throw new SocketException((int)SocketError.HostUnreachable);
        }
    }
}
