using Dapper;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Tests.Storage;

/// <summary>A database whose file is deleted or replaced while it is open: noticed, read on, copied, and taken up again.</summary>
public sealed class LostFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-lost-").FullName;

    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private string File1 => Path.Combine(folder, "desk.db");

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("desk.db")]
    [InlineData("desk.db-wal")]
    [InlineData("*")]
    public void What_was_written_before_and_after_is_read_and_copied(string lost)
    {
        using (var db = Opened())
        {
            Add(db, 1);
            db.Guard!.Begin();
            Assert.Equal(PlaceState.Whole, db.Guard.State);
            foreach (var file in Directory.GetFiles(folder, lost))
            {
                File.Delete(file);
            }

            Assert.Equal(PlaceState.Lost, db.Guard.State);
            Add(db, 2);
            Assert.Equal([1, 2], Rows(db));
            Assert.Equal(lost == "desk.db-wal", File.Exists(File1));
            db.Tidy();
            var copy = db.Guard.Copy()!;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
            Add(db, 3);
            Assert.Equal(copy, db.Guard.Copy());
        }

        Assert.Equal(lost == "desk.db-wal" ? CopyFate.SetAside : CopyFate.Taken, FileGuard.TakeCopy(File1, At));
        using var again = Opened();
        Assert.Equal([1, 2, 3], Rows(again));
        again.Check();
        Assert.Equal(CopyFate.None, FileGuard.TakeCopy(File1, At));
    }

    [Fact]
    public void The_folder_may_be_gone_too()
    {
        using var db = Opened();
        Add(db, 1);
        db.Guard!.Begin();
        Directory.Delete(folder, recursive: true);
        Assert.Equal([1], Rows(db));
        Assert.False(Directory.Exists(folder));
        Assert.ThrowsAny<IOException>(db.Guard.Copy);
        SmallFiles.MakeFolder(folder);
        Assert.True(File.Exists(db.Guard.Copy()));
    }

    [Fact]
    public void Another_database_in_its_place_is_not_read()
    {
        using var db = Opened();
        Add(db, 1);
        db.Guard!.Begin();
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Move(file, $"{file}.before");
        }

        using (var other = Opened())
        {
            Add(other, 99);
        }

        Add(db, 2);
        Assert.Equal([1, 2], Rows(db));
        Assert.Equal([1, 2], db.Read(outer => db.Read(inner => inner.Connection.Query<long>("select a from t order by a", null, inner.Transaction).ToList())));
        Assert.EndsWith(".rescued", db.Guard.Copy(), StringComparison.Ordinal);
        Assert.Equal(CopyFate.SetAside, FileGuard.TakeCopy(File1, At));
    }

    [Fact]
    public void A_reader_makes_no_empty_file_in_the_place_of_a_lost_one()
    {
        using var db = Opened();
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }

        Assert.ThrowsAny<SqliteException>(() => db.Read(a => db.Read(b => db.Read(c => Rows(db)))));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_copy_for_which_there_is_no_room_or_no_database_is_none()
    {
        using var memory = Db.InMemory("lost-file", SchemaKind.Desk);
        Assert.Null(memory.Guard);
        using var db = Opened();
        Assert.Null(db.Guard!.Copy());
    }

    [Fact]
    public void Copies_that_are_not_used_push_out_none_and_half_a_copy_goes()
    {
        using var db = Opened();
        foreach (var copy in new[] { "first", "second" })
        {
            File.WriteAllText($"{File1}.rescued", copy);
            Assert.Equal(CopyFate.SetAside, FileGuard.TakeCopy(File1, At));
        }

        Assert.Equal("first", File.ReadAllText($"{File1}.rescued-unused-20260102T030405Z"));
        Assert.Equal("second", File.ReadAllText($"{File1}.rescued-unused-20260102T030405Z-2"));
        File.WriteAllText($"{File1}.rescuing", "half");
        Assert.Equal(CopyFate.None, FileGuard.TakeCopy(File1, At));
        Assert.False(File.Exists($"{File1}.rescuing"));
    }

    [Fact]
    public void A_guard_that_gets_only_one_of_its_connections_keeps_none_and_begins_later()
    {
        using var db = Opened();
        var opened = new List<SqliteConnection>();
        using var guard = new FileGuard(File1, () =>
        {
            if (opened.Count == 1)
            {
                opened.Add(new SqliteConnection());
                throw new SqliteException("unable to open database file", 14);
            }

            opened.Add(new SqliteConnection($"Data Source={File1};Pooling=false"));
            opened[^1].Open();
            return opened[^1];
        });
        Assert.Throws<SqliteException>(guard.Begin);
        Assert.Equal(System.Data.ConnectionState.Closed, opened[0].State);
        Assert.Null(guard.Copy());
        guard.Begin();
        Assert.NotNull(guard.Copy());
    }

    private Db Opened()
    {
        var db = Db.OpenFile(File1, SchemaKind.Desk);
        db.Write(tx => tx.Connection.Execute("create table if not exists t (a int)", null, tx.Transaction));
        return db;
    }

    private static void Add(Db db, int value) => db.Write(tx => tx.Connection.Execute("insert into t values (@value)", new { value }, tx.Transaction));

    private static List<long> Rows(Db db) => db.Read(tx => tx.Connection.Query<long>("select a from t order by a", null, tx.Transaction).ToList());
}
