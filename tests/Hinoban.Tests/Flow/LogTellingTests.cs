using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.Flow.DeskBench;
using static Hinoban.Tests.Results.SomeHits;

namespace Hinoban.Tests.Flow;

/// <summary>Which log hits mails show: the worst of them, none that is known beside others, and all before the incident ends.</summary>
public abstract class LogTellingTests : IDisposable
{
    private static readonly ItemId Log = new(4);

    private readonly DeskBench desk;

    private protected LogTellingTests(Engine engine) => desk = new(Knows(1, "line 1"), engine);

    public void Dispose() => desk.Dispose();

    [Fact]
    public void A_mail_that_says_critical_shows_the_critical_record_though_many_others_wait()
    {
        desk.Swap(TestPlans.Logs(2));
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Post(Tokyo, Log, Read("j.11", [.. Enumerable.Range(20, 10).Select(i => Hit(i))]));
        desk.Post(Tokyo, Log, Read("j.12", Hit(40, CheckStatus.Critical)));
        Assert.Contains("[1] CRITICAL", desk.Mails().Single(m => m.Mail.Subject.Contains("CRITICAL", StringComparison.Ordinal)).Mail.Body);
    }

    [Fact]
    public void An_incident_keeps_a_hundred_records_and_mails_show_the_others_from_the_table()
    {
        desk.Swap(TestPlans.Logs(2));
        for (var i = 1; i <= 13; i++)
        {
            desk.Post(Tokyo, Log, Read($"j.{i}", [.. Enumerable.Range(i * 20, 12).Select(n => Hit(n))]));
        }

        desk.Pass(TimeSpan.FromMinutes(11));
        desk.Post(Tokyo, Log, Read("j.400", [Hit(400), Hit(401, CheckStatus.Critical), Hit(402)]));
        var incident = Assert.Single(desk.Incidents());
        Assert.Equal((159, LogRules.ManyLines), (incident.Log.Hits, incident.Log.Kept));
        Assert.Empty(incident.Events.OfType<LogHitsFound>().Last().Lines);
        var worse = desk.Mails().Single(m => m.Mail.Subject.Contains("CRITICAL", StringComparison.Ordinal)).Mail.Body;
        Assert.Contains("[1] CRITICAL", worse);
        Assert.Contains("Error: line 401", worse);
        Assert.Contains("[3] WARNING", worse);
        Assert.DoesNotContain("[4]", worse);
    }

    [Fact]
    public void A_long_incident_counts_every_hit_by_few_events_and_mails_and_pages_count_them_all()
    {
        var (incident, all) = Long();
        for (var minute = 1; minute <= 240; minute++)
        {
            desk.Pass(TimeSpan.FromMinutes(1));
            desk.Post(minute % 2 == 0 ? Tokyo : Osaka, Log, Read($"j.{minute}", Hit(10_000 + (2 * minute)), Hit(10_001 + (2 * minute))));
            all += 2;
            Assert.Equal(all, desk.Queries.Incident(All, incident)!.Log!.Hits);
            Assert.Equal($"Error: line {10_001 + (2 * minute)}", desk.Queries.Incident(All, incident)!.Log!.Latest[0].Hit.Text);
            if (minute == 100)
            {
                desk.Restart();
            }
        }

        // Two for each mail: the first hit after the one before, and what had come when it was written.
        var events = Assert.Single(desk.Incidents()).Events.OfType<LogHitsFound>().ToList();
        var updates = desk.Mails().Count(m => m.Mail.Kind == NoticeKind.Update);
        Assert.InRange(updates, 20, 26);
        Assert.InRange(events.Count, 20, 11 + (3 * updates));
        Close();
        Assert.Equal(all, Assert.Single(desk.Incidents(open: false)).Log.Hits);
        Assert.Equal(all, desk.Mails().Sum(m => Told(m.Mail.Subject)));
    }

    [Fact]
    public void Under_a_silence_a_long_incident_grows_by_the_hour_and_its_end_tells_all()
    {
        var (incident, all) = Long();
        desk.Pass(TimeSpan.FromMinutes(11));
        Mute(TimeSpan.FromHours(8));
        var before = desk.Incidents()[0].Events.Count;
        for (var minute = 1; minute <= 7 * 60; minute++)
        {
            desk.Pass(TimeSpan.FromMinutes(1));
            desk.Post(Tokyo, Log, Read($"j.{minute}", Hit(10_000 + minute)));
        }

        Assert.InRange(Assert.Single(desk.Incidents()).Events.Count - before, 7, 10);
        Assert.Equal(all + (7 * 60), desk.Queries.Incident(All, incident)!.Log!.Hits);
        desk.Restart();
        desk.Pass(TimeSpan.FromMinutes(61));
        Assert.Contains("420", desk.Mails().OrderBy(m => m.Mail.DateUtc).Last().Mail.Subject);
        Assert.Equal(all + (7 * 60), Assert.Single(desk.Incidents()).Log.Hits);
    }

    [Fact]
    public void Hits_that_wait_are_told_when_a_worse_one_comes_and_are_the_incidents_when_it_ends_held_back()
    {
        var (_, all) = Long();
        desk.Post(Tokyo, Log, Read("j.1", Hit(10_001)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(10_002), Hit(10_003)));
        Assert.Equal(all + 1, desk.Incidents()[0].Log.Hits);
        desk.Post(Osaka, Log, Read("j.3", Hit(10_004, CheckStatus.Critical)));
        Assert.Equal(all + 4, desk.Incidents()[0].Log.Hits);
        var worse = desk.Mails().Single(m => m.Mail.Subject.Contains("CRITICAL", StringComparison.Ordinal)).Mail.Body;
        Assert.Contains("[1] CRITICAL", worse);
        Assert.Contains("Error: line 10001", worse);
        Mute(TimeSpan.FromMinutes(30));
        desk.Post(Tokyo, Log, Read("j.4", Hit(10_005)));
        desk.Post(Tokyo, Log, Read("j.5", Hit(10_006)));
        Assert.Equal(all + 5, desk.Incidents()[0].Log.Hits);
        Close();
        Assert.Equal(all + 6, Assert.Single(desk.Incidents(open: false)).Log.Hits);
        desk.Post(Tokyo, Log, Read("j.6", Hit(10_007)));
        Assert.Equal(1, Assert.Single(desk.Incidents()).Log.Hits);
    }

    [Fact]
    public void What_is_known_hides_nothing_that_comes_with_it()
    {
        desk.Post(Tokyo, Log, Read("j.2", Hit(1), Hit(2)));
        Assert.Equal(2, Assert.Single(desk.Incidents()).Log.Hits);
        var body = Assert.Single(desk.Mails()).Mail.Body;
        Assert.Contains("Error: line 2", body);
        Assert.DoesNotContain("Error: line 1\n", body);
    }

    [Fact]
    public void What_is_known_is_held_until_a_record_comes_that_is_not_and_that_is_told_at_once()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        desk.Pass(TimeSpan.FromMinutes(60));
        Assert.True(Assert.Single(desk.Incidents()).IsHeld);
        Assert.Empty(desk.Mails());
        desk.Post(Osaka, Log, Read("j.2", Hit(1), Hit(2)));
        var body = Assert.Single(desk.Mails()).Mail.Body;
        Assert.Contains("Error: line 2", body);
        Assert.DoesNotContain("Error: line 1\n", body);
        Assert.DoesNotContain("静観・抑止の間に検知した記録です", body);
    }

    [Fact]
    public void What_is_known_is_not_mailed_after_others_until_its_silence_is_over()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(2)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(1, CheckStatus.Critical)));
        desk.Pass(TimeSpan.FromMinutes(30));
        Assert.Single(desk.Mails());
        desk.Restart();
        Assert.Equal(1, Assert.Single(desk.Incidents()).Log.Untold);
        desk.Swap(TestPlans.Logs(2));
        desk.Pass(TimeSpan.FromMinutes(1));
        Assert.Contains("Error: line 1", desk.Mails().Single(m => m.Mail.Kind == NoticeKind.Update).Mail.Body);
    }

    [Fact]
    public void What_came_shortly_before_the_closing_is_told_with_it()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(2)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(3)));
        Close();
        Assert.Contains("Error: line 3", desk.Mails().Single(m => m.Mail.Kind == NoticeKind.Update).Mail.Body);
        Assert.IsType<Closed>(Assert.Single(desk.Incidents(open: false)).Events[^1]);
        desk.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal(2, desk.Mails().Count);
    }

    [Fact]
    public void What_came_shortly_before_the_item_left_the_specification_is_told()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(2)));
        desk.Post(Tokyo, Log, Read("j.2", Hit(3)));
        desk.Swap(TestPlans.Web(2));
        Assert.Contains("Error: line 3", desk.Mails().Single(m => m.Mail.Kind == NoticeKind.Update).Mail.Body);
        Assert.Empty(desk.Incidents());
    }

    [Fact]
    public void What_a_silence_holds_is_not_told_at_the_closing()
    {
        desk.Post(Tokyo, Log, Read("j.1", Hit(1)));
        Close();
        Assert.Empty(desk.Mails());
        desk.Post(Tokyo, Log, Read("j.2", Hit(2)));
        Mute();
        desk.Post(Tokyo, Log, Read("j.3", Hit(3)));
        Close();
        desk.Pass(TimeSpan.FromMinutes(60));
        Assert.Single(desk.Mails());
    }

    [Fact]
    public void What_was_read_too_long_ago_is_kept_and_opens_nothing()
    {
        var now = Moment.Of(desk.Clock).Utc;
        desk.Post(Tokyo, Log, Read("j.2", Hit(7, read: now.AddDays(-36))));
        Assert.Empty(desk.Incidents());
        desk.Post(Tokyo, Log, Read("j.4", Hit(8, read: now.AddDays(-36)), Hit(9, read: now.AddDays(-34))));
        Assert.Equal(1, Assert.Single(desk.Incidents()).Log.Hits);
        Assert.Equal("Error: line 9", Assert.Single(desk.Queries.Incident(All, desk.Incidents()[0].Id)!.Log!.Latest).Hit.Text);
        Assert.Equal(3, desk.Queries.LogHits(All, Log, 10).Count);
        Assert.Single(desk.Mails());
    }

    private static DeskPlan Knows(int revision, string match)
    {
        var plan = TestPlans.Logs(revision);
        var always = new OnceTimes(new DateTime(2026, 1, 1), new DateTime(2027, 1, 1));
        return new(revision, [plan.Customers[0] with { Silences = [new SilencePlan("web01", "syslog", SilenceKind.Known, always, "ticket 4711", "tanaka", Match: match)] }]);
    }

    private void Close() => desk.Engine.Change(work =>
    {
        var incident = desk.Incidents().Single(i => i.Facts.IsLog);
        work.Append(work.Incident(incident.Id)!, [new Closed(work.Now.Utc, "sato", Text.Same("dealt with"))]);
    });

    // It keeps no more lines, and nothing of it is untold.
    private (IncidentId Incident, int Hits) Long()
    {
        desk.Swap(TestPlans.Logs(2));
        for (var i = 0; i < 10; i++)
        {
            desk.Post(Tokyo, Log, Read($"j.{i}", [.. Enumerable.Range(i * 12, 12).Select(n => Hit(n))]));
        }

        desk.Pass(TimeSpan.FromMinutes(10));
        desk.Pass(TimeSpan.FromMinutes(1));
        var incident = Assert.Single(desk.Incidents());
        Assert.Equal((LogRules.ManyLines, 0, 120), (incident.Log.Kept, incident.Log.Untold, incident.Log.Hits));
        return (incident.Id, incident.Log.Hits);
    }

    // What the subjects of updates and alerts say; an alert has none: it told the first twelve.
    private static int Told(string subject) => System.Text.RegularExpressions.Regex.Match(subject, "([0-9]+)(?:件| more log)") is { Success: true } more
        ? int.Parse(more.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
        : 12;

    private void Mute(TimeSpan? lasts = null) => desk.Engine.Change(work =>
        SilenceFlow.Set(work, new(TestPlans.Customer, "web01", "syslog", work.Now.Utc, work.Now.Utc + (lasts ?? TimeSpan.FromMinutes(30)), "work"), "sato"));
}

/// <summary>On SQLite.</summary>
public sealed class LogTellingTestsOnFile() : LogTellingTests(Engine.File);

/// <summary>On PostgreSQL.</summary>
public sealed class LogTellingTestsOnServer() : LogTellingTests(Engine.Server);
