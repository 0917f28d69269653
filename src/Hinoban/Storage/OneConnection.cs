using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>
/// Transactions over one connection that serves readers and the writer alike, on one thread. Whoever leaves can write no more, and what was
/// open then is rolled back: the connection, and what was committed, stay.
/// </summary>
internal sealed class OneConnection
{
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollback;
    private Tx? open;
    private bool left;

    internal OneConnection(SqliteConnection connection)
    {
        Connection = connection;
        (begin, commit, rollback) = (Command("begin immediate"), Command("commit"), Command("rollback"));
        SqliteCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }
    }

    internal SqliteConnection Connection { get; }

    internal void Leave() => left = true;

    /// <summary>Inside a transaction, what that sees.</summary>
    internal T Read<T>(Func<Tx, T> work)
    {
        ObjectDisposedException.ThrowIf(left, this);
        return work(open ?? new Tx(Connection, null!, []));
    }

    internal (T Result, List<Action> Committed) Write<T>(Func<Tx, T> work)
    {
        ObjectDisposedException.ThrowIf(left, this);
        begin.ExecuteNonQuery();
        var tx = new Tx(Connection, null!, []);
        open = tx;
        try
        {
            var result = work(tx);
            ObjectDisposedException.ThrowIf(left, this);
            commit.ExecuteNonQuery();
            open = null;
            return (result, tx.Committed);
        }
        finally
        {
            if (open is not null)
            {
                open = null;
                TryRollback();
            }
        }
    }

    // SQLite itself has rolled back where it found the disk full.
    private void TryRollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            rollback.ExecuteNonQuery();
        }
    }
}
