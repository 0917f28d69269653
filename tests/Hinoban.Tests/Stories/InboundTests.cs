using System.Text;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Lab.Story;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.Tests.Notifying.Inbound;
using static Hinoban.Tests.Stories.StorySpecs;

namespace Hinoban.Tests.Stories;

/// <summary>Mail that comes back and comes in, told in virtual time.</summary>
public sealed class InboundTests
{
    private const string List = "smpl-mon@lists.example.jp";
    private static readonly StoryOptions WithInbound = new() { Inbound = true };
    private static readonly StoryOptions WithAway = new()
    {
        Away = true,
        Inbound = true,
        Folder = Directory.Exists("/dev/shm") ? "/dev/shm" : null,
        Anchors = [new Anchor("198.51.100.1", 53), new Anchor("198.51.100.2", null), new Anchor("198.51.100.3", 443)],
    };

    [Fact]
    public void A_bounce_marks_that_member_only_and_the_desk_is_told() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        var mails = await story.Mails("PROBLEM", Members);
        var id = story.Incidents.Single().Id;
        var sender = mails[0].Sender;

        // Whoever cannot sign an address says nothing about any delivery.
        Assert.Equal(550, (await story.Receive("", sender.Replace("-bounces+", "-bounces+1", StringComparison.Ordinal), Posts.Bounce())).Code);
        Assert.Equal(550, (await story.Receive("", "smpl-mon-bounces+1@hinoban.example.jp", Posts.Bounce())).Code);
        Assert.DoesNotContain(story.Incident(id).Events, e => e is DeliveryReported);

        Assert.Equal(250, (await story.Receive("", sender, Posts.Bounce())).Code);
        Assert.Equal(250, (await story.Receive("", sender, Posts.Bounce())).Code);
        var reported = Assert.Single(story.Incident(id).Events.OfType<DeliveryReported>());
        Assert.Equal((Tanaka, true, true, "5.1.1", "550 5.1.1 <tanaka@sample.example.jp>: unknown user"), (reported.Recipient, reported.Failed, reported.Permanent, reported.Status, reported.Words));
        Assert.Equal([Tanaka], story.Incident(id).Mails[0].Deliveries.Where(d => d.Report is { Action: "Failed" }).Select(d => d.Recipient));
        var alarm = await story.Mail(DeskBox, "mail/sample-trading is CRITICAL");
        Assert.Contains(Tanaka, alarm.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Yamamoto, alarm.Text, StringComparison.Ordinal);

        // A mail that is taken and not reported for a quarter of an hour proves the address good again.
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
        await story.Pass(minutes: 10);
        Assert.Contains(story.Incidents, i => i.Own);
        await story.Mail(DeskBox, "RECOVERY Service Alert: mail/sample-trading is OK");
    }, WithInbound);

    [Fact]
    public void A_members_reply_is_in_the_story_and_goes_to_the_other_members_once() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        var alert = (await story.Mails("PROBLEM", Members))[0];
        var id = story.Incidents.Single().Id;

        var reply = Posts.WithAttachment(alert.MessageId);
        Assert.Equal(250, (await story.Receive(Tanaka, List, reply)).Code);
        var passed = await story.Mails("Re: it, with a picture", Yamamoto, DeskBox);
        Assert.Contains(alert.MessageId, passed[0].References);
        Assert.Contains("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", Encoding.Latin1.GetString(passed[0].Raw), StringComparison.Ordinal);

        // The MTA did not hear our answer, and hands it over again.
        Assert.Equal(250, (await story.Receive(Tanaka, List, reply)).Code);
        var replied = Assert.Single(story.Incident(id).Events.OfType<ReplyReceived>());
        Assert.Equal(("Tanaka", Tanaka, "See the picture."), (replied.FromName, replied.FromAddress, replied.Excerpt));
        Assert.Equal(["../../etc/page.html"], replied.Attachments);

        // An answer to the answer, and one whose mail program has lost the thread but kept the subject.
        Assert.Equal(250, (await story.Receive(Yamamoto, List, Posts.Reply(passed[0].MessageId, "y-1", from: Yamamoto))).Code);
        await story.Mails("Re: it", Tanaka, DeskBox);
        var lost = Posts.Of($"From: {Yamamoto}\nMessage-ID: <y-2@sample.example.jp>\nSubject: Re: again [sample-trading {story.Incident(id).Row.Number}]\n\nHello\n");
        Assert.Equal(250, (await story.Receive(Yamamoto, List, lost)).Code);
        await story.Mails("Re: again", Tanaka, DeskBox);
        Assert.Equal(3, story.Incident(id).Events.OfType<ReplyReceived>().Count());
        AssertArchive(story, id, replied.Archived);

        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    }, WithInbound);

    [Fact]
    public void Strangers_and_machines_are_kept_and_passed_on_to_nobody() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        var alert = (await story.Mails("PROBLEM", Members))[0];
        var id = story.Incidents.Single().Id;
        var before = story.Incident(id).Events.Count;

        Assert.Equal(250, (await story.Receive("evil@example.net", List, Posts.Reply(alert.MessageId, from: "Tanaka <evil@example.net>"))).Code);

        // Of two writers a filter in front may have looked at the other.
        Assert.Equal(250, (await story.Receive("evil@example.net", List, Posts.Of($"From: {Tanaka}\nFrom: evil@example.net\nIn-Reply-To: {alert.MessageId}\nSubject: x\n\nx\n"))).Code);
        Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Of($"From: {Tanaka}\nAuto-Submitted: auto-replied\nIn-Reply-To: {alert.MessageId}\nSubject: away\n\naway\n"))).Code);
        Assert.Equal(250, (await story.Receive(Tanaka, alert.Sender, Posts.Of($"From: {Tanaka}\nSubject: Out of office: alert\n\naway\n"))).Code);
        Assert.Equal(250, (await story.Receive(Tanaka, List, alert.Raw)).Code);
        Assert.Equal(250, (await story.Receive("", List, Posts.Bounce())).Code);
        Assert.Equal(550, (await story.Receive(Tanaka, "somebody@lists.example.jp", alert.Raw)).Code);

        // As RFC 3834 wants a holiday answer: to the envelope's sender, with an empty one of its own. With and without its mark.
        Assert.Equal(250, (await story.Receive("", alert.Sender, Posts.Of($"From: {Tanaka}\nAuto-Submitted: auto-replied\nSubject: away until Monday\n\n550 5.1.1 away\n"))).Code);
        Assert.Equal(250, (await story.Receive("", alert.Sender, Posts.Of($"From: {Tanaka}\nSubject: I am at the sea\n\nmailbox unavailable\n"))).Code);

        Assert.Equal(before, story.Incident(id).Events.Count);
        Assert.Equal(["Kept", "Kept", "Kept", "Kept", "Kept", "Stranger", "Stranger"], story.Incident(id).Received.Select(m => m.Standing).Order());
        Assert.Equal(["Automatic", "Automatic", "Automatic", "DeliveryReport", "Loop", "Person", "Person"], story.Incident(id).Received.Select(m => m.Kind).Order());
        Assert.All(story.Incident(id).Received, m => Assert.False(m.IsWhole));
        Assert.Equal(8, story.Desk.Parts.Queries.Received(Story.All).Count);
        Assert.Empty(story.Desk.Parts.Queries.Received(Scope.Of(new CustomerId("sample-trading"))));
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    }, WithInbound);

    [Fact]
    public void A_members_mail_that_belongs_to_no_incident_goes_to_the_list_all_the_same() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Reply("<nothing@elsewhere.example>"))).Code);
        await story.Mails("Re: it", Yamamoto, DeskBox);
        Assert.Empty(story.Incidents);
        Assert.Equal(NoticeKind.Post, Assert.Single(story.Desk.Parts.Queries.Mails(Story.All)).Kind);
    }, WithInbound);

    [Fact]
    public void Machines_that_answer_each_other_are_stopped_and_the_desk_is_told() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 5);
        story.Break("web1/http", Fault.Refused);
        var alert = (await story.Mails("PROBLEM", Members))[0];
        var id = story.Incidents.Single().Id;
        for (var n = 1; n <= 12; n++)
        {
            Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Reply(alert.MessageId, $"robot-{n}"))).Code);
        }

        for (var n = 1; n <= 10; n++)
        {
            await story.Mails("Re: it", Yamamoto, DeskBox);
        }

        var alarm = await story.Mail(DeskBox, "mail/sample-trading is CRITICAL");
        Assert.Contains("too many posts", alarm.Text, StringComparison.Ordinal);
        Assert.Equal(10, story.Incident(id).Events.OfType<ReplyReceived>().Count());
        Assert.Equal(2, story.Incident(id).Received.Count(m => m.Standing == "Braked"));

        // Others, and he later, are not held back.
        Assert.Equal(250, (await story.Receive(Yamamoto, List, Posts.Reply(alert.MessageId, "y", from: Yamamoto))).Code);
        await story.Mails("Re: it", Tanaka, DeskBox);
        await story.Pass(minutes: 11);
        Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Reply(alert.MessageId, "person"))).Code);
        await story.Mails("Re: it", Yamamoto, DeskBox);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
        await story.Pass(minutes: 60);
        await story.Mail(DeskBox, "mail/sample-trading is OK");
    }, WithInbound);

    [Fact]
    public void A_reply_to_what_a_site_told_without_the_desk_belongs_to_that_incident() => Story.Tell(Web(), async story =>
    {
        var alert = (await ToldBySitesAsync(story))[0];
        await story.Until(() => story.Incidents.Any(i => !i.Own), "the incident at the desk");
        await story.Pass(minutes: 1);
        var id = story.Incidents.Single(i => !i.Own).Id;

        Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Reply(alert.MessageId))).Code);
        await story.Mails("Re: it", Yamamoto, DeskBox);
        Assert.Equal(250, (await story.Receive(Tanaka, List, Posts.Of($"From: {Tanaka}\nMessage-ID: <t@sample.example.jp>\nSubject: Re: again [sample-trading {story.Incident(id).Row.Number}]\n\nHello\n"))).Code);
        await story.Mails("Re: again", Yamamoto, DeskBox);
        Assert.Equal(2, story.Incident(id).Events.OfType<ReplyReceived>().Count());
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
    }, WithAway);

    [Fact]
    public void A_bounce_of_what_a_site_told_without_the_desk_marks_that_member_and_the_desk_is_told() => Story.Tell(Web(), async story =>
    {
        var sender = (await ToldBySitesAsync(story)).Single(m => m.Recipient == Tanaka).Sender;

        // The site has not handed it over yet: the MTA keeps the report.
        Assert.Equal(451, (await story.Receive("", sender, Posts.Bounce())).Code);
        await story.Until(() => story.Incidents.Any(i => !i.Own), "the incident at the desk");
        var id = story.Incidents.Single(i => !i.Own).Id;
        await story.Until(() => story.Incident(id).Events.OfType<DeliverySettled>().Count() == 3, "its deliveries");

        // An address that no site has signed, or for another delivery, does not exist.
        Assert.Equal(550, (await story.Receive("", sender.Replace("-bounces+", "-bounces+1", StringComparison.Ordinal), Posts.Bounce())).Code);
        Assert.Equal(250, (await story.Receive("", sender.ToUpperInvariant(), Posts.Bounce())).Code);
        Assert.Equal(250, (await story.Receive("", sender, Posts.Bounce())).Code);
        var reported = Assert.Single(story.Incident(id).Events.OfType<DeliveryReported>());
        Assert.Equal((Tanaka, true, "5.1.1"), (reported.Recipient, reported.Failed, reported.Status));
        var alarm = await story.Mail(DeskBox, "mail/sample-trading is CRITICAL");
        Assert.Contains(Tanaka, alarm.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Yamamoto, alarm.Text, StringComparison.Ordinal);
        story.Mend("web1/http");
        await story.Mails("RECOVERY", Members);
        await story.Pass(minutes: 10);
        await story.Mail(DeskBox, "RECOVERY Service Alert: mail/sample-trading is OK");
    }, WithAway);

    [Fact]
    public void The_desks_own_mail_goes_round_each_cycle_and_is_missed_when_it_does_not_come_back() => Story.Tell(Web(), async story =>
    {
        await story.Pass(minutes: 10);
        Assert.Empty(story.Desk.Parts.Queries.Mails(Story.All));
        story.ComesBack = false;
        var lost = story.Now;
        await story.Mail(DeskBox, "desk/mail-arrival is CRITICAL");
        Assert.True(story.Now - lost <= TimeSpan.FromSeconds(180 + 60 + 10 + 1), $"{story.Now - lost}");
        await story.Pass(minutes: 15);
        story.ComesBack = true;
        await story.Mail(DeskBox, "desk/mail-arrival is OK");
    }, WithInbound);

    [Fact]
    public void While_the_first_relay_is_away_the_second_carries_the_alert() => Story.Tell(Web(), async story =>
    {
        story.ExpectLog("gives no line");
        story.ExpectLog("goes by the other relay");
        await story.Pass(minutes: 5);
        story.RelayAway();
        story.Break("web1/http", Fault.Refused);
        await story.Until(() => story.Incidents.Count == 1, "an incident");
        var opened = story.Now;
        await story.Mails("PROBLEM", Members, TimeSpan.FromMinutes(3));
        Assert.True(story.Now - opened < TimeSpan.FromSeconds(160), $"{story.Now - opened}");
        var id = story.Incidents.First(i => !i.Own).Id;
        IEnumerable<DeliverySettled> Settled() => story.Incident(id).Events.OfType<DeliverySettled>();
        await story.Until(() => Settled().Count() == 3, "all three settled");
        Assert.All(Settled(), d => Assert.True(d is { SecondRelay: true, PossiblyTwice: false, Outcome: DeliveryOutcome.Accepted }));
        await story.Mail(DeskBox, "desk/mail is CRITICAL");
        story.RelayBack();
        story.Mend("web1/http");
        await story.Mails("web1/http is OK", Members);
        await story.Mail(DeskBox, "desk/mail is OK");
    }, new StoryOptions { SecondRelay = true });

    private static void AssertArchive(Story story, IncidentId id, long archived)
    {
        var queries = story.Desk.Parts.Queries;
        var (own, other) = (Scope.Of(new CustomerId("sample-trading")), Scope.Of(new CustomerId("other")));
        Assert.Equal("<script>alert(1)</script>", Encoding.ASCII.GetString(queries.Archived(own, archived, 1)!.Content));
        Assert.StartsWith("From: Tanaka", Encoding.ASCII.GetString(queries.Archived(own, archived, 0)!.Content), StringComparison.Ordinal);
        Assert.Null(queries.Archived(own, archived, 2));
        Assert.Null(queries.Archived(other, archived, 0));
        Assert.Null(queries.Archived(other, archived, 1));
        Assert.Empty(queries.Received(other));
        Assert.Equal(3, queries.Incident(own, id)!.Received.Count);
    }

    // The desk dies, a site tells the members that web1 fails, and the desk is back.
    private static async Task<IReadOnlyList<SinkMail>> ToldBySitesAsync(Story story)
    {
        foreach (var words in new[] { "does not answer", "the desk is away", "desk does not take results", "no orders from the desk", "holds no stream of orders", "connection re" })
        {
            story.AllowLog(words);
        }

        await story.Pass(minutes: 5);
        story.CrashDesk();
        await story.Pass(minutes: 2);
        story.Break("web1/http", Fault.Refused);
        var mails = await story.Mails("PROBLEM", Members);
        await story.Pass(minutes: 2);
        story.StartDesk();
        return mails;
    }
}
