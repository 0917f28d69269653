using Hinoban.Acceptance.Scene;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Proofs;

/// <summary><c>./dev proof inbound</c>: the desk is killed in the middle of twenty mails that come in.</summary>
[Collection(TownStories.Name)]
public sealed class Inbound
{
    // More of one writer's the desk does not pass on: it takes him for a machine.
    private const int Each = 10;
    private static readonly string[] Writers = ["tanaka", "yamamoto"];

    [Fact(Explicit = true)]
    public Task Twenty_kills() => RealTown.PlayAsync(
        async town =>
        {
            town.Web.Stop();
            var id = (await town.IncidentAsync("web01", "http")).Number("id");
            var alert = (await town.MailboxAsync("tanaka", 1))[0];
            var kills = new Dictionary<HoldAt, int> { [HoldAt.Message] = 0, [HoldAt.Answer] = 0 };
            foreach (var writer in Writers)
            {
                for (var mail = 0; mail < Each; mail++)
                {
                    var at = mail % 2 == 0 ? HoldAt.Message : HoldAt.Answer;
                    await InboundTests.KillInTheMiddleAsync(town, id, at, alert.MessageId, kills.Values.Sum() + 1, $"{writer}@{PostfixServer.MailDomain}");
                    kills[at]++;
                }
            }

            var replies = (await town.Client.IncidentAsync(id)).Events("reply").Select(r => r.Word("subject")).ToList();
            var came = Writers.Append(TownSpec.Desk).ToDictionary(m => m, m => town.Mailbox(m).Select(mail => mail.Subject).Where(s => s.StartsWith("Re: ", StringComparison.Ordinal)).ToList());
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{kills[HoldAt.Message]} kills while the desk takes a mail, {kills[HoldAt.Answer]} after it has taken it: {replies.Count} replies on the incident, {replies.Distinct().Count()} of them different; passed on {string.Join(", ", came.Select(c => $"{c.Value.Count} ({c.Value.Distinct().Count()} different) to {c.Key}"))}");
            Assert.All(kills.Values, at => Assert.Equal(Each, at));
            Once(2 * Each, replies);

            // Each mail goes to the others, and not back to its writer.
            Assert.All(Writers, w => Once(Each, came[w]));
            Once(2 * Each, came[TownSpec.Desk]);
        },
        withInbound: true);

    private static void Once(int count, IReadOnlyList<string> subjects)
    {
        Assert.Equal(count, subjects.Count);
        Assert.Equal(count, subjects.Distinct().Count());
    }
}
