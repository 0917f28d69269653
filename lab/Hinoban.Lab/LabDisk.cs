using Hinoban.Lab.Memory;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Lab;

/// <summary>
/// A node's disk: SQLite in memory, private to the one thread that runs the node. What was committed is there when the next process opens it;
/// what a killed one had open is rolled back.
/// </summary>
internal sealed class LabDisk : IDisposable
{
    private const string Memory = "Data Source=:memory:;Pooling=False";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<SchemaKind, SqliteConnection> Empty = [];

    private readonly SqliteConnection connection = new(Memory);
    private readonly SchemaKind kind;
    private readonly MemoryConnection statements;
    private bool shared;

    internal LabDisk(SchemaKind kind)
    {
        this.kind = kind;
        Open(connection);
        Begin();
        statements = new MemoryConnection(connection);
    }

    /// <summary>For a process that starts; with a lease where two could.</summary>
    internal Db Open(DutyLease? lease = null) => Over(statements, kind, lease);

    /// <summary>The same database as nodes ask it whose the desk is; it has a clock of its own.</summary>
    internal LabLeases Leases(TimeProvider clock)
    {
        if (!shared)
        {
            shared = true;
            connection.CreateFunction(LabLeases.ServerNow, () => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        }

        return new LabLeases(statements);
    }

    /// <summary>Takes what fits into the pages that it has, as a full disk does.</summary>
    internal void Fill() => Pragma("max_page_count = 1");

    /// <summary>Takes nothing, as a disk that was mounted read-only after an error.</summary>
    internal void Lock() => Pragma("query_only = 1");

    /// <summary>Takes everything again.</summary>
    internal void Mend()
    {
        Pragma("max_page_count = 1073741823");
        Pragma("query_only = 0");
    }

    /// <summary>Told of every commit; null for nobody.</summary>
    internal Action? Committed
    {
        set => SQLitePCL.raw.sqlite3_commit_hook(connection.Handle, value is null ? null : _ => { value(); return 0; }, null);
    }

    public void Dispose() => statements.Dispose();

    private static Db Over(MemoryConnection open, SchemaKind kind, DutyLease? lease = null) => Db.Open(() => new LabDialect(open), kind, null, lease);

    private void Pragma(string what)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"pragma {what}";
        command.ExecuteNonQuery();
    }

    // Small pages: in memory nothing is gained by large ones, and a transaction copies each that it changes.
    private static void Open(SqliteConnection connection)
    {
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma page_size = 1024";
        command.ExecuteNonQuery();
    }

    // The schema is made once, by the migrations; each disk begins as a copy.
    private void Begin()
    {
        lock (Gate)
        {
            if (!Empty.TryGetValue(kind, out var empty))
            {
                empty = new SqliteConnection(Memory);
                Open(empty);
                Over(new MemoryConnection(empty), kind).Dispose();
                Empty[kind] = empty;
            }

            empty.BackupDatabase(connection);
        }
    }
}
