using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>
/// The database. One writer at a time (a transaction holds the write gate from begin to commit), any number of readers.
/// SQLite in WAL mode with full sync: a commit that returned survives the machine's power-off.
/// </summary>
internal sealed class Db : IDisposable
{
    private readonly string connectionString;
    private readonly Reserve? reserve;
    private readonly SqliteConnection writer;
    private readonly OneConnection? only;
    private string? trouble;

    private Db(string connectionString, Reserve? reserve)
    {
        (this.connectionString, this.reserve) = (connectionString, reserve);
        writer = Open();
    }

    private Db(OneConnection only) => (connectionString, writer, this.only) = (only.Connection.ConnectionString, only.Connection, only);

    /// <summary>
    /// Opens or creates the file and brings its schema to this program's version; refuses a newer one. With a <paramref name="reserve"/>
    /// a write that finds the disk full gives that up and is tried once more.
    /// </summary>
    internal static Db OpenFile(string path, SchemaKind kind, Reserve? reserve = null) =>
        Open(new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }, kind, reserve);

    /// <summary>A database that lives in memory, and as long as this object.</summary>
    internal static Db InMemory(string name, SchemaKind kind) => Open(
        new SqliteConnectionStringBuilder { DataSource = name, Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared, Pooling = false, DefaultTimeout = 30 }, kind, null);

    /// <summary>A database over a connection that is the caller's own and outlives this object: for one thread, which reads by it too.</summary>
    internal static Db Over(SqliteConnection open, SchemaKind kind)
    {
        SqlTypes.Register();
        var only = new OneConnection(open);
        Migrations.Apply(open, kind);
        return new Db(only);
    }

    private static Db Open(SqliteConnectionStringBuilder where, SchemaKind kind, Reserve? reserve)
    {
        SqlTypes.Register();
        return WithReserve(reserve, () =>
        {
            var db = new Db(where.ToString(), reserve);
            try
            {
                Migrations.Apply(db.writer, kind);
                return db;
            }
            catch
            {
                db.Dispose();
                throw;
            }
        });
    }

    /// <summary>
    /// Held from the begin of a transaction to the end of what it asked to be done after its commit. Whoever keeps in memory what the
    /// database holds guards it by this same lock, so that both change together and no second lock can stand in the wrong order.
    /// </summary>
    internal Lock Gate { get; } = new();

    /// <summary>Why the last change was not taken; null since one was.</summary>
    internal string? Trouble => Volatile.Read(ref trouble);

    /// <summary>
    /// A transaction: everything or nothing. Do no I/O but the database's inside, and leave nothing behind that a second run would
    /// find: where the disk was full it is run again.
    /// </summary>
    internal T Write<T>(Func<Tx, T> work)
    {
        lock (Gate)
        {
            var (result, committed) = WithReserve(reserve, () => Commit(work));
            committed.ForEach(then => then());
            return result;
        }
    }

    /// <summary>After a change that was not taken: tries one that changes nothing, so that <see cref="Trouble"/> ends with its cause.</summary>
    internal void TryAgain()
    {
        try
        {
            Write(tx => tx.Connection.Execute("update schema_versions set name = name", null, tx.Transaction));
        }
        catch (SqliteException wrong) when (StorageTrouble.Is(wrong))
        {
            // Trouble says why.
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
        if (only is not null)
        {
            return only.Read(work);
        }

        using var reader = Open();
        using var transaction = reader.BeginTransaction(deferred: true);
        return work(new Tx(reader, transaction, []));
    }

    /// <summary>Reads the whole file for damage; throws what SQLite says of a damaged one.</summary>
    internal void Check()
    {
        using var command = writer.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        if (command.ExecuteScalar() is not "ok" and var wrong)
        {
            throw new InvalidDataException($"The database is damaged: {wrong}");
        }
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
        if (only is not null)
        {
            only.Leave();
            return;
        }

        writer.Dispose();
        SqliteConnection.ClearPool(writer);
    }

    private (T Result, List<Action> Committed) Commit<T>(Func<Tx, T> work)
    {
        try
        {
            var before = Trouble is null ? 0 : Changes();
            var (result, committed) = only?.Write(work) ?? Committed(work);

            // One that changed nothing needs no disk, and says nothing about it.
            if (Trouble is not null && Changes() != before)
            {
                Volatile.Write(ref trouble, null);
            }

            return (result, committed);
        }
        catch (SqliteException wrong) when (StorageTrouble.Is(wrong))
        {
            Volatile.Write(ref trouble, $"{wrong.SqliteErrorCode} {wrong.Message}");
            throw;
        }
    }

    private (T Result, List<Action> Committed) Committed<T>(Func<Tx, T> work)
    {
        using var transaction = writer.BeginTransaction(IsolationLevel.Serializable, deferred: false);
        var tx = new Tx(writer, transaction, []);
        var result = work(tx);
        transaction.Commit();
        return (result, tx.Committed);
    }

    private long Changes() => writer.ExecuteScalar<long>("select total_changes()");

    private static T WithReserve<T>(Reserve? reserve, Func<T> work)
    {
        var seen = reserve?.Releases ?? 0;
        try
        {
            return work();
        }
        catch (SqliteException wrong) when (reserve is not null && StorageTrouble.IsFull(wrong, reserve) && reserve.Release(seen))
        {
            return work();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var pragma = connection.CreateCommand();
            pragma.CommandText = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 30000;";
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            // Otherwise the pool keeps it open, over a file that may be set aside meanwhile.
            SqliteConnection.ClearPool(connection);
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>
/// An open transaction, to be handed to stores: <c>tx.Connection.Execute(sql, args, tx.Transaction)</c>. <see cref="Committed"/> is run right
/// after its commit, still under the gate, and not at all if it is rolled back.
/// </summary>
internal readonly record struct Tx(IDbConnection Connection, IDbTransaction Transaction, List<Action> Committed);

/// <summary>Which schema a file holds.</summary>
internal enum SchemaKind
{
    /// <summary>The desk's system of record.</summary>
    Desk,

    /// <summary>A site's spool.</summary>
    Site,
}
