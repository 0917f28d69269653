using Dapper;
using Hinoban.Lab.Memory;
using Microsoft.Data.Sqlite;

namespace Hinoban.Tests.Sim;

/// <summary>The simulator's way to SQLite takes and gives what the product's driver does.</summary>
public sealed class MemoryTests : IDisposable
{
    private const string All = "select number, real, words, bytes, number + 1 as sum, null as none from t order by number";

    private readonly MemoryConnection memory;
    private readonly SqliteConnection driver = new("Data Source=:memory:;Pooling=False");

    public MemoryTests()
    {
        var own = new SqliteConnection("Data Source=:memory:;Pooling=False");
        own.Open();
        driver.Open();
        memory = new MemoryConnection(own);
        foreach (var connection in new System.Data.IDbConnection[] { memory, driver })
        {
            connection.Execute("create table t (number integer primary key, real real, words text, bytes blob); create table u (id integer)");
            foreach (var row in Enumerable.Range(1, 3))
            {
                Assert.Equal(1, connection.Execute(
                    "insert into t values (@row, @real, @words, @bytes)",
                    new { row, real = row / 2.0, words = row == 2 ? null : $"語{row}\n", bytes = row == 3 ? null : new byte[row - 1] }));
            }
        }
    }

    public void Dispose()
    {
        memory.Dispose();
        driver.Dispose();
    }

    [Fact]
    public void Rows_are_the_same_value_for_value() => Assert.Equal(Values(driver), Values(memory));

    [Fact]
    public void A_row_becomes_the_same_record()
    {
        const string sql = "select number, words from t where number = @number";
        Assert.Equal(driver.Query<Row>(sql, new { number = 2L }), memory.Query<Row>(sql, new { number = 2L }));
        Assert.Null(memory.QuerySingleOrDefault<Row>(sql, new { number = 9L }));
        Assert.Equal(3, memory.ExecuteScalar<long>("select count(*) from t"));
    }

    [Fact]
    public void A_statement_may_run_while_it_is_under_way()
    {
        using var outer = memory.ExecuteReader(All);
        Assert.True(outer.Read());
        Assert.Equal(Values(driver), Values(memory));
        Assert.True(outer.Read());
        Assert.Equal(2L, outer.GetValue(0));
    }

    [Fact]
    public void What_is_wrong_is_told_as_the_driver_does()
    {
        const string twice = "insert into t (number) values (1)";
        Assert.Equal(Assert.Throws<SqliteException>(() => driver.Execute(twice)).SqliteErrorCode, Assert.Throws<SqliteException>(() => memory.Execute(twice)).SqliteErrorCode);
        Assert.Throws<InvalidOperationException>(() => memory.Execute("insert into u values (@id)"));
        Assert.Throws<SqliteException>(() => memory.Execute("select from where"));
    }

    [Fact]
    public void Rows_that_a_change_gives_back_are_read()
    {
        Assert.Equal([1L, 2L], memory.Query<long>("delete from t where number < 3 returning number").Order());
        Assert.Equal(2, memory.Execute("update t set words = 'x' where number = 3 or 1 = 0") + memory.Execute("delete from t"));
    }

    private static List<string> Values(System.Data.IDbConnection connection)
    {
        var values = new List<string>();
        using var rows = connection.ExecuteReader(All);
        while (rows.Read())
        {
            values.AddRange(Enumerable.Range(0, rows.FieldCount).Select(i =>
                $"{rows.GetName(i)} {rows.GetFieldType(i).Name} {rows.IsDBNull(i)} {(rows.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : rows.GetValue(i))}"));
        }

        return values;
    }

    private sealed record Row(long Number, string? Words);
}
