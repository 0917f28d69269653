using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>SQLite in WAL mode with full sync: a commit that returned survives the machine's power-off.</summary>
internal sealed class SqliteDialect : Dialect
{
    // Where somebody tidies in time it never comes to this; where nobody does, the journal ends here.
    private const int LongestJournal = 16_384;

    private readonly SqliteConnectionStringBuilder where;
    private readonly SqliteConnectionStringBuilder there;
    private readonly SqliteConnection writer;
    private readonly FileGuard? guard;

    internal SqliteDialect(SqliteConnectionStringBuilder where, bool tidied = false)
    {
        this.where = where;
        (WantsTidying, writer) = (tidied, Open(where));

        // Whoever opens the file beside the writer must find it: an empty one made in the place of a lost one would hide the loss.
        there = where.Mode == SqliteOpenMode.Memory ? where : new SqliteConnectionStringBuilder(where.ToString()) { Mode = SqliteOpenMode.ReadWrite };
        guard = where.Mode == SqliteOpenMode.Memory ? null : new FileGuard(where.DataSource, Open);
        if (tidied)
        {
            writer.Execute($"pragma wal_autocheckpoint = {LongestJournal}");
        }
    }

    /// <summary>A file; <paramref name="tidied"/> where somebody calls <see cref="Tidy"/> again and again, so that a commit need not.</summary>
    internal static SqliteDialect OfFile(string path, bool tidied = false)
    {
        Keep(path);
        return new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }, tidied);
    }

    // Password hashes and the keys of mails are in it: nobody else's, also in a folder that lets others in. Its journals get the rights of the file itself.
    // One that is there is not opened for it: to close it again would end this process' own locks on it. What cannot be done here SQLite itself will tell.
    internal static void Keep(string path)
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            if (!File.Exists(path))
            {
                new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Own }).Dispose();
            }
            else if ((File.GetUnixFileMode(path) & ~Own) != 0)
            {
                File.SetUnixFileMode(path, Own);
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    internal static SqliteDialect InMemory(string name) =>
        new(new SqliteConnectionStringBuilder { DataSource = name, Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared, Pooling = false, DefaultTimeout = 30 });

    internal override bool WantsTidying { get; }

    internal override string Where => where.DataSource;

    internal override string Now => "@now";

    internal override DbConnection Connect() => Open();

    internal override DbTransaction Write() => writer.BeginTransaction(IsolationLevel.Serializable, deferred: false);

    internal override DbTransaction Read(DbConnection reader) => ((SqliteConnection)reader).BeginTransaction(deferred: true);

    internal override long Changes(DbTransaction transaction) => writer.ExecuteScalar<long>("select total_changes()", null, transaction);

    internal override string Schema(string sql) => sql;

    internal override IReadOnlyList<string> Tables(DbTransaction transaction) =>
        [.. transaction.Connection!.Query<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'", null, transaction)];

    internal override bool IsWorthAnother(Exception wrong) => false;

    // A file's commit is on the disk or it is not: what fails is rolled back.
    internal override bool LeavesOpen(Exception wrong) => false;

    // Passive: it waits for no reader and no writer, and does what it can without them.
    internal override void Tidy()
    {
        if (guard?.TryTidy() == true)
        {
            return;
        }

        using var beside = Open();
        beside.Execute("pragma wal_checkpoint(passive)");
    }

    internal override T Read<T>(Func<Tx, T> work) => guard is not null && guard.TryRead(work, out var result) ? result! : base.Read(work);

    internal override FileGuard? Guard => guard;

    internal override string? Damage()
    {
        using var command = writer.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        return command.ExecuteScalar() is "ok" ? null : "quick_check";
    }

    public override void Dispose()
    {
        guard?.Dispose();
        writer.Dispose();
        SqliteConnection.ClearPool(writer);
        using var other = new SqliteConnection(there.ToString());
        SqliteConnection.ClearPool(other);
    }

    private SqliteConnection Open() => Open(there);

    private static SqliteConnection Open(SqliteConnectionStringBuilder at)
    {
        var connection = new SqliteConnection(at.ToString());
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
