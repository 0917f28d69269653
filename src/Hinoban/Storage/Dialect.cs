using System.Data;
using System.Data.Common;

namespace Hinoban.Storage;

/// <summary>
/// What differs between the databases: how a connection is opened, how a transaction begins, what an error means. Everything else is one portable SQL.
/// Not safe for several threads, but for <see cref="Read{T}"/>, <see cref="Tidy"/> and <see cref="Connect"/>: <see cref="Db.Gate"/> is in front of the rest.
/// </summary>
internal abstract class Dialect : IDisposable
{
    /// <summary>How a person would call the database, without its password.</summary>
    internal abstract string Where { get; }

    /// <summary>An expression for now in microseconds by the database's own clock, or by the parameter <c>@now</c> where the file has none.</summary>
    internal abstract string Now { get; }

    /// <summary>False where an older program may be running on the same database: only a desk brings its schema up to date.</summary>
    internal virtual bool OwnsSchema => true;

    /// <summary>What to say first in a transaction that may be lost with the server, so that it waits for nobody; null where nothing needs saying.</summary>
    internal virtual string? Careless => null;

    /// <summary>Opens another connection, to be disposed by the caller.</summary>
    internal abstract DbConnection Connect();

    /// <summary>A transaction of the one writer, which is opened (anew) if it must be. Nobody else writes until it ends.</summary>
    internal abstract DbTransaction Write();

    /// <summary>What stores are handed of it: commands name the transaction where the driver wants that.</summary>
    internal virtual IDbTransaction? Handed(DbTransaction transaction) => transaction;

    /// <summary>A transaction of its own connection that sees one state of the database.</summary>
    internal abstract DbTransaction Read(DbConnection reader);

    /// <summary>Reads one state of the database.</summary>
    internal virtual T Read<T>(Func<Tx, T> work)
    {
        using var reader = Connect();
        using var transaction = Read(reader);
        return work(new Tx(reader, transaction, []));
    }

    /// <summary>Anything that changes when a transaction has changed something; asked inside of one.</summary>
    internal abstract long Changes(DbTransaction transaction);

    /// <summary>The schema's text as this database understands it. Migrations are written once, in the words of the embedded one.</summary>
    internal abstract string Schema(string sql);

    /// <summary>The tables there are, the database's own not counted.</summary>
    internal abstract IReadOnlyList<string> Tables(DbTransaction transaction);

    /// <summary>Rows came with their numbers: the next one of the database's own giving is beyond them.</summary>
    internal virtual void Numbered(DbTransaction transaction, string table)
    {
    }

    /// <summary>Whether the transaction, of which nothing was kept, is worth a second try at once.</summary>
    internal abstract bool IsWorthAnother(Exception wrong);

    /// <summary>Whether a reader met a connection that had broken while nobody used it; others like it are then gone too.</summary>
    internal virtual bool IsStale(DbException wrong) => false;

    /// <summary>Whether an error of a commit leaves open if it was kept.</summary>
    internal abstract bool LeavesOpen(Exception wrong);

    /// <summary>The commit was confirmed, and yet the server may lose it.</summary>
    internal virtual bool Doubted => false;

    /// <summary>The journal is to be emptied by somebody beside the writer.</summary>
    internal virtual bool WantsTidying => false;

    /// <summary>Keeps an eye on the database's file; null where it has none.</summary>
    internal virtual FileGuard? Guard => null;

    /// <summary>Brings what lies in the journal into the file, without the writer's connection.</summary>
    internal virtual void Tidy()
    {
    }

    /// <summary>Null if all is well; otherwise what is damaged.</summary>
    internal abstract string? Damage();

    public abstract void Dispose();
}
