using System.Data;
using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hinoban.Lab.Memory;

/// <summary>
/// A SQLite database in memory, for one thread, whose statements are compiled once and kept with it: a simulated company runs the same few of them
/// millions of times. Takes and gives the same values as the driver that the product uses, whose connection it runs on.
/// </summary>
internal sealed class MemoryConnection(SqliteConnection driver) : DbConnection
{
    private readonly Dictionary<string, MemoryStatement?> known = new(StringComparer.Ordinal);

    internal sqlite3 Handle { get; } = driver.Handle!;

    public override string DataSource => driver.DataSource;

    public override string Database => driver.Database;

    public override string ServerVersion => driver.ServerVersion;

    public override ConnectionState State => ConnectionState.Open;

#pragma warning disable CS8765 // Its base allows null to be set, and gives it to nobody.
    public override string ConnectionString
    {
        get => "memory";
        set => throw new NotSupportedException();
    }
#pragma warning restore CS8765

    internal bool InTransaction => MemoryNative.sqlite3_get_autocommit(Handle.DangerousGetHandle()) == 0;

    internal long TotalChanges => MemoryNative.sqlite3_total_changes(Handle.DangerousGetHandle());

    internal long Changes => MemoryNative.sqlite3_changes(Handle.DangerousGetHandle());

    /// <summary>The text's one statement; null where there are several, or one that is under way already: that is the driver's to run.</summary>
    internal MemoryStatement? Statement(string sql)
    {
        if (!known.TryGetValue(sql, out var statement))
        {
            known[sql] = statement = Compile(sql);
        }

        return statement is { Busy: false } ? statement : null;
    }

    internal SqliteCommand DriversCommand() => driver.CreateCommand();

    public override void Open()
    {
    }

    public override void Close()
    {
    }

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new MemoryCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        foreach (var statement in known.Values)
        {
            statement?.Dispose();
        }

        known.Clear();
        driver.Dispose();
    }

    private MemoryStatement? Compile(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        var (handle, used) = MemoryNative.Prepare(Handle, text);
        if (handle != 0 && text.AsSpan(used).Trim(" \r\n\t;"u8).IsEmpty)
        {
            return new MemoryStatement(this, handle);
        }

        _ = MemoryNative.sqlite3_finalize(handle);
        return null;
    }
}
