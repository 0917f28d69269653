using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>
/// The database. One writer at a time (a transaction holds the write gate from begin to commit), any number of readers.
/// SQLite in WAL mode with full sync: a commit that returned survives the machine's power-off, unless opened for less.
/// </summary>
internal sealed class Db : IDisposable
{
    private readonly string connectionString;
    private readonly SqliteConnection writer;

    private readonly Durability durability;

    private Db(string connectionString, Durability durability)
    {
        (this.connectionString, this.durability) = (connectionString, durability);
        writer = Open();
    }

    /// <summary>Opens or creates the file and brings its schema to this program's version; refuses a newer one.</summary>
    internal static Db OpenFile(string path, SchemaKind kind, Durability durability = Durability.PowerOff)
    {
        SqlTypes.Register();
        var db = new Db(new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString(), durability);
        Migrations.Apply(db.writer, kind);
        return db;
    }

    /// <summary>
    /// Held from the begin of a transaction to the end of what it asked to be done after its commit. Whoever keeps in memory what the
    /// database holds guards it by this same lock, so that both change together and no second lock can stand in the wrong order.
    /// </summary>
    internal Lock Gate { get; } = new();

    /// <summary>A transaction: everything or nothing. Do no I/O but the database's inside.</summary>
    internal T Write<T>(Func<Tx, T> work)
    {
        lock (Gate)
        {
            var tx = default(Tx);
            T result;
            using (var transaction = writer.BeginTransaction(IsolationLevel.Serializable, deferred: false))
            {
                tx = new Tx(writer, transaction, []);
                result = work(tx);
                transaction.Commit();
            }

            tx.Committed.ForEach(then => then());
            return result;
        }
    }

    internal void Write(Action<Tx> work) => Write(tx =>
    {
        work(tx);
        return 0;
    });

    /// <summary>Reads one consistent state of the database, beside the writer.</summary>
    internal T Read<T>(Func<Tx, T> work)
    {
        using var reader = Open();
        using var transaction = reader.BeginTransaction(deferred: true);
        return work(new Tx(reader, transaction, []));
    }

    /// <summary>Null if the database can be read; otherwise why not, for the log.</summary>
    internal string? Ping()
    {
        try
        {
            return Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from schema_versions", null, tx.Transaction)) > 0
                ? null
                : "it has no schema";
        }
        catch (SqliteException wrong)
        {
            return $"{wrong.SqliteErrorCode} {wrong.Message}";
        }
    }

    public void Dispose()
    {
        writer.Dispose();
        SqliteConnection.ClearPool(writer);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var pragma = connection.CreateCommand();
        pragma.CommandText =
            $"pragma journal_mode = wal; pragma synchronous = {(durability == Durability.PowerOff ? "full" : "off")}; pragma foreign_keys = on; pragma busy_timeout = 30000;";
        pragma.ExecuteNonQuery();
        return connection;
    }
}

/// <summary>
/// An open transaction, to be handed to stores: <c>tx.Connection.Execute(sql, args, tx.Transaction)</c>. <see cref="Committed"/> is run right
/// after its commit, still under the gate, and not at all if it is rolled back.
/// </summary>
internal readonly record struct Tx(IDbConnection Connection, IDbTransaction Transaction, List<Action> Committed);

/// <summary>What a commit survives.</summary>
internal enum Durability
{
    /// <summary>The machine's power-off: what a monitoring system needs.</summary>
    PowerOff,

    /// <summary>The death of the process only; for machines that are simulated.</summary>
    Kill,
}

/// <summary>Which schema a file holds.</summary>
internal enum SchemaKind
{
    /// <summary>The desk's system of record.</summary>
    Desk,

    /// <summary>A site's spool.</summary>
    Site,
}
