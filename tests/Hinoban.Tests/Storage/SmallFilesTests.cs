using Hinoban.Storage;

namespace Hinoban.Tests.Storage;

/// <summary>The small files of a data folder that is deleted under a running process.</summary>
public sealed class SmallFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-small-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void They_come_back_with_their_rights_and_write_nothing_over()
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Write("tls/desk.key", "secret");
        File.SetUnixFileMode(Path.Combine(folder, "tls/desk.key"), Own);
        Write("hinoban.yaml", "language: ja");
        Write("desk.db", "a database");
        Write("reserve", new string('x', 100_000));
        Write("in-use", "");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "/dev/zero");
        var small = new SmallFiles(folder);
        small.Remember();
        Write("hinoban.yaml", "language: en # changed");
        small.Remember();

        Clear();
        Write("hinoban.yaml", "another's");
        small.GiveBack();
        Assert.Equal(["hinoban.yaml", "tls/desk.key"], Files());
        Assert.Equal(("secret", Own), (File.ReadAllText(Path.Combine(folder, "tls/desk.key")), File.GetUnixFileMode(Path.Combine(folder, "tls/desk.key"))));
        Assert.Equal("another's", File.ReadAllText(Path.Combine(folder, "hinoban.yaml")));
    }

    [Fact]
    public void What_somebody_takes_out_is_forgotten_but_not_while_the_folder_is_being_deleted()
    {
        Write("a", "1");
        Write("b", "2");
        var small = new SmallFiles(folder);
        small.Remember();
        Clear();
        small.Remember();
        small.GiveBack();
        Assert.Equal(["a", "b"], Files());

        File.Delete(Path.Combine(folder, "a"));
        small.Remember();
        small.Remember();
        small.GiveBack();
        Assert.Equal(["b"], Files());
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Clear()
    {
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    private List<string> Files() => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
}
