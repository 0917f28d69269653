using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Lab.Story;
using Hinoban.People;
using Hinoban.States;
using Hinoban.Storage;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>A customer asks for a maintenance, and the desk decides.</summary>
public sealed class MaintenanceTests
{
    private static readonly CustomerId Customer = new("sample-trading");
    private static readonly Actor Viewer = new("suzuki", "鈴木", Role.CustomerViewer, Scope.Of(Customer));
    private static readonly Actor Stranger = new("other", "other", Role.CustomerViewer, Scope.Of(new CustomerId("other-works")));

    [Fact]
    public void What_is_approved_is_silent_for_its_time_and_the_list_is_told() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        var asked = await Ask(story, Viewer, 10, 60, "web1");
        Assert.Equal(Refusal.Invalid, (await Ask(story, Viewer, 20, 30, "web1/http")).Outcome.Refusal);
        Assert.Equal(Refusal.NotFound, (await Ask(story, Stranger, 20, 30, "db1")).Outcome.Refusal);
        Assert.Equal(MaintenanceStage.Asked, Assert.Single(story.Desk.Parts.Queries.Maintenance(Story.All)).Stage);
        Assert.Empty(story.Desk.Parts.Queries.Maintenance(Stranger.Scope));
        Assert.Equal(Refusal.NotFound, (await Decide(story, Stranger, asked.Id, true)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await Decide(story, Viewer, asked.Id, true)).Refusal);
        story.ExpectLog("no orders from the desk");
        story.CrashDesk();
        story.StartDesk();
        await story.Pass(minutes: 1);
        Assert.Null((await Decide(story, StoryOperator.Sato, asked.Id, true)).Refusal);
        Assert.Equal(Refusal.Conflict, (await Decide(story, StoryOperator.Sato, asked.Id, false, "too late")).Refusal);
        var mails = await story.Mails("[Maintenance accepted] web1 [sample-trading MNT-1]", Members);
        Assert.All(mails, m => Assert.Contains("From: 2026-04-14 09:15:00 +09:00", m.Text));
        var silence = Assert.Single(story.Desk.Parts.Queries.Silences(Story.All));
        Assert.Equal(("web1", "suzuki", "power cut (MNT-1)", SilenceStage.ToCome), (silence.Host, silence.Owner, silence.Reason, silence.Stage));

        await story.Pass(minutes: 15);
        story.Break("web1/http", Fault.Refused);
        await story.Until(() => story.Incidents.Count == 1, "an incident");
        Assert.True(story.Incidents.Single().Held);
        await story.Mails("web1/http is CRITICAL", Members, within: TimeSpan.FromMinutes(60));
        Assert.InRange(story.Now, TimeSpan.FromMinutes(65), TimeSpan.FromMinutes(66));
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Members);
        Assert.Equal(MaintenanceStage.Over, Assert.Single(story.Desk.Parts.Queries.Maintenance(Story.All)).Stage);
        Assert.Equal(["maintenance-approved", "maintenance-asked"], Audit(story));
    });

    [Fact]
    public void What_is_declined_is_told_with_the_reason_and_silences_nothing() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        var asked = await Ask(story, Viewer, 0, 60, "web1/http", "db1");
        Assert.Equal(Refusal.Invalid, (await Decide(story, StoryOperator.Sato, asked.Id, false)).Refusal);
        Assert.Null((await Decide(story, StoryOperator.Sato, asked.Id, false, "the year-end freeze")).Refusal);
        var mails = await story.Mails("[Maintenance declined] web1/http, db1 [sample-trading MNT-1]", Members);
        Assert.All(mails, m => Assert.Contains("Reason: the year-end freeze", m.Text));
        Assert.Empty(story.Desk.Parts.Queries.Silences(Story.All));
        story.Break("web1/http", Fault.Refused);
        await story.Mails("web1/http is CRITICAL", Members);
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Members);
        Assert.Equal(["maintenance-declined", "maintenance-asked"], Audit(story));
    });

    private static Task<MaintenanceOutcome> Ask(Story story, Actor by, int from, int to, params string[] targets) => story.Desk.DoAsync(parts => parts.Commands.AskMaintenanceAsync(
        by, new MaintenanceAsk(Customer, targets, story.UtcNow.AddMinutes(from), story.UtcNow.AddMinutes(to), "power cut", "Suzuki +81 3-0000-8901")));

    private static Task<CommandOutcome> Decide(Story story, Actor by, long id, bool approve, string reason = "") =>
        story.Desk.DoAsync(parts => parts.Commands.DecideMaintenanceAsync(by, id, approve, reason));

    private static IEnumerable<string> Audit(Story story) =>
        story.Desk.Parts.Db.Read(tx => AuditStore.Latest(tx, Story.All, 100)).Select(e => e.Action).Where(a => a.StartsWith("maintenance", StringComparison.Ordinal));
}
