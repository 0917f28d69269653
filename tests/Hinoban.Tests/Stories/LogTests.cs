using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.Specs;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>Something stands in a log: told once, by whichever site reads it first, and over when a person says so.</summary>
public sealed class LogTests
{
    private const string Log = "web1/syslog";

    private static readonly string Spec = Web().Replace(
        "      smtp: tcp:25\n",
        "      smtp: tcp:25\n      syslog: { kind: log, file: /var/log/messages, match: \"Error\", except: [\"Error: 0\"], context: 1 }\n",
        StringComparison.Ordinal);

    [Fact]
    public void A_hit_is_mailed_once_though_two_sites_read_it_and_closed_by_a_person() => Story.Tell(Spec, async story =>
    {
        await story.Pass(minutes: 5);
        var hit = story.WriteLog(Log, "Error: disk is on fire", CheckStatus.Critical);
        var written = story.Now;
        var alerts = await story.Mails("web1/syslog is CRITICAL", Members);
        Assert.InRange(story.Now - written, TimeSpan.Zero, TimeSpan.FromSeconds(95));
        Assert.All(alerts, a => Assert.Contains("* Error: disk is on fire", a.Text));
        Assert.All(alerts, a => Assert.Contains("before Error: disk is on fire", a.Text));
        Assert.All(alerts, a => Assert.Contains("It does not recover by itself", a.Text));
        await story.Until(() => story.Incidents.Single().Slo.DueUtc is not null, "the mail's acceptance, which starts the clock");
        var incident = story.Incidents.Single();
        Assert.Equal(hit.ReadUtc, story.Incident(incident.Id).Log!.FirstUtc);
        await story.Pass(minutes: 30);
        Assert.True(story.Incidents.Single().Failing);
        await story.Operator.Claim(incident.Id);
        await story.Operator.Close(incident.Id, "the fire is out");
        Assert.Empty(story.Incidents);

        await story.Pass(minutes: 5);
        story.WriteLog(Log, "Error: smoke");
        await story.Mails("web1/syslog is WARNING", Members);
        Assert.NotEqual(incident.Number, story.Incidents.Single().Number);
        await story.Operator.Claim(story.Incidents.Single().Id);
        await story.Operator.Close(story.Incidents.Single().Id, "a barbecue");
    });

    [Fact]
    public void A_flood_is_told_in_one_mail_and_then_every_ten_minutes_with_counts() => Story.Tell(Spec, async story =>
    {
        await story.Pass(minutes: 5);
        story.WriteLog(Log, "Error: 1");
        var first = await story.Mails("web1/syslog is WARNING", Members);
        var began = story.Now;
        for (var minute = 0; minute < 20; minute++)
        {
            story.WriteLog(Log, $"Error: {minute + 2}");
            await story.Pass(minutes: 1);
        }

        var updates = await story.Mails("more log hits", Members);
        var again = await story.Mails("more log hits", Members);
        Assert.All(updates, u => Assert.Contains(first[0].Header("Message-ID")!, u.Header("References")!, StringComparison.Ordinal));
        Assert.NotEqual(updates[0].Subject, again[0].Subject);
        Assert.InRange(story.Now - began, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(32));
        Assert.Equal(21, story.Incident(story.Incidents.Single().Id).Log!.Hits);
        await CloseAsync(story);
    });

    [Fact]
    public void Nothing_is_lost_or_doubled_when_sites_and_desk_crash_at_the_worst_moments() => Story.Tell(Spec, async story =>
    {
        Away(story);
        await story.Pass(minutes: 5);
        var spooled = story.CrashSiteAt("tokyo", Basics.Milestone.ResultSpooled);
        story.WriteLog(Log, "Error: first");
        await spooled;
        story.StartSite("tokyo");
        await story.Mails("web1/syslog is WARNING", Members);

        var committed = story.CrashDeskAt(Basics.Milestone.BatchCommitted, 5);
        story.WriteLog(Log, "Error: second");
        await committed;
        story.CrashSite("osaka");
        await story.Pass(minutes: 2);
        story.StartDesk();
        story.StartSite("osaka");
        await story.Mails("1 more log hit", Members);
        await story.Pass(minutes: 20);
        Assert.Equal(2, story.Incident(story.Incidents.Single().Id).Log!.Hits);
        await CloseAsync(story);
    });

    [Fact]
    public void What_was_written_while_the_desk_was_away_is_told_when_it_is_back_and_says_when_it_was_read() => Story.Tell(Spec, async story =>
    {
        Away(story);
        await story.Pass(minutes: 5);
        await story.StopDesk();
        await story.Pass(minutes: 2);
        var hit = story.WriteLog(Log, "Error: nobody is listening");
        await story.Pass(minutes: 90);
        story.StartDesk();
        var alerts = await story.Mails("web1/syslog is WARNING", Members);
        Assert.All(alerts, a => Assert.Contains($"Read: {hit.ReadUtc.ToOffset(TimeSpan.FromHours(9)):yyyy-MM-dd HH:mm}", a.Text));
        await CloseAsync(story);
    });

    [Fact]
    public void A_log_that_cannot_be_read_is_its_own_problem_and_hits_wait_for_it() => Story.Tell(Spec, async story =>
    {
        await story.Pass(minutes: 5);
        story.Break(Log, Fault.Refused);
        await story.Mails("web1/syslog is CRITICAL", Members);
        story.WriteLog(Log, "Error: unseen");
        await story.Pass(minutes: 10);
        story.Mend(Log);
        await story.Mails("web1/syslog is WARNING", Members);
        await story.Mails("web1/syslog is OK", Members);
        Assert.Equal([true], story.Incidents.Where(i => i.Stage == IncidentStage.Unclaimed).Select(i => i.IsLog));
        await CloseAsync(story);
    });

    private static void Away(Story story)
    {
        story.AllowLog("no orders from the desk");
        story.AllowLog("the desk does not take results");
    }

    private static async Task CloseAsync(Story story)
    {
        var open = story.Incidents.Single(i => i.IsLog);
        await story.Operator.Claim(open.Id);
        await story.Operator.Close(open.Id, "dealt with");
    }
}
