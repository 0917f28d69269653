using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hinoban.Agent.Databases;

/// <summary>PostgreSQL's protocol 3.0 as far as a login (SCRAM-SHA-256, MD5, none; a clear password only over TLS) and one simple query need it.</summary>
internal sealed class PostgresSession(Stream stream) : IDatabaseSession
{
    private const int SslRequest = 80877103;
    private const int Protocol = 196608;

    private readonly Wire wire = new(stream);

    public async Task LoginAsync(DatabaseLogin login, CancellationToken cancel)
    {
        await wire.WriteAsync(new Message().Big(8).Big(SslRequest).ToArray(), cancel);
        var offer = (await wire.ReadAsync(1, cancel))[0];
        if (offer == 'S')
        {
            await wire.SecureAsync(login.Host, cancel);
        }
        else if (offer != 'N')
        {
            throw new DatabaseRefusal("it does not speak PostgreSQL's protocol");
        }

        var start = new Message().Big(Protocol).Ended("user").Ended(login.User).Ended("database").Ended(login.Database)
            .Ended("application_name").Ended("hinoban-agent").Byte(0).ToArray();
        await wire.WriteAsync(new Message().Big(start.Length + 4).Bytes(start).ToArray(), cancel);
        await AuthenticateAsync(login, cancel);
        while ((await ReadAsync(cancel)).Kind != 'Z')
        {
            // Parameters and a key for cancelling, until it is ready.
        }
    }

    public async Task<string> AskAsync(string query, CancellationToken cancel)
    {
        await SendAsync('Q', new Message().Ended(query), cancel);
        string? value = null;
        while (true)
        {
            var (kind, body) = await ReadAsync(cancel);
            switch (kind)
            {
                case 'D':
                    value ??= FirstColumn(body);
                    break;
                case 'Z':
                    return value ?? "";
            }
        }
    }

    public Task LeaveAsync(CancellationToken cancel) => SendAsync('X', new Message(), cancel);

    public ValueTask DisposeAsync() => wire.DisposeAsync();

    private async Task AuthenticateAsync(DatabaseLogin login, CancellationToken cancel)
    {
        Scram? scram = null;
        while (true)
        {
            var (kind, body) = await ReadAsync(cancel);
            if (kind != 'R' || body.Length < 4)
            {
                throw new DatabaseRefusal($"it answers the login by '{kind}', which is no part of it");
            }

            var rest = body[4..];
            switch (BinaryPrimitives.ReadInt32BigEndian(body))
            {
                case 0:
                    return;
                case 3 when wire.Secure:
                    await SendAsync('p', new Message().Ended(login.Password), cancel);
                    break;
                case 3:
                    throw new DatabaseRefusal("it wants the password in clear without TLS, which is not sent; set scram-sha-256 in pg_hba.conf");
                case 5 when rest.Length == 4:
                    await SendAsync('p', new Message().Ended(Md5(login, rest)), cancel);
                    break;
                case 10 when Encoding.ASCII.GetString(rest).Split('\0').Contains(Scram.Mechanism):
                    scram = new Scram(login.Password, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));
                    await SendAsync('p', new Message().Ended(Scram.Mechanism).Big(scram.First.Length).Text(scram.First), cancel);
                    break;
                case 11 when scram is not null:
                    await SendAsync('p', new Message().Text(scram.Answer(Encoding.UTF8.GetString(rest))), cancel);
                    break;
                case 12 when scram is not null:
                    scram.Verify(Encoding.UTF8.GetString(rest));
                    break;
                case var other:
                    throw new DatabaseRefusal(string.Create(CultureInfo.InvariantCulture, $"it wants a way of login (number {other}) that is not known here; scram-sha-256 and md5 are"));
            }
        }
    }

    private static string Md5(DatabaseLogin login, byte[] salt)
    {
        var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(login.Password + login.User)));
        return $"md5{Convert.ToHexStringLower(MD5.HashData([.. Encoding.ASCII.GetBytes(inner), .. salt]))}";
    }

    private static string FirstColumn(byte[] row)
    {
        if (row.Length < 6 || BinaryPrimitives.ReadInt16BigEndian(row) < 1)
        {
            return "";
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(row.AsSpan(2));
        return length < 0 || length > row.Length - 6 ? "" : Encoding.UTF8.GetString(row, 6, length);
    }

    private Task SendAsync(char kind, Message body, CancellationToken cancel) =>
        wire.WriteAsync(new Message().Byte((byte)kind).Big(body.Length + 4).Bytes(body.ToArray()).ToArray(), cancel);

    private async Task<(char Kind, byte[] Body)> ReadAsync(CancellationToken cancel)
    {
        var head = await wire.ReadAsync(5, cancel);
        var body = await wire.ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4, cancel);
        return head[0] == 'E' ? throw new DatabaseRefusal(Complaint(body)) : ((char)head[0], body);
    }

    // Fields with a letter each: M is the message, C its code.
    private static string Complaint(byte[] body)
    {
        var fields = Encoding.UTF8.GetString(body).Split('\0').Where(f => f.Length > 1).ToLookup(f => f[0], f => f[1..]);
        return $"{fields['M'].FirstOrDefault() ?? "an error without words"} ({fields['C'].FirstOrDefault() ?? "no code"})";
    }
}
