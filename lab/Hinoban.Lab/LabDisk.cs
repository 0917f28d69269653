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

    internal LabDisk(SchemaKind kind)
    {
        this.kind = kind;
        connection.Open();
        Begin();
    }

    /// <summary>For a process that starts.</summary>
    internal Db Open() => Over(connection, kind);

    public void Dispose() => connection.Dispose();

    private static Db Over(SqliteConnection open, SchemaKind kind) => Db.Open(() => new LabDialect(open), kind, null, null);

    // The schema is made once, by the migrations; each disk begins as a copy.
    private void Begin()
    {
        lock (Gate)
        {
            if (!Empty.TryGetValue(kind, out var empty))
            {
                empty = new SqliteConnection(Memory);
                empty.Open();
                Over(empty, kind).Dispose();
                Empty[kind] = empty;
            }

            empty.BackupDatabase(connection);
        }
    }
}
