using Dapper;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Storage;
using Hinoban.Tests.Notifying;

namespace Hinoban.Tests.Storage;

/// <summary>One node has the desk, and whoever lost it changes nothing any more.</summary>
public abstract class LeaseTests : IDisposable
{
    private protected static readonly DeskNode East = new("east/1", "http://east.example.jp");
    private static readonly DeskNode West = new("west/2", "http://west.example.jp");

    private protected readonly DeskDatabase database;
    private readonly LabClock clock = new();
    private readonly List<IDisposable> opened = [];

    private protected LeaseTests(Engine engine) => database = new DeskDatabase(engine);

    public void Dispose()
    {
        opened.ForEach(o => o.Dispose());
        database.Dispose();
    }

    [Fact]
    public void One_node_has_the_desk_until_it_is_given_up_or_over()
    {
        var east = Take(East)!;
        Assert.Null(Take(West, out var holder));
        Assert.Equal((East.Holder, East.Address, east.Epoch), (holder!.Holder, holder.Address, holder.Epoch));
        Assert.InRange(holder.Left, TimeSpan.FromSeconds(1), DutyLease.Lasts);

        east.Release();
        Assert.False(east.Holds);
        var west = Take(West)!;
        Assert.True(west.Epoch > east.Epoch);
        Assert.Null(Take(East));
        Expire();
        Assert.NotNull(Take(East));
    }

    [Fact]
    public void A_node_that_starts_again_has_its_own_desk_at_once_under_a_new_epoch()
    {
        var before = Take(East)!;
        using var db = Open(before);
        var after = Take(East)!;
        Assert.Equal(before.Epoch + 1, after.Epoch);
        Assert.Throws<OffDutyException>(() => Note(db, "late"));
    }

    [Fact]
    public async Task Whoever_lost_the_desk_changes_nothing_and_knows_it()
    {
        var east = Take(East)!;
        using var db = Open(east);
        Note(db, "east 1");
        Expire();
        var west = Take(West)!;
        using var others = Open(west);
        Note(others, "west 1");

        Assert.True(db.OnDuty);
        Assert.Throws<OffDutyException>(() => Note(db, "east 2"));
        await Task.WhenAll(Cancelled(db.Ended), Cancelled(east.Lost));
        Assert.False(db.OnDuty);
        Assert.Throws<OffDutyException>(() => db.Write(_ => { }));
        Assert.Equal(["east 1", "west 1"], others.Read(tx => tx.Connection.Query<string>("select who from audit order by id", null, tx.Transaction)));
    }

    [Fact]
    public void A_lease_that_was_not_renewed_is_over_by_the_nodes_own_clock_before_another_can_have_it()
    {
        var east = Take(East)!;
        clock.Advance(DutyLease.Lasts - TimeSpan.FromSeconds(1.5));
        Assert.True(east.Holds);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(east.Holds);
    }

    [Fact]
    public void A_node_that_waits_is_known_to_the_one_that_has_the_desk()
    {
        var east = Take(East)!;
        using var dialect = database.Dialect();
        Assert.Null(east.Other());
        DutyLease.StandBy(dialect, East, clock);
        Assert.Null(east.Other());
        DutyLease.StandBy(dialect, West, clock);
        DutyLease.StandBy(dialect, West, clock);
        Assert.InRange(east.Other()!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        using (var connection = dialect.Connect())
        {
            connection.Execute("update duty_leases set until_utc = until_utc - 600000000 where duty = 'standby'");
        }

        Assert.InRange(east.Other()!.Value, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));

        // It is no word on who has the desk.
        Assert.Null(Take(West, out var holder));
        Assert.Equal(East.Holder, holder!.Holder);
        Assert.True(east.Keep(wrong => Assert.Fail(wrong.Message)));
    }

    [Fact]
    public async Task It_is_renewed_while_the_node_lives_and_lost_when_another_has_taken_it()
    {
        var east = Take(East)!;
        for (var turn = 0; turn < 15; turn++)
        {
            Turn();
            Assert.True(east.Holds);
        }

        Assert.Null(Take(West));
        Expire();
        Assert.NotNull(Take(West));
        Turn();
        await Cancelled(east.Lost);

        void Turn()
        {
            clock.Advance(DutyLease.RenewEvery);
            east.Keep(wrong => Assert.Fail(wrong.Message));
        }
    }

    [Fact]
    public void It_is_renewed_on_a_thread_of_its_own_which_needs_none_of_the_pool()
    {
        var east = Take(East)!;
        using (var dialect = database.Dialect())
        using (var connection = dialect.Connect())
        {
            connection.Execute("drop table duty_leases");
        }

        bool? ofPool = null;
        using var asked = new ManualResetEventSlim();
        using (east.KeepApart(_ =>
        {
            ofPool = Thread.CurrentThread.IsThreadPoolThread;
            asked.Set();
        }))
        {
            Assert.True(asked.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        Assert.False(ofPool);
    }

    [Theory]
    [InlineData("west/2#another")]
    [InlineData("east/1#another")]
    public async Task A_taking_that_was_lost_with_its_server_changes_nothing_under_the_epoch_that_another_was_given(string holder)
    {
        var east = Take(East)!;
        using var db = Open(east);
        Note(db, "east 1");
        using (var dialect = database.Dialect())
        using (var connection = dialect.Connect())
        {
            connection.Execute("update duty_leases set holder = @holder", new { holder });
        }

        Assert.Throws<OffDutyException>(() => Note(db, "east 2"));
        await Cancelled(east.Lost);
        east.Release();
        using var reader = database.Open();
        Assert.NotEqual(0, reader.Read(tx => tx.Connection.ExecuteScalar<long>("select until_utc from duty_leases", null, tx.Transaction)));
    }

    [Fact]
    public void A_delivery_is_settled_under_the_epoch_in_which_it_was_taken_only()
    {
        var (store, queue) = (new OutboxStore(), new OutboxQueue());
        using var east = Open(Take(East)!);
        east.Write(tx => store.Add(tx, PumpBench.Mail(1, "alert.1", "a")));
        var taken = Assert.Single(east.Write(tx => queue.Claim(tx, Sample.Detected.AddDays(1), 1, 1, _ => RelayRank.First))).Row.Id;
        Expire();
        using var west = Open(Take(West)!);
        Assert.False(west.Write(tx => Settle(tx)));
        Assert.Equal(1, west.Write(tx => queue.Revive(tx, Sample.Detected.AddDays(1))));
        Assert.Equal(taken, Assert.Single(west.Write(tx => queue.Claim(tx, Sample.Detected.AddDays(1), 1, 1, _ => RelayRank.First))).Row.Id);

        Assert.Throws<OffDutyException>(() => east.Write(tx => Settle(tx)));
        Assert.True(west.Write(tx => Settle(tx)));

        bool Settle(Tx tx) => queue.Settle(tx, taken, RelayRank.First, DeliveryOutcome.Accepted, "4F1", "250 ok", false, Sample.Detected.AddDays(1));
    }

    [Fact]
    public async Task An_upgrade_under_load_keeps_what_was_acknowledged_and_the_older_node_changes_nothing_after_it()
    {
        using var older = Open(Take(East)!);
        older.Write(tx => tx.Connection.Execute("alter table outbox_deliveries drop column epoch; delete from schema_versions where number = 150", null, tx.Transaction));
        var acknowledged = 0;
        var load = Task.Run(() =>
        {
            while (true)
            {
                Note(older, $"note {acknowledged + 1}");
                Interlocked.Increment(ref acknowledged);
            }
        });
        await PumpBench.UntilAsync(() => Volatile.Read(ref acknowledged) > 20, () => "no load");
        Expire();
        using var newer = Open(Take(West)!);
        await Assert.ThrowsAsync<OffDutyException>(() => load.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(
            Enumerable.Range(1, acknowledged).Select(n => $"note {n}"),
            newer.Read(tx => tx.Connection.Query<string>("select who from audit order by id", null, tx.Transaction)));
        Assert.Equal(0, newer.Read(tx => tx.Connection.ExecuteScalar<long>("select count(epoch) from outbox_deliveries", null, tx.Transaction)));
    }

    [Fact]
    public void An_older_version_does_not_take_the_desk_from_a_newer_one()
    {
        using var db = database.Open();
        db.Write(tx => tx.Connection.Execute("insert into schema_versions (number, name) values (99999, 'from the future')", null, tx.Transaction));
        Assert.Contains("newer", Assert.Throws<InvalidOperationException>(() => Take(East)).Message, StringComparison.Ordinal);
        Assert.Equal(0, db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from schema_versions where number = 0", null, tx.Transaction)));
    }

    private protected DutyLease? Take(DeskNode node) => Take(node, out _);

    private protected DutyLease? Take(DeskNode node, out LeaseView? holder)
    {
        SqlTypes.Register();
        var dialect = Keep(database.Dialect());
        return DutyLease.Take(dialect, node, clock, out holder) is { } lease ? Keep(lease) : null;
    }

    private protected DutyLease TakeEast() => Take(East)!;

    private protected DutyLease TakeWest() => Take(West)!;

    private protected Db Open(DutyLease lease) => Db.Open(database.Dialect, SchemaKind.Desk, null, lease);

    private protected static void Note(Db db, string who) => db.Write(tx => Note(tx, who));

    private protected static void Note(Tx tx, string who) =>
        tx.Connection.Execute("insert into audit (at_utc, who, origin, action, about) values (1, @who, '', '', '')", new { who }, tx.Transaction);

    // Told by the clock.
    private protected Task Cancelled(CancellationToken token)
    {
        clock.Advance(TimeSpan.Zero);
        return PumpBench.UntilAsync(() => token.IsCancellationRequested, () => "it was not told");
    }

    private protected void Expire()
    {
        using var dialect = database.Dialect();
        using var connection = dialect.Connect();
        connection.Execute("update duty_leases set until_utc = 1");
    }

    private T Keep<T>(T what)
        where T : IDisposable
    {
        opened.Insert(0, what);
        return what;
    }
}

/// <summary>Leases as the lab plays them.</summary>
public sealed class LeaseTestsOnFile() : LeaseTests(Engine.File);

/// <summary>Leases on PostgreSQL, and what only a server can do to its clients.</summary>
public sealed class LeaseTestsOnServer() : LeaseTests(Engine.Server)
{
    [Fact]
    public void A_node_paused_in_a_transaction_does_not_keep_the_database_from_the_next_one()
    {
        using var db = Open(TakeEast());
        using var others = database.Open();
        Expire();
        DutyLease? west = null;
        Assert.ThrowsAny<Exception>(() => db.Write(tx =>
        {
            Assert.Equal("8s", tx.Connection.ExecuteScalar<string>("show idle_in_transaction_session_timeout", null, tx.Transaction));
            tx.Connection.Execute("set idle_in_transaction_session_timeout = 300", null, tx.Transaction);
            Note(tx, "east");

            // Asleep from here on: the next node gets through when the server has lost patience.
            west = west is null ? TakeWest() : throw new InvalidOperationException("A second run must not come this far.");
        }));
        Assert.NotNull(west);
        Assert.Equal(0, others.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from audit", null, tx.Transaction)));
    }

    [Fact]
    public async Task A_commit_of_which_nobody_knows_ends_everything_that_is_in_memory()
    {
        using var db = Open(TakeEast());
        using (var others = database.Open())
        {
            others.Write(tx => tx.Connection.Execute(
                """
                create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
                create constraint trigger dies after insert on audit deferrable initially deferred for each row execute function die();
                """,
                null,
                tx.Transaction));
        }

        var runs = 0;
        Assert.Throws<CommitUnknownException>(() => db.Write(tx =>
        {
            runs++;
            Note(tx, "in doubt");
        }));
        Assert.Equal(1, runs);
        await Cancelled(db.Ended);
        Assert.Throws<OffDutyException>(() => db.Write(_ => { }));
        Assert.False(db.OnDuty);
    }

    [Fact]
    public void A_connection_that_broke_before_the_commit_costs_a_second_run_and_nothing_else()
    {
        using var db = Open(TakeEast());
        var runs = 0;
        db.Write(tx =>
        {
            Note(tx, "once");
            if (runs++ == 0)
            {
                tx.Connection.Execute("select pg_terminate_backend(pg_backend_pid())", null, tx.Transaction);
            }
        });
        Assert.Equal(2, runs);
        Assert.Equal(1, db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from audit", null, tx.Transaction)));
        Assert.False(db.Ended.IsCancellationRequested);
    }

    [Fact]
    public void The_command_line_leaves_an_older_schema_to_the_desk()
    {
        using (var db = database.Open())
        {
            db.Write(tx => tx.Connection.Execute("alter table outbox_deliveries drop column epoch; delete from schema_versions where number = 150", null, tx.Transaction));
        }

        Assert.Contains("start this version's desk first", Assert.Throws<InvalidOperationException>(() => database.Open()).Message, StringComparison.Ordinal);
        Open(TakeEast()).Dispose();
        database.Open().Dispose();
    }

    [Fact]
    public void Two_nodes_need_a_synchronous_standby_and_are_told_what_is_missing()
    {
        using var dialect = database.Dialect();
        var wrong = ServerSurvey.Of(dialect);
        Assert.Equal(["synchronous_standby_names is empty", "no standby follows the server"], wrong.Select(w => w.Split(" (")[0]));
        Assert.Equal(wrong, Take(East)!.Survey().Wrong);
    }
}
