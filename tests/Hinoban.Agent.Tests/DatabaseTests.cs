using System.Net;
using System.Net.Sockets;
using Hinoban.Agent.Databases;
using Hinoban.Agent.Setup;
using Hinoban.Checks;
using Hinoban.Lab.Servers;

namespace Hinoban.Agent.Tests;

/// <summary>Connection, login and query against a real PostgreSQL and a real MariaDB, and what is said when each step fails.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-db-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task PostgreSQL_is_asked_with_every_way_of_login()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync(Path.Combine(folder, "pg"), durable: false);
        await server.ExecuteAsync("postgres", "set password_encryption='scram-sha-256'; create role scram login password 'pass,word='");
        await server.ExecuteAsync("postgres", "set password_encryption='md5'; create role old login password 'secret'");
        await server.ExecuteAsync("postgres", "create role clear login password 'x'");
        await File.WriteAllTextAsync(Path.Combine(folder, "pg", "data", "pg_hba.conf"), "host all scram 127.0.0.1/32 scram-sha-256\nhost all old 127.0.0.1/32 md5\nhost all clear 127.0.0.1/32 password\nhost all postgres 127.0.0.1/32 trust\n");
        await server.ExecuteAsync("postgres", "select pg_reload_conf()");

        async Task<Answer> Ask(string user, string password, string query = "select 40 + 2", string database = "postgres", string crit = "30", int timeout = 20) =>
            await TakeAsync(new DatabasePlan(DatabaseKind.Postgres, "127.0.0.1", server.Port, database, user, Password(password), query, Reading.Limits(null, crit), TimeSpan.FromSeconds(timeout)));

        foreach (var (user, password) in new[] { ("scram", "pass,word="), ("old", "secret"), ("postgres", "") })
        {
            var answer = await Ask(user, password);
            Assert.Equal((CheckStatus.Ok, "the query gave: 42"), (answer.Status, answer.Long));
            Assert.Matches(@"^POSTGRES OK - \d+\.\d{3} second connection, login and query on 127\.0\.0\.1 port \d+$", answer.Output);
        }

        await SaysAsync(Ask("scram", "wrong"), "login failed: password authentication failed for user \"scram\" (28P01)");
        await SaysAsync(Ask("old", "wrong"), "login failed: password authentication failed");
        await SaysAsync(Ask("clear", "x"), "login failed: it wants the password in clear without TLS");
        await SaysAsync(Ask("nobody", "x"), "login failed: no pg_hba.conf entry");
        await SaysAsync(Ask("postgres", "", database: "nix"), "login failed: database \"nix\" does not exist");
        await SaysAsync(Ask("postgres", "", "select nix"), "query failed: column \"nix\" does not exist (42703)");
        await SaysAsync(Ask("postgres", "", "select pg_sleep(30)", timeout: 3), "query failed: no answer within 3 seconds");
        Assert.Equal(CheckStatus.Critical, (await Ask("postgres", "", "select pg_sleep(0.3)", crit: "0.2")).Status);
        Assert.Equal("the query gave:", (await Ask("postgres", "", "select null")).Long.TrimEnd());
        Assert.Equal("the query gave: 1", (await Ask("postgres", "", "select g from generate_series(1, 2000) g")).Long);
        await server.DisposeAsync();
        await SaysAsync(Ask("postgres", ""), "connection failed: connection refused");
    }

    [Fact]
    public async Task MariaDB_is_asked()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var server = await MariaDbServer.StartAsync(
            Path.Combine(folder, "maria"),
            "create database app; create table app.t(i int primary key); insert into app.t values (7),(8); create user mon@'127.0.0.1' identified by 'secret'; grant select on app.* to mon@'127.0.0.1'; create user empty@'127.0.0.1'; create user ed@'127.0.0.1' identified via unix_socket;\n".Replace("; ", ";\n", StringComparison.Ordinal));

        async Task<Answer> Ask(string user, string password, string query = "select max(i) from t", string database = "app", int timeout = 20) =>
            await TakeAsync(new DatabasePlan(DatabaseKind.MySql, "127.0.0.1", server.Port, database, user, Password(password), query, default, TimeSpan.FromSeconds(timeout)));

        var answer = await Ask("mon", "secret");
        Assert.Equal((CheckStatus.Ok, "the query gave: 8"), (answer.Status, answer.Long));
        Assert.Equal("the query gave: 1", (await Ask("empty", "", "select 1", "")).Long);
        Assert.Equal(200, (await Ask("mon", "secret", "select repeat('x', 70000)")).Long["the query gave: ".Length..].TrimEnd('…').Length);
        await SaysAsync(Ask("mon", "wrong"), "login failed: Access denied for user 'mon'@'127.0.0.1' (using password: YES) (1045)");
        await SaysAsync(Ask("mon", "secret", database: "nix"), "login failed: Access denied for user 'mon'@'127.0.0.1' to database 'nix' (1044)");
        await SaysAsync(Ask("mon", "secret", "selekt"), "query failed: You have an error in your SQL syntax");
        await SaysAsync(Ask("mon", "secret", "select sleep(30)", timeout: 3), "query failed: no answer within 3 seconds");
        await SaysAsync(Ask("ed", "x"), "login failed:");
        await server.DisposeAsync();
        await SaysAsync(Ask("mon", "secret"), "connection failed: connection refused");
    }

    [Fact]
    public async Task Another_program_behind_the_port_is_named_as_such()
    {
        foreach (var (kind, said) in new[] { (DatabaseKind.Postgres, "it does not speak PostgreSQL's protocol"), (DatabaseKind.MySql, "no part of its protocol") })
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var other = SayAsync(listener, "220 mail.example ESMTP\r\n220 and more of it\r\n"u8.ToArray());
            var plan = new DatabasePlan(kind, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "x", "x", null, "select 1", default, TimeSpan.FromSeconds(10));
            await SaysAsync(TakeAsync(plan), said);
            (await other).Dispose();
        }
    }

    [Fact]
    public async Task Random_servers_never_get_more_than_a_refusal()
    {
        var random = new Random(11);
        for (var run = 0; run < 300; run++)
        {
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            bytes[0] = run % 3 == 0 ? (byte)'N' : bytes[0];
            if (run % 3 == 1 && bytes.Length > 4)
            {
                (bytes[0], bytes[1], bytes[2], bytes[3]) = ((byte)(bytes.Length - 4), 0, 0, 0);
                bytes[4] = 10;
            }

            await using IDatabaseSession session = run % 2 == 0 ? new PostgresSession(new Scripted(bytes)) : new MySqlSession(new Scripted(bytes));
            var failure = await Record.ExceptionAsync(async () =>
            {
                await session.LoginAsync(new DatabaseLogin("u", "p", "d", "h"), default);
                await session.AskAsync("select 1", default);
            });
            Assert.True(failure is DatabaseRefusal or EndOfStreamException or IOException or System.Security.Authentication.AuthenticationException, $"{run}: {failure}");
        }
    }

    [Fact]
    public void The_proofs_are_those_of_the_published_examples()
    {
        // RFC 7677, section 3, with PostgreSQL's empty user in place of the example's: so only the server's part of the conversation is taken.
        var scram = new Scram("pencil", "rOprNGfwEbeRWgbNEkqO");
        var answer = scram.Answer("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        Assert.StartsWith("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=", answer, StringComparison.Ordinal);
        Assert.Throws<DatabaseRefusal>(() => scram.Verify("v=AAAA"));
        Assert.Throws<DatabaseRefusal>(() => new Scram("x", "abc").Answer("r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1"));
        Assert.Throws<DatabaseRefusal>(() => new Scram("x", "abc").Answer("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        Assert.Throws<DatabaseRefusal>(() => new Scram("x", "abc").Answer("r=abcd,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001"));
    }

    [Theory]
    [InlineData("mysql_native_password")]
    [InlineData("caching_sha2_password")]
    public void A_MySQL_server_that_keeps_only_hashes_accepts_the_proof(string plugin)
    {
        // As the server checks it: what it keeps is the password hashed twice; the proof, mixed with the hash over the random bytes, must hash to that.
        Func<byte[], byte[]> hash = plugin == "mysql_native_password" ? System.Security.Cryptography.SHA1.HashData : System.Security.Cryptography.SHA256.HashData;
        var nonce = Enumerable.Range(1, 20).Select(n => (byte)n).ToArray();
        var kept = hash(hash("pässword"u8.ToArray()));
        Assert.True(Accepts(MySqlProof.Of(plugin, "pässword", nonce)));
        Assert.False(Accepts(MySqlProof.Of(plugin, "password", nonce)));
        Assert.Empty(MySqlProof.Of(plugin, "", nonce));

        bool Accepts(byte[] proof)
        {
            var mask = hash(plugin == "mysql_native_password" ? [.. nonce, .. kept] : [.. kept, .. nonce]);
            return hash([.. proof.Zip(mask, (a, b) => (byte)(a ^ b))]).SequenceEqual(kept);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caching_sha2_is_spoken_as_far_as_it_goes_without_TLS(bool cached)
    {
        // The conversation of a MySQL 8 server without TLS, played: greeting, "cached" and OK or "send the password", a one-column answer.
        byte[] greeting = [10, .. "8.4.0\0"u8, 1, 0, 0, 0, .. "01234567"u8, 0, 0xFF, 0xF7, 45, 2, 0, 0xFF, 0xDF, 21, .. new byte[10], .. "890123456789\0"u8, .. "caching_sha2_password\0"u8];
        byte[] talk =
        [
            .. Packet(0, greeting), .. Packet(2, [1, cached ? (byte)3 : (byte)4]), .. Packet(3, [0, 0, 0, 2, 0, 0, 0]),
            .. Packet(1, [1]), .. Packet(2, "column"u8.ToArray()), .. Packet(3, [0xFE, 0, 0, 2, 0]), .. Packet(4, [2, .. "42"u8]), .. Packet(5, [0xFE, 0, 0, 2, 0]),
        ];
        await using var session = new MySqlSession(new Scripted(talk));
        var login = session.LoginAsync(new DatabaseLogin("u", "p", "", "h"), default);
        if (cached)
        {
            await login;
            Assert.Equal("42", await session.AskAsync("select 42", default));
        }
        else
        {
            Assert.Contains("not sent in clear", (await Assert.ThrowsAsync<DatabaseRefusal>(() => login)).Message, StringComparison.Ordinal);
        }

        static byte[] Packet(byte number, byte[] body) => [(byte)body.Length, 0, 0, number, .. body];
    }

    private string? Password(string password)
    {
        if (password.Length == 0)
        {
            return null;
        }

        var file = Path.Combine(folder, "password");
        File.WriteAllText(file, $"{password}\n");
        return file;
    }

    private static Task<Answer> TakeAsync(DatabasePlan plan) => DatabaseMeasure.TakeAsync(plan, TimeProvider.System, CancellationToken.None);

    private static async Task SaysAsync(Task<Answer> asked, string what)
    {
        var answer = await asked;
        Assert.Equal(CheckStatus.Critical, answer.Status);
        Assert.Contains(what, answer.Output, StringComparison.Ordinal);
    }

    private static async Task<TcpClient> SayAsync(TcpListener listener, byte[] bytes)
    {
        var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(bytes);
        return client;
    }

    /// <summary>Gives bytes, then ends; takes whatever is written.</summary>
    private sealed class Scripted(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count)
        {
            // Nobody reads it.
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
