using System.Data.Common;
using Dapper;
using Hinoban.Basics;
using Hinoban.States;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>A desk that has heard no site for a while, and hears them again one after the other.</summary>
public abstract class HeardNobodyTests : IDisposable
{
    private static readonly ItemId Alive = new(1);
    private static readonly ItemId Http = new(2);

    private readonly Engine engine;
    private readonly DeskBench desk;

    private protected HeardNobodyTests(Engine engine)
    {
        (this.engine, desk) = (engine, new DeskBench(TestPlans.Web(), engine));
        desk.BothSee(Alive, Ok, looks: 1);
    }

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("the database takes nothing")]
    [InlineData("the line is cut")]
    public void When_the_desk_has_heard_nobody_for_a_while_no_site_is_believed_alone_for_being_heard_first(string trouble)
    {
        for (var look = 0; look < 5; look++)
        {
            desk.Post(Tokyo, Http, Refused);
            desk.Post(Osaka, Http, Ok);
            desk.Pass(TimeSpan.FromSeconds(15));
        }

        var writer = desk.Db.Write(tx => tx.Connection);
        if (trouble.StartsWith("the database", StringComparison.Ordinal))
        {
            TakeChanges(false);
            for (var minute = 0; minute < 6; minute++)
            {
                desk.Clock.Advance(TimeSpan.FromMinutes(1));
                Assert.ThrowsAny<DbException>(() => desk.Post(Tokyo, Http, Refused));
                Assert.ThrowsAny<DbException>(() => desk.Post(Osaka, Http, Ok));
            }

            TakeChanges(true);
        }
        else
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(6));
            desk.Engine.Review();
        }

        desk.Post(Tokyo, Http, Refused);
        desk.Pass(TimeSpan.FromSeconds(2), Tokyo);
        Assert.Equal(Reach.Undecided, desk.Engine.Look((board, _, _) => board.Item(Http)!.Verdict.Reach));
        desk.Post(Osaka, Http, Ok);
        desk.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(desk.Mails());
        Assert.Empty(desk.Incidents());

        void TakeChanges(bool on) => writer.Execute(engine == Engine.File ? $"pragma query_only = {(on ? "off" : "on")}" : $"set default_transaction_read_only = {(on ? "off" : "on")}");
    }

    [Fact]
    public void A_site_that_comes_back_alone_is_believed_alone_in_the_end()
    {
        desk.BothSee(Http, Ok);
        desk.Clock.Advance(TimeSpan.FromMinutes(6));
        desk.Engine.Review();
        for (var look = 0; look < 6; look++)
        {
            desk.Post(Tokyo, Http, Refused);
            desk.Post(Tokyo, Alive, Ok);
            desk.Pass(TimeSpan.FromSeconds(15), Tokyo);
        }

        Assert.True(Assert.Single(desk.Incidents()).Opening.SingleSite);
        Assert.Single(desk.Mails());
    }

    [Fact]
    public void A_site_that_comes_and_goes_does_not_bring_one_back_that_was_lost_before()
    {
        desk.BothSee(Http, Ok, looks: 1);
        desk.Pass(TimeSpan.FromMinutes(2), Tokyo);
        for (var look = 0; look < 6; look++)
        {
            desk.Clock.Advance(TimeSpan.FromSeconds(20));
            desk.Engine.Review();
            desk.Post(Tokyo, Http, Refused);
            desk.Post(Tokyo, Alive, Ok);
        }

        Assert.True(Assert.Single(desk.Incidents()).Opening.SingleSite);
    }
}

/// <summary>Over a file.</summary>
public sealed class HeardNobodyTestsOnFile() : HeardNobodyTests(Engine.File);

/// <summary>On PostgreSQL.</summary>
public sealed class HeardNobodyTestsOnServer() : HeardNobodyTests(Engine.Server);
