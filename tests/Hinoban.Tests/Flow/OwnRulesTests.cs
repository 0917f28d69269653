using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Tests.Flow;

/// <summary>What the desk says of its own works, as a table.</summary>
public sealed class OwnRulesTests
{
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly AnchorHealth Lost = new(0, 3, 2);

    [Theory]
    [InlineData(null, null, 100.0, null)] // the first look
    [InlineData(70.0, null, 100.0, null)]
    [InlineData(69.0, null, 100.0, 100.0)]
    [InlineData(360.0, 100.0, 399.0, 100.0)] // again within five minutes
    [InlineData(360.0, 100.0, 400.0, 400.0)]
    [InlineData(390.0, 100.0, 400.0, 100.0)] // and on it goes
    public void A_desk_that_stood_still_is_forgiven_once(double? looked, double? before, double now, double? until)
    {
        TimeSpan? At(double? seconds) => seconds is { } s ? S(s) : null;
        Assert.Equal(At(until), OwnRules.StoodUntil(At(looked), At(before), S(now)));
    }

    [Theory]
    [InlineData(true, 3, null, "Ok")]
    [InlineData(true, 14.9, null, "Ok")]
    [InlineData(true, 15, null, null)]
    [InlineData(true, 59.9, null, null)]
    [InlineData(true, 60, null, "Critical")]
    [InlineData(false, 5, null, null)]
    [InlineData(false, 60, null, "Critical")]
    [InlineData(true, 3, 0.0, null)]
    [InlineData(true, 3, 59.9, null)]
    [InlineData(true, 3, 60.0, "Critical")]
    public void A_site(bool heard, double silent, double? isolated, string? says) =>
        Assert.Equal(says, Says(Site with { Heard = heard, SilentFor = S(silent), Anchors = isolated is null ? null : Lost, IsolatedFor = isolated is { } i ? S(i) : null }, "site"));

    [Theory]
    [InlineData(null, false, 3, "Ok")]
    [InlineData(599.0, false, 3, "Ok")]
    [InlineData(600.0, false, 3, "Critical")]
    [InlineData(1.0, true, 3, "Critical")] // told, and again after a restart of the desk: the alarm stands
    [InlineData(null, true, 3, "Ok")]
    [InlineData(null, true, 30, null)] // a silent site has no votes: that nothing is troubled proves nothing
    public void A_path(double? lasts, bool alarm, double silent, string? says) => Assert.Equal(says, Says(
        Site with { SilentFor = S(silent), PathAlarm = alarm, Paths = lasts is { } l ? [new PathFacts(new ItemId(7), new CustomerId("c"), "web1", "192.0.2.1", S(l))] : [] }, "path"));

    [Theory]
    [InlineData(null, false)]
    [InlineData(299.0, false)]
    [InlineData(300.0, true)]
    public void The_mail(double? away, bool alarm) =>
        Assert.Equal(alarm, OwnRules.MailTrouble(new MailFacts(away is { } a ? S(a) : null, "connection refused")) is not null);

    [Fact]
    public void One_path_that_lasts_is_enough_and_an_alarm_without_trouble_is_over()
    {
        PathFacts Path(double lasts) => new(new ItemId(7), new CustomerId("c"), "web1", "192.0.2.1", S(lasts));
        Assert.NotNull(OwnRules.PathTrouble(Site with { Paths = [Path(600), Path(10)] }));
        Assert.Null(OwnRules.PathTrouble(Site with { Paths = [Path(599), Path(10)] }));
        Assert.Null(OwnRules.PathTrouble(Site with { PathAlarm = true }));
    }

    [Theory]
    [InlineData(true, null, "Ok")]
    [InlineData(false, null, null)] // nothing can be said
    [InlineData(true, 59.9, null)]
    [InlineData(true, 60.0, "Critical")]
    public void Two_sites_that_do_not_hear_each_other(bool known, double? apart, string? says)
    {
        var peers = new PeerFacts(Tokyo, new SiteName("osaka"), known, apart is { } a ? S(a) : null);
        var looks = OwnRules.Looks(new OwnFacts([Site], new MailFacts(null, ""), new EngineFacts(S(1), null)) { Peers = [peers] }, Language.En);
        Assert.Equal(says, looks.SingleOrDefault(l => l.Host == ProviderPlan.Peers)?.Answer.Status.ToString());
    }

    [Fact]
    public void A_silent_sites_alarm_says_that_the_one_left_has_no_anchors()
    {
        var (osaka, nagoya) = (Site with { Site = new SiteName("osaka"), SilentFor = S(60) }, Site with { Site = new SiteName("nagoya") });
        var silent = OwnText.Silent(new SiteName("osaka"), S(60));
        string Said(params SiteFacts[] all) => OwnRules.SiteTrouble(osaka, all)!.En;
        Assert.Equal($"{silent.En}; {OwnText.LeftWithoutAnchors(Tokyo).En}", Said(Site, osaka));
        Assert.Equal(silent.En, Said(Site with { Anchors = new AnchorHealth(3, 3, 2) }, osaka));
        Assert.Equal(silent.En, Said(Site, osaka, nagoya));
        Assert.Equal($"{silent.En}; {OwnText.LeftWithoutAnchors(Tokyo).En}", Said(Site, osaka, nagoya with { SilentFor = S(60) }));
        Assert.Equal(silent.En, Said(Site, osaka, nagoya with { SilentFor = S(59.9) }));
        Assert.Equal($"{silent.En}; {OwnText.LeftWithoutAnchors(Tokyo).En}", Said(Site, osaka, nagoya with { Anchors = Lost, IsolatedFor = S(1) }));
        Assert.Equal($"{silent.En}; {OwnText.LeftWithoutAnchors(Tokyo).En}", Said(Site, osaka, nagoya with { Heard = false }));
        Assert.Equal(silent.En, Said(osaka));
        Assert.Null(OwnRules.SiteTrouble(Site, [Site]));
        var looks = OwnRules.Looks(new OwnFacts([Site, osaka], new MailFacts(null, ""), new EngineFacts(S(1), null)), Language.Ja);
        Assert.Contains("残る監視拠点は tokyo だけ", looks.Single(l => (l.Host, l.Service) == ("site", "osaka")).Answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 3, null, null, "Ok")]
    [InlineData(true, 14.9, null, null, "Ok")]
    [InlineData(true, 15, null, null, null)] // what a silent site's disk does nobody knows
    [InlineData(false, 3, null, null, null)]
    [InlineData(true, 3, 59.9, null, null)]
    [InlineData(true, 3, 60.0, null, "Critical")]
    [InlineData(true, 90, 60.0, null, "Critical")]
    [InlineData(true, 3, null, 0.0, "Critical")]
    [InlineData(true, 3, null, 599.9, "Critical")]
    [InlineData(true, 3, null, 600.0, "Ok")]
    public void A_sites_disk(bool heard, double silent, double? notKept, double? gaveUp, string? says) =>
        Assert.Equal(says, Says(Site with { Heard = heard, SilentFor = S(silent), NotKeptFor = notKept is { } n ? S(n) : null, GaveUpAgo = gaveUp is { } g ? S(g) : null }, "spool"));

    [Fact]
    public void A_sites_disk_and_what_is_lost_are_told_together_with_the_sites_name_and_what_to_do()
    {
        var said = OwnRules.SpoolTrouble(Site with { NotKeptFor = S(60), GaveUpAgo = S(1) })!;
        Assert.Equal($"{OwnText.NotKept(Tokyo).En}; {OwnText.GaveUp(Tokyo).En}", said.En);
        Assert.Contains("監視拠点 tokyo のディスクに監視結果を保管できません", said.Ja, StringComparison.Ordinal);
        Assert.Contains("監視拠点 tokyo が監視結果を破棄しました", said.Ja, StringComparison.Ordinal);
        Assert.Contains("do not restart the site before that", said.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null)] // one node, or not asked yet
    [InlineData(59.9, null, "Ok")]
    [InlineData(60.0, null, null)]
    [InlineData(119.9, null, null)]
    [InlineData(120.0, null, "Critical")]
    [InlineData(0.0, 0.0, null)]
    [InlineData(0.0, 119.9, null)]
    [InlineData(0.0, 120.0, "Critical")]
    public void What_would_take_over(double? nodeAway, double? unsafeFor, string? says)
    {
        var facts = new OwnFacts([Site], new MailFacts(null, ""), new EngineFacts(S(1), null))
        {
            Standby = nodeAway is { } away ? new StandbyFacts(S(away), unsafeFor is { } u ? S(u) : null, ["no standby follows the server"]) : null,
        };
        Assert.Equal(says, OwnRules.Looks(facts, Language.En).SingleOrDefault(l => (l.Host, l.Service) == ("desk", "standby"))?.Answer.Status.ToString());
    }

    [Fact]
    public void A_missing_node_and_a_missing_copy_are_told_together()
    {
        var said = OwnRules.StandbyTrouble(new StandbyFacts(S(120), S(120), ["no standby follows the server"]))!;
        Assert.StartsWith("no other desk node has stood by for 120 s or more", said.En, StringComparison.Ordinal);
        Assert.Contains("; PostgreSQL has had no synchronous standby for 120 s or more", said.En, StringComparison.Ordinal);
        Assert.EndsWith("(no standby follows the server)", said.En, StringComparison.Ordinal);
        Assert.Contains("待機中の監視センターノードが120秒以上ありません", said.Ja, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Ok")]
    [InlineData(299.0, "Ok")]
    [InlineData(300.0, "Critical")]
    public void The_way_out_for_mails(double? away, string says) => Assert.Equal(says, Mailing(new MailFacts(away is { } a ? S(a) : null, ""), ProviderPlan.DeskHost, ProviderPlan.Mail));

    [Theory]
    [InlineData(15.0, false)]
    [InlineData(15.1, true)]
    public void A_review_that_is_late(double ago, bool late)
    {
        var facts = new OwnFacts([Site], new MailFacts(null, ""), new EngineFacts(S(ago), null));
        Assert.Equal(late, OwnRules.EngineTrouble(facts) is not null);
        Assert.Equal(late ? OwnText.ReviewLate : null, HeartbeatRules.WhyNot(facts));
    }

    [Fact]
    public void A_full_archive_is_the_engines_trouble_and_troubles_are_told_together()
    {
        var full = new OwnFacts([Site with { Missed = true }], new MailFacts(null, ""), new EngineFacts(S(1), null) { ArchiveFull = true });
        Assert.Equal($"{OwnText.Missed(Tokyo).En}; {OwnText.ArchiveFull.En}", OwnRules.EngineTrouble(full)!.En);
        Assert.Equal($"{OwnText.Missed(Tokyo).Ja}、{OwnText.ArchiveFull.Ja}", OwnRules.EngineTrouble(full)!.Ja);
    }

    [Fact]
    public void One_item_that_a_site_does_not_look_at_is_enough()
    {
        var unseen = new UnseenFacts(1, ["web01/http"]);
        Assert.Equal(OwnText.Unseen(Tokyo, unseen).En, OwnRules.EngineTrouble(new OwnFacts([Site with { Unseen = unseen }], new MailFacts(null, ""), new EngineFacts(S(1), null)))!.En);
    }

    [Fact]
    public void A_site_that_was_never_heard_is_not_late() =>
        Assert.Null(OwnRules.EngineTrouble(new OwnFacts([Site with { Heard = false, LatenessP99 = S(99) }], new MailFacts(null, ""), new EngineFacts(S(1), null))));

    [Fact]
    public void Writers_who_are_held_back_are_the_lists_trouble()
    {
        Assert.Null(OwnRules.ListTrouble(new ListFacts(new CustomerId("c"), [])));
        Assert.Contains("robot@example.jp", OwnRules.ListTrouble(new ListFacts(new CustomerId("c"), []) { Braked = ["robot@example.jp"] })!.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, 2)]
    [InlineData(0, 0, 9, 11)]
    [InlineData(1, 9, 0, 14)]
    [InlineData(2, 1, 9, 18)]
    public void Every_site_pair_and_list_has_its_looks_however_many_there_are(int sites, int pairs, int lists, int looks)
    {
        var facts = new OwnFacts(
            [.. Enumerable.Range(0, sites).Select(i => Site with { Site = new SiteName($"s{i}") })],
            new MailFacts(null, "") { Lists = [.. Enumerable.Range(0, lists).Select(i => new ListFacts(new CustomerId($"c{i}"), []))] },
            new EngineFacts(S(1), null))
        { Peers = [.. Enumerable.Range(0, pairs).Select(i => new PeerFacts(Tokyo, new SiteName($"p{i}"), true, null))] };
        Assert.Equal(looks, OwnRules.Looks(facts, Language.En).Select(l => (l.Host, l.Service)).Distinct().Count());
    }

    [Fact]
    public void A_lists_troubles_are_told_together_and_none_that_is_not_there()
    {
        var (customer, bounced) = (new CustomerId("c"), new RecipientTrouble(new CustomerId("c"), "tanaka@example.jp", "550", Bounced: false, DateTimeOffset.UnixEpoch, null));
        var (cutOff, braked) = (OwnText.CutOff(customer, [bounced]).En, OwnText.Braked(customer, ["robot@example.jp"]).En);
        Assert.Equal(cutOff, OwnRules.ListTrouble(new ListFacts(customer, [bounced]))!.En);
        Assert.Equal(braked, OwnRules.ListTrouble(new ListFacts(customer, []) { Braked = ["robot@example.jp"] })!.En);
        Assert.Equal($"{cutOff}; {braked}", OwnRules.ListTrouble(new ListFacts(customer, [bounced]) { Braked = ["robot@example.jp"] })!.En);
    }

    [Fact]
    public void One_site_of_which_it_is_open_keeps_the_engines_alarm()
    {
        var facts = new OwnFacts([Site, Site with { Site = new SiteName("osaka"), Missed = null }], new MailFacts(null, ""), new EngineFacts(S(1), null, Alarm: true));
        Assert.DoesNotContain(OwnRules.Looks(facts, Language.En), l => l.Service == ProviderPlan.Engine);
        Assert.Contains(OwnRules.Looks(facts with { Engine = new EngineFacts(S(1), null) }, Language.En), l => l.Service == ProviderPlan.Engine);
    }

    [Theory]
    [InlineData(null, null)] // nothing known yet
    [InlineData(false, "Ok")]
    [InlineData(true, "Critical")]
    public void The_test_mail(bool? late, string? says) => Assert.Equal(says, Mailing(new MailFacts(null, "") { ArrivalLate = late }, "desk", "mail-arrival"));

    [Fact]
    public void A_list_says_which_member_gets_no_mail_and_another_list_is_well()
    {
        var trouble = new RecipientTrouble(new CustomerId("c"), "tanaka@example.jp", "550 5.1.1 unknown user", Bounced: false, DateTimeOffset.UnixEpoch, null);
        var mail = new MailFacts(null, "") { Lists = [new ListFacts(new CustomerId("c"), [trouble]), new ListFacts(new CustomerId("d"), [])] };
        Assert.Equal("Critical", Mailing(mail, "mail", "c"));
        Assert.Equal("Ok", Mailing(mail, "mail", "d"));
        Assert.Contains("tanaka@example.jp (550 5.1.1 unknown user)", OwnRules.ListTrouble(mail.Lists[0])!.En, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_second_relay_works_the_outbox_moves() => Assert.Null(HeartbeatRules.WhyNot(
        new OwnFacts([Site], new MailFacts(S(300), "") { SecondInUse = true }, new EngineFacts(S(1), null))));

    [Theory]
    [InlineData(30, false, 1, 100_000_000_000, 1_000_000_000_000, false)]
    [InlineData(30.1, false, 1, 100_000_000_000, 1_000_000_000_000, true)]
    [InlineData(0, true, 1, 100_000_000_000, 1_000_000_000_000, true)]
    [InlineData(0, null, 1, 100_000_000_000, 1_000_000_000_000, false)]
    [InlineData(0, false, 15.1, 100_000_000_000, 1_000_000_000_000, true)]
    [InlineData(0, false, 1, 49_000_000_000, 1_000_000_000_000, true)]
    [InlineData(0, false, 1, 499_999_999, 1_000_000_000, true)]
    [InlineData(0, false, 1, 500_000_000, 1_000_000_000, false)]
    public void The_engine(double late, bool? missed, double review, long free, long total, bool alarm) => Assert.Equal(alarm, OwnRules.EngineTrouble(
        new OwnFacts([Site with { LatenessP99 = S(late), Missed = missed }], new MailFacts(null, ""), new EngineFacts(S(review), new DiskRoom(free, total)))) is not null);

    [Theory]
    [InlineData(null, false, "Ok")]
    [InlineData(null, true, null)] // missed in one period, or the desk has just started: an alarm that stands is not withdrawn for that
    [InlineData(false, true, "Ok")]
    [InlineData(true, true, "Critical")]
    public void The_engine_while_it_is_open_whether_cycles_are_still_missed(bool? missed, bool alarm, string? says) =>
        Assert.Equal(says, Says(Site with { Missed = missed }, "desk", "engine", alarm));

    [Theory]
    [InlineData("1", "?")] // once
    [InlineData("1 1 1 1 1 1", "? ? ? ? ? ?")] // one stall, told over 50 s
    [InlineData("1 . 1", "? ? +")] // the second period has only begun
    [InlineData("1 . . . . . .", "? ? - - - - -")]
    [InlineData(". 1 . 1 . .", "- ? ? + + -")]
    [InlineData("1 . 1 . 1 . .", "? ? + + + + -")]
    [InlineData(". . 1 . . 1", "- - ? ? - ?")] // a period without lies between
    [InlineData("1 . 1 . . 1 . 1", "? ? + + - ? ? +")]
    public void Missed_cycles_word_by_word(string words, string says)
    {
        // A dot is 5 min without a miss, a figure a word at once after the one before that has missed so many.
        var (now, count) = (TimeSpan.FromDays(3), 17L);
        var state = MissedPeriods.Begin(count, now);
        List<string> said = [];
        foreach (var word in words.Split(' '))
        {
            now += word == "." ? MissedPeriods.Period : S(10);
            state = state.Next(count += word == "." ? 0 : 1, now);
            said.Add(state.Missed switch { true => "+", false => "-", null => "?" });
        }

        Assert.Equal(says, string.Join(' ', said));
    }

    [Theory]
    [InlineData("Whole", null, null)]
    [InlineData("Lost", null, "no copy could be made yet")]
    [InlineData("Lost", "/data/desk.db.rescued", "A copy was made: /data/desk.db.rescued")]
    [InlineData("Shut", null, "/data cannot be read or written any more")]
    public void The_data_folder(string place, string? copy, string? says)
    {
        var engine = new EngineFacts(S(1), null) { Place = new PlaceView(Enum.Parse<PlaceState>(place), "/data", copy) };
        var facts = new OwnFacts([Site], new MailFacts(null, ""), engine);
        Assert.Equal(says is null ? "Ok" : "Critical", OwnRules.Looks(facts, Language.En).Single(l => l.Service == ProviderPlan.Engine).Answer.Status.ToString());
        var told = OwnRules.EngineTrouble(facts);
        Assert.Equal(told, HeartbeatRules.WhyNot(facts));
        Assert.Equal(says is null, told is null);
        Assert.Contains(says ?? "", told?.En ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Whole", null)]
    [InlineData("Lost", "the data folder of site tokyo, or its spool, was deleted or replaced")]
    [InlineData("Shut", "the data folder of site tokyo cannot be read or written any more")]
    public void A_sites_folder_whether_the_site_is_still_heard_or_not(string place, string? says)
    {
        foreach (var silent in new[] { 3, 100 })
        {
            var told = OwnRules.EngineTrouble(new OwnFacts([Site with { Place = Enum.Parse<PlaceState>(place), SilentFor = S(silent) }], new MailFacts(null, ""), new EngineFacts(S(1), null)));
            Assert.Equal(says is null, told is null);
            Assert.StartsWith(says ?? "", told?.En ?? "", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(59.9, true)]
    [InlineData(60.0, false)]
    public void While_the_database_takes_nothing_the_heartbeat_does_not_go_out(double? refused, bool goes) => Assert.Equal(goes, HeartbeatRules.WhyNot(
        new OwnFacts([Site], new MailFacts(null, ""), new EngineFacts(S(1), null) { TakesNothingFor = refused is { } r ? S(r) : null })) is null);

    [Fact]
    public void The_heartbeat_goes_out_only_while_review_results_and_outbox_are_well()
    {
        var well = new OwnFacts([Site, Site with { Site = new SiteName("osaka"), SilentFor = S(100) }], new MailFacts(null, ""), new EngineFacts(S(1), null));
        Assert.Null(HeartbeatRules.WhyNot(well));
        Assert.NotNull(HeartbeatRules.WhyNot(null));
        Assert.NotNull(HeartbeatRules.WhyNot(well with { Engine = new EngineFacts(S(16), null) }));
        Assert.NotNull(HeartbeatRules.WhyNot(well with { Sites = [Site with { SilentFor = S(60) }] }));
        Assert.NotNull(HeartbeatRules.WhyNot(well with { Sites = [Site with { Heard = false }] }));
        Assert.NotNull(HeartbeatRules.WhyNot(well with { Mail = new MailFacts(S(300), "") }));
        Assert.Null(HeartbeatRules.WhyNot(well with { Mail = new MailFacts(S(299), "") }));
        Assert.Null(HeartbeatRules.WhyNot(well with { Sites = [Site with { SilentFor = S(59.9) }] }));
        Assert.Null(HeartbeatRules.WhyNot(well with { Sites = [] }));
    }

    private static string? Mailing(MailFacts mail, string host, string service) => OwnRules
        .Looks(new OwnFacts([Site], mail, new EngineFacts(S(1), null)), Language.En)
        .SingleOrDefault(l => l.Host == host && l.Service == service)?.Answer.Status.ToString();

    private static SiteFacts Site { get; } = new(Tokyo, true, S(3), null, null, TimeSpan.Zero, false, false, []);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static string? Says(SiteFacts site, string host, string? service = null, bool alarm = false) => OwnRules
        .Looks(new OwnFacts([site], new MailFacts(null, ""), new EngineFacts(S(1), null, alarm)), Language.En)
        .SingleOrDefault(l => l.Host == host && l.Service == (service ?? l.Service))?.Answer.Status.ToString();
}
