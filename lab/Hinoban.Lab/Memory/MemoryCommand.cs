using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Hinoban.Lab.Memory;

/// <summary>A statement with its values, as Dapper and the stores know commands.</summary>
internal sealed class MemoryCommand(MemoryConnection connection) : DbCommand
{
    private readonly MemoryParameters parameters = new();
    private MemoryStatement? statement;
    private string text = "";

#pragma warning disable CS8765 // Its base allows null to be set, and gives it to nobody.
    public override string CommandText
    {
        get => text;
        set => (text, statement) = (value, null);
    }
#pragma warning restore CS8765

    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException();
    }

    protected override DbParameterCollection DbParameterCollection => parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override void Cancel() => throw new NotSupportedException();

    public override void Prepare() => statement ??= connection.Statement(text);

    public override int ExecuteNonQuery()
    {
        if (Ready() is not { } mine)
        {
            using var drivers = DriversCommand();
            return drivers.ExecuteNonQuery();
        }

        return mine.Run();
    }

    public override object? ExecuteScalar()
    {
        if (Ready() is not { } mine)
        {
            using var drivers = DriversCommand();
            return drivers.ExecuteScalar();
        }

        var value = mine.Step() ? mine.Value(0) : null;
        mine.Reset();
        return value;
    }

    protected override DbParameter CreateDbParameter() => new MemoryParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Ready() is { } mine ? new MemoryReader(connection, mine) : DriversCommand().ExecuteReader();

    private MemoryStatement? Ready()
    {
        if (statement is null or { Busy: true })
        {
            statement = connection.Statement(text);
        }

        statement?.Bind(parameters);
        return statement;
    }

    private SqliteCommand DriversCommand()
    {
        var drivers = connection.DriversCommand();
        drivers.CommandText = text;
        foreach (MemoryParameter parameter in parameters)
        {
            drivers.Parameters.AddWithValue(parameter.ParameterName, parameter.Value ?? DBNull.Value);
        }

        return drivers;
    }
}
