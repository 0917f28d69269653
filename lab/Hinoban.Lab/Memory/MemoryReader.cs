using System.Collections;
using System.Data.Common;

namespace Hinoban.Lab.Memory;

/// <summary>The rows that a statement gives, one after the other.</summary>
internal sealed class MemoryReader : DbDataReader
{
    private readonly MemoryStatement statement;
    private readonly int changed;
    private bool more;
    private bool first = true;
    private bool closed;

    internal MemoryReader(MemoryConnection connection, MemoryStatement statement)
    {
        this.statement = statement;
        more = HasRows = statement.Step();
        changed = (int)connection.Changes;
    }

    public override int Depth => 0;

    public override int FieldCount => statement.Columns.Length;

    public override bool HasRows { get; }

    public override bool IsClosed => closed;

    public override int RecordsAffected => changed;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        if (first)
        {
            first = false;
            return more;
        }

        return more && (more = statement.Step());
    }

    public override bool NextResult()
    {
        Finish();
        return false;
    }

    public override bool GetBoolean(int ordinal) => statement.Number(ordinal) != 0;

    public override byte GetByte(int ordinal) => checked((byte)statement.Number(ordinal));

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => GetFieldType(ordinal).Name;

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();

    public override double GetDouble(int ordinal) => statement.Real(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override Type GetFieldType(int ordinal) => statement.TypeOf(ordinal);

    public override float GetFloat(int ordinal) => (float)statement.Real(ordinal);

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => checked((short)statement.Number(ordinal));

    public override int GetInt32(int ordinal) => checked((int)statement.Number(ordinal));

    public override long GetInt64(int ordinal) => statement.Number(ordinal);

    public override string GetName(int ordinal) => statement.Columns[ordinal];

    public override int GetOrdinal(string name) => Array.FindIndex(statement.Columns, c => string.Equals(c, name, StringComparison.OrdinalIgnoreCase));

    public override string GetString(int ordinal) => statement.Text(ordinal);

    public override object GetValue(int ordinal) => statement.Value(ordinal);

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override bool IsDBNull(int ordinal) => statement.IsNull(ordinal);

    public override void Close() => Finish();

    protected override void Dispose(bool disposing) => Finish();

    private void Finish()
    {
        if (!closed)
        {
            (closed, more) = (true, false);
            statement.Reset();
        }
    }
}
