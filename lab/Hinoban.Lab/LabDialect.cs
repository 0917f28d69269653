using System.Data;
using System.Data.Common;
using Hinoban.Lab.Memory;
using Hinoban.Storage;

namespace Hinoban.Lab;

/// <summary>
/// SQLite over one connection that is the caller's own and outlives this object: it serves readers and the writer alike, on one thread. Once
/// disposed of it writes no more, and what was open then is rolled back; the connection, and what was committed, stay.
/// </summary>
internal sealed class LabDialect : Dialect
{
    private readonly MemoryConnection connection;
    private readonly MemoryTransaction transaction;
    private bool left;

    internal LabDialect(MemoryConnection connection)
    {
        this.connection = connection;
        transaction = new MemoryTransaction(connection, () => left);
    }

    internal override string Where => connection.DataSource;

    internal override string Now => "@now";

    internal override DbConnection Connect() => throw new NotSupportedException("This database is one connection.");

    internal override DbTransaction Read(DbConnection reader) => throw new NotSupportedException("This database is one connection.");

    internal override DbTransaction Write()
    {
        ObjectDisposedException.ThrowIf(left, this);
        transaction.Begin();
        return transaction;
    }

    // Its begin and commit are statements of ours, of which the driver knows nothing.
    internal override IDbTransaction? Handed(DbTransaction handed) => null;

    /// <summary>Inside a transaction, what that sees.</summary>
    internal override T Read<T>(Func<Tx, T> work)
    {
        ObjectDisposedException.ThrowIf(left, this);
        return work(new Tx(connection, null!, []));
    }

    internal override long Changes(DbTransaction of) => connection.TotalChanges;

    internal override string Schema(string sql) => sql;

    internal override IReadOnlyList<string> Tables(DbTransaction of) => throw new NotSupportedException("Nobody copies this database.");

    internal override bool IsWorthAnother(Exception wrong) => false;

    internal override bool LeavesOpen(Exception wrong) => false;

    internal override string? Damage() => null;

    public override void Dispose() => left = true;
}
