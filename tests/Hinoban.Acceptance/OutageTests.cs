using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance;

/// <summary>The relay is away during an alert: nothing is lost, nothing doubled, the order stays, and the desk shows the trouble meanwhile.</summary>
[Collection(TownStories.Name)]
public sealed class OutageTests
{
    [Fact]
    public Task Mail_that_waits_for_the_relay_arrives_in_order_and_once() => PlayAsync(TimeSpan.FromSeconds(20));

    /// <summary>The same for any length.</summary>
    internal static Task PlayAsync(TimeSpan outage) => RealTown.PlayAsync(async town =>
    {
        await town.Postfix.StopAsync();
        var start = TimeProvider.System.GetTimestamp();
        town.Web.Stop();
        var id = (await town.IncidentAsync("web01", "http")).Number("id");
        var waiting = await town.WhenAsync(id, "the desk shows that mail does not go out", i => i.Word("mail_trouble") == "retrying");
        Assert.All(waiting.Mails("alert").SelectMany(m => m.List("deliveries")), d => Assert.Equal("waiting", d.Word("state")));
        Assert.Contains(waiting.Mails("alert").SelectMany(m => m.List("deliveries")), d => d.Word("last_reply").Contains("ConnectFailed", StringComparison.Ordinal));
        Assert.Null(waiting["slo"]!["started_utc"]);

        town.Web.Start();
        var recovered = await town.WhenAsync(id, "recovered, its mail queued", i => i["recovered_utc"] is not null && i.Mails("recovery").Count == 1);
        Assert.Equal("retrying", recovered.Word("mail_trouble"));
        var left = outage - TimeProvider.System.GetElapsedTime(start);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, TimeProvider.System);
        }

        Assert.Equal("retrying", (await town.Client.IncidentAsync(id)).Word("mail_trouble"));
        Assert.All(TownSpec.Members, m => Assert.Empty(town.Mailbox(m)));
        await town.Postfix.StartAsync();
        var back = TimeProvider.System.GetTimestamp();
        var told = await town.WhenAsync(id, "all told", i => RealTown.AllAccepted(i, "alert") && RealTown.AllAccepted(i, "recovery"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"relay away for {outage.TotalSeconds:0} s; everything accepted {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.0} s after it was back");

        Assert.Equal("none", told.Word("mail_trouble"));
        string[] ids = [told.Mails("alert")[0].Word("message_id"), told.Mails("recovery")[0].Word("message_id")];
        var (log, mails) = (RelayLog.Read(town.Postfix.LogFile), 0);
        foreach (var member in TownSpec.Members)
        {
            // A relay that is away for five minutes is an alarm of the desk's own, and its end is told too.
            var own = member == TownSpec.Desk && outage >= TimeSpan.FromMinutes(6) ? 2 : 0;
            Assert.Equal(ids.Order(StringComparer.Ordinal), (await town.MailboxAsync(member, 2 + own)).Where(m => !DeliveredMail.IsOwn(m.MessageId)).Select(m => m.MessageId).Order(StringComparer.Ordinal));
            Assert.Equal(ids, log.Accepted(member));
            mails += ids.Length;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{mails} mails to {TownSpec.Members.Length} recipients, each once and in order");
    });
}
