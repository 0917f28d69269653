using System.Data.Common;
using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Notifying;
using Hinoban.States;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>The chain from a posted look to the outbox, over the real database.</summary>
public abstract class DeskEngineTests : IDisposable
{
    private static readonly ItemId Alive = new(1);
    private static readonly ItemId Http = new(2);
    private static readonly ItemId Smtp = new(3);

    private readonly Engine engine;
    private readonly DeskBench desk;

    private protected DeskEngineTests(Engine engine)
    {
        this.engine = engine;
        desk = new DeskBench(TestPlans.Web(), engine);
        AllWell();
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public void A_refused_port_is_mailed_once_to_each_member_and_recovers_once()
    {
        desk.BothSee(Http, Refused);
        desk.BothSee(Http, Refused, looks: 4);

        var incident = Assert.Single(desk.Incidents());
        Assert.Equal("web01/http", incident.Facts.Title);
        Assert.Equal(Judgement.Working, incident.Opening.Stood);
        Assert.Equal(Reach.Down, incident.Opening.Reach);
        var alert = Assert.Single(desk.Mails());
        Assert.Equal(["desk@hinoban.example.jp", "tanaka@sample.example.jp", "yamamoto@sample.example.jp"], alert.Deliveries.Select(d => d.Recipient).Order());

        desk.BothSee(Http, Ok, looks: 1);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
        Assert.NotNull(Assert.Single(desk.Incidents()).Recovery);
        Assert.Equal(IncidentStage.ReportOwed, Assert.Single(desk.Queries.Incidents(All)).Stage);
    }

    [Fact]
    public void An_item_that_fails_from_the_first_look_was_nothing_before_and_its_mail_says_so()
    {
        using var fresh = new DeskBench(TestPlans.Web(), engine);
        fresh.BothSee(Alive, Ok, looks: 1);
        fresh.BothSee(Http, Refused);
        Assert.Contains("状態: CRITICAL (監視の開始時から異常)", Assert.Single(fresh.Mails()).Mail.Body, StringComparison.Ordinal);
        fresh.Restart();
        Assert.Equal(Judgement.Hold, Assert.Single(fresh.Incidents()).Opening.Stood);

        fresh.BothSee(Http, Ok, looks: 1);
        fresh.BothSee(Http, Refused);
        Assert.Contains("状態: CRITICAL (前回 OK)", fresh.Mails().MaxBy(m => m.Mail.DateUtc)!.Mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_OK_asks_the_other_site_and_the_recovery_tells_what_both_saw()
    {
        desk.BothSee(Http, Refused);
        var orders = Orders(Osaka);
        desk.Post(Tokyo, Http, Ok);
        Assert.Equal(Http, Assert.Single(orders()).Item);
        Assert.Single(desk.Mails());

        // Asked once, whatever Tokyo goes on to say.
        desk.Pass(TimeSpan.FromSeconds(2));
        desk.Post(Tokyo, Http, Ok);
        Assert.Empty(orders());
        desk.Post(Osaka, Http, Ok);
        Assert.Contains("拠点判定: tokyo=OK osaka=OK", Recovery(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_stays_broken_and_a_site_that_does_not_answer_are_named_in_the_recovery()
    {
        desk.BothSee(Http, Refused);
        desk.Post(Tokyo, Http, Ok);
        desk.Pass(TimeSpan.FromSeconds(2));
        desk.Post(Osaka, Http, Refused);
        desk.Pass(TimeSpan.FromSeconds(2));
        Assert.Single(desk.Mails());
        desk.Post(Tokyo, Http, Ok);
        Assert.Contains("拠点判定: tokyo=OK osaka=経路障害", Recovery(), StringComparison.Ordinal);

        desk.BothSee(Http, Refused);
        desk.Post(Tokyo, Http, Ok);
        desk.Pass(TimeSpan.FromSeconds(14));
        Assert.Equal(3, desk.Mails().Count);
        desk.Pass(TimeSpan.FromSeconds(2));
        Assert.Contains("拠点判定: tokyo=OK osaka=拠点通信断", Recovery(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_path_alarms_nobody_and_is_shown_with_both_views()
    {
        for (var look = 0; look < 20; look++)
        {
            desk.Post(Tokyo, Http, Dead);
            desk.Pass(TimeSpan.FromSeconds(15));
            desk.Post(Osaka, Http, Ok);
            desk.Pass(TimeSpan.FromSeconds(15));
        }

        Assert.Empty(desk.Incidents());
        Assert.Empty(desk.Mails());
        var trouble = Assert.Single(desk.Queries.Sites(All).Single(s => s.Name == Tokyo).PathTroubles);
        var cut = desk.Queries.Sites(Scope.Of(new CustomerId("nobody"))).Single(s => s.Name == Tokyo);
        Assert.Equal((0, null, null, null, null), (cut.Items, cut.LooksOut, cut.LooksDone, cut.MissedCycles, cut.SpoolBacklog));
        Assert.Empty(cut.PathTroubles);
        Assert.Equal([VoteKind.Transport, VoteKind.Ok], trouble.Evidence.Select(e => e.Vote));
    }

    [Fact]
    public void A_dead_host_is_one_mail_that_lists_its_services()
    {
        Kill();

        var incident = Assert.Single(desk.Incidents());
        Assert.True(incident.Facts.IsHost);
        Assert.Equal(["http", "smtp"], incident.Attached.Select(a => a.Service).Order());
        var mail = Assert.Single(desk.Mails());
        Assert.Contains("Host Alert: web01 is DOWN", mail.Mail.Subject, StringComparison.Ordinal);
        Assert.Contains("http", mail.Mail.Body, StringComparison.Ordinal);
        Assert.Contains("smtp", mail.Mail.Body, StringComparison.Ordinal);

        AllWell();
        desk.Pass(TimeSpan.FromSeconds(60));
        AllWell();
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void A_service_that_stays_broken_after_its_host_is_back_gets_its_own_mail()
    {
        Kill();
        foreach (var site in new[] { Tokyo, Osaka })
        {
            desk.Post(site, Alive, Ok);
            desk.Post(site, Smtp, Ok);
        }

        desk.Pass(TimeSpan.FromSeconds(40));
        desk.BothSee(Http, Refused, looks: 3);

        Assert.Equal(
            ["Alert web01 is DOWN", "Recovery web01 is UP", "Alert web01/http is CRITICAL"],
            desk.MailKinds().Select(k => k.Replace("** PROBLEM Host Alert: ", "", StringComparison.Ordinal).Replace("** RECOVERY Host Alert: ", "", StringComparison.Ordinal)
                .Replace("** PROBLEM Service Alert: ", "", StringComparison.Ordinal).Split(" **")[0]));
    }

    [Fact]
    public void A_batch_posted_again_is_acknowledged_and_counts_once()
    {
        desk.Post(Tokyo, Http, Refused);
        desk.Pass(TimeSpan.FromSeconds(15));
        var batch = desk.Post(Osaka, Http, Refused);
        for (var again = 0; again < 5; again++)
        {
            desk.Accept(batch);
        }

        Assert.Empty(desk.Incidents());
        Assert.Equal(1, desk.Queries.Item(All, Http)!.Views.Single(v => v.Site == Osaka).Attempt);
    }

    [Fact]
    public async Task A_batch_that_could_not_be_written_answers_nobody_until_it_is()
    {
        var (_, answer) = desk.Engine.AskAll(Http, TimeSpan.FromSeconds(10)).Single(a => a.Site == Osaka);
        var heard = desk.Engine.Look((_, lines, _) => lines.Of(Osaka).BeatMono);
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        desk.Db.Write(tx => tx.Connection.Execute("alter table sites rename to sites_away"));
        Assert.ThrowsAny<DbException>(() => desk.Post(Osaka, Http, Refused, sequence: 50));
        Assert.False(answer.IsCompleted);
        Assert.Equal(heard, desk.Engine.Look((_, lines, _) => lines.Of(Osaka).BeatMono));

        desk.Db.Write(tx => tx.Connection.Execute("alter table sites_away rename to sites"));
        desk.Post(Osaka, Http, Refused, sequence: 50);
        Assert.Equal(Refused, (await answer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Answer);
    }

    [Fact]
    public void A_look_asked_for_while_the_site_held_no_stream_is_asked_for_when_it_does()
    {
        desk.Post(Tokyo, Http, Refused);
        var asked = Orders(Osaka)();

        Assert.Equal(Alive, asked[0].Item);
        Assert.Equal(asked.Count, asked.Select(o => o.Request).Distinct().Count());
    }

    [Fact]
    public void A_recovery_is_owed_across_a_restart()
    {
        desk.BothSee(Http, Refused);
        desk.Restart();
        Assert.NotNull(Assert.Single(desk.Incidents()).Events.OfType<NoticeDecided>().Single(n => n.Told));
        desk.BothSee(Http, Refused);
        Assert.Single(desk.Mails());

        desk.Restart();
        desk.BothSee(Http, Ok, looks: 1);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void What_failed_when_the_desk_ended_and_was_told_nobody_is_looked_at_again_at_once()
    {
        desk.Post(Tokyo, Http, Refused);
        desk.Pass(TimeSpan.FromSeconds(15));
        desk.Post(Tokyo, Http, Refused);
        Assert.Empty(desk.Incidents());
        desk.Restart();
        var orders = Orders(Tokyo);
        desk.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(Http, Assert.Single(orders()).Item);

        desk.Pass(TimeSpan.FromSeconds(10));
        Assert.Empty(orders());
        desk.BothSee(Http, Refused);
        desk.Restart();
        desk.Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(Orders(Tokyo)());
    }

    [Fact]
    public void A_problem_that_was_closed_while_it_failed_is_remembered_across_a_restart_and_recovers_once()
    {
        desk.BothSee(Http, Refused);
        desk.Engine.Change(work => work.Record(work.Load(All, new IncidentId(1))!, new Closed(work.Now.Utc, "lead", Text.Same("known"))));
        desk.Restart();
        desk.BothSee(Http, Refused);
        Assert.Single(desk.Mails());
        desk.BothSee(Http, Ok, looks: 1);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void A_new_failure_after_the_recovery_is_a_new_incident()
    {
        desk.BothSee(Http, Refused);
        desk.BothSee(Http, Ok, looks: 1);
        desk.BothSee(Http, Refused);
        Assert.Equal([1, 2], desk.Incidents().Select(i => i.Facts.Episode).Order());
        Assert.Equal(["INC-260414-0001", "INC-260414-0002"], desk.Incidents().Select(i => i.Facts.Number).Order());
    }

    [Fact]
    public void An_item_that_leaves_the_plan_closes_its_incident_with_that_reason_and_tells_the_list()
    {
        desk.BothSee(Http, Refused);
        desk.Swap(new Hinoban.Specs.DeskPlan(3, [TestPlans.CustomerPlan(3, [])]));
        Assert.Empty(desk.Incidents());
        var closed = Assert.Single(desk.Incidents(open: false));
        Assert.Equal(RecoveryReason.ItemRemoved, closed.Recovery!.Reason);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void A_problem_that_gets_worse_is_told_again_and_recovers_once()
    {
        desk.BothSee(Http, Says(CheckStatus.Warning, "TCP WARNING - 4.1 second response time"));
        desk.BothSee(Http, Says(CheckStatus.Critical, "TCP CRITICAL - 9.0 second response time"));
        desk.BothSee(Http, Says(CheckStatus.Warning, "TCP WARNING - 4.1 second response time"));
        desk.BothSee(Http, Says(CheckStatus.Critical, "TCP CRITICAL - 9.0 second response time"));
        desk.BothSee(Http, Ok, looks: 1);

        Assert.Equal(
            ["WARNING", "CRITICAL", "OK"],
            desk.MailKinds().Select(k => k.Split(" is ")[1].Split(' ')[0]));
        Assert.Single(desk.Incidents());
    }

    [Fact]
    public void With_one_site_silent_the_other_judges_alone_and_the_mail_says_so()
    {
        desk.Pass(TimeSpan.FromSeconds(60), Tokyo);
        for (var look = 0; look < 4; look++)
        {
            desk.Post(Tokyo, Http, Refused);
            desk.Post(Tokyo, Alive, Ok);
            desk.Pass(TimeSpan.FromSeconds(30), Tokyo);
        }

        Assert.True(Assert.Single(desk.Incidents()).Opening.SingleSite);
        Assert.Contains("片系", Assert.Single(desk.Mails()).Mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_fault_is_no_evidence()
    {
        var fault = new LookAnswer(CheckStatus.Unknown, Reply.Transport, NoValue.EngineFault, "no permission for ICMP");
        for (var look = 0; look < 6; look++)
        {
            desk.BothSee(Http, fault, looks: 1);
        }

        Assert.Empty(desk.Mails());
    }

    [Fact]
    public void A_failing_look_makes_the_desk_ask_the_other_site_and_the_host_at_once()
    {
        var orders = Orders(Osaka);
        desk.Post(Tokyo, Http, Dead);
        var host = Assert.Single(orders());
        Assert.Equal((Alive, TimeSpan.FromSeconds(5)), (host.Item, host.Timeout));

        desk.Pass(TimeSpan.FromSeconds(1));
        desk.Post(Osaka, Alive, Ok);
        Assert.Equal(Http, Assert.Single(orders()).Item);
    }

    private string Recovery()
    {
        var last = desk.Mails().OrderBy(m => m.Mail.DateUtc).Last().Mail;
        Assert.Equal(NoticeKind.Recovery, last.Kind);
        return last.Body;
    }

    private Func<List<Hinoban.Results.LookNowOrder>> Orders(SiteName site)
    {
        var stream = desk.Engine.OrdersAsync(site, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(stream.MoveNextAsync().AsTask().Result);
        Assert.IsType<Hinoban.Results.PlanOrder>(stream.Current);
        var next = stream.MoveNextAsync().AsTask();
        return () =>
        {
            var got = new List<Hinoban.Results.LookNowOrder>();
            for (; next.Wait(TimeSpan.FromSeconds(1)) && next.Result; next = stream.MoveNextAsync().AsTask())
            {
                if (stream.Current is Hinoban.Results.LookNowOrder order)
                {
                    got.Add(order);
                }
            }

            return got;
        };
    }

    private void Kill()
    {
        for (var look = 0; look < 3; look++)
        {
            foreach (var site in new[] { Tokyo, Osaka })
            {
                foreach (var item in new[] { Http, Alive, Smtp })
                {
                    desk.Post(site, item, Dead);
                }

                desk.Pass(TimeSpan.FromSeconds(8));
            }
        }
    }

    private void AllWell()
    {
        foreach (var item in new[] { Alive, Http, Smtp })
        {
            desk.Post(Tokyo, item, Ok);
            desk.Post(Osaka, item, Ok);
        }
    }
}

/// <summary>The chain on SQLite.</summary>
public sealed class DeskEngineTestsOnFile() : DeskEngineTests(Engine.File);

/// <summary>The chain on PostgreSQL.</summary>
public sealed class DeskEngineTestsOnServer() : DeskEngineTests(Engine.Server);
