using System.Data;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>
/// The database. One writer at a time (a transaction holds the write gate from begin to commit), any number of readers.
/// SQLite in WAL mode with full sync: a commit that returned survives the machine's power-off.
/// </summary>
internal sealed class Db : IDisposable
{
    private readonly string connectionString;
    private readonly Lock gate = new();
    private readonly SqliteConnection writer;

    private Db(string connectionString)
    {
        this.connectionString = connectionString;
        writer = Open();
    }

    /// <summary>Opens or creates the file and brings its schema to this program's version; refuses a newer one.</summary>
    internal static Db OpenFile(string path, SchemaKind kind)
    {
        SqlTypes.Register();
        var db = new Db(new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ToString());
        Migrations.Apply(db.writer, kind);
        return db;
    }

    /// <summary>A transaction: everything or nothing. Do no I/O but the database's inside.</summary>
    internal T Write<T>(Func<Tx, T> work)
    {
        lock (gate)
        {
            using var transaction = writer.BeginTransaction(IsolationLevel.Serializable, deferred: false);
            var result = work(new Tx(writer, transaction));
            transaction.Commit();
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
        return work(new Tx(reader, transaction));
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
        pragma.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 30000;";
        pragma.ExecuteNonQuery();
        return connection;
    }
}

/// <summary>An open transaction, to be handed to stores: <c>tx.Connection.Execute(sql, args, tx.Transaction)</c>.</summary>
internal readonly record struct Tx(IDbConnection Connection, IDbTransaction Transaction);

/// <summary>Which schema a file holds.</summary>
internal enum SchemaKind
{
    /// <summary>The desk's system of record.</summary>
    Desk,

    /// <summary>A site's spool.</summary>
    Site,
}
