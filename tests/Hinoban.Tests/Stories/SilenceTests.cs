using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>Silences told whole: what they hold back, what they do not, and what comes at their end. The story begins at 09:00 in Tokyo.</summary>
public sealed class SilenceTests
{
    private const string After = "still failing after the silence";

    [Fact]
    public void What_breaks_and_recovers_in_a_maintenance_is_recorded_and_not_mailed() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1", TimeSpan.FromMinutes(60));
        await story.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(SilenceKind.Mute, story.Item("web1/http").Silence!.Kind);
        Assert.Null(story.Item("db1").Silence);

        story.Break("web1/http", Fault.Refused);
        await story.Until(() => story.Incidents.Count == 1, "an incident");
        var row = story.Incidents.Single();
        Assert.True(row is { Held: true, Silence.Reason: "maintenance", Slo.StartedUtc: null });
        await story.Pass(minutes: 10);
        story.Mend("web1/http");
        await story.Until(() => !story.Incidents.Single().Failing, "the recovery");
        Assert.Equal(1, story.Desk.Parts.Queries.Silences(Story.All).Single().Held);
        await story.Pass(minutes: 60);
    });

    [Fact]
    public void What_still_fails_at_the_end_is_alerted_at_once_and_recovers_once() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(30));
        story.Break("web1/http", Fault.Refused);
        await story.Pass(minutes: 29.5);
        Assert.True(story.Incidents.Single().Held);

        var alerts = await story.Mails("PROBLEM", Members, within: TimeSpan.FromSeconds(50));
        Assert.All(alerts, a => Assert.Contains(After, a.Text));
        Assert.False(story.Incidents.Single().Held);
        await story.Pass(minutes: 5);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void What_works_again_at_the_end_but_was_not_looked_at_since_is_looked_at_before_anybody_is_woken() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(30));
        story.Break("web1/http", Fault.Refused);
        await story.Pass(minutes: 29.98);
        story.Mend("web1/http");
        await story.Until(() => !story.Incidents.Single().Failing, "the recovery", TimeSpan.FromMinutes(2));
    });

    [Fact]
    public void A_mailed_problem_that_recovers_during_a_silence_gets_its_recovery() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);
        await story.Operator.Silence("*", TimeSpan.FromHours(2));
        await story.Pass(minutes: 10);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void An_early_end_is_an_end() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        var silence = await story.Operator.Silence("web1", TimeSpan.FromHours(8));
        story.Break("web1", Fault.BlackHole);
        await story.Until(() => story.Incidents.Count == 1, "an incident");
        await story.Pass(minutes: 5);
        await story.Operator.EndSilence(silence, "done early");
        var alerts = await story.Mails("web1 is DOWN", Members, within: TimeSpan.FromSeconds(40));
        Assert.All(alerts, a => Assert.Contains(After, a.Text));
        Assert.Equal(SilenceStage.Ended, story.Desk.Parts.Queries.Silences(Story.All).Single().Stage);
        Assert.Equal(Refusal.Conflict, (await story.Operator.Do(c => c.EndSilenceAsync(StoryOperator.Sato, silence, "again"))).Refusal);
        story.Mend("web1");
        await story.Mails("RECOVERY", Members);
    });

    [Theory]
    [InlineData(20, 5)]
    [InlineData(20, 30)]
    public void The_desk_may_die_in_the_middle_and_come_back_before_or_after_the_end(int diesAfter, int isGone) => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("connection re");
        story.AllowLog("holds no stream");
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(40));
        story.Break("web1/http", Fault.Refused);
        await story.Pass(diesAfter);
        story.CrashDesk();
        await story.Pass(isGone);
        story.StartDesk();
        await story.Pass(TimeSpan.FromSeconds(2));
        Assert.True(story.Incidents.Single().Held);
        var alerts = await story.Mails("PROBLEM", Members, within: TimeSpan.FromMinutes(25));
        Assert.All(alerts, a => Assert.Contains(After, a.Text));
        Assert.InRange(story.Now, TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(61));
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_step_of_the_wall_clock_over_the_end_loses_and_doubles_nothing(int hours) => Story.Tell(Web(), async story =>
    {
        story.AllowLog("clock");
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(30));
        story.Break("web1/http", Fault.Refused);
        await story.Pass(minutes: 20);
        story.StepWall(TimeSpan.FromHours(hours));

        // Forward: the end has passed. Back: the silence has not begun, so that it holds nothing back.
        await story.Mails("PROBLEM", Members, within: TimeSpan.FromMinutes(2));
        await story.Pass(minutes: 60);
        story.StepWall(TimeSpan.FromHours(-hours));
        await story.Pass(minutes: 60);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void A_recurring_silence_of_the_edition_ends_with_a_look_and_an_alert() => Story.Tell(
        Silenced("{ what: web1/http, when: \"daily 08:00-09:30\", until: 2026-12-31, kind: mute, reason: nightly batch, owner: ops }"), async story =>
        {
            await story.Pass(minutes: 5);
            Assert.Equal("nightly batch", story.Item("web1/http").Silence!.Reason);
            story.Break("web1/http", Fault.Refused);
            await story.Pass(minutes: 24.5);
            Assert.True(story.Incidents.Single().Held);
            await story.Mails("PROBLEM", Members, within: TimeSpan.FromSeconds(50));
            story.Mend("web1/http");
            await story.Mails("RECOVERY", Members);
        });

    [Fact]
    public void A_stopped_host_is_not_looked_at_and_is_looked_at_again_after_it() => Story.Tell(
        Silenced("{ what: web1, when: \"from 2026-04-14 09:10 to 2026-04-14 10:10\", kind: stop, reason: moved, owner: ops }"), async story =>
        {
            await story.Pass(minutes: 12);
            story.Break("web1", Fault.BlackHole);
            await story.Pass(minutes: 50);
            Assert.Empty(story.Incidents);
            Assert.True(story.Item("web1/http").Views.Max(v => v.LookUtc) < story.UtcNow - TimeSpan.FromMinutes(45));
            Assert.Equal(SilenceKind.Stop, story.Item("web1/http").Silence!.Kind);
            await story.Mails("web1 is DOWN", Members);
            story.Mend("web1");
            await story.Mails("RECOVERY", Members);
        });

    [Fact]
    public void A_wait_is_mailed_at_once_and_the_response_waits() => Story.Tell(
        Silenced("{ what: web1/http, when: \"daily 00:00-24:00\", until: 2026-12-31, kind: wait, for: 15m, reason: recovers by itself, owner: ops }"), async story =>
        {
            await story.Pass(minutes: 5);
            story.Break("web1/http", Fault.Refused);
            await story.Mails("PROBLEM", Members);
            await story.Pass(TimeSpan.FromSeconds(2));
            var row = story.Incidents.Single();
            Assert.InRange(row.WaitsUntilUtc!.Value - story.UtcNow, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
            Assert.Equal(row.WaitsUntilUtc + TimeSpan.FromMinutes(10), row.Slo.DueUtc);
            await story.Pass(minutes: 20);
            Assert.Null(story.Incidents.Single().WaitsUntilUtc);
            story.Mend("web1/http");
            await story.Mails("RECOVERY", Members);
        });

    [Fact]
    public void A_known_pattern_is_recorded_and_anything_else_is_mailed_at_once() => Story.Tell(
        Silenced("{ what: web1/http, when: \"daily 00:00-24:00\", until: 2026-12-31, kind: known, match: pool, reason: ticket 4711, owner: ops }"), async story =>
        {
            await story.Pass(minutes: 5);
            story.Break("web1/http", Fault.Says(Hinoban.Checks.CheckStatus.Critical, "CRITICAL - connection pool is empty"));
            await story.Until(() => story.Incidents.Count == 1, "an incident");
            await story.Pass(minutes: 30);
            Assert.True(story.Incidents.Single().Held);
            story.Break("web1/http", Fault.Says(Hinoban.Checks.CheckStatus.Critical, "CRITICAL - disk is full"));
            await story.Mails("PROBLEM", Members);
            story.Mend("web1/http");
            await story.Mails("RECOVERY", Members);
        });

    [Fact]
    public void What_got_worse_in_a_silence_is_told_after_it() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Says(Hinoban.Checks.CheckStatus.Warning, "WARNING - slow"));
        await story.Mails("is WARNING", Members);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(30));
        story.Break("web1/http", Fault.Says(Hinoban.Checks.CheckStatus.Critical, "CRITICAL - slow"));
        await story.Mails("is CRITICAL", Members, within: TimeSpan.FromMinutes(35));
        Assert.True(story.Now > TimeSpan.FromMinutes(35));
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void Who_sets_and_ends_a_silence_is_in_the_audit_and_nothing_else_is() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 1);
        var id = await story.Operator.Silence("web1", TimeSpan.FromHours(1), "kernel update");
        Assert.Equal(Refusal.NotFound, (await story.Operator.Do(async c => (await c.SetSilenceAsync(StoryOperator.Sato, Wanted(story, host: "web9"))).Outcome)).Refusal);
        Assert.Equal(Refusal.Invalid, (await story.Operator.Do(async c => (await c.SetSilenceAsync(StoryOperator.Sato, Wanted(story, days: 31))).Outcome)).Refusal);
        Assert.Equal(Refusal.Invalid, (await story.Operator.Do(async c => (await c.SetSilenceAsync(StoryOperator.Sato, Wanted(story, reason: " "))).Outcome)).Refusal);
        await story.Operator.EndSilence(id, "done");
        Assert.Equal([("silence-ended", "sato"), ("silence-set", "sato")], story.Desk.Audit().Where(a => a.Action.StartsWith("silence", StringComparison.Ordinal)).Select(a => (a.Action, a.Who)));
    });

    [Fact]
    public void A_viewer_sees_the_own_silences_and_sets_and_ends_none() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 1);
        var id = await story.Operator.Silence("web1", TimeSpan.FromHours(1));
        foreach (var (customer, refusal, seen) in new[] { ("sample-trading", Refusal.Forbidden, 1), ("other-works", Refusal.NotFound, 0) })
        {
            var viewer = new Actor("v", "v", Role.CustomerViewer, Scope.Of(new CustomerId(customer)));
            Assert.Equal(refusal, (await story.Operator.Do(async c => (await c.SetSilenceAsync(viewer, Wanted(story))).Outcome)).Refusal);
            Assert.Equal(refusal, (await story.Operator.Do(c => c.EndSilenceAsync(viewer, id, "mine"))).Refusal);
            Assert.Equal(seen, story.Desk.Parts.Queries.Silences(viewer.Scope).Count);
        }
    });

    [Fact]
    public void A_new_edition_without_the_silence_ends_it() => Story.Tell(
        Silenced("{ what: web1/http, when: \"daily 00:00-24:00\", until: 2026-12-31, kind: mute, reason: move, owner: ops }"), async story =>
        {
            await story.Pass(minutes: 5);
            story.Break("web1/http", Fault.Refused);
            await story.Pass(minutes: 10);
            Assert.True(story.Incidents.Single().Held);
            story.Rewrite(Web(edition: 2));
            await story.Mails("PROBLEM", Members, within: TimeSpan.FromSeconds(40));
            story.Mend("web1/http");
            await story.Mails("RECOVERY", Members);
        });

    [Fact]
    public void A_service_whose_silence_ends_while_its_host_is_down_waits_for_the_host() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        await story.Operator.Silence("web1/http", TimeSpan.FromMinutes(30));
        story.Break("web1/http", Fault.Refused);
        await story.Until(() => story.Incidents.Count == 1, "the service's incident");
        story.Break("web1", Fault.BlackHole);
        await story.Mails("web1 is DOWN", Members);
        await story.Pass(minutes: 40);
        Assert.True(story.Incidents.Single(i => i.Service == "http").Held);
        story.Mend("web1");
        await story.Mails("RECOVERY Host", Members);
        await story.Mails("web1/http is CRITICAL", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service", Members);
    });

    private static SilenceRequest Wanted(Story story, string host = "web1", int days = 1, string reason = "maintenance") =>
        new(new CustomerId("sample-trading"), host, "", story.UtcNow, story.UtcNow.AddDays(days), reason);

    private static string Silenced(string silence) => $"{Web()}\nsilences:\n  - {silence}\n";
}
