using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Checks;

/// <summary>What an ICMP message says about one of our echo requests.</summary>
internal enum EchoSaid : byte
{
    /// <summary>Nothing: not for us.</summary>
    Nothing,

    /// <summary>The echo came back.</summary>
    Reply,

    /// <summary>A router or the host itself says that the target cannot be reached, or the packet's time ran out on the way.</summary>
    Unreachable,
}

/// <summary>The packets of ICMP echo (RFC 792, RFC 4443): how ours are written and what comes in is read.</summary>
internal static class Echo
{
    /// <summary>Header 8, then who asks (8) and which packet (8), then filling to ping's usual 64 bytes.</summary>
    internal const int Size = 64;

    private const int Header = 8;
    private const int IPv6Header = 40;

    internal static void Write(Span<byte> packet, AddressFamily family, ushort identifier, ushort sequence, long secret, long token)
    {
        packet.Clear();
        packet[0] = family == AddressFamily.InterNetwork ? (byte)8 : (byte)128;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
        BinaryPrimitives.WriteInt64BigEndian(packet[8..], secret);
        BinaryPrimitives.WriteInt64BigEndian(packet[16..], token);
        if (family == AddressFamily.InterNetwork)
        {
            // For ICMPv6 the kernel writes the checksum: it covers addresses that only the kernel knows.
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Checksum(packet));
        }
    }

    /// <summary>
    /// Reads a message (from its ICMP header on). For a reply the token is right only with our secret; an error repeats the start of our
    /// packet, often only its first 8 bytes: then the token is 0 and the sequence must do, together with <paramref name="about"/>.
    /// </summary>
    internal static EchoSaid Read(ReadOnlySpan<byte> message, AddressFamily family, ushort? identifier, long secret, out ushort sequence, out long token, out IPAddress? about)
    {
        (sequence, token, about) = (0, 0, null);
        if (message.Length < Header)
        {
            return EchoSaid.Nothing;
        }

        return (family, message[0]) switch
        {
            (AddressFamily.InterNetwork, 0) or (AddressFamily.InterNetworkV6, 129) =>
                Ours(message, identifier, secret, needSecret: true, out sequence, out token) ? EchoSaid.Reply : EchoSaid.Nothing,
            (AddressFamily.InterNetwork, 3 or 11) => Error4(message[Header..], identifier, secret, out sequence, out token, out about),
            (AddressFamily.InterNetworkV6, 1 or 3) => Error6(message[Header..], identifier, secret, out sequence, out token, out about),
            _ => EchoSaid.Nothing,
        };
    }

    /// <summary>The ICMP message inside a raw IPv4 datagram; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> AfterIPv4Header(ReadOnlySpan<byte> datagram)
    {
        var length = datagram.Length > 0 ? (datagram[0] & 0x0F) * 4 : 0;
        return length >= 20 && length <= datagram.Length ? datagram[length..] : [];
    }

    internal static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        var sum = 0u;
        for (var i = 0; i + 1 < packet.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum += packet.Length % 2 == 1 ? (uint)packet[^1] << 8 : 0;
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }

    private static EchoSaid Error4(ReadOnlySpan<byte> original, ushort? identifier, long secret, out ushort sequence, out long token, out IPAddress? about)
    {
        (sequence, token, about) = (0, 0, null);
        var inner = AfterIPv4Header(original);
        if (original.Length < 20 || original[9] != 1 || inner.Length < Header || inner[0] != 8)
        {
            return EchoSaid.Nothing;
        }

        about = new IPAddress(original[16..20]);
        return Ours(inner, identifier, secret, needSecret: false, out sequence, out token) ? EchoSaid.Unreachable : EchoSaid.Nothing;
    }

    private static EchoSaid Error6(ReadOnlySpan<byte> original, ushort? identifier, long secret, out ushort sequence, out long token, out IPAddress? about)
    {
        (sequence, token, about) = (0, 0, null);
        if (original.Length < IPv6Header + Header || original[6] != 58 || original[IPv6Header] != 128)
        {
            return EchoSaid.Nothing;
        }

        about = new IPAddress(original[24..40]);
        return Ours(original[IPv6Header..], identifier, secret, needSecret: false, out sequence, out token) ? EchoSaid.Unreachable : EchoSaid.Nothing;
    }

    private static bool Ours(ReadOnlySpan<byte> echo, ushort? identifier, long secret, bool needSecret, out ushort sequence, out long token)
    {
        sequence = BinaryPrimitives.ReadUInt16BigEndian(echo[6..]);
        var whole = echo.Length >= 24;
        token = whole ? BinaryPrimitives.ReadInt64BigEndian(echo[16..]) : 0;
        return (identifier is null || BinaryPrimitives.ReadUInt16BigEndian(echo[4..]) == identifier)
            && (whole ? BinaryPrimitives.ReadInt64BigEndian(echo[8..]) == secret : !needSecret);
    }
}
