using Dapper;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Lab;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Server;
using Hinoban.Server.Roles;
using Hinoban.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Hinoban.Tests.Server;

/// <summary>A data folder that is deleted, replaced or shut under its process: told, kept as far as it goes, and taken up by the next start.</summary>
public sealed class PlaceWatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-place-").FullName;
    private readonly LabClock clock = new();
    private readonly KeptLog<PlaceWatch> log = new();

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_deleted_folder_is_said_once_and_copied_at_once_after_ten_minutes_and_at_the_end()
    {
        File.WriteAllText(Path.Combine(folder, "node"), "mark");
        using var own = new DataFolder(folder).Hold();
        using var db = Opened();
        var place = Watching(db);
        Directory.Delete(folder, recursive: true);
        place.Look();
        Assert.Equal(new PlaceView(PlaceState.Lost, folder, Copy), place.View);
        Assert.Equal("mark", File.ReadAllText(Path.Combine(folder, "node")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(1, Marks(Copy));
        Assert.Null(new DataFolder(folder).Hold());

        Mark(db);
        Pass(place, TimeSpan.FromMinutes(9));
        Assert.Equal(1, Marks(Copy));
        Pass(place, TimeSpan.FromMinutes(2));
        Assert.Equal(2, Marks(Copy));
        Mark(db);
        place.End();
        Assert.Equal(3, Marks(Copy));
        Assert.Single(log.Lines, l => l.Contains("WAS DELETED OR REPLACED", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_comes_back_is_said_and_its_copy_goes()
    {
        using var db = Opened();
        var place = Watching(db);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Move(file, $"{file}-away");
        }

        place.Look();
        Assert.Equal(PlaceState.Lost, place.View.State);
        Assert.True(File.Exists(Copy));
        foreach (var file in Directory.GetFiles(folder, "*-away"))
        {
            File.Move(file, file[..^5]);
        }

        place.Look();
        Assert.Equal(PlaceState.Whole, place.View.State);
        Assert.False(File.Exists(Copy));
        Assert.Contains(log.Lines, l => l.EndsWith("is as it was again", StringComparison.Ordinal));
    }

    [Fact]
    public void While_nothing_can_be_copied_that_is_said_and_tried_again_each_minute()
    {
        using var db = Opened();
        var place = Watching(db);
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "a file where the folder was");
        place.Look();
        Pass(place, TimeSpan.FromMinutes(3));
        Assert.Equal(new PlaceView(PlaceState.Lost, folder, null), place.View);
        Assert.Single(log.Lines, l => l.StartsWith("Nothing could be kept", StringComparison.Ordinal));
        File.Delete(folder);
        Pass(place, TimeSpan.FromMinutes(2));
        Assert.Equal(Copy, place.View.Copy);
    }

    [Fact]
    public void A_database_that_cannot_be_opened_beside_its_writer_is_said_once_and_tried_again_and_not_called_copied_when_lost()
    {
        using var db = Opened();
        var tries = 0;
        using var guard = new FileGuard(Path.Combine(folder, "desk.db"), () => throw new SqliteException($"unable to open database file, try {++tries}", 14));
        var place = new PlaceWatch(folder, clock, log);
        place.Watch(guard);
        place.Watch(db);
        place.Look();
        place.Look();
        Assert.Equal(2, tries);
        Assert.Single(log.Lines, l => l.Contains("could not be opened for the day when it is lost", StringComparison.Ordinal));

        Directory.Delete(folder, recursive: true);
        place.Look();
        Assert.Equal(new PlaceView(PlaceState.Lost, folder, null), place.View);
        Assert.Contains(log.Lines, l => l.StartsWith("Nothing could be kept", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, l => l.StartsWith("What could still be kept", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("site", "key", "--name", "tokyo")]
    [InlineData("token", "add", "--user", "ci", "--role", "operator")]
    [InlineData("account", "add", "--user", "sato", "--role", "operator")]
    [InlineData("site", "revoke", "--name", "tokyo")]
    public async Task No_verb_makes_an_empty_database_in_the_place_of_a_lost_one(params string[] verb)
    {
        using (var db = Opened())
        {
            using var own = new DataFolder(folder).Hold();
            foreach (var file in Directory.GetFiles(folder, "desk.db*"))
            {
                File.Delete(file);
            }

            await RefusedAsync(verb);
            File.WriteAllText(Copy, "the copy");
        }

        await RefusedAsync(verb);
        Assert.Equal("the copy", File.ReadAllText(Copy));
    }

    [Fact]
    public async Task The_desk_tells_by_health_and_metrics_and_the_next_one_goes_on_with_the_copy()
    {
        await using (var server = await StartAsync())
        {
            var place = server.App.Services.GetRequiredService<PlaceWatch>();
            Mark(server.App.Services.GetRequiredService<Db>());
            place.Look();
            Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/healthz")).Status);
            Directory.Delete(folder, recursive: true);
            place.Look();
            clock.Advance(TimeSpan.FromSeconds(2));
            var (status, body, _) = await server.SendAsync(HttpMethod.Get, "/healthz");
            Assert.Equal((503, PlaceWatch.LostWords), (status, body.GetProperty("problems")[0].GetString()));
            Assert.Contains("\nhinoban_folder_lost 1\n", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
            Mark(server.App.Services.GetRequiredService<Db>());
            await server.App.StopAsync();
            File.Copy(Copy, Path.Combine(Path.GetTempPath(), Path.GetFileName(folder) + ".kept"));
        }

        Directory.CreateDirectory(folder);
        File.Move(Path.Combine(Path.GetTempPath(), Path.GetFileName(folder) + ".kept"), Copy);
        await using var next = await StartAsync();
        Assert.Equal(2, next.App.Services.GetRequiredService<Db>().Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from marks", null, tx.Transaction)));
        Assert.False(File.Exists(Copy));
    }

    private string Copy => Path.Combine(folder, "desk.db.rescued");

    private Task<SampleServer> StartAsync() => SampleServer.StartAsync(at: folder, clock: clock, wire: ground =>
    {
        var desk = new SampleDesk();
        var db = ground.OpenDesk();
        return new DeskParts(db, new Accounts(db), desk, desk, desk, desk, new SiteKeyStore(db, ground.Clock), []);
    });

    private async Task RefusedAsync(string[] verb)
    {
        foreach (var (language, words) in new[] { ("ja", "先に監視センターを"), ("C", "Restart the desk first") })
        {
            using StringWriter output = new(), error = new();
            var around = new Surroundings(new Dictionary<string, string> { ["LANG"] = language }, folder, TextReader.Null, output, error, clock);
            Assert.Equal(ExitCode.Configuration, await CommandTree.RunAsync([.. verb, "--data", folder], around));
            Assert.Contains(words, error.ToString(), StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(folder, "desk.db")));
        }
    }

    private Db Opened()
    {
        var db = Db.OpenFile(Path.Combine(folder, "desk.db"), SchemaKind.Desk);
        Mark(db);
        return db;
    }

    private PlaceWatch Watching(Db db)
    {
        var place = new PlaceWatch(folder, clock, log);
        place.Watch(db);
        place.Look();
        Assert.Equal(PlaceState.Whole, place.View.State);
        return place;
    }

    private void Pass(PlaceWatch place, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(5))
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            place.Look();
        }
    }

    private static void Mark(Db db) => db.Write(tx => tx.Connection.Execute("create table if not exists marks (a int); insert into marks values (1)", null, tx.Transaction));

    private static long Marks(string file)
    {
        using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=false;Mode=ReadOnly");
        db.Open();
        return db.ExecuteScalar<long>("select count(*) from marks");
    }
}
