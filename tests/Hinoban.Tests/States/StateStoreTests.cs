using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.States;
using Hinoban.Storage;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>Views and verdicts in the database.</summary>
public abstract class StateStoreTests : IDisposable
{
    private static readonly CustomerId Sample = new("sample-trading");
    private static readonly ItemId Item = new(17);

    private readonly DeskDatabase database;
    private readonly StateStore store = new();
    private readonly Db db;

    private protected StateStoreTests(Engine engine)
    {
        database = new DeskDatabase(engine);
        db = database.Open();
    }

    public void Dispose()
    {
        db.Dispose();
        database.Dispose();
    }

    [Fact]
    public void A_view_comes_back_as_it_was_but_for_its_ages()
    {
        var view = HardT(Tokyo, 900, 940, looks: 5) with
        {
            HostWasDown = true,
            ChangedUtc = Epoch + S(900.000001),
            Took = S(10.000002),
            Output = "タイムアウト \u001b[31m'; drop table site_views; -- \ud83d\udd25",
            LongOutput = "<script>\r\n",
            Perfdata = "time=10s;;;0",
        };
        Assert.Equal(1, Save(new ViewToSave(Item, Sample, null, view)));
        var loaded = Assert.Single(db.Read(store.Load));
        Assert.Equal((Item, Tokyo), loaded.Key);
        Assert.Equal(view with { LookMono = null, RunMono = null, FailedLookMono = null }, loaded.Value);
    }

    [Fact]
    public void What_is_no_text_does_not_keep_a_view_from_being_written()
    {
        Assert.Equal(1, Save(new ViewToSave(Item, Sample, null, Ok(Tokyo, 100) with { Output = "a\0b\ud800c", Perfdata = "\udc00" })));
        var view = Assert.Single(db.Read(store.Load)).Value;
        Assert.Equal(("a\ufffdb\ufffdc", "\ufffd"), (view.Output, view.Perfdata));
    }

    [Fact]
    public void An_unchanged_OK_costs_no_statement_a_failing_look_one()
    {
        var ok = Ok(Tokyo, 100);
        Assert.Equal(1, Save(new ViewToSave(Item, Sample, new SiteView(Tokyo), ok)));
        var next = StateMachine.Step(new StateTerms(2, false), ok, Look(CheckStatus.Ok, 280, "OK, 0.013 s"), true).After;
        Assert.NotEqual(ok.Output, next.Output);
        Assert.Equal(0, Statements(() => Save(new ViewToSave(Item, Sample, ok, next))));
        var failing = StateMachine.Step(new StateTerms(2, false), next, Look(CheckStatus.Critical, 460, "refused"), true).After;
        Assert.Equal(1, Statements(() => Save(new ViewToSave(Item, Sample, next, failing))));
        Assert.Equal("refused", db.Read(tx => store.Views(tx, Scope.Of(Sample), Item)).Single().Output);
        Assert.Equal(0, Save(new ViewToSave(Item, Sample, null, new SiteView(Osaka))));
    }

    [Fact]
    public void A_verdict_is_written_when_it_says_something_else()
    {
        var down = Judge(Terms(), 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        Assert.Equal(1, Save(new VerdictToSave(Item, Sample, Verdict.None, down, Epoch)));
        Assert.Equal(0, Save(new VerdictToSave(Item, Sample, down, Judge(Terms(), 1001, down, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980)), Epoch)));
        var held = Judge(Terms(), 1010, down, HardT(Tokyo, 900, 990), SoftT(Osaka, 1009));
        Assert.Equal(1, Save(new VerdictToSave(Item, Sample, down, held, Epoch + S(10))));
        var stored = db.Read(store.LoadVerdicts)[Item];
        Assert.True(stored.Verdict.SaysSameAs(held));
        Assert.Equal((Judgement.Failing, Epoch + S(10)), (stored.Verdict.Standing, stored.SinceUtc));
    }

    [Fact]
    public void Another_customers_scope_sees_nothing_and_what_is_forgotten_is_gone()
    {
        Save(new ViewToSave(Item, Sample, null, Ok(Tokyo, 100)), new ViewToSave(Item, Sample, null, Ok(Osaka, 100)));
        Save(new VerdictToSave(Item, Sample, null, Verdict.None, Epoch));
        var other = Scope.Of(new CustomerId("other"));
        Assert.Empty(db.Read(tx => store.Views(tx, other, Item)));
        Assert.Null(db.Read(tx => store.Verdict(tx, other, Item)));
        Assert.Equal([Osaka, Tokyo], db.Read(tx => store.Views(tx, Scope.Across("operator sato"), Item)).Select(v => v.Site));
        Assert.NotNull(db.Read(tx => store.Verdict(tx, Scope.Of(Sample), Item)));
        db.Write(tx => store.Forget(tx, Item));
        Assert.Empty(db.Read(store.Load));
        Assert.Empty(db.Read(store.LoadVerdicts));
    }

    private static Sighting Look(CheckStatus status, double at, string output) =>
        new(new LookAnswer(status, Reply.Answer, NoValue.None, output), Epoch + S(at), S(at), S(0));

    private int Save(params ViewToSave[] views) => db.Write(tx => store.Save(tx, views, []));

    private int Save(VerdictToSave verdict) => db.Write(tx => store.Save(tx, [], [verdict]));

    // Counted by the database itself: rows changed on the writer's connection, or the places that the one row has had.
    private int Statements(Action work)
    {
        long Changes() => db.Write(tx => Dapper.SqlMapper.ExecuteScalar<long>(
            tx.Connection,
            database.Engine == Engine.File ? "select total_changes()" : "select sum((ctid::text::point)[1])::bigint from site_views",
            null,
            tx.Transaction));
        var before = Changes();
        work();
        return (int)(Changes() - before);
    }
}

/// <summary>Views and verdicts on SQLite.</summary>
public sealed class StateStoreTestsOnFile() : StateStoreTests(Engine.File);

/// <summary>Views and verdicts on PostgreSQL.</summary>
public sealed class StateStoreTestsOnServer() : StateStoreTests(Engine.Server);
