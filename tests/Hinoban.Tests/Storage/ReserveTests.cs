using System.Diagnostics;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;

namespace Hinoban.Tests.Storage;

/// <summary>A real disk that is full: a small file system in memory, mounted for the test.</summary>
public sealed class ReserveTests : IDisposable
{
    private const long Size = 2 * 1024 * 1024;

    private readonly string disk = Directory.CreateTempSubdirectory("hinoban-disk-").FullName;
    private readonly Moment now = Moment.Of(TimeProvider.System);
    private readonly bool mounted;

    public ReserveTests() =>
        mounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=10m", "hinoban-test", disk);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        if (mounted)
        {
            Assert.True(Run("umount", "-l", disk));
        }

        Directory.Delete(disk, recursive: true);
    }

    [Fact]
    public void A_write_on_a_full_disk_takes_the_reserve_and_the_next_ones_go_on()
    {
        using var db = Filled(out var reserve, out var accounts);
        var told = 0;
        reserve.Released = () => told++;
        Fill("filler");

        Write(db, "first");
        Write(db, "second");
        Assert.Equal((false, true, 1, null), (reserve.Held, reserve.GivenUp, told, db.Trouble));
        Assert.False(File.Exists(Path.Combine(disk, "reserve")));
        Assert.NotNull(accounts.SignIn("sato", "correct horse battery", now).Session);

        Assert.False(reserve.Make());
        File.Delete(Path.Combine(disk, "filler"));
        Assert.True(reserve.Make());
        Assert.Equal((true, false, Size), (reserve.Held, reserve.GivenUp, new FileInfo(Path.Combine(disk, "reserve")).Length));
    }

    [Fact]
    public void When_the_reserve_is_used_up_too_reads_go_on_and_the_trouble_is_known_until_a_change_is_taken()
    {
        using var db = Filled(out var reserve, out var accounts);
        var token = accounts.AddToken("ci", Role.Operator, null, now, "test").Token!;
        Fill("filler");
        Assert.True(reserve.Release(reserve.Releases));
        Fill("another");

        Assert.Equal("ci", accounts.ByToken(token, now)!.Name);
        Assert.Throws<SqliteException>(() => Write(db, "lost"));
        Assert.NotNull(db.Trouble);
        Assert.Equal("ci", accounts.ByToken(token, now)!.Name);

        // What changes nothing needs no disk and proves nothing.
        db.Write(_ => { });
        Assert.NotNull(db.Trouble);

        File.Delete(Path.Combine(disk, "another"));
        db.TryAgain();
        Assert.Null(db.Trouble);
    }

    [Fact]
    public void A_start_on_a_full_disk_finds_the_reserve_of_the_last_run()
    {
        Filled(out _, out _).Dispose();
        SqliteConnection.ClearAllPools();
        Fill("filler");
        var reserve = new Reserve(disk, Size);
        Assert.True(reserve.Held);
        using var db = Db.OpenFile(Path.Combine(disk, "desk.db"), SchemaKind.Desk, reserve);
        Write(db, "after");
        Assert.True(reserve.GivenUp);
    }

    private Db Filled(out Reserve reserve, out Accounts accounts)
    {
        if (!mounted)
        {
            Assert.Skip("mounting a small file system needs root on Linux");
        }

        reserve = new Reserve(disk, Size);
        Assert.True(reserve.Make());
        var db = Db.OpenFile(Path.Combine(disk, "desk.db"), SchemaKind.Desk, reserve);
        accounts = new Accounts(db);
        Assert.Null(accounts.Add("sato", "佐藤 花子", Role.Operator, null, "correct horse battery", now, "test"));
        return db;
    }

    // Large enough not to fit into what the last page of a file still has.
    private static void Write(Db db, string about) => db.Write(tx =>
        AuditStore.Append(tx, new AuditEntry(DateTimeOffset.UnixEpoch, "test", "", "written", about + new string('x', 20_000))));

    private void Fill(string name)
    {
        using var file = new FileStream(Path.Combine(disk, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (file.Length < 20 * 1024 * 1024)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            return;
        }

        Assert.Fail("the disk does not get full");
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
