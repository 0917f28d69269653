using Hinoban.Incidents;
using Hinoban.Lab.Story;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>The company's day, told whole: what breaks, who is told, what is done, and nothing else.</summary>
public sealed class ChainTests
{
    [Fact]
    public void A_broken_web_server_is_alerted_restarted_by_runbook_recovered_and_reported_in_one_thread() => Story.Tell(Web(), async story =>
    {
        story.Knows("web1", ConfigTest, says: "syntax is ok\n");
        story.Knows("web1", Restart, then: () => story.Mend("web1/http"));
        await story.Pass(minutes: 5);

        story.Break("web1/http", Fault.Refused);
        var alerts = await story.Mails("PROBLEM", Members);
        var incident = story.Incidents.Single().Id;
        await story.Operator.Claim(incident);
        await story.Operator.Step(incident, 1);
        await story.Command("web1", ConfigTest);
        await story.Operator.Change(incident, 2);
        await story.Command("web1", Restart);
        await story.Operator.Step(incident, 3);
        var recoveries = await story.Mails("RECOVERY", Members);
        await story.Operator.Report(incident, draft => draft with { Cause = "nginx had been stopped by hand." });
        var reports = await story.Mails("INC-", Members);

        Assert.Single(alerts.Select(a => a.MessageId).Distinct());
        Assert.All(recoveries.Concat(reports), m => Assert.Contains(alerts[0].MessageId, m.References));
        Assert.Equal(IncidentStage.Reported, story.Incidents.Single().Stage);
    });

    [Fact]
    public void A_host_that_is_down_gets_one_mail_that_lists_its_services() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1", Fault.BlackHole);
        var alerts = await story.Mails("web1 is DOWN", Members);
        Assert.All(alerts, a => Assert.Contains("http", a.Text));
        Assert.All(alerts, a => Assert.Contains("smtp", a.Text));

        await story.Pass(minutes: 10);
        story.Mend("web1");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void A_site_whose_way_to_the_targets_is_cut_for_an_hour_is_the_desks_matter_and_nobody_elses() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.CutPath("tokyo");
        await story.Until(() => story.Item("web1").Reach == Reach.PathTrouble, "path trouble on the board");
        await story.Pass(minutes: 60);
        Assert.All(new[] { "web1", "db1" }, host => Assert.Equal(Reach.PathTrouble, story.Item(host).Reach));
        Assert.NotEmpty(story.Desk.Parts.Queries.Sites(Story.All).Single(s => s.Name.Value == "tokyo").PathTroubles);
        await story.Mail(DeskBox, "PROBLEM Service Alert: path/tokyo");

        story.MendPath("tokyo");
        await story.Until(() => story.Item("web1").Reach == Reach.Reached && story.Item("db1/postgres").Reach == Reach.Reached, "all is reached again");
        await story.Mail(DeskBox, "RECOVERY Service Alert: path/tokyo");
        Assert.Empty(story.Incidents);
    });

    [Fact]
    public void A_site_whose_line_to_the_desk_is_cut_rejoins_without_a_mail() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("tokyo: no orders from the desk");
        story.ExpectLog("tokyo: the desk does not take results");
        await story.Pass(minutes: 5);
        story.CutLink("tokyo");
        await story.Pass(minutes: 60);
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo");
        story.MendLink("tokyo");
        await story.Until(() => story.Desk.Parts.Queries.Sites(Story.All).All(s => s.Connected), "both sites are heard");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo");
        await story.Pass(minutes: 10);
        Assert.All(new[] { "web1", "web1/http", "db1" }, item => Assert.Equal((Reach.Reached, 2), (story.Item(item).Reach, story.Item(item).Evidence.Count(e => e.Vote == VoteKind.Ok))));
        Assert.Empty(story.Incidents);
    });

    [Fact]
    public void A_specification_that_changes_while_something_fails_keeps_the_problem_and_its_recovery() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);

        story.Rewrite(Web(edition: 2, more: "      imap: tcp:143"));
        await story.Until(() => story.Desk.Parts.Queries.Sites(Story.All).All(s => s.PlanRevision == s.DeskRevision && s.Items == 6), "both sites run the new plan");
        await story.Pass(minutes: 6);
        Assert.Equal("http", story.Incidents.Single().Service);

        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });
}
