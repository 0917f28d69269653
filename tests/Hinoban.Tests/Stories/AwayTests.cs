using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Lab.Story;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>When the desk is away, sites relay, judge together and speak; when it is back it takes over what they did.</summary>
public sealed class AwayTests
{
    private static readonly StoryOptions Away = new()
    {
        Away = true,
        Folder = Directory.Exists("/dev/shm") ? "/dev/shm" : null,
        Anchors = [new Anchor("198.51.100.1", 53), new Anchor("198.51.100.2", null), new Anchor("198.51.100.3", 443)],
    };

    [Fact]
    public void With_the_desk_away_the_first_site_tells_a_problem_once_and_the_desk_takes_it_over() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 2);
        story.Break("web1/http", Fault.Refused);
        var broken = story.Now;
        var mails = await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        Assert.True(story.Now - broken < TimeSpan.FromSeconds(112), $"{story.Now - broken}");
        Assert.All(mails, m => Assert.Contains("site tokyo writes in its place. Sites that judged: tokyo, osaka.", Line(m)));

        await story.Pass(minutes: 12);
        story.StartDesk();
        await story.Until(() => story.Incidents.Any(i => !i.Own), "the incident at the desk");
        await story.Pass(minutes: 5);
        var incident = story.Incident(story.Incidents.Single(i => !i.Own).Id);
        Assert.Single(incident.Events.OfType<SpokenAway>());
        Assert.Equal(3, incident.Events.OfType<DeliverySettled>().Count());

        story.Mend("web1/http");
        var recoveries = await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
        Assert.All(recoveries, r => Assert.Equal(mails[0].MessageId, r.Header("In-Reply-To")));
        Assert.All(recoveries, r => Assert.DoesNotContain("writes in its place", Line(r)));
    }, Away);

    [Fact]
    public void What_begins_and_ends_without_the_desk_is_told_both_and_is_no_news_to_it() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.Break("web1", Fault.BlackHole);
        await story.Mails("PROBLEM Host Alert: web1 is DOWN", Members);
        await story.Pass(minutes: 5);
        story.Mend("web1");
        var recovered = await story.Mails("RECOVERY Host Alert: web1 is UP", Members);
        Assert.All(recovered, r => Assert.Contains("site tokyo writes in its place", Line(r)));

        story.Break("web1/http", Fault.Says(CheckStatus.Critical, "HTTP CRITICAL - 500"));
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);

        // The same item again: the next episode.
        story.Break("web1", Fault.BlackHole);
        var again = await story.Mails("PROBLEM Host Alert: web1 is DOWN", Members);
        Assert.All(again, m => Assert.EndsWith("-2]", m.Subject));
        story.StartDesk();
        await story.Pass(minutes: 5);
        Assert.Equal(2, story.Desk.Parts.Queries.Incidents(Story.All, closed: false).Count(i => !i.Own && i.Host == "web1" && i.Service == ""));
        story.Mend("web1");
        await story.Mails("RECOVERY Host Alert: web1 is UP", Members);
    }, Away);

    [Fact]
    public void A_problem_that_the_desk_told_before_it_went_is_not_told_again_and_its_recovery_is_the_desks() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.Break("web1", Fault.BlackHole);
        await story.Mails("PROBLEM Host Alert: web1 is DOWN", Members);
        await story.Pass(TimeSpan.FromSeconds(2));
        story.CrashDesk();
        await story.Pass(minutes: 10);
        story.Mend("web1");
        await story.Pass(minutes: 10);
        story.StartDesk();
        await story.Mails("RECOVERY Host Alert: web1 is UP", Members);
    }, Away);

    [Fact]
    public void A_fault_of_a_path_is_told_to_nobody_with_the_desk_away() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.Break("web1", Fault.BlackHole, from: "osaka");
        story.Break("db1", Fault.BlackHole, from: "tokyo");
        await story.Pass(minutes: 20);
        story.Mend("web1", from: "osaka");
        story.Mend("db1", from: "tokyo");
        story.StartDesk();
    }, Away);

    [Fact]
    public void A_site_without_the_desk_is_relayed_by_one_that_has_it() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CutLink("osaka");
        await story.Pass(minutes: 2);
        Assert.IsType<Relayed>(story.Site("osaka").Role);
        story.Break("web1/http", Fault.Refused);
        var broken = story.Now;
        var mails = await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        Assert.True(story.Now - broken < TimeSpan.FromSeconds(112), $"{story.Now - broken}");
        Assert.All(mails, m => Assert.Contains("Sites: tokyo=NG osaka=NG", m.Text));
        story.MendLink("osaka");
        await story.Pass(minutes: 2);
        Assert.IsType<WithDesk>(story.Site("osaka").Role);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void Cut_off_from_everybody_both_speak_in_one_thread_and_the_incident_says_so() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        story.CutPeers("tokyo", "osaka");
        await story.Pass(minutes: 2);
        story.Break("web1/http", Fault.Refused);
        var first = await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        var second = await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        Assert.Single(first.Concat(second).Select(m => (m.MessageId, m.Subject)).Distinct());
        Assert.All(first.Concat(second), m => Assert.Contains("judged alone", Line(m)));
        story.MendPeers("tokyo", "osaka");
        await story.Pass(minutes: 5);
        story.StartDesk();
        await story.Pass(minutes: 5);
        var incident = story.Incident(story.Incidents.Single(i => !i.Own).Id);
        Assert.Equal(2, incident.Events.OfType<SpokenAway>().Select(s => s.Site).Distinct().Count());
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void Sites_that_do_not_hear_each_other_while_both_have_the_desk_are_its_alarm() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CutPeers("tokyo", "osaka");
        await story.Mail(DeskBox, "PROBLEM Service Alert: peer/tokyo-osaka is CRITICAL", within: TimeSpan.FromSeconds(100));
        Assert.Equal(["osaka"], story.Desk.Parts.Queries.Sites(Story.All).Single(s => s.Name.Value == "tokyo").SilentPeers!.Select(s => s.Value));

        // How sites stand to each other is the provider's own, as their other figures are.
        Assert.All(story.Desk.Parts.Queries.Sites(Scope.Of(new CustomerId("sample-trading"))), s => Assert.Equal((null, null, null, ""), (s.SilentPeers, s.CarriedBy, s.SpeaksAs, s.Carrier)));
        story.MendPeers("tokyo", "osaka");
        await story.Mail(DeskBox, "RECOVERY Service Alert: peer/tokyo-osaka is OK");
    }, Away);

    [Fact]
    public void What_a_site_decided_and_its_relay_did_not_take_the_desk_tells_once() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.AllowLog("gives no line");
        story.AllowLog("The mail relay");
        story.RelayAway();
        story.Break("web1/http", Fault.Refused);
        await story.Pass(minutes: 5);
        story.StartDesk();
        await story.Until(() => story.Incidents.Any(i => !i.Own), "the incident at the desk");
        await story.Pass(minutes: 1);

        // It never comes back: what it decided is the desk's.
        story.CrashSite("tokyo");
        story.RelayBack();
        var mails = await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        Assert.All(mails, m => Assert.DoesNotContain("writes in its place", Line(m)));
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo is CRITICAL");
        await story.Pass(minutes: 5);
        story.StartSite("tokyo");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo is OK");
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void Whom_a_sites_relay_refused_the_desk_tells_and_nobody_else_again() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.AllowLog("was refused");
        story.Relay.Next(Members[0], MailFate.Never);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members.Skip(1));
        await story.Pass(minutes: 5);
        story.StartDesk();
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members.Take(1));
        await story.Pass(minutes: 5);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void Whom_a_sites_relay_refused_its_second_relay_tells() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.AllowLog("is tried again later");
        story.AllowLog("goes by the other relay");
        story.Relay.Always(Members[0], MailFate.Never);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        Assert.Equal([Members[0]], story.Second.Taken.Select(t => t.Recipient));
        Assert.Single(story.Relay.Attempts, a => a.Recipient == Members[0]);
        await story.Pass(minutes: 5);
        story.StartDesk();
        await story.Pass(minutes: 5);
        var settled = story.Incident(story.Incidents.Single(i => !i.Own).Id).Events.OfType<DeliverySettled>();
        Assert.Equal([Members[0]], settled.Where(d => d.SecondRelay).Select(d => d.Recipient));
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away with { SecondRelay = true });

    [Fact]
    public void A_site_that_speaks_alone_and_is_started_again_goes_on_with_the_next_episode() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        story.CrashSite("osaka");
        await story.Pass(minutes: 1);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
        story.CrashSite("tokyo");
        story.StartSite("tokyo");
        await story.Pass(minutes: 2);
        story.Break("web1/http", Fault.Refused);
        Assert.All(await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members), m => Assert.EndsWith("-2]", m.Subject));
        story.StartSite("osaka");
        story.StartDesk();
        await story.Pass(minutes: 5);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void An_isolated_site_is_silent() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        story.CrashSite("tokyo");
        story.CutPath("osaka");
        await story.Pass(minutes: 30);
        Assert.IsType<Isolated>(story.Site("osaka").Role);
        story.MendPath("osaka");
        story.StartSite("tokyo");
        story.StartDesk();
    }, Away);

    [Fact]
    public void A_speaker_that_dies_is_followed_by_the_next_which_does_not_repeat_it() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        await story.Pass(TimeSpan.FromSeconds(7));
        story.CrashSite("tokyo");
        await story.Pass(minutes: 1);
        story.Break("db1/postgres", Fault.Refused);
        var mails = await story.Mails("PROBLEM Service Alert: db1/postgres is CRITICAL", Members);
        Assert.All(mails, m => Assert.Contains("site osaka writes in its place. Sites that judged: osaka, nagoya.", Line(m)));

        // The desk is back, the one that spoke first is not: what it told is known all the same.
        story.StartDesk();
        await story.Pass(minutes: 5);
        Assert.Equal(2, story.Incidents.Count(i => !i.Own));
        story.Mend("web1/http");
        story.Mend("db1/postgres");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
        await story.Mails("RECOVERY Service Alert: db1/postgres is OK", Members);
        await story.Mail(DeskBox, "PROBLEM Service Alert: site/tokyo is CRITICAL");
        story.StartSite("tokyo");
        await story.Mail(DeskBox, "RECOVERY Service Alert: site/tokyo is OK");
    }, Away with { Sites = ["tokyo", "osaka", "nagoya"] });

    [Theory]
    [InlineData(nameof(Milestone.BatchBeforeCommit))]
    [InlineData(nameof(Milestone.MailDotSent))]
    [InlineData(nameof(Milestone.MailAccepted))]
    public void A_speaker_killed_while_it_tells_and_started_again_loses_nothing_and_repeats_nothing(string at) => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        story.AllowLog("outcome is unknown");
        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 1);
        story.Break("web1/http", Fault.Refused);
        await story.CrashSiteAt("tokyo", Enum.Parse<Milestone>(at));
        story.StartSite("tokyo");
        await story.Mails("PROBLEM Service Alert: web1/http is CRITICAL", Members);
        await story.Pass(minutes: 5);
        story.StartDesk();
        await story.Pass(minutes: 3);
        story.Mend("web1/http");
        await story.Mails("RECOVERY Service Alert: web1/http is OK", Members);
    }, Away);

    [Fact]
    public void Sites_started_without_a_desk_know_their_plan_and_what_was_told() => Story.Tell(Web(), async story =>
    {
        AllowAway(story);
        await story.Pass(minutes: 5);
        story.Break("web1/smtp", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: web1/smtp is CRITICAL", Members);
        await story.Pass(minutes: 1);
        story.CrashDesk();
        story.CrashSite("tokyo");
        story.CrashSite("osaka");
        await story.Pass(minutes: 1);
        story.StartSite("tokyo");
        story.StartSite("osaka");
        await story.Pass(minutes: 5);
        story.Break("db1/postgres", Fault.Refused);
        await story.Mails("PROBLEM Service Alert: db1/postgres is CRITICAL", Members);
        story.Mend("db1/postgres");
        await story.Mails("RECOVERY Service Alert: db1/postgres is OK", Members);
        story.Mend("web1/smtp");
        story.StartDesk();
        await story.Mails("RECOVERY Service Alert: web1/smtp is OK", Members);
    }, Away);

    private static string Line(SinkMail mail) => string.Join(' ', mail.Text.Split('\n', StringSplitOptions.TrimEntries));

    // What the lines, the pumps and the roles log when the desk goes and comes back.
    private static void AllowAway(Story story)
    {
        foreach (var words in new[] { "does not answer", "the desk is away", "desk does not take results", "no orders from the desk", "holds no stream of orders", "connection re", "nobody is told what it sees", "neither the desk", "isolated", "outcome unknown", "were under way" })
        {
            story.AllowLog(words);
        }
    }
}
