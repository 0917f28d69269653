using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Hinoban.Checks;

/// <summary>
/// The one ICMP socket of an address family, for all targets. Raw where we may (CAP_NET_RAW), else a datagram socket, which the kernel
/// allows to the groups in net.ipv4.ping_group_range and which does not tell of unreachable targets.
/// </summary>
internal sealed class EchoSocket : IDisposable
{
    private const int Slots = 1 << 16;
    private readonly AddressFamily family;
    private readonly TimeProvider clock;
    private readonly Socket socket;
    private readonly bool raw;
    private readonly ushort identifier;
    private readonly long secret = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private readonly Lock gate = new();
    private readonly (EchoRun? Run, int Packet, long Token)[] flights = new (EchoRun?, int, long)[Slots];
    private long tokens;
    private int next;

    private EchoSocket(AddressFamily family, Socket socket, bool raw, TimeProvider clock)
    {
        (this.family, this.socket, this.raw, this.clock) = (family, socket, raw, clock);
        identifier = BinaryPrimitives.ReadUInt16LittleEndian(RandomNumberGenerator.GetBytes(2));
        socket.ReceiveBufferSize = 1 << 20;
        _ = ReceiveAsync();
    }

    /// <summary>Opens the socket; null if this process may not, with the reason.</summary>
    internal static EchoSocket? Open(AddressFamily family, TimeProvider clock, out SocketError error)
    {
        var protocol = family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;
        foreach (var type in new[] { SocketType.Raw, SocketType.Dgram })
        {
            try
            {
                var socket = new Socket(family, type, protocol);
                if (type == SocketType.Raw)
                {
                    Filter(socket, family);
                }

                error = SocketError.Success;
                return new EchoSocket(family, socket, type == SocketType.Raw, clock);
            }
            catch (SocketException) when (type == SocketType.Raw)
            {
                // Not permitted: the datagram kind may be.
            }
            catch (SocketException fault)
            {
                error = fault.SocketErrorCode;
                return null;
            }
        }

        throw new InvalidOperationException("unreachable");
    }

    /// <summary>Sends one echo request; a lasting error of this machine is thrown, an unreachable target is noted in the run.</summary>
    internal void Send(EchoRun run, int packet)
    {
        Span<byte> bytes = stackalloc byte[Echo.Size];
        ushort sequence;
        long token;
        lock (gate)
        {
            token = ++tokens;
            sequence = Free();
            flights[sequence] = (run, packet, token);
            run.Sequences[packet] = sequence;
        }

        Echo.Write(bytes, family, identifier, sequence, secret, token);
        run.Sent(packet);
        try
        {
            socket.SendTo(bytes, SocketFlags.None, new IPEndPoint(run.Target, 0));
        }
        catch (SocketException fault) when (LookFailures.WhyOf(fault.SocketErrorCode) == NoValue.Unreachable)
        {
            run.NotReached(packet);
        }
    }

    /// <summary>The run is over: late replies mean nothing any more.</summary>
    internal void Forget(EchoRun run)
    {
        lock (gate)
        {
            foreach (var sequence in run.Sequences)
            {
                if (sequence >= 0 && ReferenceEquals(flights[sequence].Run, run))
                {
                    flights[sequence] = default;
                }
            }
        }
    }

    public void Dispose() => socket.Dispose();

    // Only what we read: echo replies, unreachable, time exceeded (icmp(7) ICMP_FILTER, RFC 3542 ICMP6_FILTER; set bits are blocked).
    private static void Filter(Socket socket, AddressFamily family)
    {
        if (family == AddressFamily.InterNetwork)
        {
            socket.SetRawSocketOption(255, 1, BitConverter.GetBytes(~((1u << 0) | (1u << 3) | (1u << 11))));
            return;
        }

        var blocked = new byte[32];
        blocked.AsSpan().Fill(0xFF);
        foreach (var type in new[] { 1, 3, 129 })
        {
            var word = type / 32 * 4;
            BitConverter.TryWriteBytes(blocked.AsSpan(word), BitConverter.ToUInt32(blocked, word) & ~(1u << (type % 32)));
        }

        socket.SetRawSocketOption(58, 1, blocked);
    }

    private ushort Free()
    {
        for (var tried = 0; tried < Slots; tried++)
        {
            next = (next + 1) % Slots;
            if (flights[next].Run is null)
            {
                break;
            }
        }

        return (ushort)next; // with 65536 packets out the oldest gives way
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[2048];
        var from = new SocketAddress(family);
        while (true)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from);
                Take(buffer.AsSpan(0, length), from, clock.GetTimestamp());
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                // An ICMP error queued on the socket: it says nothing that the message itself does not.
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, SocketAddress from, long at)
    {
        var message = raw && family == AddressFamily.InterNetwork ? Echo.AfterIPv4Header(datagram) : datagram;
        // The kernel replaces the identifier on a datagram socket, and hands out only what is meant for it.
        var said = Echo.Read(message, family, raw ? identifier : null, secret, out var sequence, out var token, out var about);
        if (said == EchoSaid.Nothing)
        {
            return;
        }

        (EchoRun? Run, int Packet, long Token) flight;
        lock (gate)
        {
            flight = flights[sequence];
        }

        if (flight.Run is not { } run || (token != 0 && token != flight.Token))
        {
            return;
        }

        if (said == EchoSaid.Reply && Same(run.Target, from))
        {
            run.Replied(flight.Packet, at);
        }
        else if (said == EchoSaid.Unreachable && run.Target.Equals(about))
        {
            run.NotReached(flight.Packet);
        }
    }

    private bool Same(IPAddress target, SocketAddress from)
    {
        var offset = family == AddressFamily.InterNetwork ? 4 : 8;
        Span<byte> bytes = stackalloc byte[16];
        return target.TryWriteBytes(bytes, out var length) && from.Buffer.Span.Slice(offset, length).SequenceEqual(bytes[..length]);
    }
}
