using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Lab.Story;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>The same day with a process or the relay dying in it: exactly one alert and one recovery for each member all the same.</summary>
public sealed class TroubleTests
{
    [Theory]
    [InlineData(nameof(Milestone.BatchArrived))]
    [InlineData(nameof(Milestone.BatchBeforeCommit))]
    [InlineData(nameof(Milestone.BatchCommitted))]
    [InlineData(nameof(Milestone.DeliveryMarked))]
    [InlineData(nameof(Milestone.MailDotSent))]
    [InlineData(nameof(Milestone.MailAccepted))]
    [InlineData(nameof(Milestone.DeliverySettled))]
    public void The_desk_may_die_at_any_point_of_an_alert(string milestone) => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("connection re");
        story.AllowLog("holds no stream");
        var mail = Enum.Parse<Milestone>(milestone) >= Milestone.DeliveryMarked;
        if (mail)
        {
            story.ExpectLog("under way when the desk ended");
            story.ExpectLog("the relay's records say");
        }

        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Until(() => mail || story.Item("web1/http").Evidence.Any(e => e.Status != CheckStatus.Ok), "a site has seen it");
        await story.CrashDeskAt(Enum.Parse<Milestone>(milestone), 1);
        await story.Pass(TimeSpan.FromSeconds(20));
        story.StartDesk();

        await story.Mails("PROBLEM", Members);
        await story.Pass(minutes: 5);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
        Assert.Equal(IncidentStage.ReportOwed, story.Incidents.Single().Stage);
    });

    [Fact]
    public void The_desk_may_be_gone_between_alert_and_recovery() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("connection re");
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);
        await story.Pass(TimeSpan.FromSeconds(5));

        story.CrashDesk();
        await story.Pass(minutes: 10);
        story.Mend("web1/http");
        await story.Pass(minutes: 10);
        story.StartDesk();
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void A_desk_and_a_site_that_are_stopped_in_order_and_started_again_owe_nothing() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("no orders from the desk");
        story.AllowLog("the desk does not take results");
        story.AllowLog("holds no stream");
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);
        await story.StopSite("tokyo");
        await story.StopDesk();
        await story.Pass(minutes: 1);
        story.StartDesk();
        story.StartSite("tokyo");
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Theory]
    [InlineData(nameof(Milestone.LookEnded))]
    [InlineData(nameof(Milestone.ResultSpooled))]
    [InlineData(nameof(Milestone.BatchPosted))]
    public void A_site_may_die_while_it_sees_the_failure(string milestone) => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.CrashSiteAt("osaka", Enum.Parse<Milestone>(milestone), 1);
        await story.Pass(TimeSpan.FromSeconds(5));
        story.StartSite("osaka");

        await story.Mails("PROBLEM", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void A_relay_that_is_away_gets_everything_afterwards_in_order_and_once() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("gives no line");
        await story.Pass(minutes: 5);
        story.RelayAway();
        story.Break("web1/http", Fault.Refused);
        await story.Until(() => story.Incidents.Count == 1, "an incident");
        await story.Pass(minutes: 3);
        story.Mend("web1/http");
        await story.Until(() => story.Incidents.Single().RecoveredUtc is not null, "its recovery");
        await story.Pass(minutes: 4);
        Assert.Equal(MailTrouble.Retrying, story.Incidents.Single(i => !i.Own).MailTrouble);
        Assert.Equal("mail", story.Incidents.Single(i => i.Own).Service);

        story.RelayBack();
        await story.Mail(DeskBox, "PROBLEM Service Alert: desk/mail");
        await story.Mail(DeskBox, "RECOVERY Service Alert: desk/mail");
        foreach (var member in Members)
        {
            var alert = await story.Mail(member, "PROBLEM");
            var recovery = await story.Mail(member, "RECOVERY");
            Assert.True(alert.ArrivedUtc <= recovery.ArrivedUtc);
            Assert.Contains(alert.MessageId, recovery.References);
        }
    });

    [Fact]
    public void One_recipient_that_the_relay_refuses_holds_back_nobody() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("was refused: RecipientRefused");
        story.ExpectLog("is tried again later: RecipientRefused");
        story.Relay.Always(Tanaka, MailFate.Never);
        story.Relay.Next(Yamamoto, MailFate.Later, MailFate.Later);
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mail(DeskBox, "web1/http is CRITICAL");
        await story.Mail(Yamamoto, "PROBLEM");
        await story.Mail(DeskBox, "mail/sample-trading is CRITICAL");
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Yamamoto, DeskBox);
    });

    [Fact]
    public void A_line_lost_after_the_dot_is_looked_up_and_not_repeated() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("is tried again later: ConnectionLost");
        story.ExpectLog("the relay's records say Accepted");
        story.ExpectLog("the relay's records say TooEarly");
        story.ExpectLog("the relay's records say Absent");
        story.Relay.Next(Tanaka, MailFate.TakeSilently);
        story.Relay.Next(Yamamoto, MailFate.LoseSilently);
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        await story.Mails("PROBLEM", Members);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    });

    [Fact]
    public void A_desk_that_hears_only_one_direction_of_a_line_tells_nobody_twice() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("tokyo: no orders from the desk");
        story.ExpectLog("tokyo: the desk does not take results");
        story.AllowLog("Site tokyo holds no stream");
        await story.Pass(minutes: 5);
        story.CutLink("tokyo", toDesk: false);
        await story.Pass(minutes: 10);

        // It is heard, and nothing of what it sees comes: that is the desk's own trouble.
        await story.Mails("desk/engine is CRITICAL", "desk@hinoban.example.jp");
        story.Break("web1/http", Fault.Refused);
        await story.Mails("web1/http is CRITICAL", Members);
        story.MendLink("tokyo");
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Members);
        await story.Mails("desk/engine is OK", "desk@hinoban.example.jp");
    });
}
