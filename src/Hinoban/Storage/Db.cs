using System.Data;
using System.Data.Common;
using Dapper;

namespace Hinoban.Storage;

/// <summary>
/// The database. One writer at a time (a transaction holds the write gate from begin to commit), any number of readers. A commit that
/// returned survives the machine's power-off, and with a synchronous standby the machine's loss.
/// </summary>
internal sealed class Db : IDisposable
{
    private readonly Dialect dialect;
    private readonly Reserve? reserve;
    private readonly DutyLease? lease;
    private readonly CancellationTokenSource ended = new();
    private volatile bool over;
    private volatile bool untidied;
    private ITimer? telling;
    private string? trouble;

    private Db(Dialect dialect, Reserve? reserve, DutyLease? lease)
    {
        (this.dialect, this.reserve, this.lease) = (dialect, reserve, lease);
        Turns = new GateTurns(Gate);
    }

    /// <summary>
    /// Opens or creates the file and brings its schema to this program's version; refuses a newer one. With a <paramref name="reserve"/>
    /// a write that finds the disk full gives that up and is tried once more. <paramref name="tidied"/>: somebody calls <see cref="Tidy"/> again and again.
    /// </summary>
    internal static Db OpenFile(string path, SchemaKind kind, Reserve? reserve = null, bool tidied = false) => Open(() => SqliteDialect.OfFile(path, tidied), kind, reserve, null);

    /// <summary>A database that lives in memory, and as long as this object.</summary>
    internal static Db InMemory(string name, SchemaKind kind) => Open(() => SqliteDialect.InMemory(name), kind, null, null);

    /// <summary>
    /// A desk's database on a server. With a lease, which stays the caller's: the desk itself, whose every change is one of this lease's epoch. Without: the command line beside
    /// it, which may begin an empty database but leaves changes of the schema to the desk.
    /// </summary>
    internal static Db OpenServer(PostgresPlace place, DutyLease? lease = null) => Open(() => new PostgresDialect(place), SchemaKind.Desk, null, lease);

    /// <summary>Over a dialect that the caller made; it is this object's from now on.</summary>
    internal static Db Open(Func<Dialect> open, SchemaKind kind, Reserve? reserve, DutyLease? lease)
    {
        SqlTypes.Register();
        return WithReserve(reserve, () =>
        {
            var db = new Db(open(), reserve, lease);
            try
            {
                db.Write(tx => Migrations.Apply(tx, db.dialect, kind, mayChange: lease is not null || db.dialect.OwnsSchema));
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

    /// <summary>Who passes the gate first.</summary>
    internal GateTurns Turns { get; }

    /// <summary>Why the last change was not taken; null since one was.</summary>
    internal string? Trouble => Volatile.Read(ref trouble);

    /// <summary>
    /// Cancelled when what is in memory may no longer be what the database holds: another node has the desk, or nobody knows whether a commit was kept.
    /// No change passes any more; whoever wants to go on opens anew and reads all of it again.
    /// </summary>
    internal CancellationToken Ended => ended.Token;

    /// <summary>False from the moment when another node could have the desk, by this machine's own clock.</summary>
    internal bool OnDuty => !over && lease is not { Holds: false };

    /// <summary>
    /// A transaction: everything or nothing. Do no I/O but the database's inside, and leave nothing behind that a second run would
    /// find: where the disk was full, or the server's connection had gone, it is run again.
    /// </summary>
    internal T Write<T>(Func<Tx, T> work) => Turns.First(() =>
    {
        var (result, committed) = WithReserve(reserve, () => Commit(work));
        untidied = true;
        committed.ForEach(then => then());
        return result;
    });

    /// <summary>Whether somebody is to call <see cref="Tidy"/> again and again.</summary>
    internal bool WantsTidying => dialect.WantsTidying;

    /// <summary>Keeps an eye on the database's file; null where it has none.</summary>
    internal FileGuard? Guard => dialect.Guard;

    /// <summary>Brings what was committed since the last time from the journal into the file, beside the writer.</summary>
    internal void Tidy()
    {
        if (!untidied)
        {
            return;
        }

        untidied = false;
        try
        {
            dialect.Tidy();
        }
        catch
        {
            // Everything is in the journal, and safe there: the next time brings it over.
            untidied = true;
            throw;
        }
    }

    /// <summary>After a change that was not taken: tries one that changes nothing, so that <see cref="Trouble"/> ends with its cause.</summary>
    internal void TryAgain()
    {
        try
        {
            Write(tx => tx.Connection.Execute("update schema_versions set name = name", null, tx.Transaction));
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong))
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
        try
        {
            return dialect.Read(work);
        }
        catch (DbException stale) when (dialect.IsStale(stale))
        {
            return dialect.Read(work);
        }
    }

    /// <summary>Reads the whole file for damage; throws what SQLite says of a damaged one.</summary>
    internal void Check()
    {
        if (dialect.Damage() is { } wrong)
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
        catch (DbException wrong)
        {
            return StorageTrouble.Words(wrong);
        }
    }

    public void Dispose()
    {
        dialect.Dispose();
        telling?.Dispose();
        ended.Dispose();
    }

    private (T Result, List<Action> Committed) Commit<T>(Func<Tx, T> work)
    {
        try
        {
            try
            {
                return CommitOnce(work);
            }
            catch (DbException wrong) when (dialect.IsWorthAnother(wrong))
            {
                return CommitOnce(work);
            }
        }
        catch (Exception wrong) when (StorageTrouble.Is(wrong))
        {
            Volatile.Write(ref trouble, StorageTrouble.Words(wrong));
            if (wrong is CommitUnknownException or OffDutyException && lease is not null)
            {
                // Whoever waits for it is told by the clock, not here: he may need the gate.
                over = true;
                telling ??= lease.Tell(ended);
            }

            throw;
        }
    }

    private (T Result, List<Action> Committed) CommitOnce<T>(Func<Tx, T> work)
    {
        if (over)
        {
            throw new OffDutyException("This node has given the desk up.");
        }

        using var transaction = dialect.Write();
        var tx = new Tx(transaction.Connection!, dialect.Handed(transaction)!, []) { Epoch = lease?.Epoch ?? 0 };
        lease?.Verify(tx);

        // One that changed nothing needs no disk, and says nothing about it.
        var before = Trouble is null ? 0 : dialect.Changes(transaction);
        var result = work(tx);
        var changed = Trouble is not null && dialect.Changes(transaction) != before;
        Keep(transaction);
        if (changed)
        {
            Volatile.Write(ref trouble, null);
        }

        return (result, tx.Committed);
    }

    private void Keep(DbTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (Exception wrong) when (dialect.LeavesOpen(wrong))
        {
            throw new CommitUnknownException(wrong);
        }

        if (dialect.Doubted)
        {
            throw new CommitUnknownException(null);
        }
    }

    private static T WithReserve<T>(Reserve? reserve, Func<T> work)
    {
        var seen = reserve?.Releases ?? 0;
        try
        {
            return work();
        }
        catch (DbException wrong) when (reserve is not null && StorageTrouble.IsFull(wrong, reserve) && reserve.Release(seen))
        {
            return work();
        }
    }
}

/// <summary>
/// An open transaction, to be handed to stores: <c>tx.Connection.Execute(sql, args, tx.Transaction)</c>. <see cref="Committed"/> is run right
/// after its commit, still under the gate, and not at all if it is rolled back.
/// </summary>
internal readonly record struct Tx(IDbConnection Connection, IDbTransaction Transaction, List<Action> Committed)
{
    /// <summary>The epoch of the lease under which this change is made; 0 where the desk has one node only.</summary>
    internal long Epoch { get; init; }
}

/// <summary>Which schema a file holds.</summary>
internal enum SchemaKind
{
    /// <summary>The desk's system of record.</summary>
    Desk,

    /// <summary>A site's spool.</summary>
    Site,
}
