using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Notifying;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>The desk's own engine item, from the sites' heartbeats to the desk's mailbox.</summary>
public sealed class WatchmanTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly DeskBench desk;
    private Watchman watchman;
    private (SiteName Site, int Item)? idle;

    public WatchmanTests()
    {
        var terms = new ProviderTerms(Text.Same("Hinoban"), Language.En, "desk@hinoban.example.jp", [Tokyo, Osaka]);
        var customers = TestPlans.Web().Customers.Select(c => c.Id).ToList();
        var own = ProviderPlan.Build(terms, customers, (host, service) => new ItemId(100 + ProviderPlan.Items(terms, customers).ToList().IndexOf((host, service))));
        desk = new DeskBench(new DeskPlan(1, [.. TestPlans.Web().Customers, own]));
        watchman = Watch();
        Pass(minutes: 20);
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public void One_missed_cycle_is_nobodys_alarm()
    {
        desk.Miss(Tokyo);
        Pass(minutes: 30);
        Assert.Empty(desk.Mails());
    }

    [Fact]
    public void One_stall_with_many_missed_cycles_over_a_minute_is_nobodys_alarm()
    {
        for (var word = 0; word < 12; word++)
        {
            desk.Miss(Tokyo);
            desk.Miss(Osaka);
            Pass(5 * Second);
        }

        Pass(minutes: 30);
        Assert.Empty(desk.Mails());
    }

    [Fact]
    public void Two_sites_that_miss_one_cycle_each_in_turn_are_nobodys_alarm()
    {
        desk.Miss(Tokyo);
        Pass(minutes: 6);
        desk.Miss(Osaka);
        Pass(minutes: 30);
        Assert.Empty(desk.Mails());
    }

    [Fact]
    public void Cycles_missed_in_two_periods_are_an_alarm_that_one_clean_period_ends()
    {
        desk.Miss(Tokyo);
        Pass(minutes: 4);
        desk.Miss(Tokyo);
        Pass(minutes: 2);
        Assert.Empty(desk.Mails());

        desk.Miss(Tokyo);
        Pass(TimeSpan.FromSeconds(20));
        Assert.Contains("site tokyo keeps missing cycles", Assert.Single(desk.Mails()).Mail.Body, StringComparison.Ordinal);

        Pass(minutes: 7);
        Assert.Single(desk.Mails());
        Pass(minutes: 2);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
        Pass(minutes: 30);
        Assert.Equal(2, desk.Mails().Count);
    }

    [Fact]
    public void A_desk_that_restarts_withdraws_the_alarm_only_after_a_clean_period()
    {
        desk.Miss(Tokyo);
        Pass(minutes: 6);
        desk.Miss(Tokyo);
        Pass(minutes: 1);
        Assert.Single(desk.Mails());

        desk.Restart();
        watchman = Watch();
        Pass(minutes: 4);
        Assert.Single(desk.Mails());
        Pass(minutes: 2);
        Assert.Equal(2, desk.Mails().Count);
    }

    [Fact]
    public void One_item_that_one_site_does_not_look_at_is_an_alarm_until_it_does()
    {
        idle = (Tokyo, 3);
        Pass(minutes: 7);
        Assert.Empty(desk.Mails());
        Pass(minutes: 2);
        var alert = Assert.Single(desk.Mails()).Mail;
        Assert.Contains("site tokyo has not looked for two intervals or more at: sample-trading/web01/smtp", alert.Body, StringComparison.Ordinal);

        idle = null;
        Pass(minutes: 3);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void A_site_that_gives_results_up_is_an_alarm_until_ten_minutes_pass_without()
    {
        desk.Tell(Tokyo, h => h with { SpoolDropped = 500 });
        Pass(minutes: 1);
        var alert = Assert.Single(desk.Mails()).Mail;
        Assert.Contains("site tokyo has given results up", alert.Body, StringComparison.Ordinal);
        desk.Tell(Tokyo, h => h with { SpoolDropped = 501 });
        Pass(minutes: 9);
        Assert.Single(desk.Mails());
        Pass(minutes: 2);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void What_a_spool_lost_before_the_desk_heard_it_first_is_no_new_loss()
    {
        desk.Tell(Tokyo, h => h with { SpoolDropped = 500 });
        desk.Restart();
        watchman = Watch();
        Pass(minutes: 20);
        Assert.Empty(desk.Mails());
    }

    [Fact]
    public void A_sites_data_folder_is_the_providers_own_matter()
    {
        desk.Tell(Tokyo, h => h with { Place = Hinoban.Storage.PlaceState.Lost });
        Pass(5 * Second);
        Assert.NotNull(desk.Queries.Sites(All).Single(s => s.Name == Tokyo).PlaceTrouble);
        Assert.All(desk.Queries.Sites(Hinoban.People.Scope.Of(TestPlans.Customer)), s => Assert.Null(s.PlaceTrouble));
    }

    [Fact]
    public void A_site_whose_disk_takes_nothing_is_an_alarm_until_it_does()
    {
        desk.Tell(Tokyo, h => h with { NotKept = 7, NotKeptFor = 50 * Second });
        Pass(minutes: 1);
        Assert.Empty(desk.Mails());
        desk.Tell(Tokyo, h => h with { NotKeptFor = 70 * Second });
        Pass(20 * Second);
        Assert.Contains("the disk of site tokyo takes no results", Assert.Single(desk.Mails()).Mail.Body, StringComparison.Ordinal);
        desk.Tell(Tokyo, h => h with { NotKeptFor = null });
        Pass(minutes: 2);
        Assert.Equal(["Alert", "Recovery"], desk.Mails().OrderBy(m => m.Mail.DateUtc).Select(m => m.Mail.Kind.ToString()));
    }

    [Fact]
    public void What_is_well_and_unchanged_is_taken_down_every_half_minute()
    {
        var looks = new HashSet<TimeSpan?>();
        for (var look = 0; look < 12; look++)
        {
            Pass(10 * Second);
            looks.Add(desk.Engine.Look((board, _, _) => board.OwnItem(ProviderPlan.DeskHost, ProviderPlan.Mail)!.Views[0].LookMono));
        }

        Assert.InRange(looks.Count, 4, 5);
    }

    [Fact]
    public void A_desk_that_stood_still_does_not_take_it_for_the_sites_silence()
    {
        Stand(minutes: 2);
        Pass(minutes: 3);
        Assert.Empty(desk.Mails());

        // Who is silent afterwards is silent for a minute from then on.
        Stand(minutes: 2);
        for (var look = 0; look < 7; look++)
        {
            Assert.Equal(0, Silences());
            watchman.Look();
            desk.Clock.Advance(10 * Second);
        }

        Assert.Equal(2, Silences());
    }

    [Fact]
    public void A_desk_that_stands_still_again_and_again_hides_nothing_by_it()
    {
        for (var look = 0; look < 4; look++)
        {
            desk.Clock.Advance(40 * Second);
            watchman.Look();
        }

        Assert.Equal(2, Silences());
    }

    [Fact]
    public void What_the_watch_saw_is_known_no_longer_than_it_goes_on_looking()
    {
        watchman.Look();
        desk.Clock.Advance(29 * Second);
        Assert.NotNull(watchman.Latest);
        desk.Clock.Advance(Second);
        Assert.Null(watchman.Latest);
    }

    [Fact]
    public void A_desk_that_stood_still_withdraws_no_alarm_for_that()
    {
        for (var look = 0; look < 8; look++)
        {
            desk.Clock.Advance(10 * Second);
            watchman.Look();
        }

        Assert.Equal(2, Silences());
        Stand(minutes: 2);
        desk.Clock.Advance(20 * Second);
        watchman.Look();
        Assert.Equal(2, Silences());
        Assert.DoesNotContain(desk.MailKinds(), m => m.Contains("site/", StringComparison.Ordinal) && m.StartsWith("Recovery", StringComparison.Ordinal));
    }

    private int Silences() => desk.Mails().Count(m => m.Mail.Body.Contains("no word from site", StringComparison.Ordinal));

    // Nothing runs, and then the watch before anybody's word.
    private void Stand(int minutes)
    {
        desk.Clock.Advance(TimeSpan.FromMinutes(minutes));
        watchman.Look();
    }

    private Watchman Watch() => new(
        desk.Engine, desk.Db, desk.Stores, new OwnWatch([Tokyo, Osaka], Language.En, null), () => new OutboxTrouble(null, "", null, 0, 0), () => null, desk.Clock, NullLogger<Watchman>.Instance);

    private void Pass(int minutes) => Pass(TimeSpan.FromMinutes(minutes));

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += 5 * Second)
        {
            desk.Pass(5 * Second);
            if (passed.Seconds == 0)
            {
                Look();
            }

            if (passed.Seconds % 10 == 0)
            {
                watchman.Look();
            }
        }
    }

    private void Look()
    {
        foreach (var item in desk.Plan.Customers.Where(c => !c.IsProvider).SelectMany(c => c.Items))
        {
            foreach (var site in item.Sites.Where(s => (s, item.Id.Value) != idle))
            {
                desk.Post(site, item.Id, Ok);
            }
        }
    }
}
