using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Hinoban.Lab.Memory;

/// <summary>A value of a command.</summary>
internal sealed class MemoryParameter : DbParameter
{
    private string name = "";

    /// <summary>Without the sign that it has in the statement.</summary>
    internal string Name { get; private set; } = "";

    [AllowNull]
    public override string ParameterName
    {
        get => name;
        set => (name, Name) = (value ?? "", (value ?? "").TrimStart('@'));
    }

    public override object? Value { get; set; }

    public override DbType DbType { get; set; }

    public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;

    public override bool IsNullable { get; set; }

    public override int Size { get; set; }

    [AllowNull]
    public override string SourceColumn { get; set; } = "";

    public override bool SourceColumnNullMapping { get; set; }

    public override void ResetDbType()
    {
    }
}

/// <summary>The values of a command, by name.</summary>
internal sealed class MemoryParameters : DbParameterCollection
{
    private readonly List<MemoryParameter> list = [];

    public override int Count => list.Count;

    public override object SyncRoot => list;

    /// <summary>The value of that name; nearly always it stands where the statement names it.</summary>
    internal object? ValueOf(string name, int at)
    {
        if (at < list.Count && list[at].Name == name)
        {
            return list[at].Value;
        }

        var found = list.Find(p => p.Name == name) ?? throw new InvalidOperationException($"The statement wants a value for @{name}.");
        return found.Value;
    }

    public override int Add(object value)
    {
        list.Add((MemoryParameter)value);
        return list.Count - 1;
    }

    public override void AddRange(Array values)
    {
        foreach (MemoryParameter value in values)
        {
            list.Add(value);
        }
    }

    public override void Clear() => list.Clear();

    public override bool Contains(object value) => list.Contains((MemoryParameter)value);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)list).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => list.GetEnumerator();

    public override int IndexOf(object value) => list.IndexOf((MemoryParameter)value);

    public override int IndexOf(string parameterName) => list.FindIndex(p => p.Name == parameterName.TrimStart('@'));

    public override void Insert(int index, object value) => list.Insert(index, (MemoryParameter)value);

    public override void Remove(object value) => list.Remove((MemoryParameter)value);

    public override void RemoveAt(int index) => list.RemoveAt(index);

    public override void RemoveAt(string parameterName) => list.RemoveAt(IndexOf(parameterName));

    protected override DbParameter GetParameter(int index) => list[index];

    protected override DbParameter GetParameter(string parameterName) => list[IndexOf(parameterName)];

    protected override void SetParameter(int index, DbParameter value) => list[index] = (MemoryParameter)value;

    protected override void SetParameter(string parameterName, DbParameter value) => list[IndexOf(parameterName)] = (MemoryParameter)value;
}
