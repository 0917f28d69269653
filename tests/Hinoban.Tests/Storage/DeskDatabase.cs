using System.Globalization;
using Dapper;
using Hinoban.Lab.Servers;
using Hinoban.Storage;
using Npgsql;

namespace Hinoban.Tests.Storage;

/// <summary>Which database a test class runs on. Each store's tests are one class with two heirs, so that both databases keep the same promises.</summary>
internal enum Engine
{
    /// <summary>SQLite.</summary>
    File,

    /// <summary>A real PostgreSQL.</summary>
    Server,
}

/// <summary>An empty desk's database that can be closed and opened again, and is gone at the end.</summary>
internal sealed class DeskDatabase : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-database-").FullName;
    private readonly string? server;

    internal DeskDatabase(Engine engine) => server = engine == Engine.Server ? Cluster.Shared.Create() : null;

    internal Engine Engine => server is null ? Engine.File : Engine.Server;

    internal PostgresPlace Place => PostgresPlace.Parse(server!, out _)!;

    /// <summary>The connection string, of a server's.</summary>
    internal string Connection => server!;

    internal Db Open() => server is null ? Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk) : Db.OpenServer(Place);

    /// <summary>Another way in, below the surface.</summary>
    internal Dialect Dialect() => server is null ? SqliteDialect.OfFile(Path.Combine(folder, "desk.db")) : new PostgresDialect(Place);

    /// <summary>The file's write-ahead log.</summary>
    internal string LogFile => Path.Combine(folder, "desk.db-wal");

    /// <summary>Everything that was written about accounts, as it lies there.</summary>
    internal string Raw()
    {
        if (server is null)
        {
            return File.ReadAllText(LogFile, System.Text.Encoding.Latin1);
        }

        using var db = Open();
        return db.Read(tx => tx.Connection.ExecuteScalar<string>(
            """
            select string_agg(line, ' ') from (
                select t::text line from api_tokens t union all select a::text from audit a union all select c::text from accounts c) rows
            """,
            null,
            tx.Transaction))!;
    }

    public void Dispose()
    {
        if (server is not null)
        {
            Cluster.Shared.Drop(server);
        }

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One server for the whole run, and in it a database for each test, copied from one that has the schema.</summary>
internal sealed class Cluster
{
    private static readonly Lock Once = new();
    private static Cluster? shared;

    private readonly PostgresServer server;
    private int made;

    private Cluster()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-postgres-").FullName;
        server = PostgresServer.StartAsync(Path.Combine(folder, "server"), durable: false).GetAwaiter().GetResult();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.Stop();
            Directory.Delete(folder, recursive: true);
        };
        Execute("create database desk_schema");
        Db.OpenServer(PostgresPlace.Parse(server.Connection("desk_schema"), out _)!).Dispose();
    }

    /// <summary>Skips the test, loudly, where there is no PostgreSQL.</summary>
    internal static Cluster Shared
    {
        get
        {
            if (PostgresServer.Missing is { } why)
            {
                Assert.Skip(why);
            }

            lock (Once)
            {
                return shared ??= new Cluster();
            }
        }
    }

    /// <summary>A new database with the schema and nothing else; its connection string.</summary>
    internal string Create(bool empty = false)
    {
        lock (Once)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"desk_{++made}");
            Execute($"create database {name}{(empty ? "" : " template desk_schema")}");
            return server.Connection(name);
        }
    }

    /// <summary>Whoever is still connected to it is cut off.</summary>
    internal void Drop(string connection) => Execute($"drop database {new NpgsqlConnectionStringBuilder(connection).Database} with (force)");

    private void Execute(string sql) => server.ExecuteAsync("postgres", sql).GetAwaiter().GetResult();
}
