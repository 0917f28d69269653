using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance;

/// <summary>The desk is killed while a real web server is down: a site tells the customer, and the desk takes it over when it is back.</summary>
[Collection(TownStories.Name)]
public sealed class AwayTests
{
    private static readonly TimeSpan NothingMore = TimeSpan.FromSeconds(10);

    [Fact]
    public Task With_the_desk_killed_a_site_tells_and_the_desk_takes_it_over() => RealTown.PlayAsync(
        async town =>
        {
            await town.Desk.KillAsync();
            town.Web.Stop();
            foreach (var member in TownSpec.Members)
            {
                var alert = Assert.Single(await town.MailboxAsync(member, 1));
                Assert.StartsWith("** PROBLEM Service Alert: web01/http is CRITICAL **", alert.Subject, StringComparison.Ordinal);
                Assert.Contains("INC-A", alert.Subject, StringComparison.Ordinal);
            }

            town.Desk.Start();
            var id = (await town.IncidentAsync("web01", "http")).Number("id");
            var adopted = await town.WhenAsync(id, "what the site did", i => i.Events("spoken-away").Count == 1 && i.Events("delivery").Count == TownSpec.Members.Length);
            Assert.Contains("tokyo", adopted.Events("spoken-away")[0].ToJsonString(), StringComparison.Ordinal);

            town.Web.Start();
            await town.WhenAsync(id, "recovered and told", i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "recovery"));
            await town.QuietAsync();
            await Task.Delay(NothingMore, TimeProvider.System);
            foreach (var member in TownSpec.Members)
            {
                var mails = town.Mailbox(member).Where(m => !DeliveredMail.IsOwn(m.MessageId)).ToList();
                Assert.Equal(["PROBLEM", "RECOVERY"], mails.Select(m => m.Subject.Split(' ')[1]).Order(StringComparer.Ordinal));
                Assert.Equal(mails.Single(m => m.Subject.Contains("PROBLEM", StringComparison.Ordinal)).MessageId, mails.Single(m => m.Subject.Contains("RECOVERY", StringComparison.Ordinal))["in-reply-to"]);
            }
        },
        away: true);
}
