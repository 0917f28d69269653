using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof inbound</c>: the desk is killed in the middle of twenty mails that come in.</summary>
[Collection(TownStories.Name)]
public sealed class Inbound
{
    private const int Each = 10;

    [Fact(Explicit = true)]
    public Task Twenty_kills() => RealTown.PlayAsync(
        async town =>
        {
            town.Web.Stop();
            var id = (await town.IncidentAsync("web01", "http")).Number("id");
            var alert = (await town.MailboxAsync("tanaka", 1))[0];
            for (var kill = 1; kill <= 2 * Each; kill++)
            {
                await InboundTests.KillInTheMiddleAsync(town, id, kill % 2 == 1 ? HoldAt.Message : HoldAt.Answer, alert.MessageId, kill);
            }

            var posts = town.Mailbox("yamamoto").Select(m => m.Subject).Where(s => s.StartsWith("Re: ", StringComparison.Ordinal)).ToList();
            Assert.Equal(2 * Each, posts.Count);
            Assert.Equal(2 * Each, posts.Distinct().Count());
        },
        withInbound: true);
}
