using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>The watching is watched: what is wrong with it goes to the desk, once, and to nobody else.</summary>
public sealed class WatchTests
{
    private static readonly StoryOptions Anchored = new() { Anchors = [new Anchor("198.51.100.1", 53), new Anchor("198.51.100.2", null), new Anchor("198.51.100.3", 443)] };

    [Fact]
    public void A_silent_site_is_the_desks_alarm_and_no_customer_sees_it() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.CrashSite("tokyo");
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo is CRITICAL", within: TimeSpan.FromSeconds(75));

        var incident = story.Incidents.Single();
        Assert.True(incident.Own);
        var (queries, customer) = (story.Desk.Parts.Queries, Scope.Of(new CustomerId("sample-trading")));
        Assert.Empty(queries.Incidents(customer));
        Assert.Null(queries.Incident(customer, incident.Id));
        Assert.Null(queries.IncidentByNumber(customer, incident.Number));
        Assert.Empty(queries.Own(customer).Items);
        Assert.Empty(queries.Mails(customer));
        Assert.Null(queries.Host(customer, ProviderPlan.Customer, ProviderPlan.Sites));
        Assert.Equal(9, queries.Own(Story.All).Items.Count);
        Assert.Equal("sample-trading", queries.Customers(Story.All).Single().Id.Value);
        Assert.DoesNotContain(queries.Hosts(Story.All), h => h.Customer == ProviderPlan.Customer);

        story.StartSite("tokyo");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo is OK");
        Assert.Empty(story.Incidents);
        Assert.Contains(queries.Incidents(Story.All, closed: true), i => i.Own && i.Stage == IncidentStage.Closed);
    });

    [Fact]
    public void An_alarm_that_somebody_has_claimed_is_closed_by_hand() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.CrashSite("osaka");
        await story.Mail(DeskBox, "PROBLEM");
        await story.Operator.Claim(story.Incidents.Single().Id);
        story.StartSite("osaka");
        await story.Mail(DeskBox, "RECOVERY");
        await story.Operator.Close(story.Incidents.Single().Id, "The machine had lost its power.");
    });

    [Fact]
    public void A_desk_that_restarts_under_a_standing_alarm_tells_it_once() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("connection re");
        await story.Pass(minutes: 5);
        story.CrashSite("tokyo");
        await story.Mail(DeskBox, "PROBLEM");
        await story.Pass(TimeSpan.FromSeconds(5));
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.StartDesk();
        await story.Pass(minutes: 10);
        story.StartSite("tokyo");
        await story.Mail(DeskBox, "RECOVERY");
    });

    [Fact]
    public void A_broken_path_is_one_alarm_with_the_way_as_evidence() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.CutPath("osaka");
        await story.Until(() => story.Item("web1").Reach == Reach.PathTrouble, "path trouble");
        await story.Mail(DeskBox, "PROBLEM Service Alert: path/osaka is CRITICAL", within: TimeSpan.FromMinutes(12));
        var incident = story.Incidents.Single().Id;
        await story.Until(() => story.Incident(incident).Events.OfType<NoteAdded>().Any(), "the way");
        var note = story.Incident(incident).Events.OfType<NoteAdded>().Single().Text;
        Assert.Contains("203.0.113.1", note);
        Assert.Contains("sample-trading db1/postgres (192.0.2.20)", note);
        Assert.Contains("sample-trading web1 (192.0.2.10)", note);

        story.MendPath("osaka");
        await story.Mail(DeskBox, "RECOVERY Service Alert: path/osaka is OK");
        Assert.Single(story.Desk.Parts.Queries.Incident(Story.All, incident)!.Events.OfType<NoteAdded>());
    });

    [Theory]
    [InlineData(TraceFault.Fails, "ping: Operation not permitted")]
    [InlineData(TraceFault.Hangs, "no end within 30 s")]
    [InlineData(TraceFault.NoMeans, "site osaka gave no answer")]
    internal void A_way_that_cannot_be_followed_is_said_once_with_the_reason(TraceFault fault, string why) => Story.Tell(Web(), async story =>
    {
        story.AllowLog("could not be followed");
        await story.Pass(minutes: 1);
        await story.StopSite("osaka");
        story.Site("osaka").Trace = fault;
        story.StartSite("osaka");
        await story.Pass(minutes: 5);
        story.CutPath("osaka");
        await story.Mail(DeskBox, "PROBLEM Service Alert: path/osaka is CRITICAL", within: TimeSpan.FromMinutes(20));
        var incident = story.Incidents.Single().Id;
        await story.Until(() => story.Incident(incident).Events.OfType<NoteAdded>().Any(), "the note");
        await story.Pass(minutes: 15);
        var note = Assert.Single(story.Incident(incident).Events.OfType<NoteAdded>()).Text;
        Assert.Matches(@"^The way from site osaka to 192\.0\.2\.\d+ could not be followed: " + why + "\n", note);
        Assert.Contains("sample-trading web1 (192.0.2.10)", note, StringComparison.Ordinal);
        story.MendPath("osaka");
        await story.Mail(DeskBox, "RECOVERY Service Alert: path/osaka is OK");
    });

    [Fact]
    public void What_joins_a_paths_trouble_later_is_named_on_the_incident() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("db1", Fault.BlackHole, from: "osaka");
        await story.Mail(DeskBox, "PROBLEM Service Alert: path/osaka is CRITICAL", within: TimeSpan.FromMinutes(20));
        var incident = story.Incidents.Single().Id;
        IReadOnlyList<string> Notes() => [.. story.Incident(incident).Events.OfType<NoteAdded>().Select(n => n.Text)];
        await story.Until(() => Notes().Count == 1, "the way");
        Assert.DoesNotContain("web1", Notes()[0], StringComparison.Ordinal);

        // For less than the time that makes an alarm, and for more.
        story.Break("web1", Fault.BlackHole, from: "osaka");
        await story.Pass(minutes: 6);
        story.Mend("web1", from: "osaka");
        await story.Pass(minutes: 20);
        Assert.Single(Notes());
        story.Break("web1", Fault.BlackHole, from: "osaka");
        await story.Until(() => Notes().Count == 2, "what joined");
        Assert.Contains("sample-trading web1 (192.0.2.10)", Notes()[1], StringComparison.Ordinal);
        Assert.DoesNotContain("db1", Notes()[1], StringComparison.Ordinal);
        await story.Pass(minutes: 30);
        Assert.Equal(2, Notes().Count);
        story.Mend("web1", from: "osaka");
        story.Mend("db1", from: "osaka");
        await story.Mail(DeskBox, "RECOVERY Service Alert: path/osaka is OK");
    });

    [Fact]
    public void A_broken_path_of_six_minutes_is_nobodys_alarm() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.CutPath("osaka");
        await story.Until(() => story.Item("web1").Reach == Reach.PathTrouble, "path trouble");
        await story.Pass(minutes: 6); // and up to an interval until every item is looked at again
        story.MendPath("osaka");
    });

    [Fact]
    public void An_isolated_site_is_void_and_a_target_that_is_down_is_alerted_all_the_same() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("Site tokyo is isolated");
        story.ExpectLog("Site tokyo is no longer isolated");
        await story.Pass(minutes: 5);
        story.CutPath("tokyo");
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo is CRITICAL", within: TimeSpan.FromSeconds(90));
        Assert.True(story.Desk.Parts.Queries.Sites(Story.All).Single(s => s.Name.Value == "tokyo").Isolated);
        await story.Until(() => story.Item("web1").Evidence.Any(e => e.Vote == VoteKind.VoidIsolated), "a void vote");
        await story.Pass(minutes: 15);
        Assert.DoesNotContain(story.Entries, e => e.Kind == EntryKind.Verdict && e.Text.Contains("PathTrouble", StringComparison.Ordinal));

        story.Break("web1/http", Fault.Refused);
        await story.Mails("web1/http is CRITICAL", Members);
        Assert.True(story.Incidents.Single(i => !i.Own).SingleSite);

        story.MendPath("tokyo");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo is OK");
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Members);
    }, Anchored);

    [Fact]
    public void All_sites_isolated_at_once_alert_no_customer() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("is isolated");
        story.ExpectLog("is no longer isolated");
        await story.Pass(minutes: 5);
        story.Break("*", Fault.BlackHole);
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo");
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/osaka");
        await story.Pass(minutes: 30);
        Assert.Equal(Reach.SiteIsolated, story.Item("web1/http").Reach);
        story.Mend("*");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/osaka");
        await story.Until(() => story.Item("web1/http").Reach == Reach.Reached, "reached again");
    }, Anchored);

    [Fact]
    public void One_anchor_that_is_away_isolates_nobody() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("anchor/198.51.100.1:53", Fault.BlackHole);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    }, Anchored);

    [Theory]
    [InlineData("desk", 60)]
    [InlineData("desk", -60)]
    [InlineData("tokyo", 60)]
    [InlineData("tokyo", -60)]
    public void A_wall_clock_that_steps_fires_loses_and_doubles_nothing(string who, int minutes) => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("gives no line");
        var step = TimeSpan.FromMinutes(minutes);
        await story.Pass(minutes: 10);
        story.StepClock(who, step); // while all is well
        await story.Pass(minutes: 10);
        story.StepClock(who, -step);
        await story.Pass(minutes: 10);

        story.Break("web1/http", Fault.Refused); // between failure and verdict
        await story.Until(() => story.Item("web1/http").Evidence.Any(e => e.Status != CheckStatus.Ok), "a site has seen it");
        story.StepClock(who, step);
        await story.Mails("PROBLEM", Members);
        await story.Pass(minutes: 5);
        story.StepClock(who, -step); // while it fails
        await story.Pass(minutes: 5);

        story.RelayAway(); // while its recovery waits
        story.Mend("web1/http");
        await story.Until(() => story.Incidents.Single().RecoveredUtc is not null, "its recovery");
        await story.Pass(minutes: 1);
        story.StepClock(who, step);
        story.RelayBack();
        await story.Mails("RECOVERY", Members);
        await story.Pass(minutes: 10);
        Assert.Equal((Reach.Reached, 2), (story.Item("web1/http").Reach, story.Item("web1/http").Evidence.Count(e => e.Vote == VoteKind.Ok)));
        Assert.Equal(who == "desk" ? ["osaka", "tokyo"] : ["tokyo"], story.Desk.Parts.Queries.Sites(Story.All).Where(s => s.ClockWrong).Select(s => s.Name.Value));
    });
}
