using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Hinoban.Basics;

namespace Hinoban.Storage;

/// <summary>What was copied of one table. <see cref="Hash"/> is the same on both sides, whatever order the rows lie in.</summary>
internal sealed record CopiedTable(string Table, long Rows, string Hash);

/// <summary>The copy cannot be made, or was not what it should be; nothing of it was kept.</summary>
internal sealed class CopyRefusedException(Text why) : Exception(why.En)
{
    internal Text Why { get; } = why;
}

/// <summary>
/// Copies a desk's whole database into an empty one, of whichever kind: schema and rows in one transaction, so that a copy that is broken off leaves
/// the target as empty as it was. What lies in the target is read again and compared before it is kept.
/// </summary>
internal static partial class DatabaseCopy
{
    private const string Versions = "schema_versions";

    /// <summary>In the order in which they may be filled: each is made after what it refers to.</summary>
    internal static IReadOnlyList<string> Tables { get; } =
        [.. Migrations.Of(SchemaKind.Desk).SelectMany(m => Made().Matches(m.Sql).Select(made => made.Groups[1].Value))];

    internal static IReadOnlyList<CopiedTable> Run(Dialect from, Dialect to)
    {
        using var reader = from.Connect();
        using var reading = from.Read(reader);
        RefuseOther(reading);
        using var writing = to.Write();
        RefuseFilled(writing, to);
        Migrations.Apply(new Tx(writing.Connection!, writing, []), to, SchemaKind.Desk, mayChange: true);
        var copied = Tables.Select(table => Copy(table, reading, writing)).ToList();
        foreach (var sent in copied)
        {
            var lies = RowHash.Of(Select(sent.Table, writing));
            if (lies != (sent.Rows, sent.Hash))
            {
                throw new CopyRefusedException(StorageText.OtherRows(sent.Table, sent.Rows, sent.Hash, lies.Rows, lies.Hash));
            }

            to.Numbered(writing, sent.Table);
        }

        writing.Commit();
        return copied;
    }

    private static void RefuseOther(DbTransaction reading)
    {
        var applied = Migrations.Applied(new Tx(reading.Connection!, reading, []));
        if (!applied.SetEquals(Migrations.Of(SchemaKind.Desk).Select(m => (long)m.Number)))
        {
            throw new CopyRefusedException(StorageText.OtherSchema);
        }
    }

    private static void RefuseFilled(DbTransaction writing, Dialect to)
    {
        var there = to.Tables(writing).Except([LeaseStore.Table]).ToList();
        if (there.Where(t => t != Versions && writing.Connection!.ExecuteScalar<long>($"select count(*) from {Quoted(t)}", null, writing) > 0).FirstOrDefault() is { } filled)
        {
            throw new CopyRefusedException(StorageText.NotEmpty(filled));
        }

        if (there.Except(Tables).FirstOrDefault(t => t != Versions) is { } other)
        {
            throw new CopyRefusedException(StorageText.NotOurs(other));
        }
    }

    private static CopiedTable Copy(string table, DbTransaction reading, DbTransaction writing)
    {
        var hash = new RowHash();
        DbCommand? insert = null;
        foreach (var (columns, row) in Rows(Select(table, reading)))
        {
            insert ??= Insert(table, columns, writing);
            hash.Add(row);
            for (var at = 0; at < row.Length; at++)
            {
                insert.Parameters[at].Value = row[at];
            }

            insert.ExecuteNonQuery();
        }

        insert?.Dispose();
        return new CopiedTable(table, hash.Rows, hash.ToString());
    }

    private static DbCommand Insert(string table, IReadOnlyList<string> columns, DbTransaction writing)
    {
        var insert = writing.Connection!.CreateCommand();
        insert.Transaction = writing;
        insert.CommandText = $"insert into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select(c => "@" + c))})";
        foreach (var column in columns)
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = "@" + column;
            insert.Parameters.Add(parameter);
        }

        return insert;
    }

    private static DbCommand Select(string table, DbTransaction transaction)
    {
        var select = transaction.Connection!.CreateCommand();
        select.Transaction = transaction;
        select.CommandText = $"select * from {table}";
        select.CommandTimeout = 0;
        return select;
    }

    /// <summary>Rows with their columns' names; texts as every database can hold them. The array is the same each time.</summary>
    internal static IEnumerable<(IReadOnlyList<string> Columns, object[] Row)> Rows(DbCommand select)
    {
        using (select)
        {
            using var rows = select.ExecuteReader();
            string[] columns = [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetName)];
            var row = new object[columns.Length];
            while (rows.Read())
            {
                rows.GetValues(row);
                for (var at = 0; at < row.Length; at++)
                {
                    row[at] = row[at] is string text ? SqlTypes.Storable(text) : row[at];
                }

                yield return (columns, row);
            }
        }
    }

    private static string Quoted(string table) => $"\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^create table (\w+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Made();
}
