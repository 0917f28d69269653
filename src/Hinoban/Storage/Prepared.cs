using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hinoban.Storage;

/// <summary>
/// Statements of the busiest ways, made once for a connection and kept with it: nothing is compiled, reflected on or mapped when they run again.
/// Every other statement goes through Dapper.
/// </summary>
internal static class Prepared
{
    private static readonly ConditionalWeakTable<IDbConnection, Dictionary<string, IDbCommand>> Known = [];

    /// <summary>Runs it with <paramref name="values"/> for <c>@p0</c>, <c>@p1</c> and so on; gives the number of rows it changed.</summary>
    internal static int Run(this Tx tx, string sql, params ReadOnlySpan<object> values) => Command(tx, sql, values).ExecuteNonQuery();

    /// <summary>The rows it gives; to be read to their end before it is run again.</summary>
    internal static IDataReader Rows(this Tx tx, string sql, params ReadOnlySpan<object> values) => Command(tx, sql, values).ExecuteReader();

    /// <summary>The one number that it gives.</summary>
    internal static long Number(this Tx tx, string sql, params ReadOnlySpan<object> values) => Convert.ToInt64(Command(tx, sql, values).ExecuteScalar(), CultureInfo.InvariantCulture);

    private static IDbCommand Command(Tx tx, string sql, ReadOnlySpan<object> values)
    {
        var known = Known.GetOrCreateValue(tx.Connection);
        if (!known.TryGetValue(sql, out var command))
        {
            known[sql] = command = tx.Connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"@p{i}";
                command.Parameters.Add(parameter);
            }
        }

        command.Transaction = tx.Transaction;
        for (var i = 0; i < values.Length; i++)
        {
            ((IDbDataParameter)command.Parameters[i]!).Value = values[i];
        }

        return command;
    }
}
