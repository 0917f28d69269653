using Hinoban.Lab.Story;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A program posts its results, or does not.</summary>
public sealed class PassiveTests
{
    private const string Backup = "web1/backup";

    [Fact]
    public void What_is_posted_is_told_at_once_and_what_stays_away_when_its_time_is_over() => Tell(Spec(), async story =>
    {
        await story.Pass(minutes: 5);
        Assert.Equal("Taken", await story.Post(Backup, 0, "BACKUP OK - 12 GB"));
        Assert.Equal(Judgement.Working, story.Item(Backup).Judgement);
        await story.Pass(minutes: 8);

        await story.Post(Backup, 2, "BACKUP CRITICAL - disk full");
        var failed = story.Now;
        var alerts = await story.Mails("web1/backup is CRITICAL", Members);
        Assert.InRange(story.Now - failed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.All(alerts, a => Assert.Contains("Posted value: BACKUP CRITICAL - disk full", a.Text));
        Assert.All(alerts, a => Assert.DoesNotContain("single site", a.Text));
        await story.Pass(minutes: 5);
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Mails("web1/backup is OK", Members);

        var last = story.Now;
        alerts = await story.Mails("web1/backup is UNKNOWN", Members);
        Assert.InRange(story.Now - last, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5));
        Assert.All(alerts, a => Assert.Contains("Posted value: no value comes (freshness 10m; the last one came ", a.Text));
        Assert.Equal(Reach.NoData, story.Item(Backup).Reach);
        await story.Pass(minutes: 30);
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Mails("web1/backup is OK", Members);
        await Keep(story, TimeSpan.FromMinutes(6));
    });

    [Fact]
    public void What_never_came_is_missed_and_what_is_posted_twice_or_late_refreshes_nothing() => Tell(Spec(), async story =>
    {
        await story.Mails("web1/backup is UNKNOWN", Members);
        Assert.InRange(story.Now, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        var first = story.UtcNow;
        await story.Post(Backup, 0, "BACKUP OK", first);
        await story.Mails("web1/backup is OK", Members);
        var heard = story.Now;

        await story.Pass(minutes: 5);
        Assert.Equal("Repeated", await story.Post(Backup, 0, "BACKUP OK", first));
        Assert.Equal("Older", await story.Post(Backup, 0, "BACKUP OK", first - TimeSpan.FromSeconds(1)));
        await story.Mails("web1/backup is UNKNOWN", Members);
        Assert.InRange(story.Now - heard, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5));
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Mails("web1/backup is OK", Members);
        await Keep(story, TimeSpan.FromMinutes(6));
    });

    [Fact]
    public void A_restart_and_a_step_of_the_clock_neither_miss_a_value_nor_tell_of_one_falsely() => Tell(Spec(), async story =>
    {
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Pass(minutes: 9);
        story.ExpectLog("no orders from the desk");
        story.CrashDesk();
        story.StartDesk();
        await story.Pass(minutes: 8);
        story.StepClock("desk", TimeSpan.FromHours(1));
        await story.Pass(minutes: 1);
        Assert.Equal(Judgement.Working, story.Item(Backup).Judgement);
        await story.Mails("web1/backup is UNKNOWN", Members);
        Assert.InRange(story.Now, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));

        await story.Pass(minutes: 1);
        // Told before, and not told again by a desk that has forgotten when.
        story.StepClock("desk", TimeSpan.FromHours(-1));
        story.CrashDesk();
        story.StartDesk();
        await story.Pass(minutes: 30);
        Assert.Single(story.Incidents);
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Mails("web1/backup is OK", Members);
        await Keep(story, TimeSpan.FromMinutes(6));
    });

    [Fact]
    public void A_host_that_is_down_explains_why_nothing_comes() => Tell(Spec(), async story =>
    {
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Pass(minutes: 5);
        story.Break("web1", Fault.BlackHole);
        await story.Mails("web1 is DOWN", Members);
        await story.Pass(minutes: 20);
        Assert.Equal(Reach.NoData, story.Item(Backup).Reach);
        Assert.Single(story.Incidents);
        story.Mend("web1");
        await story.Mails("web1 is UP", Members);
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Until(() => story.Item(Backup).Judgement == Judgement.Working, "it works");
        await Keep(story, TimeSpan.FromMinutes(6));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_posted_as_its_host_came_back_or_while_it_was_down_is_told_when_it_has_had_time_to_start(bool whileDown) => Tell(Spec(), async story =>
    {
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Pass(minutes: 1);
        story.Break("web1", Fault.BlackHole);
        await story.Mails("web1 is DOWN", Members);
        if (whileDown)
        {
            await story.Post(Backup, 2, "BACKUP CRITICAL - 2 FAILED");
            await story.Pass(minutes: 1);
            Assert.Single(story.Incidents);
        }

        story.Mend("web1");
        await story.Mails("web1 is UP", Members);
        var back = story.Now;
        if (!whileDown)
        {
            await story.Pass(TimeSpan.FromSeconds(10));
            await story.Post(Backup, 2, "BACKUP CRITICAL - 2 FAILED");
        }

        // Nothing is posted again: no look and no end of its freshness is to come before that.
        await story.Mails("web1/backup is CRITICAL", Members);
        Assert.InRange(story.Now - back, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(35));
        await story.Post(Backup, 0, "BACKUP OK");
        await story.Mails("web1/backup is OK", Members);
        await Keep(story, TimeSpan.FromMinutes(6));
    });

    [Fact]
    public void A_stopped_item_is_not_missed_and_gets_its_time_when_it_is_looked_for_again() => Tell(
        Spec("""silences: [{ what: web1/backup, when: "from 2026-04-14 00:00 to 2026-04-14 09:30", kind: stop, reason: move, owner: tanaka }]"""),
        async story =>
        {
            var end = new DateTimeOffset(2026, 4, 14, 0, 30, 0, TimeSpan.Zero);
            Assert.True(story.UtcNow < end, $"the story begins at {story.UtcNow:u}");
            Assert.Equal("NotWatched", await story.Post(Backup, 0, "BACKUP OK"));
            await story.Pass(end - story.UtcNow + TimeSpan.FromMinutes(9));
            Assert.Empty(story.Incidents);
            await story.Mails("web1/backup is UNKNOWN", Members);
            Assert.InRange(story.UtcNow - end, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
            await story.Post(Backup, 0, "BACKUP OK");
            await story.Mails("web1/backup is OK", Members);
        });

    private static void Tell(string spec, Func<Story, Task> tale) => Story.Tell(spec, tale, new StoryOptions { Afterwards = TimeSpan.FromMinutes(5), AtMost = TimeSpan.FromHours(3) });

    // What is posted in time all the while is never missed.
    private static async Task Keep(Story story, TimeSpan every)
    {
        for (var post = 0; post < 3; post++)
        {
            await story.Pass(every);
            await story.Post(Backup, 0, "BACKUP OK");
        }
    }

    private static string Spec(string more = "") =>
        Web().Replace("smtp: tcp:25", "backup: { kind: passive, freshness: 10m }", StringComparison.Ordinal) + "\n" + more + "\n";
}
