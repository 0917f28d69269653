using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>MySQL's and MariaDB's protocol (version 10) as far as a login and one text query need it; over TLS if the server offers it.</summary>
internal sealed class MySqlSession(Stream stream) : IDatabaseSession
{
    private const int LongPassword = 0x1;
    private const int WithDatabase = 0x8;
    private const int Protocol41 = 0x200;
    private const int Tls = 0x800;
    private const int Transactions = 0x2000;
    private const int SecureConnection = 0x8000;
    private const int PluginAuth = 0x80000;
    private const byte Utf8 = 45;
    private const byte Ok = 0x00;
    private const byte More = 0x01;
    private const byte Infile = 0xFB;
    private const byte End = 0xFE;
    private const byte Error = 0xFF;
    private const int LongestEnd = 9;

    private readonly Wire wire = new(stream);
    private byte sequence;

    public async Task LoginAsync(DatabaseLogin login, CancellationToken cancel)
    {
        var greeting = MySqlGreeting.Read(await ReadAsync(cancel));
        var flags = LongPassword | Protocol41 | Transactions | SecureConnection | PluginAuth | (login.Database.Length > 0 ? WithDatabase : 0);
        if ((greeting.Capabilities & Tls) != 0)
        {
            flags |= Tls;
            await SendAsync(Head(flags), cancel);
            await wire.SecureAsync(login.Host, cancel);
        }

        var (plugin, nonce) = (MySqlProof.Knows(greeting.Plugin) ? greeting.Plugin : MySqlProof.Native, greeting.Nonce);
        var proof = MySqlProof.Of(plugin, login.Password, nonce);
        var answer = Head(flags).Ended(login.User).Byte((byte)proof.Length).Bytes(proof);
        await SendAsync((login.Database.Length > 0 ? answer.Ended(login.Database) : answer).Ended(plugin), cancel);
        await AuthenticateAsync(login, plugin, cancel);
    }

    public async Task<string> AskAsync(string query, CancellationToken cancel)
    {
        sequence = 0;
        await SendAsync(new Message().Byte(3).Text(query), cancel);
        var first = await ReadAsync(cancel);
        if (first.Length == 0 || first[0] == Infile)
        {
            throw new DatabaseRefusal("it answers the query by asking for a file of ours, which it does not get");
        }

        if (first[0] == Ok)
        {
            return "";
        }

        while (!IsEnd(await ReadAsync(cancel)))
        {
            // The columns' definitions.
        }

        string? value = null;
        for (var row = await ReadAsync(cancel); !IsEnd(row); row = await ReadAsync(cancel))
        {
            value ??= FirstColumn(row);
        }

        return value ?? "";
    }

    public Task LeaveAsync(CancellationToken cancel)
    {
        sequence = 0;
        return SendAsync(new Message().Byte(1), cancel);
    }

    public ValueTask DisposeAsync() => wire.DisposeAsync();

    private async Task AuthenticateAsync(DatabaseLogin login, string plugin, CancellationToken cancel)
    {
        while (true)
        {
            var said = await ReadAsync(cancel);
            switch (said)
            {
                case [Ok, ..]:
                    return;
                case [End, .. var rest] when rest.IndexOf((byte)0) is > 0 and var end:
                    plugin = Encoding.ASCII.GetString(rest, 0, end);
                    await SendAsync(new Message().Bytes(MySqlProof.Of(plugin, login.Password, rest.AsSpan(end + 1).TrimEnd((byte)0))), cancel);
                    break;
                case [More, 3]:
                    break; // the server remembered the password: an OK follows
                case [More, 4] when wire.Secure:
                    await SendAsync(new Message().Ended(login.Password), cancel);
                    break;
                case [More, 4]:
                    throw new DatabaseRefusal("it wants the password itself (caching_sha2_password, not cached) and offers no TLS; it is not sent in clear");
                default:
                    throw new DatabaseRefusal("it answers the login by something that is no part of it");
            }
        }
    }

    private static Message Head(int flags) => new Message().Little(flags, 4).Little(Wire.Longest, 4).Byte(Utf8).Bytes(new byte[23]);

    private static bool IsEnd(byte[] packet) => packet.Length < LongestEnd && packet is [End, ..];

    private static string FirstColumn(byte[] row)
    {
        // A length of one byte, or a mark and a length of two, three or eight; 0xFB is NULL.
        var (at, length) = row switch
        {
            [< Infile and var one, ..] => (1, one),
            [0xFC, var a, var b, ..] => (3, a | (b << 8)),
            [0xFD, var a, var b, var c, ..] => (4, a | (b << 8) | (c << 16)),
            _ => (0, 0),
        };
        return Encoding.UTF8.GetString(row, at, Math.Min(length, row.Length - at));
    }

    private async Task SendAsync(Message body, CancellationToken cancel) =>
        await wire.WriteAsync(new Message().Little(body.Length, 3).Byte(sequence++).Bytes(body.ToArray()).ToArray(), cancel);

    private async Task<byte[]> ReadAsync(CancellationToken cancel)
    {
        var head = await wire.ReadAsync(4, cancel);
        sequence = (byte)(head[3] + 1);
        var body = await wire.ReadAsync(head[0] | (head[1] << 8) | (head[2] << 16), cancel);
        return body is [Error, ..] ? throw new DatabaseRefusal(Complaint(body)) : body;
    }

    // Code, then with version 4.1 a # and five letters of state, then words.
    private static string Complaint(byte[] body)
    {
        var code = body.Length >= 3 ? BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(1)) : 0;
        var words = body.Length > 3 && body[3] == '#' ? body.AsSpan(Math.Min(9, body.Length)) : body.AsSpan(Math.Min(3, body.Length));
        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(words)} ({code})");
    }
}
