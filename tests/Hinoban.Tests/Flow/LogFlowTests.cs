using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.Flow.DeskBench;
using static Hinoban.Tests.Results.SomeHits;

namespace Hinoban.Tests.Flow;

/// <summary>Log hits at the desk: each once whoever brings it, one incident until it is closed, beside whatever else is wrong with the item.</summary>
public abstract class LogFlowTests : IDisposable
{
    private static readonly ItemId Log = new(4);

    private readonly DeskBench desk;

    private protected LogFlowTests(Engine engine) => desk = new(TestPlans.Logs(), engine);

    public void Dispose() => desk.Dispose();

    [Fact]
    public void The_first_hits_are_an_incident_and_mailed_at_once_and_the_other_sites_are_the_same_ones()
    {
        desk.Post(Tokyo, Log, Read("j.2", Hit(1), Hit(2, CheckStatus.Critical)));
        var incident = Assert.Single(desk.Incidents());
        Assert.Equal((-1, CheckStatus.Critical, 2), (incident.Facts.Episode, incident.Severity, incident.Log.Hits));
        Assert.StartsWith("Alert ** PROBLEM Service Alert: web01/syslog is CRITICAL ** [sample-trading INC-", Assert.Single(desk.MailKinds()));

        desk.Post(Osaka, Log, Read("j.2", Hit(1), Hit(2, CheckStatus.Critical)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(2, CheckStatus.Critical)));
        Assert.Equal(2, Assert.Single(desk.Incidents()).Log.Hits);
        desk.Pass(TimeSpan.FromMinutes(15));
        Assert.Single(desk.Mails());
    }

    [Fact]
    public void What_follows_is_recorded_at_once_and_mailed_together_ten_minutes_after_the_last_mail()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Pass(TimeSpan.FromMinutes(2));
        desk.Post(Osaka, Log, Read("j.3", Hit(1), Hit(2), Hit(3)));
        desk.Pass(TimeSpan.FromMinutes(3));
        desk.Post(Tokyo, Log, Read("j.4", Hit(2), Hit(3), Hit(4)));
        Assert.Equal(4, Assert.Single(desk.Incidents()).Log.Hits);
        desk.Pass(TimeSpan.FromSeconds(290));
        Assert.Single(desk.Mails());
        desk.Pass(TimeSpan.FromSeconds(15));
        Assert.Equal(["Alert", "Update"], Kinds());
        Assert.Contains("3", desk.Mails().Single(m => m.Mail.Kind == NoticeKind.Update).Mail.Subject);
        desk.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(2, desk.Mails().Count);

        // Long after the last mail there is nothing to wait for.
        desk.Post(Tokyo, Log, Read("j.5", Hit(5)));
        Assert.Equal(["Alert", "Update", "Update"], Kinds());
    }

    [Fact]
    public void What_is_owed_is_owed_across_a_restart()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(2)));
        desk.Restart();
        desk.Post(Osaka, Log, Read("j.3", Hit(1), Hit(2), Hit(3)), sequence: 50);
        Assert.Equal(3, Assert.Single(desk.Incidents()).Log.Hits);
        desk.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal(["Alert", "Update"], Kinds());
    }

    [Fact]
    public void A_worse_hit_is_mailed_at_once_with_what_was_still_untold()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(2)));
        desk.Post(Tokyo, Log, Read("j.3", Hit(3, CheckStatus.Critical)));
        var worse = desk.Mails().Single(m => m.Mail.Subject.Contains("CRITICAL", StringComparison.Ordinal));
        Assert.Contains("Error: line 2", worse.Mail.Body);
        Assert.Contains("Error: line 3", worse.Mail.Body);
        Assert.DoesNotContain("Error: line 1", worse.Mail.Body);
        desk.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(["Alert", "Alert"], Kinds());
    }

    [Fact]
    public void What_waited_at_a_site_opens_an_incident_however_old_it_is()
    {
        var now = Moment.Of(desk.Clock);
        var result = new CheckResult(Log, 1, LookCause.Scheduled, 0, 1, now.Utc.AddHours(-30), now.Mono, TimeSpan.Zero, Read("j.1", Hit(1, read: now.Utc.AddHours(-30))));
        desk.Accept(new ResultBatch(Tokyo, 1, 1, Lane.Backlog, now.Utc, now.Mono, [result], [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0)));
        Assert.Equal(now.Utc.AddHours(-30).UtcTicks / 10, Assert.Single(desk.Incidents()).Log.FirstUtc.UtcTicks / 10);
        Assert.Single(desk.Mails());
    }

    [Fact]
    public void After_it_is_closed_the_next_hit_opens_a_new_one_in_a_thread_of_its_own()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        Close();
        desk.Post(Osaka, Log, Read("j.1", Hit(1)));
        desk.Pass(TimeSpan.FromMinutes(30));
        Assert.Empty(desk.Incidents());
        desk.Post(Osaka, Log, Read("j.2", Hit(2)));
        Assert.Equal(-2, Assert.Single(desk.Incidents()).Facts.Episode);
        Assert.Equal(["sample-trading.4.log1.alert.1", "sample-trading.4.log2.alert.1"], desk.Mails().Select(m => m.Mail.Key).Order());
        desk.Restart();
        desk.Post(Tokyo, Log, Read("j.3", Hit(3)), sequence: 50);
        Assert.Equal(2, Assert.Single(desk.Incidents()).Log.Hits);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_a_problem_of_its_own_and_neither_ends_the_other()
    {
        var unreadable = Says(CheckStatus.Unknown, "LOG UNKNOWN: /var/log/messages: permission denied");
        desk.BothSee(Log, unreadable);
        var problem = Assert.Single(desk.Incidents());
        Assert.False(problem.Facts.IsLog);
        desk.Post(Tokyo, Log, unreadable with { Log = new LogReading("j.1", [Hit(1)]) });
        Assert.Equal([-1, 1], desk.Incidents().Select(i => i.Facts.Episode).Order());

        desk.Restart();
        desk.BothSee(Log, Read("j.2", Hit(2)));
        Assert.Equal([false, true], desk.Incidents().OrderBy(i => i.Facts.IsLog).Select(i => i.Failing));
        Assert.Equal(2, desk.Incidents().Single(i => i.Facts.IsLog).Log.Hits);
        Assert.Single(desk.Mails(), m => m.Mail.Kind == NoticeKind.Recovery);
        Assert.Equal(desk.Incidents().Single(i => i.Facts.IsLog).Id, desk.Queries.Item(All, Log)!.LogIncident);
        Assert.Null(desk.Queries.Item(All, Log)!.OpenIncident);

        Close();
        desk.BothSee(Log, unreadable);
        Assert.Equal([2, 1], desk.Incidents().Select(i => i.Facts.Episode).OrderDescending());
    }

    [Fact]
    public void A_mute_holds_the_alert_and_the_updates_and_tells_them_at_its_end()
    {
        var silence = Silence(TimeSpan.FromMinutes(30));
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Pass(TimeSpan.FromMinutes(12));
        desk.Post(Tokyo, Log, Read("j.2", Hit(2)));
        Assert.True(Assert.Single(desk.Incidents()).IsHeld);
        Assert.Empty(desk.Mails());
        desk.Pass(TimeSpan.FromMinutes(18));
        desk.Pass(TimeSpan.FromSeconds(10));
        var alert = Assert.Single(desk.Mails());
        Assert.Contains("Error: line 1", alert.Mail.Body);
        Assert.Contains("Error: line 2", alert.Mail.Body);
        Assert.Contains("静観・抑止の間に検知した記録です", alert.Mail.Body);

        silence = Silence(TimeSpan.FromMinutes(30));
        desk.Post(Tokyo, Log, Read("j.3", Hit(3)));
        desk.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(["Alert"], Kinds());
        desk.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(["Alert", "Update"], Kinds());
        Assert.NotEqual(0, silence);
    }

    [Fact]
    public void An_item_that_leaves_the_specification_ends_it_without_a_word()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Swap(TestPlans.Web(2));
        Assert.Empty(desk.Incidents());
        Assert.IsType<Closed>(Assert.Single(desk.Incidents(open: false)).Events[^1]);
        desk.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["Alert"], Kinds());
    }

    [Fact]
    public void Hits_for_what_is_no_log_or_of_a_site_that_does_not_look_are_nobodys()
    {
        desk.Post(Tokyo, new ItemId(2), Read("j.1", Hit(1)));
        desk.Post(new SiteName("nagoya"), Log, Read("j.1", Hit(2)));
        desk.Post(Tokyo, new ItemId(99), Read("j.1", Hit(3)));
        Assert.Empty(desk.Incidents());
    }

    [Fact]
    public void Pages_show_the_lines_and_another_customer_sees_none()
    {
        desk.Post(Tokyo, Log, Read("j.2", [.. Enumerable.Range(1, 130).Select(i => Hit(i))]));
        var id = Assert.Single(desk.Incidents()).Id;
        var view = desk.Queries.Incident(All, id)!;
        Assert.Equal((130, IncidentPages.MostHits, "Error: line 130"), (view.Log!.Hits, view.Log.Latest.Count, view.Log.Latest[0].Hit.Text));
        Assert.Equal(["Error: line 130", "Error: line 129"], desk.Queries.LogHits(All, Log, 2).Select(h => h.Hit.Text));
        var other = Scope.Of(new CustomerId("other"));
        Assert.Empty(desk.Queries.LogHits(other, Log, 10));
        Assert.Null(desk.Queries.Incident(other, id));

        desk.Db.Write(tx => desk.Stores.Logs.Prune(tx, DateTimeOffset.MaxValue));
        Assert.Equal(LogRules.MostLines, desk.Queries.Incident(All, id)!.Log!.Latest.Count);
    }

    /// <summary>Two sites read one agent's journal by their own cursors; batches are late, repeated and broken off by restarts. Whatever the order: each hit once, one incident.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Any_interleaving_takes_each_hit_once_into_one_incident(int seed)
    {
        var random = new Random(seed);
        var hits = Enumerable.Range(1, 40).Select(i => Hit(i, i % 7 == 0 ? CheckStatus.Critical : CheckStatus.Warning)).ToArray();
        var queues = new[] { Tokyo, Osaka }.Select(site => Batches(random, site, hits)).ToArray();
        var sent = new List<ResultBatch>();
        while (queues.Any(q => q.Count > 0))
        {
            var queue = queues[random.Next(2)];
            if (queue.Count > 0)
            {
                sent.Add(queue.Dequeue());
                desk.Accept(sent[^1]);
            }

            switch (random.Next(8))
            {
                case 0:
                    desk.Restart();
                    break;
                case 1:
                    desk.Accept(sent[random.Next(sent.Count)]);
                    break;
                case 2:
                    desk.Pass(TimeSpan.FromSeconds(random.Next(1, 200)));
                    break;
            }
        }

        var incident = Assert.Single(desk.Incidents());
        Assert.Equal((40, 40), (incident.Log.Hits, desk.Queries.LogHits(All, Log, 1000).Count));
        Assert.Equal(CheckStatus.Critical, incident.Severity);
        desk.Pass(TimeSpan.FromMinutes(21));
        var told = string.Join('\n', desk.Mails().Select(m => m.Mail.Body));
        Assert.Equal(desk.Mails().Count, Kinds().Count(k => k is "Alert" or "Update"));
        Assert.True(Assert.Single(desk.Incidents()).Log.Untold == 0, told);
    }

    private static Queue<ResultBatch> Batches(Random random, SiteName site, LogHit[] hits)
    {
        var batches = new Queue<ResultBatch>();
        for (int at = 0, sequence = 1; at < hits.Length; sequence++)
        {
            // A site that did not hear of its receipt reads a stretch again.
            var from = Math.Max(0, at - random.Next(4));
            at = Math.Min(hits.Length, at + random.Next(1, 6));
            var lane = random.Next(4) == 0 ? Lane.Backlog : Lane.Live;
            var result = new CheckResult(Log, 1, LookCause.Scheduled, 0, 1, Noon, TimeSpan.FromHours(1), TimeSpan.Zero, Read($"j.{at}", hits[from..at]));
            batches.Enqueue(new ResultBatch(site, 1, sequence, lane, Noon, TimeSpan.FromHours(1), [result], [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0)));
        }

        return batches;
    }

    private List<string> Kinds() => [.. desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString())];

    private void Close() => desk.Engine.Change(work =>
    {
        var incident = desk.Incidents().Single(i => i.Facts.IsLog);
        work.Append(work.Incident(incident.Id)!, [new Closed(work.Now.Utc, "sato", Text.Same("dealt with"))]);
    });

    private long Silence(TimeSpan lasts) => desk.Engine.Change(work =>
        SilenceFlow.Set(work, new SilenceRequest(TestPlans.Customer, "web01", "syslog", work.Now.Utc, work.Now.Utc + lasts, "work"), "sato"));
}

/// <summary>On SQLite.</summary>
public sealed class LogFlowTestsOnFile() : LogFlowTests(Engine.File);

/// <summary>On PostgreSQL.</summary>
public sealed class LogFlowTestsOnServer() : LogFlowTests(Engine.Server);
