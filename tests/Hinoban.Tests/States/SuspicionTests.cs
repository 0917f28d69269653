using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>Whom a suspicion asks, with which time-out, and how often.</summary>
public sealed class SuspicionTests
{
    private static readonly AgreementTerms Two = Terms();

    [Theory]
    [InlineData(null, 10, 5)]
    [InlineData(1.0, 10, 5)]
    [InlineData(8.0, 30, 10)]
    [InlineData(8.0, 9, 9)]
    [InlineData(null, 3, 3)]
    public void The_confirmation_timeout_is_the_larger_of_5_s_and_crit_plus_2_never_above_the_items(double? critical, double timeout, double expected)
    {
        var terms = Two with { CriticalTime = critical is { } c ? S(c) : null, Timeout = S(timeout) };
        var ask = Assert.Single(Suspicion.AsksFor(terms, [Never(Tokyo), Ok(Osaka, 900)], [], new Suspect(Tokyo, S(990)), At(993)));
        Assert.Equal(new LookAsk(Osaka, S(expected)), ask);
    }

    [Theory]
    [InlineData("an OK from before", true)]
    [InlineData("an OK since", false)]
    [InlineData("never looked", true)]
    [InlineData("asked already", false)]
    [InlineData("asked in vain", true)]
    [InlineData("soft failing too", false)]
    [InlineData("hard failing too", false)]
    [InlineData("hard failing long ago", true)]
    [InlineData("of unknown age", true)]
    [InlineData("an OK of the same instant", true)]
    [InlineData("answered before", true)]
    [InlineData("asked in vain until now", true)]
    [InlineData("the first was asked", true)]
    [InlineData("hard failing until now", true)]
    [InlineData("hard failing by a long look", false)]
    public void The_other_site_is_asked_if_its_word_is_missing(string peer, bool asked)
    {
        var view = peer switch
        {
            "an OK since" => Ok(Osaka, 991),
            "an OK of the same instant" => Ok(Osaka, 990),
            "answered before" => Ok(Osaka, 985),
            "hard failing until now" => HardT(Osaka, 700, 993 - 270),
            "hard failing by a long look" => HardT(Osaka, 700, 993 - 275) with { Took = S(10) },
            "never looked" => Never(Osaka),
            "soft failing too" => SoftT(Osaka, 980),
            "hard failing too" => HardT(Osaka, 800, 900),
            "hard failing long ago" => HardT(Osaka, 300, 400),
            "of unknown age" => HardT(Osaka, 800, 900) with { LookMono = null },
            _ => Ok(Osaka, 900),
        };
        PendingLook[] pending = peer switch
        {
            "asked already" => [Asked(Osaka, 990)],
            "asked in vain" => [Asked(Osaka, 970)],
            "asked in vain until now" => [Asked(Osaka, 993 - 15)],
            "answered before" => [Asked(Osaka, 985)],
            "the first was asked" => [Asked(Tokyo, 990)],
            _ => [],
        };
        Assert.Equal(asked, Suspicion.AsksFor(Two, [SoftT(Tokyo, 990), view], pending, new Suspect(Tokyo, S(990)), At(993)).Count == 1);
    }

    [Fact]
    public void Two_sites_that_fail_at_once_do_not_ask_each_other_so_the_retry_pace_stays() =>
        Assert.Empty(Suspicion.AsksFor(Two, [SoftT(Tokyo, 990), SoftT(Osaka, 990.1)], [], Suspect.Of(SoftT(Osaka, 990.1))!.Value, At(990.2)));

    [Fact]
    public void A_suspected_service_asks_every_site_about_its_host_unless_that_is_judged_down()
    {
        var suspect = new Suspect(Tokyo, S(990));
        var up = Judge(Two, 991, null, Ok(Tokyo, 900), Ok(Osaka, 850));
        Assert.Equal([Tokyo, Osaka], Suspicion.AsksForHost(Two, [Ok(Tokyo, 900), Ok(Osaka, 850)], up, [], suspect, At(991)).Select(a => a.Site));
        Assert.Equal([Osaka], Suspicion.AsksForHost(Two, [SoftT(Tokyo, 980), Ok(Osaka, 850)], up, [], suspect, At(991)).Select(a => a.Site));
        var down = Judge(Two, 991, null, HardT(Tokyo, 900, 980), HardT(Osaka, 900, 970));
        Assert.Empty(Suspicion.AsksForHost(Two, [HardT(Tokyo, 900, 980), HardT(Osaka, 900, 970)], down, [], suspect, At(991)));
    }

    [Theory]
    [InlineData("failing from before", true)]
    [InlineData("soft failing from before", true)]
    [InlineData("failing since", false)]
    [InlineData("working too", false)]
    [InlineData("asked already", false)]
    [InlineData("silent", false)]
    public void The_first_OK_against_a_problem_asks_the_site_that_still_fails(string peer, bool asked)
    {
        var tokyo = Ok(Tokyo, peer == "failing since" ? 1012 : 1005, lastFailed: 990) with { RunMono = S(1005) };
        var osaka = peer switch
        {
            "working too" => Ok(Osaka, 1009, lastFailed: 980),
            "soft failing from before" => SoftT(Osaka, 1000),
            "failing since" => HardT(Osaka, 900, 1009),
            _ => HardT(Osaka, 900, 980),
        };
        PendingLook[] pending = peer == "asked already" ? [Asked(Osaka, 1011)] : [];
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var relief = SiteAgreement.Judge(Two, [tokyo, osaka], [Heard(Tokyo, 1012), peer == "silent" ? Silent(Osaka, 1002) : Heard(Osaka, 1012)], pending, down, At(1013));
        var asks = Suspicion.AsksForRecovery(Two, [tokyo, osaka], pending, relief, At(1013));
        Assert.Equal(asked ? [new LookAsk(Osaka, S(10))] : [], asks);
        Assert.Empty(Suspicion.AsksForRecovery(Two, [tokyo, osaka], pending, relief with { Standing = Judgement.Working }, At(1013)));
    }

    [Fact]
    public void Of_two_sites_that_still_fail_the_one_that_is_not_heard_is_not_asked_about_an_OK()
    {
        var three = Terms(Tokyo, Osaka, Nagoya);
        var down = Judge(three, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), HardT(Nagoya, 900, 985));
        SiteView[] views = [Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980), HardT(Nagoya, 900, 985)];
        var relief = SiteAgreement.Judge(three, views, [Heard(Tokyo, 1012), Heard(Osaka, 1012), Silent(Nagoya, 1008)], [], down, At(1013));
        Assert.Equal([Osaka], Suspicion.AsksForRecovery(three, views, [], relief, At(1013)).Select(a => a.Site));
    }

    [Fact]
    public void After_a_parents_recovery_only_who_still_fails_is_asked() =>
        Assert.Equal([Tokyo], Suspicion.AsksSince(Two, [HardT(Tokyo, 900, 980), Ok(Osaka, 990)], [], S(1000), At(1001)).Select(a => a.Site));

    /// <summary>Osaka is lost; Tokyo failed last at 940.</summary>
    [Theory]
    [InlineData(2, 880, 999.9, false)]
    [InlineData(2, 880, 1000, true)] // a minute after the start of the one before
    [InlineData(1, 880, 1000, true)]
    [InlineData(2, 950, 1000, true)]
    [InlineData(3, 950, 999.9, false)]
    [InlineData(3, 950, 1000, true)] // it has looked often enough, but Osaka saw it work since
    public void A_site_left_alone_is_asked_until_it_has_looked_three_times_and_since_the_others_OK(int looks, double ok, double now, bool asked)
    {
        SiteView[] views = [HardT(Tokyo, 900, 940, looks), Ok(Osaka, ok)];
        var alone = SiteAgreement.Judge(Two, views, [Heard(Tokyo, now - 1), Silent(Osaka, 955)], [], null, At(now));
        Assert.Equal("hold/Undecided/Critical/single", Short(alone));
        Assert.Equal(asked ? (LookAsk?)new LookAsk(Tokyo, S(10)) : null, Suspicion.AskAlone(Two, views, [], alone, At(now)));
        Assert.Null(Suspicion.AskAlone(Two, views, [Asked(Tokyo, now - 1)], alone, At(now)));
    }

    [Fact]
    public void A_suspicion_is_read_off_a_failing_view_only()
    {
        Assert.Null(Suspect.Of(Ok(Tokyo, 900)));
        Assert.Null(Suspect.Of(Never(Tokyo)));
        Assert.Equal(new Suspect(Tokyo, S(940)), Suspect.Of(HardA(Tokyo, 900, 940)));
    }

    [Fact]
    public void The_budget_sends_each_look_once_and_the_host_check_before_its_services()
    {
        WantedLook[] wanted = [Want(1, "web01", 10), Want(2, "web01", 9), Want(3, "web01", 11, host: true), Want(1, "web01", 12), Want(7, "db01", 20)];
        var grant = CheckNowBudget.Full(At(20)).Spend(wanted, new HashSet<(string, SiteName)>(), At(20));
        Assert.Equal([3, 7], grant.Send.Select(w => w.Item.Value));
        Assert.Equal([1, 2], grant.Wait.Select(w => w.Item.Value).Order());

        // The host check is out: its services go on waiting. Then it has answered.
        var still = grant.After.Spend(grant.Wait, new HashSet<(string, SiteName)> { ("web01", Osaka) }, At(20.2));
        Assert.Empty(still.Send);
        Assert.Equal([2, 1], still.After.Spend(still.Wait, new HashSet<(string, SiteName)>(), At(20.4)).Send.Select(w => w.Item.Value));
    }

    [Fact]
    public void A_capped_budget_is_fair_to_hosts_and_refills_with_time()
    {
        var wanted = Enumerable.Range(0, 40).Select(i => Want(i, i < 30 ? "big" : $"small{i}", 10)).ToList();
        var budget = CheckNowBudget.Full(At(20), perSecond: 12);
        var first = budget.Spend(wanted, new HashSet<(string, SiteName)>(), At(20));
        Assert.Equal(12, first.Send.Count);
        Assert.Equal(10, first.Send.Count(w => w.Host != "big"));
        Assert.Empty(first.After.Spend(first.Wait, new HashSet<(string, SiteName)>(), At(20)).Send);
        var later = first.After.Spend(first.Wait, new HashSet<(string, SiteName)>(), At(20.5));
        Assert.Equal(6, later.Send.Count);
        Assert.Equal(12, later.After.Spend(later.Wait, new HashSet<(string, SiteName)>(), At(90)).Send.Count);
        Assert.Equal(40, first.Send.Concat(first.Wait).Select(w => w.Item).Distinct().Count());
    }

    [Fact]
    public void One_look_a_second_goes_to_who_has_waited_longest_though_it_was_wanted_again()
    {
        WantedLook[] wanted = [Want(1, "web01", 10), Want(2, "db01", 8), Want(2, "db01", 12)];
        Assert.Equal([2], CheckNowBudget.Full(At(20), perSecond: 1).Spend(wanted, new HashSet<(string, SiteName)>(), At(20)).Send.Select(w => w.Item.Value));
    }

    private static WantedLook Want(int item, string on, double since, bool host = false) =>
        new(new ItemId(item), on, host, new LookAsk(Osaka, S(5)), S(since));
}
