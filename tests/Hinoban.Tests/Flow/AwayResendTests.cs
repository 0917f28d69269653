using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;
using static Hinoban.Tests.Flow.AwayBench;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>What the desk does with what sites hand back of mails that reached not everybody, and what it tells them at once.</summary>
public sealed class AwayResendTests
{
    [Fact]
    public void The_desk_sends_under_the_same_key_what_a_site_could_not_deliver_and_to_nobody_who_has_it()
    {
        using var desk = new DeskBench(TestPlans.Web());
        var back = Told(Settled(Tanaka, DeliveryOutcome.Accepted), Settled(Yamamoto, DeliveryOutcome.Rejected), Settled(DeskBox, DeliveryOutcome.Expired) with { Reply = AwayResend.HandedOver });
        Assert.True(Back(desk, Tokyo, back).Sends);
        var mail = Assert.Single(desk.Mails());
        Assert.Equal("sample-trading.2.1.alert.1", mail.Mail.Key);
        Assert.Equal([DeskBox, Yamamoto], mail.Deliveries.Where(d => d.State == DeliveryState.Waiting).Select(d => d.Recipient).Order());

        // What was refused is recorded; what was only left to the desk is no failure of anybody's.
        var incident = Assert.Single(desk.Incidents());
        Assert.Equal([Tanaka, Yamamoto], incident.Events.OfType<DeliverySettled>().Select(d => d.Recipient).Order());

        // The other site, cut off too, has reached one of them, and refused another's does not end what waits here.
        Back(desk, Osaka, Told(Settled(Yamamoto, DeliveryOutcome.Accepted), Settled(DeskBox, DeliveryOutcome.Rejected)));
        Assert.Equal([DeliveryState.Waiting, DeliveryState.Accepted], Assert.Single(desk.Mails()).Deliveries.OrderBy(d => d.Recipient).Select(d => d.State));
    }

    [Fact]
    public void What_another_site_has_to_deliver_the_desk_does_not_send_beside_it()
    {
        using var desk = new DeskBench(TestPlans.Web());
        Back(desk, Osaka, Told(Settled(Yamamoto, DeliveryOutcome.Accepted)));
        Back(desk, Tokyo, Told(Settled(Tanaka, DeliveryOutcome.Rejected), Settled(Yamamoto, DeliveryOutcome.Rejected)));
        Assert.Empty(desk.Mails());
        Back(desk, Osaka, Told(Settled(Yamamoto, DeliveryOutcome.Accepted), Settled(Tanaka, DeliveryOutcome.Rejected)));
        Assert.Equal([Tanaka], Assert.Single(desk.Mails()).Deliveries.Select(d => d.Recipient));
    }

    [Fact]
    public async Task A_note_of_a_site_that_never_comes_tells_the_desk_who_was_not_reached()
    {
        using var desk = new DeskBench(TestPlans.Web());
        var note = Note(2) with { By = "osaka", Mailed = true, Got = Tanaka, Missed = Yamamoto, Opening = Json(OpenedOf(2)) };
        await desk.Engine.TakeBackAsync(new HandBack(Tokyo, "", [note], []), default);
        Assert.Equal([Yamamoto], Assert.Single(desk.Mails()).Deliveries.Select(d => d.Recipient));
        await desk.Engine.TakeBackAsync(new HandBack(Tokyo, "", [note], []), default);
        Assert.Single(Assert.Single(desk.Mails()).Deliveries);
    }

    [Fact]
    public async Task The_desk_waits_for_the_last_page_of_a_site()
    {
        using var desk = new DeskBench(TestPlans.Web());
        await desk.Engine.TakeBackAsync(new HandBack(Tokyo, "", [], []) { More = true }, default);
        Assert.False(desk.Engine.Away.Heard([Tokyo]));
        await desk.Engine.TakeBackAsync(new HandBack(Tokyo, "", [], []), default);
        Assert.True(desk.Engine.Away.Heard([Tokyo]));
    }

    [Fact]
    public async Task A_key_that_is_revoked_or_added_is_told_to_the_peers_at_once()
    {
        using var desk = new DeskBench(TestPlans.Web());
        var keys = new SiteKeyStore(desk.Db, desk.Clock);
        desk.Engine.Away.Terms = new AwayTerms([Tokyo, Osaka], new Dictionary<SiteName, Uri> { [Tokyo] = new("https://tokyo.example.jp") }, keys, Mail);
        keys.Changed = desk.Engine.Away.SendPlans;
        using var key = SiteKeyFile.Make(Tokyo, null).OpenKey();
        desk.Db.Write(tx => keys.Add(tx, Tokyo, key, At));
        var id = SiteSignature.KeyId(SiteSignature.Fingerprint(key));
        Assert.NotNull(keys.Find(Tokyo, id));
        await using var orders = desk.Engine.OrdersAsync(Osaka, default).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Single((await Next()).Plan.Of(Tokyo)!.Keys);

        desk.Db.Write(tx => keys.Revoke(tx, Tokyo, "", At));
        desk.Clock.Advance(SiteKeyStore.SeenWithin);
        Assert.Null(keys.Find(Tokyo, id));
        Assert.Empty((await Next()).Plan.Of(Tokyo)!.Keys);

        async Task<AwayOrder> Next()
        {
            while (await orders.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))
            {
                if (orders.Current is AwayOrder away)
                {
                    return away;
                }
            }

            throw new InvalidOperationException("The stream ended.");
        }
    }

    private static IReadOnlyList<IncidentEvent> Told(params DeliverySettled[] ends) =>
        [OpenedOf(2), new NoticeDecided(At, IncidentRules.Engine, NoticeKind.Alert, NoticeReason.NewProblem, Told: true, "sample-trading.2.1.alert.1", "subject"), .. ends];

    private static HandBackReceipt Back(DeskBench desk, SiteName site, IReadOnlyList<IncidentEvent> events)
    {
        var known = desk.Db.Read(tx => desk.Stores.Away.Handed(tx, site, Http, 1));
        return desk.Engine.TakeBackAsync(new HandBack(site, "", [], [new HandedEpisode(Http, 1, known, [.. events.Skip(known).Select(Json)])]), default).Result;
    }
}
