using System.Data;
using System.Data.Common;

namespace Hinoban.Lab.Memory;

/// <summary>The transactions of one user of a connection, one after the other: begin, commit and rollback are statements of ours, of which the driver knows nothing.</summary>
internal sealed class MemoryTransaction : DbTransaction
{
    private readonly MemoryConnection connection;
    private readonly Func<bool> left;
    private readonly MemoryStatement begin;
    private readonly MemoryStatement commit;
    private readonly MemoryStatement rollback;

    /// <param name="connection">Where.</param>
    /// <param name="left">Its user has gone: nothing is committed any more.</param>
    internal MemoryTransaction(MemoryConnection connection, Func<bool> left)
    {
        (this.connection, this.left) = (connection, left);
        (begin, commit, rollback) = (Statement("begin immediate"), Statement("commit"), Statement("rollback"));
    }

    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    protected override DbConnection DbConnection => connection;

    internal void Begin() => begin.Run();

    public override void Commit()
    {
        ObjectDisposedException.ThrowIf(left(), this);
        commit.Run();
    }

    // SQLite itself has rolled back where it found the disk full.
    public override void Rollback()
    {
        if (connection.InTransaction)
        {
            rollback.Run();
        }
    }

    protected override void Dispose(bool disposing) => Rollback();

    private MemoryStatement Statement(string sql) => connection.Statement(sql)!;
}
