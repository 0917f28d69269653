using System.Globalization;

namespace Hinoban.Lab.Memory;

/// <summary>A compiled statement, with what need be found out about it once only.</summary>
internal sealed class MemoryStatement : IDisposable
{
    private readonly MemoryConnection connection;
    private readonly nint handle;
    private readonly string[] parameters;
    private readonly string?[] declared;
    private readonly bool readOnly;

    internal MemoryStatement(MemoryConnection connection, nint handle)
    {
        (this.connection, this.handle) = (connection, handle);
        parameters = [.. Enumerable.Range(1, MemoryNative.sqlite3_bind_parameter_count(handle)).Select(i => MemoryNative.Parameter(handle, i)!.TrimStart('@'))];
        var columns = Enumerable.Range(0, MemoryNative.sqlite3_column_count(handle)).ToList();
        Columns = [.. columns.Select(i => MemoryNative.Name(handle, i))];
        declared = [.. columns.Select(i => MemoryNative.Declared(handle, i))];
        readOnly = MemoryNative.sqlite3_stmt_readonly(handle) != 0;
    }

    /// <summary>Stepped, and not at its end.</summary>
    internal bool Busy { get; private set; }

    internal string[] Columns { get; }

    internal void Bind(MemoryParameters values)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            Bind(i + 1, values.ValueOf(parameters[i], i));
        }
    }

    /// <summary>True while it gives rows.</summary>
    internal bool Step()
    {
        var code = MemoryNative.sqlite3_step(handle);
        if (code == MemoryNative.Row)
        {
            return Busy = true;
        }

        Reset();
        MemoryNative.Check(connection.Handle, code);
        return false;
    }

    internal void Reset()
    {
        Busy = false;
        _ = MemoryNative.sqlite3_reset(handle);
    }

    /// <summary>Runs it to its end; gives how many rows it changed.</summary>
    internal int Run()
    {
        while (Step())
        {
        }

        return readOnly ? -1 : (int)connection.Changes;
    }

    internal bool IsNull(int column) => MemoryNative.sqlite3_column_type(handle, column) == MemoryNative.Null;

    internal long Number(int column) => MemoryNative.sqlite3_column_int64(handle, column);

    internal double Real(int column) => MemoryNative.sqlite3_column_double(handle, column);

    internal string Text(int column) => MemoryNative.TextAt(handle, column);

    internal object Value(int column) => MemoryNative.sqlite3_column_type(handle, column) switch
    {
        MemoryNative.Integer => MemoryNative.sqlite3_column_int64(handle, column),
        MemoryNative.Float => MemoryNative.sqlite3_column_double(handle, column),
        MemoryNative.Text => MemoryNative.TextAt(handle, column),
        MemoryNative.Blob => MemoryNative.BlobAt(handle, column),
        _ => DBNull.Value,
    };

    /// <summary>Of the value in the row; of none, as the column is declared.</summary>
    internal Type TypeOf(int column) => MemoryNative.sqlite3_column_type(handle, column) switch
    {
        MemoryNative.Integer => typeof(long),
        MemoryNative.Float => typeof(double),
        MemoryNative.Text => typeof(string),
        MemoryNative.Blob => typeof(byte[]),
        _ => Declared(declared[column]),
    };

    public void Dispose() => _ = MemoryNative.sqlite3_finalize(handle);

    private void Bind(int index, object? value) => _ = value switch
    {
        null or DBNull => MemoryNative.sqlite3_bind_null(handle, index),
        long number => MemoryNative.sqlite3_bind_int64(handle, index, number),
        int number => MemoryNative.sqlite3_bind_int64(handle, index, number),
        bool yes => MemoryNative.sqlite3_bind_int64(handle, index, yes ? 1 : 0),
        double real => MemoryNative.sqlite3_bind_double(handle, index, real),
        string text => MemoryNative.Bind(handle, index, text),
        byte[] bytes => MemoryNative.Bind(handle, index, bytes),
        Enum or byte or sbyte or short or ushort or uint => MemoryNative.sqlite3_bind_int64(handle, index, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        float real => MemoryNative.sqlite3_bind_double(handle, index, real),
        _ => throw new NotSupportedException($"This database takes no {value.GetType()}."),
    };

    // SQLite's rules of affinity, as the driver follows them.
    private static Type Declared(string? type) => type switch
    {
        null => typeof(byte[]),
        _ when type.Contains("INT", StringComparison.OrdinalIgnoreCase) => typeof(long),
        _ when type.Contains("BLOB", StringComparison.OrdinalIgnoreCase) => typeof(byte[]),
        _ when type.Contains("REAL", StringComparison.OrdinalIgnoreCase) || type.Contains("DOUB", StringComparison.OrdinalIgnoreCase) => typeof(double),
        _ => typeof(string),
    };
}
