using System.Security.Cryptography;
using System.Text;
using Hinoban.Storage;

namespace Hinoban.Tests.House;

/// <summary>Migrations are append-only: a released one never changes, a new one comes last and is entered in eng/migrations.txt.</summary>
public sealed class MigrationTests
{
    [Theory]
    [InlineData("Desk")]
    [InlineData("Site")]
    public void Migrations_are_as_recorded(string schema)
    {
        var recorded = File.ReadLines(Repository.Path("eng", "migrations.txt"))
            .Where(l => l.StartsWith(schema + "/", StringComparison.Ordinal))
            .ToList();
        var actual = Migrations.Of(Enum.Parse<SchemaKind>(schema))
            .Select(m => $"{schema}/{m.Name} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(m.Sql)))}")
            .ToList();
        Assert.Equal(recorded, actual);
    }

    [Theory]
    [InlineData("Desk")]
    [InlineData("Site")]
    public void Numbers_are_unique(string schema)
    {
        var numbers = Migrations.Of(Enum.Parse<SchemaKind>(schema)).Select(m => m.Number).ToList();
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }
}
