using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;
using Hinoban.Tests.Results;
using Microsoft.Extensions.Logging.Abstractions;
using static Hinoban.Tests.Flow.AwayBench;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>What a site hands back: how it travels, what becomes of what is not taken, and of mails that reached not everybody.</summary>
public sealed class AwayHandBackTests : IAsyncDisposable
{
    private static int made;

    private readonly HandClock clock = new(At);
    private readonly Db db = Db.InMemory($"away-{Interlocked.Increment(ref made)}", SchemaKind.Desk);
    private readonly LabRelay relay = new();
    private readonly EpisodeBook book = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<AwayDesk> speakers = [];
    private readonly AwayPlan plan = new(
        Tokyo, 1, [new PeerPlan(Tokyo, "https://tokyo.example.jp", "pin", []), new PeerPlan(Osaka, "https://osaka.example.jp", "pin", [])],
        [AwayCustomer.Of(TestPlans.Web().Customers[0], [])],
        new AwayMail(Mail.Domain, Mail.DeskMailbox, Mail.DeskName));

    // Mails under way settle in the database: it is theirs until they have ended.
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var speaks in speakers)
        {
            await speaks.StopAsync();
            await clock.UntilAsync(() => speaks.Drained.IsCompleted, TimeSpan.FromMinutes(1));
        }

        db.Dispose();
        stop.Dispose();
    }

    [Fact]
    public void A_long_hand_back_goes_in_pages_that_fit_every_limit_and_says_when_it_ends()
    {
        var episodes = Enumerable.Range(1, 400).Select(i => new HandedEpisode(new ItemId(i), 1, 3, [new string('x', 3000), new string('y', 1500)])).ToList();
        var notes = Enumerable.Range(1, 400).Select(i => Note(i) with { Opening = new string('z', 1200) }).ToList();
        var pages = HandBackPages.Of(Tokyo, "pin", notes, [.. episodes, new HandedEpisode(new ItemId(9999), 1, 0, [.. Enumerable.Repeat(new string('e', 1000), 1000)])]);
        Assert.All(pages, page => Assert.True(AwayCodec.Write(page).Length < 300_000));
        Assert.All(pages.SkipLast(1), page => Assert.True(page.More));
        Assert.False(pages[^1].More);
        Assert.Equal(400, pages.SelectMany(p => p.Notes).Distinct().Count());

        // Own episodes first; the pieces of a long one in order, each from where the one before ended.
        Assert.Empty(pages.SkipWhile(p => p.Notes.Count == 0).SelectMany(p => p.Episodes));
        var pieces = pages.SelectMany(p => p.Episodes).Where(e => e.Item.Value == 9999).ToList();
        Assert.True(pieces.Count > 1);
        Assert.Equal(pieces.Select(p => p.From).Skip(1).Append(1000), pieces.Select(p => p.From + p.Events.Count));
        Assert.Equal(400, pages.SelectMany(p => p.Episodes).Count(e => e.Item.Value != 9999));
    }

    [Fact]
    public async Task What_the_desk_refuses_stays_behind_alone_and_is_told_again_later_while_results_go_on()
    {
        var speaks = Speaker();
        foreach (var item in Enumerable.Range(1, 9))
        {
            Opened(item);
        }

        var desk = new DeskEnd { Poison = new ItemId(5) };
        var log = new KeptLog();
        var greeting = new AwayGreeting(Tokyo, "pin", book, speaks, clock, log);
        var way = new DeskWay(desk, null, default);
        await greeting.GreetAsync(way, _ => { }, default);
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9], desk.Taken.Select(i => i.Value).Order());
        Assert.Equal(5, Assert.Single(speaks.Owed()).Item.Value);
        Assert.Contains(log.Lines, t => t.Contains("does not take 1 episode", StringComparison.Ordinal));

        // With every batch it is asked whether there is anything to tell: not before the pause is over.
        var asked = desk.Asked;
        await greeting.GreetAsync(way, _ => { }, default);
        Assert.Equal(asked, desk.Asked);
        clock.Advance(TimeSpan.FromSeconds(11));
        await greeting.GreetAsync(way, _ => { }, default);
        Assert.True(desk.Asked > asked);
        (asked, desk.Poison) = (desk.Asked, default);
        clock.Advance(TimeSpan.FromSeconds(11));
        await greeting.GreetAsync(way, _ => { }, default);
        Assert.Equal(asked, desk.Asked);
        clock.Advance(TimeSpan.FromSeconds(10));
        await greeting.GreetAsync(way, _ => { }, default);
        Assert.Contains(new ItemId(5), desk.Taken);
        Assert.Empty(speaks.Owed());
    }

    [Fact]
    public void A_delivery_that_ends_while_the_desk_is_told_of_the_rest_is_not_lost()
    {
        var speaks = Speaker();
        var incident = Opened(2);
        var told = Assert.Single(speaks.Owed());
        db.Write(tx => new AwayStore().Handed(tx, Tokyo, told.Item, told.Episode, told.From + told.Events.Count));
        Assert.Empty(speaks.Owed());

        // It is in the database, and not known yet to whoever has just asked.
        With(incident, Tanaka, DeliveryOutcome.Rejected);
        speaks.Note(new HandBackReceipt([]));
        Assert.Single(Load(incident).Events.OfType<DeliverySettled>());

        db.Write(tx => new AwayStore().Handed(tx, Tokyo, told.Item, told.Episode, Load(incident).Events.Count));
        speaks.Note(new HandBackReceipt([]));
        Assert.Null(db.Read(tx => new IncidentStore().Load(tx, All, incident.Id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_desk_that_does_not_know_of_it_or_cannot_read_it_is_asked_once_a_contact(bool old)
    {
        var speaks = Speaker();
        Opened(1);
        var desk = new DeskEnd { Old = old, Reads = false };
        var greeting = new AwayGreeting(Tokyo, "pin", book, speaks, clock, new KeptLog());
        await greeting.GreetAsync(new DeskWay(desk, null, default), _ => { }, default).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.InRange(desk.Asked, 1, 2);
        Assert.Single(speaks.Owed());
    }

    [Fact]
    public void Mailed_means_that_a_member_got_it_and_who_was_refused_is_told_apart()
    {
        var incident = Opened(2);
        Assert.False(NoteOf(incident).Mailed);
        Assert.False(NoteOf(With(incident, Tanaka, DeliveryOutcome.Rejected)).Mailed);
        Assert.False(NoteOf(With(incident, DeskBox, DeliveryOutcome.Accepted)).Mailed);
        Assert.True(EpisodeBook.NoteOf(With(incident, DeskBox, DeliveryOutcome.Accepted), "tokyo", members: false)!.Mailed);
        Assert.True(NoteOf(With(incident, Tanaka, DeliveryOutcome.Expired, twice: true)).Mailed);
        var both = NoteOf(With(With(incident, Tanaka, DeliveryOutcome.Accepted), Yamamoto, DeliveryOutcome.Rejected));
        Assert.True(both.Mailed);
        Assert.Equal([Yamamoto], both.Unreached);

        // Whoever reached him, and in whatever order that is heard, he is reached.
        var other = both with { By = "osaka", Got = Yamamoto, Missed = "" };
        Assert.Empty(both.With(other).Unreached);
        Assert.Equal(both.With(other), other.With(both).With(both));
    }

    [Fact]
    public void What_another_told_is_withdrawn_but_for_those_whom_it_could_not_reach()
    {
        var speaks = Speaker();
        var incident = Opened(2);
        Queue(incident);
        speaks.Learn([.. book.Merge([NoteOf(incident) with { By = "osaka", Mailed = true, Got = Tanaka, Missed = Yamamoto }])]);
        Assert.Equal(["expired", "waiting"], States(Tanaka, Yamamoto));
    }

    [Fact]
    public void A_refused_recipient_does_not_keep_an_alert_that_another_told_from_being_withdrawn()
    {
        var speaks = Speaker();
        var incident = With(Opened(2), DeskBox, DeliveryOutcome.Rejected);
        Queue(incident);
        speaks.Learn([.. book.Merge([NoteOf(incident) with { By = "osaka", Mailed = true }])]);
        Assert.Equal(["expired", "expired"], States(Tanaka, Yamamoto));
    }

    [Fact]
    public async Task A_speakers_own_episodes_are_known_after_a_restart_and_none_is_begun_twice()
    {
        var speaks = Speaker();
        Queue(Opened(2));
        speaks.Judges([Tokyo], alone: true);
        speaks.Start(plan, stop.Token);
        await clock.UntilAsync(() => db.Read(tx => new AwayStore().Notes(tx)).Any(n => n.Item == Http && n is { Number: "INC-A2-1", Mailed: true }), TimeSpan.FromMinutes(1));
        await speaks.StopAsync();

        // The process ends; all that is left are the incidents.
        db.Write(tx => tx.Connection.Execute("delete from episode_notes", null, tx.Transaction));
        var after = new EpisodeBook();
        new AwayDesk(Tokyo, db, Mail, relay, null, after, clock, NullLoggerFactory.Instance).Remember(plan);
        Assert.Equal("INC-A2-1", after.Of(Http)!.Number);

        // And one that was told something else begins none of its own a second time.
        Assert.Equal(("INC-A2-2", 2), db.Read(tx => new AwaySpeaker(Tokyo, new EpisodeBook()).Name(tx, new IncidentStore(), Http)));
    }

    [Fact]
    public async Task A_look_that_comes_in_two_batches_counts_once_and_an_engine_that_begins_forgets_what_it_saw()
    {
        var speaks = Speaker();
        speaks.Judges([Tokyo], alone: true);
        speaks.Start(plan, stop.Token);
        var site = new AwayFeed(speaks.Door!, clock);
        var look = site.Look(Http, Says(CheckStatus.Critical, "500"));
        await site.PostAsync(look);
        await site.PostAsync(look);
        Assert.Equal(1, View().Attempt);
        await site.PostAsync(site.Look(Http, Says(CheckStatus.Critical, "500")));
        Assert.Equal(2, View().Attempt);

        await speaks.StopAsync();
        speaks.Start(plan, stop.Token);
        Assert.Empty(db.Read(new StateStore().Load));

        SiteView View() => db.Read(new StateStore().Load)[(Http, Tokyo)];
    }

    [Fact]
    public async Task A_speaker_does_not_say_what_an_item_was_before_for_it_has_not_seen_it()
    {
        var speaks = Speaker();
        speaks.Judges([Tokyo], alone: true);
        speaks.Start(plan, stop.Token);
        clock.Advance(TimeSpan.FromSeconds(30));
        var feed = new AwayFeed(speaks.Door!, clock);
        for (var looks = 0; looks < 60 && Found() is null; looks++)
        {
            await feed.SeesAsync(Http, Refused, 1);
        }

        Assert.Equal(Judgement.Failing, Of(Found()!.Value).Opening.Stood);
        var body = db.Read(tx => tx.Connection.QueryFirst<string>("select body from outbox_mails", null, tx.Transaction));
        Assert.Contains("状態: CRITICAL\n", body, StringComparison.Ordinal);

        IncidentId? Found() => db.Read(tx => new IncidentStore().ByNumber(tx, All, "INC-A2-1"));
        Incident Of(IncidentId id) => db.Read(tx => new IncidentStore().Load(tx, All, id))!;
    }

    [Fact]
    public async Task A_feed_brings_what_is_known_once_when_its_engine_has_begun()
    {
        var latest = new LatestLooks();
        await using var door = new OpenDoor();
        var site = new AwayFeed(door, clock);
        var (first, second) = (site.Look(Http, Refused), site.Look(Http, Refused));
        latest.Note(first);
        var feeds = new PumpFeeds(_ => { }, () => [], () => Some.Health);
        await using var feed = new JuryFeed($"feed-{Interlocked.Increment(ref made)}", Tokyo, new InProcessLink(door, Tokyo), feeds, () => latest.All, new Random(1), clock, stop.Token);
        latest.Note(second);
        await feed.AddAsync(second);
        door.Order(new EpisodesOrder([]) { Run = 7 });
        await clock.UntilAsync(() => door.Looks.Count >= 2, TimeSpan.FromMinutes(1));
        await feed.AddAsync(second);
        var third = site.Look(Http, Refused);
        latest.Note(third);
        await feed.AddAsync(third);
        await clock.UntilAsync(() => door.Looks.Contains(third.StartedMono), TimeSpan.FromMinutes(1));
        Assert.Equal([first.StartedMono, second.StartedMono, third.StartedMono], door.Looks);
    }

    [Fact]
    public async Task Whatever_ends_the_sending_it_is_begun_anew()
    {
        var incident = Opened(2);
        Queue(incident);
        db.Write(tx => tx.Connection.Execute(
            """
            update outbox_deliveries set state = 'sending' where recipient = 'tanaka@sample.example.jp';
            create trigger broken before update on outbox_deliveries begin select raise(abort, 'broken'); end;
            """,
            null,
            tx.Transaction));
        var speaks = Speaker();
        speaks.Send(plan, stop.Token);
        Assert.Empty(relay.Taken);
        db.Write(tx => tx.Connection.Execute("drop trigger broken", null, tx.Transaction));
        await clock.UntilAsync(() => relay.Taken.Any(t => t.Recipient == Yamamoto), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_key_for_bounces_that_comes_with_a_later_plan_signs_the_mails_from_then_on()
    {
        var senders = new System.Collections.Concurrent.ConcurrentQueue<string>();
        relay.Took = (_, envelope) => senders.Enqueue(envelope.Sender);
        var seal = new MailSeal([1, 2, 3]).For(Tokyo);
        var speaks = Speaker();
        speaks.Send(plan, stop.Token);
        Queue(Opened(2));
        speaks.Send(plan with { Mail = plan.Mail with { Seal = seal.Export() } }, stop.Token);
        await clock.UntilAsync(() => senders.Count == 2, TimeSpan.FromMinutes(5));
        Assert.Equal(
            [AwayBounce.Of("sample-trading.2.1.alert.1", Tanaka), AwayBounce.Of("sample-trading.2.1.alert.1", Yamamoto)],
            senders.Select(s => MailNames.AwayOf(s, Mail.Domain, [seal])).OrderBy(b => b?.Digest == AwayBounce.Of("sample-trading.2.1.alert.1", Tanaka)!.Digest ? 0 : 1));
    }

    [Fact]
    public async Task What_waits_is_left_to_the_desk_and_taken_back_when_that_is_gone_and_has_told_nobody()
    {
        var speaks = Speaker();
        var incident = Opened(2);
        Queue(incident);
        db.Write(tx => tx.Connection.Execute("update outbox_deliveries set outcome_unknown = 1 where recipient = @Tanaka", new { Tanaka }, tx.Transaction));
        speaks.HandOver();
        Assert.Equal(["waiting", "expired"], States(Tanaka, Yamamoto));
        Assert.Equal(AwayResend.HandedOver, Assert.Single(Load(incident).Events.OfType<DeliverySettled>()).Reply);
        Assert.False(NoteOf(Load(incident)).Mailed);
        Assert.Empty(NoteOf(Load(incident)).Unreached);

        relay.Up = false;
        speaks.Start(plan, stop.Token);
        Assert.DoesNotContain("expired", States(Tanaka, Yamamoto));
        await speaks.StopAsync();
        await clock.UntilAsync(() =>
        {
            speaks.HandOver();
            return States(Yamamoto)[0] == "expired";
        }, TimeSpan.FromMinutes(1));
        book.Merge([NoteOf(incident) with { By = "desk", Mailed = true, Got = DeskBox }]);
        speaks.Start(plan, stop.Token);
        Assert.Equal("expired", States(Yamamoto)[0]);
        await speaks.StopAsync();
    }

    [Fact]
    public async Task A_word_to_a_peer_goes_in_pages_and_an_answer_that_was_lost_comes_again()
    {
        var mine = new PeerWord(Tokyo, TimeSpan.Zero, false, true, [.. Enumerable.Range(1, 600).Select(i => Note(i) with { By = "desk", Opening = new string('x', 1200) })]);
        var link = new PeerEnd();
        var talk = new PeerTalk(Tokyo, plan.Sites[1], 1, link, clock, NullLogger.Instance);
        using var enough = new CancellationTokenSource();
        var telling = talk.RunAsync(() => mine, _ => { }, enough.Token);
        await clock.UntilAsync(() => link.Words.Sum(w => w.Notes.Count) >= 600, TimeSpan.FromMinutes(1));
        await enough.CancelAsync();
        await telling;
        Assert.All(link.Words, w => Assert.True(AwayCodec.Write(w).Length < 300_000));
        Assert.Equal(600, link.Words.SelectMany(w => w.Notes).Distinct().Count());

        var told = new HashSet<EpisodeNote>();
        var theirs = new PeerWord(Osaka, TimeSpan.Zero, false, true, []);
        var lost = PeerTalk.Answer(talk, theirs, mine);
        while (told.Count < 600)
        {
            var answer = PeerTalk.Answer(talk, theirs, mine);
            Assert.True(AwayCodec.Write(answer).Length < 300_000);
            Assert.True(answer.Notes.Count(told.Add) > 0, "Nothing new in an answer.");
            theirs = theirs with { Seen = answer.Page };
        }

        Assert.Superset(lost.Notes.ToHashSet(), told);
        Assert.Empty(PeerTalk.Answer(talk, theirs, mine).Notes);
        Assert.NotEmpty(PeerTalk.Answer(talk, theirs with { Seen = 0 }, mine).Notes);
    }

    private AwayDesk Speaker()
    {
        var speaks = new AwayDesk(Tokyo, db, Mail, relay, null, book, clock, NullLoggerFactory.Instance);
        speaks.Remember(plan);
        speakers.Add(speaks);
        return speaks;
    }

    private static EpisodeNote NoteOf(Incident incident) => EpisodeBook.NoteOf(incident, "tokyo", members: true)!;

    private Incident Opened(int item) => db.Write(tx => new IncidentStore().Create(tx, OpenedOf(item)));

    private Incident Load(Incident incident) => db.Read(tx => new IncidentStore().Load(tx, All, incident.Id))!;

    private Incident With(Incident incident, string to, DeliveryOutcome outcome, bool twice = false) =>
        db.Write(tx => new IncidentStore().Append(tx, Load2(tx, incident), [Settled(to, outcome) with { PossiblyTwice = twice }]));

    private static Incident Load2(Tx tx, Incident incident) => new IncidentStore().Load(tx, All, incident.Id)!;

    private void Queue(Incident incident) => db.Write(tx => new OutboxStore().Add(tx, new OutboxMail(
        "sample-trading.2.1.alert.1", incident.Id, TestPlans.Customer, NoticeKind.Alert, "subject", "body", "utf-8", "list@lists.example.jp", "list", true, "Hinoban", [], At,
        [new OutboxRecipient(Tanaka, false), new OutboxRecipient(Yamamoto, false)])));

    private string[] States(params string[] of) => db.Read(tx => of.Select(r => tx.Connection.ExecuteScalar<string>(
        "select state from outbox_deliveries where recipient = @r", new { r }, tx.Transaction)!).ToArray());
}
