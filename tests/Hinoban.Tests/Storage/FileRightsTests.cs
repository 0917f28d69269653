using Dapper;
using Hinoban.Storage;

namespace Hinoban.Tests.Storage;

/// <summary>Whose a database's files are.</summary>
public sealed class FileRightsTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Open = Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-rights-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_database_is_its_owners_alone_in_a_folder_that_lets_others_in(bool there)
    {
        File.SetUnixFileMode(folder, Own | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var file = Path.Combine(folder, "desk.db");
        if (there)
        {
            File.WriteAllBytes(file, []);
            File.SetUnixFileMode(file, Open);
        }

        using var db = Db.OpenFile(file, SchemaKind.Desk);
        db.Write(tx => tx.Connection.Execute("create table t (a int)", null, tx.Transaction));
        Assert.All(Directory.EnumerateFiles(folder), f => Assert.Equal(Own, File.GetUnixFileMode(f)));
        Assert.Contains(Directory.EnumerateFiles(folder), f => f.EndsWith("-wal", StringComparison.Ordinal));
    }
}
