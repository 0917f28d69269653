using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A web application that needs a database: whose problem is whose.</summary>
public sealed class DependsTests
{
    private const string Db = "db1/postgres";
    private const string App = "web1/http";

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(74)]
    [InlineData(111)]
    [InlineData(148)]
    public void What_needs_the_database_falls_with_it_in_one_mail(int second) => Story.Tell(Spec($"[{Db}]"), async story =>
    {
        await story.Pass(TimeSpan.FromSeconds(300 + second));
        story.Break(Db, Fault.Refused);
        story.Break(App, Fault.Says(Hinoban.Checks.CheckStatus.Critical, "HTTP CRITICAL: 500"));
        var alerts = await story.Mails("db1/postgres is CRITICAL", Members);
        Assert.All(alerts, a => Assert.Contains("Items that depend on it", a.Text));
        Assert.All(alerts, a => Assert.Contains("- web1/http: ", a.Text));
        await story.Until(() => story.Item(App).Cause == Db, "it belongs to the database's problem");
        var incident = Assert.Single(story.Incidents);
        Assert.Equal(incident.Id, story.Item(App).CoveredBy);
        await story.Pass(minutes: 10);
        Assert.Contains(story.Incident(incident.Id).Events.OfType<NoticeDecided>(), n => n is { Reason: NoticeReason.NeededFails, Told: false });

        // It still fails when the database is back: told then, once.
        story.Mend(Db);
        await story.Mails("db1/postgres is OK", Members);
        var back = story.Now;
        await story.Mails("web1/http is CRITICAL", Members);
        Assert.InRange(story.Now - back, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
        story.Mend(App);
        await story.Mails("web1/http is OK", Members);
    });

    [Fact]
    public void What_recovers_with_it_was_never_a_problem_and_a_restart_changes_nothing() => Story.Tell(Spec($"[{Db}]"), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break(Db, Fault.Refused);
        story.Break(App, Fault.Refused);
        await story.Mails("db1/postgres is CRITICAL", Members);
        story.ExpectLog("no orders from the desk");
        await story.Pass(minutes: 3);
        story.CrashDesk();
        story.StartDesk();
        await story.Pass(minutes: 10);
        Assert.Single(story.Incidents);
        story.Mend(Db);
        story.Mend(App);
        await story.Mails("db1/postgres is OK", Members);
        await story.Until(() => story.Item(App).Judgement == Judgement.Working, "it works");
    });

    [Fact]
    public void A_problem_from_before_keeps_its_own_incident_and_recovery() => Story.Tell(Spec($"[{Db}]"), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break(App, Fault.Refused);
        await story.Mails("web1/http is CRITICAL", Members);
        story.Break(Db, Fault.Refused);
        var alerts = await story.Mails("db1/postgres is CRITICAL", Members);
        Assert.All(alerts, a => Assert.Contains("- web1/http: CRITICAL [INC-", a.Text));
        story.Mend(App);
        await story.Mails("web1/http is OK", Members);
        story.Mend(Db);
        await story.Mails("db1/postgres is OK", Members);
    });

    [Fact]
    public void The_causes_first_mail_is_not_later_for_what_needs_it()
    {
        TimeSpan Alerted(string[] falls)
        {
            var at = TimeSpan.Zero;
            Story.Tell(Spec($"[{Db}]"), async story =>
            {
                await story.Pass(minutes: 5);
                falls.ToList().ForEach(f => story.Break(f, Fault.Refused));
                await story.Mails("db1/postgres is CRITICAL", Members);
                at = story.Now;
                falls.ToList().ForEach(f => story.Mend(f));
                await story.Mails("db1/postgres is OK", Members);
            });
            return at;
        }

        Assert.True(Alerted([Db, App]) <= Alerted([Db]));
    }

    [Fact]
    public void Any_of_is_enough_while_one_works_and_the_next_one_falls_behind_the_first() => Story.Tell(Spec($"{{ any: [{Db}, web1/smtp] }}"), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break(Db, Fault.Refused);
        story.Break(App, Fault.Refused);
        await story.Mails("db1/postgres is CRITICAL", Members);
        await story.Mails("web1/http is CRITICAL", Members);
        story.Mend(App);
        await story.Mails("web1/http is OK", Members);

        story.Break("web1/smtp", Fault.Refused);
        await story.Mails("web1/smtp is CRITICAL", Members);
        story.Break(App, Fault.Refused);
        await story.Until(() => story.Item(App).Cause == Db, "both fail: it belongs to the first");
        await story.Pass(minutes: 5);
        story.Mend(App);
        await story.Until(() => story.Item(App).Judgement == Judgement.Working, "it works");
        story.Mend(Db);
        story.Mend("web1/smtp");
        await story.Mails("db1/postgres is OK", Members);
        await story.Mails("web1/smtp is OK", Members);
    });

    [Fact]
    public void What_is_needed_may_itself_be_cut_off_by_its_host() => Story.Tell(Spec($"[{Db}]"), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("db1", Fault.BlackHole);
        story.Break(App, Fault.Says(Hinoban.Checks.CheckStatus.Critical, "HTTP CRITICAL: 500"));
        await story.Mails("db1 is DOWN", Members);
        await story.Until(() => story.Item(App).Cause == Db, "it belongs to the host's problem");
        await story.Pass(minutes: 10);
        Assert.Equal(["db1"], story.Incidents.Select(i => i.Host));
        story.Mend("db1");
        story.Mend(App);
        await story.Mails("db1 is UP", Members);
        await story.Until(() => story.Item(App).Judgement == Judgement.Working, "it works");
    });

    [Fact]
    public void What_is_posted_as_the_database_falls_belongs_to_it_and_is_told_when_it_still_fails_after_it() => Story.Tell(
        Web().Replace("smtp: tcp:25", $"backup: {{ kind: passive, freshness: 30m, depends_on: [{Db}] }}", StringComparison.Ordinal),
        async story =>
        {
            const string backup = "web1/backup";
            await story.Post(backup, 0, "BACKUP OK");
            await story.Pass(minutes: 5);
            story.Break(Db, Fault.Refused);
            await story.Post(backup, 2, "BACKUP CRITICAL - no database");
            await story.Mails("db1/postgres is CRITICAL", Members);
            await story.Until(() => story.Item(backup).Cause == Db, "it belongs to the database's problem");
            await story.Pass(minutes: 5);
            Assert.Single(story.Incidents);

            story.Mend(Db);
            await story.Mails("db1/postgres is OK", Members);
            var back = story.Now;
            await story.Mails("web1/backup is CRITICAL", Members);
            Assert.InRange(story.Now - back, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(35));
            await story.Post(backup, 0, "BACKUP OK");
            await story.Mails("web1/backup is OK", Members);
        });

    private static string Spec(string depends) =>
        Web().Replace("http: { path: /,", $"http: {{ path: /, depends_on: {depends},", StringComparison.Ordinal);
}
