using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Hinoban.Storage;

/// <summary>The schema as numbered, append-only SQL files (<c>Migrations/Desk/0010_people.sql</c>), applied in order, each once.</summary>
internal static class Migrations
{
    private const string VersionsTable = "create table if not exists schema_versions (number integer primary key, name text not null)";

    private static readonly IReadOnlyList<Migration>[] Known = [Find(SchemaKind.Desk), Find(SchemaKind.Site)];

    /// <summary>All that is missing, in the transaction given: a database has one version or the next, never something between.</summary>
    /// <param name="mayChange">Otherwise only an empty database is begun: one with an older schema has an older desk running on it.</param>
    internal static void Apply(Tx tx, Dialect dialect, SchemaKind kind, bool mayChange)
    {
        tx.Connection.Execute(dialect.Schema(VersionsTable), null, tx.Transaction);
        var applied = Applied(tx);
        RefuseNewer(applied, kind);
        var missing = Of(kind).Where(m => !applied.Contains(m.Number)).ToList();
        if (!mayChange && applied.Count > 0 && missing.Count > 0)
        {
            throw new InvalidOperationException("The database was written by an older Hinoban: start this version's desk first, which brings it up to date.");
        }

        foreach (var migration in missing)
        {
            // However large the tables are: broken off, it would have to begin again.
            tx.Connection.Execute(dialect.Schema(migration.Sql), null, tx.Transaction, commandTimeout: 0);
            tx.Connection.Execute("insert into schema_versions (number, name) values (@Number, @Name)", new { migration.Number, migration.Name }, tx.Transaction);
        }
    }

    internal static IReadOnlyList<Migration> Of(SchemaKind kind) => Known[(int)kind];

    internal static HashSet<long> Applied(Tx tx) => [.. tx.Connection.Query<long>("select number from schema_versions", null, tx.Transaction)];

    /// <summary>Before the desk is taken: an older version must not drive a newer one out. An empty database is nobody's.</summary>
    internal static void RefuseNewer(DbTransaction transaction, Dialect dialect)
    {
        var tx = new Tx(transaction.Connection!, transaction, []);
        tx.Connection.Execute(dialect.Schema(VersionsTable), null, tx.Transaction);
        RefuseNewer(Applied(tx), SchemaKind.Desk);
    }

    internal static void RefuseNewer(IReadOnlySet<long> applied, SchemaKind kind)
    {
        if (applied.Except(Of(kind).Select(m => (long)m.Number)).Any())
        {
            throw new InvalidOperationException("The data folder was written by a newer Hinoban; start that version, or restore a backup.");
        }
    }

    private static List<Migration> Find(SchemaKind kind)
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
