using System.Buffers.Binary;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>What a MySQL server says first: what it can do, and the random bytes that a login is to prove the password with.</summary>
internal sealed record MySqlGreeting(int Capabilities, byte[] Nonce, string Plugin)
{
    private const byte Version = 10;
    private const int NonceLength = 20;

    internal static MySqlGreeting Read(ReadOnlySpan<byte> packet)
    {
        var name = packet.Length > 0 && packet[0] == Version ? packet[1..].IndexOf((byte)0) : -1;

        // After the version's text: thread 4, nonce 8, filler 1, flags 2, character set 1, status 2, flags 2, nonce's length 1, reserved 10, nonce 13, plugin.
        var rest = name < 0 ? default : packet[(name + 2)..];
        if (rest.Length < 44)
        {
            throw new DatabaseRefusal("it does not speak MySQL's protocol (version 10)");
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[13..]) | (BinaryPrimitives.ReadUInt16LittleEndian(rest[18..]) << 16);
        var second = Math.Max(13, rest[20] - 8);
        var plugin = rest.Length > 31 + second ? rest[(31 + second)..] : [];
        var end = plugin.IndexOf((byte)0);
        return new MySqlGreeting(flags, [.. rest.Slice(4, 8), .. rest.Slice(31, NonceLength - 8)], Encoding.ASCII.GetString(end < 0 ? plugin : plugin[..end]));
    }
}
