using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Tests.Flow;

/// <summary>What the desk says of its own works, as a table.</summary>
public sealed class OwnRulesTests
{
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly AnchorHealth Lost = new(0, 3, 2);

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
