using System.Diagnostics;
using Dapper;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.People;
using Hinoban.Server;
using Hinoban.Storage;
using Hinoban.Tests.Flow;
using Hinoban.Tests.House;
using Npgsql;

namespace Hinoban.Tests.Storage;

/// <summary>A desk is carried from its file to a server and back, whole or not at all.</summary>
public sealed class MigrateTests : IDisposable
{
    private static readonly Moment Now = new(new DateTimeOffset(2026, 4, 14, 3, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1));

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-migrate-").FullName;
    private readonly string server = Cluster.Shared.Create(empty: true);
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose()
    {
        Cluster.Shared.Drop(server);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task There_and_back_everything_is_as_it_was_and_numbers_go_on()
    {
        var before = Fill();
        Assert.Equal(0, await RunAsync("postgres"));
        Assert.Contains("rows and hashes of every table were compared", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(server).ConnectionString, $"{output}{error}", StringComparison.Ordinal);
        using (var db = Db.OpenServer(Place))
        {
            // A number of its own after numbers that came from elsewhere.
            new Accounts(db).SignIn("nobody", "nothing at all", Now, "192.0.2.66");
            Assert.Equal(before.Length, db.Read(tx => tx.Connection.ExecuteScalar<long>("select max(id) from audit", null, tx.Transaction)) - 1);
            db.Write(tx => tx.Connection.Execute("delete from audit where id > @last; delete from sign_in_failures where name = 'nobody'", new { last = before.Length }, tx.Transaction));
        }

        Assert.Equal(1, await RunAsync("postgres"));
        Assert.Contains("The target is not empty", error.ToString(), StringComparison.Ordinal);
        var there = Table();
        File.Move(DeskFile, DeskFile + ".old");
        output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("sqlite"));
        Assert.Equal(there, Table());
        using var back = Db.OpenFile(DeskFile, SchemaKind.Desk);
        Assert.Equal(before, Audit(back));
    }

    [Fact]
    public async Task A_desk_that_runs_is_not_carried()
    {
        Fill();
        using (var held = new DataFolder(folder).Hold())
        {
            Assert.Equal(1, await RunAsync("postgres"));
            Assert.Contains("in use by another process", error.ToString(), StringComparison.Ordinal);
        }

        SqlTypes.Register();
        using var dialect = new PostgresDialect(Place);
        using var lease = DutyLease.Take(dialect, new DeskNode("east/1", ""), TimeProvider.System, out _);
        Assert.Equal(1, await RunAsync("sqlite"));
        Assert.Contains("is in use by east: stop the desk first", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_leaves_the_target_empty()
    {
        Fill();
        using (var empty = Db.OpenServer(Place))
        {
        }

        // It cannot come past this table, and has copied others before.
        await using var holder = new NpgsqlConnection(server);
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await using var holding = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await holder.ExecuteAsync("lock table incident_events in exclusive mode", null, holding);
        using var process = Process.Start(new ProcessStartInfo(
            Repository.Path("artifacts", "bin", "Hinoban.Server", "debug", "hinoban"), ["migrate", "--data", folder, "--to", "postgres"])
        { Environment = { ["HINOBAN_DATABASE"] = server } })!;
        await Hinoban.Tests.Notifying.PumpBench.UntilAsync(
            () => holder.ExecuteScalar<long>("select count(*) from pg_locks where relation = 'incident_events'::regclass and not granted", null, holding) > 0,
            () => "it does not come to the table");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await holding.RollbackAsync(TestContext.Current.CancellationToken);

        using var dialect = new PostgresDialect(Place);
        using var look = dialect.Write();
        Assert.All(DatabaseCopy.Tables, t => Assert.Equal(0, look.Connection!.ExecuteScalar<long>($"select count(*) from {t}", null, look)));
        look.Dispose();
        Assert.Equal(0, await RunAsync("postgres"));
    }

    [Fact]
    public void Every_table_of_the_schema_is_copied()
    {
        using var db = Db.OpenFile(DeskFile, SchemaKind.Desk);
        var there = db.Read(tx => tx.Connection.Query<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'", null, tx.Transaction));
        Assert.Equal(there.Except(["schema_versions"]).Order(), DatabaseCopy.Tables.Order());
    }

    private string DeskFile => Path.Combine(folder, "desk.db");

    private PostgresPlace Place => PostgresPlace.Parse(server, out _)!;

    private Task<int> RunAsync(string to) => CommandTree.RunAsync(
        ["migrate", "--data", folder, "--to", to],
        new Surroundings(
            new Dictionary<string, string> { ["HINOBAN_DATABASE"] = server, ["HINOBAN_LANGUAGE"] = "en" }, folder, TextReader.Null, output, error, TimeProvider.System));

    // A desk after an alert and its recovery: every kind of column has something in it.
    private string[] Fill()
    {
        using (var desk = new DeskBench(TestPlans.Web(), () => Db.OpenFile(DeskFile, SchemaKind.Desk)))
        {
            var item = new ItemId(2);
            desk.BothSee(item, DeskBench.Ok);
            desk.BothSee(item, DeskBench.Refused);
            desk.BothSee(item, DeskBench.Ok, looks: 1);
            Assert.NotEmpty(desk.Incidents());
        }

        using var db = Db.OpenFile(DeskFile, SchemaKind.Desk);
        var accounts = new Accounts(db);
        accounts.Add("sato", "佐藤 花子\0", Role.Operator, null, "correct horse battery", Now, "test");
        accounts.AddToken("ci", Role.Operator, null, Now, "test");
        return Audit(db);
    }

    private static string[] Audit(Db db) => [.. db.Read(tx => tx.Connection.Query<string>("select action from audit order by id", null, tx.Transaction))];

    private string[] Table() => [.. output.ToString().Split('\n').Where(l => DatabaseCopy.Tables.Any(t => l.StartsWith(t + " ", StringComparison.Ordinal)))];
}
