using Hinoban.Acceptance.Scene;

namespace Hinoban.Acceptance;

/// <summary>Two desk nodes over one PostgreSQL: one speaks, the other takes over, and whoever was paused does nothing afterwards.</summary>
[Collection(TownStories.Name)]
public sealed class PairTests
{
    private static readonly TimeSpan TakeoverLimit = TimeSpan.FromSeconds(30);

    // Two minutes without the other node, asked each minute.
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromMinutes(5);

    [Fact]
    public Task A_paused_node_loses_the_desk_and_mails_nothing_twice_and_a_dead_one_is_followed_in_time() => RealTown.PlayAsync(
        async town =>
        {
            await town.StandsByAsync(1);
            var tell = TestContext.Current.TestOutputHelper;

            // In the middle of the alert: whatever it was about to do, it does nothing of it after its sleep.
            town.Web.Stop();
            var id = (await town.IncidentAsync("web01", "http")).Number("id");
            town.Desk.Pause();
            tell?.WriteLine($"paused: taken over after {await TakeoverAsync(town, 1)}");
            await town.WhenAsync(id, "all alerts accepted", i => RealTown.AllAccepted(i, "alert"));
            town.Desk.Resume();
            await town.StandsByAsync(0);

            town.Web.Start();
            await town.WhenAsync(id, "recovered and told", i => i["recovered_utc"] is not null && RealTown.AllAccepted(i, "recovery"));
            await town.OtherDesk!.KillAsync();
            tell?.WriteLine($"killed: taken over after {await TakeoverAsync(town, 0)}");

            var told = await town.Client.IncidentAsync(id);
            string[] ids = [.. new[] { "alert", "recovery" }.SelectMany(told.Mails).Select(m => m.Word("message_id"))];
            Assert.Equal(2, ids.Length);
            foreach (var member in TownSpec.Members)
            {
                Assert.Equal(ids, (await town.MailboxAsync(member, 2)).Where(m => !DeliveredMail.IsOwn(m.MessageId)).Select(m => m.MessageId));
            }

            // The killed one is not started again: whoever has the desk says that nobody would follow.
            await Until.TrueAsync("an incident of desk/standby", NoticedWithin, async () => (await town.Client.GetAsync("incidents?state=open")).List("incidents")
                .Any(i => i.Word("customer") == "provider" && (i.Word("host"), i.Word("service")) == ("desk", "standby")));
        },
        twoDesks: true);

    /// <summary>How long until the node has the desk; no longer than promised.</summary>
    internal static async Task<TimeSpan> TakeoverAsync(RealTown town, int node)
    {
        var from = TimeProvider.System.GetTimestamp();
        await town.HasDeskAsync(node);
        var took = TimeProvider.System.GetElapsedTime(from);
        Assert.InRange(took, TimeSpan.Zero, TakeoverLimit);
        return took;
    }
}
