using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hinoban.Lab.Memory;

/// <summary>
/// The calls of SQLite that a statement is run by, on the same library that the product uses. What only reads or sets a value cannot block, so it
/// does without the runtime's leave.
/// </summary>
internal static class MemoryNative
{
    internal const int Ok = 0;
    internal const int Row = 100;
    internal const int Done = 101;
    internal const int Integer = 1;
    internal const int Float = 2;
    internal const int Text = 3;
    internal const int Blob = 4;
    internal const int Null = 5;

    private const string Library = "e_sqlite3";
    private const uint Persistent = 1;
    private static readonly nint Copy = -1;

    /// <summary>
    /// Before anything is opened: each connection is used by one thread only, and nobody asks the library how much memory it has, so that threads need not wait
    /// for each other.
    /// </summary>
    internal static void ForManyThreads()
    {
        const int multiThread = 2;
        const int memoryStatus = 9;
        Batteries_V2.Init();
        _ = raw.sqlite3_shutdown();
        Agreed(raw.sqlite3_config(multiThread));
        Agreed(raw.sqlite3_config(memoryStatus, 0));
        Agreed(raw.sqlite3_initialize());
    }

    private static void Agreed(int code)
    {
        if (code != Ok)
        {
            throw new InvalidOperationException($"SQLite says {code}.");
        }
    }

    /// <summary>Compiles the first statement of the text; gives 0 where only blanks are left, and how many bytes of it are done.</summary>
    internal static unsafe (nint Statement, int Used) Prepare(sqlite3 db, ReadOnlySpan<byte> sql)
    {
        fixed (byte* text = sql)
        {
            Check(db, sqlite3_prepare_v3(db.DangerousGetHandle(), text, sql.Length, Persistent, out var statement, out var tail));
            return (statement, (int)(tail - text));
        }
    }

    internal static void Check(sqlite3 db, int code)
    {
        if (code is not (Ok or Row or Done))
        {
            SqliteException.ThrowExceptionForRC(code, db);
        }
    }

    internal static unsafe int Bind(nint statement, int index, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> room = most <= 1024 ? stackalloc byte[most + 1] : new byte[most + 1];
        var length = Encoding.UTF8.GetBytes(value, room);
        fixed (byte* bytes = room)
        {
            return sqlite3_bind_text(statement, index, bytes, length, Copy);
        }
    }

    internal static unsafe int Bind(nint statement, int index, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return sqlite3_bind_zeroblob(statement, index, 0);
        }

        fixed (byte* bytes = value)
        {
            return sqlite3_bind_blob(statement, index, bytes, value.Length, Copy);
        }
    }

    internal static unsafe string TextAt(nint statement, int column)
    {
        var text = sqlite3_column_text(statement, column);
        return text is null ? "" : Encoding.UTF8.GetString(text, sqlite3_column_bytes(statement, column));
    }

    internal static unsafe byte[] BlobAt(nint statement, int column)
    {
        var bytes = sqlite3_column_blob(statement, column);
        return bytes is null ? [] : new ReadOnlySpan<byte>(bytes, sqlite3_column_bytes(statement, column)).ToArray();
    }

    internal static unsafe string Name(nint statement, int column) => Words(sqlite3_column_name(statement, column))!;

    /// <summary>As the table declares it; null for an expression.</summary>
    internal static unsafe string? Declared(nint statement, int column) => Words(sqlite3_column_decltype(statement, column));

    internal static unsafe string? Parameter(nint statement, int index) => Words(sqlite3_bind_parameter_name(statement, index));

    private static unsafe string? Words(byte* text) => text is null ? null : Marshal.PtrToStringUTF8((nint)text);

    [DllImport(Library)]
    private static extern unsafe int sqlite3_prepare_v3(nint db, byte* sql, int length, uint flags, out nint statement, out byte* tail);

    [DllImport(Library)]
    internal static extern int sqlite3_step(nint statement);

    [DllImport(Library)]
    internal static extern int sqlite3_reset(nint statement);

    [DllImport(Library)]
    internal static extern int sqlite3_finalize(nint statement);

    [DllImport(Library)]
    private static extern unsafe int sqlite3_bind_text(nint statement, int index, byte* text, int length, nint free);

    [DllImport(Library)]
    private static extern unsafe int sqlite3_bind_blob(nint statement, int index, byte* bytes, int length, nint free);

    [DllImport(Library), SuppressGCTransition]
    private static extern int sqlite3_bind_zeroblob(nint statement, int index, int length);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_bind_int64(nint statement, int index, long value);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_bind_double(nint statement, int index, double value);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_bind_null(nint statement, int index);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_bind_parameter_count(nint statement);

    [DllImport(Library)]
    private static extern unsafe byte* sqlite3_bind_parameter_name(nint statement, int index);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_column_count(nint statement);

    [DllImport(Library)]
    private static extern unsafe byte* sqlite3_column_name(nint statement, int column);

    [DllImport(Library)]
    private static extern unsafe byte* sqlite3_column_decltype(nint statement, int column);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_column_type(nint statement, int column);

    [DllImport(Library), SuppressGCTransition]
    internal static extern long sqlite3_column_int64(nint statement, int column);

    [DllImport(Library), SuppressGCTransition]
    internal static extern double sqlite3_column_double(nint statement, int column);

    [DllImport(Library)]
    private static extern unsafe byte* sqlite3_column_text(nint statement, int column);

    [DllImport(Library)]
    private static extern unsafe byte* sqlite3_column_blob(nint statement, int column);

    [DllImport(Library), SuppressGCTransition]
    private static extern int sqlite3_column_bytes(nint statement, int column);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_stmt_readonly(nint statement);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_changes(nint db);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_total_changes(nint db);

    [DllImport(Library), SuppressGCTransition]
    internal static extern int sqlite3_get_autocommit(nint db);
}
