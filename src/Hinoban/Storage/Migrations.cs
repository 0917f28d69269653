using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Hinoban.Storage;

/// <summary>The schema as numbered, append-only SQL files (<c>Migrations/Desk/0010_people.sql</c>), applied in order, each once.</summary>
internal static class Migrations
{
    internal static void Apply(SqliteConnection connection, SchemaKind kind)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("create table if not exists schema_versions (number integer primary key, name text not null)", null, transaction);
        var applied = connection.Query<long>("select number from schema_versions", null, transaction).ToHashSet();
        var known = Of(kind);
        if (applied.Except(known.Select(m => (long)m.Number)).Any())
        {
            throw new InvalidOperationException("The data folder was written by a newer Hinoban; start that version, or restore a backup.");
        }

        foreach (var migration in known.Where(m => !applied.Contains(m.Number)))
        {
            connection.Execute(migration.Sql, null, transaction);
            connection.Execute("insert into schema_versions values (@Number, @Name)", new { migration.Number, migration.Name }, transaction);
        }

        transaction.Commit();
    }

    internal static IReadOnlyList<Migration> Of(SchemaKind kind)
    {
        var marker = $".Migrations.{kind}.";
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.Contains(marker, StringComparison.Ordinal))
            .Select(name => Read(assembly, name, name[(name.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..]))
            .OrderBy(m => m.Number)
            .ToList();
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
    }
}

/// <summary>One numbered schema step.</summary>
internal sealed record Migration(int Number, string Name, string Sql);
