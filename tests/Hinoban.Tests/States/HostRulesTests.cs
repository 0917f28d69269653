using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>Where a failing service's problem goes, given its host.</summary>
public sealed class HostRulesTests
{
    private static readonly AgreementTerms Two = Terms();
    private static readonly SiteView[] ServiceDown = [HardT(Tokyo, 970, 985), HardT(Osaka, 972, 987)];

    [Fact]
    public void Without_a_host_check_a_problem_opens() =>
        Assert.Equal(new HostEffect(ProblemRoute.Opens, RouteReason.NoHostCheck), HostRules.Affects(null, Service(1000), ServiceDown, At(1000)));

    [Fact]
    public void A_host_judged_down_takes_its_services_problems_even_while_its_own_verdict_is_held()
    {
        SiteView[] host = [HardT(Tokyo, 960, 990), HardT(Osaka, 961, 991)];
        var down = Judge(Two, 995, null, host);
        Assert.Equal(RouteReason.HostDown, Affects(down, host).Reason);
        var held = Judge(Two, 999, down, HardT(Tokyo, 960, 990), SoftT(Osaka, 998));
        Assert.Equal(Judgement.Hold, held.Judgement);
        Assert.Equal(ProblemRoute.JoinsHost, Affects(held, host).Route);
    }

    [Fact]
    public void A_host_seen_alive_since_the_service_failed_lets_the_problem_open()
    {
        SiteView[] host = [Ok(Tokyo, 971), Ok(Osaka, 973)];
        Assert.Equal(new HostEffect(ProblemRoute.Opens, RouteReason.HostUp), Affects(Judge(Two, 999, null, host), host));
    }

    [Fact]
    public void A_host_last_seen_before_the_service_failed_is_waited_for_20_s_at_most()
    {
        SiteView[] host = [Ok(Tokyo, 971), Ok(Osaka, 900)];
        var verdict = Judge(Two, 999, null, host);
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.HostPending, S(1000 + 20)), Affects(verdict, host));
        var service = Judge(Two, 1019.9, Service(1000), ServiceDown);
        Assert.Equal(ProblemRoute.Waits, HostRules.Affects(new HostSight(verdict, host), service, ServiceDown, At(1019.9)).Route);
        Assert.Equal(
            new HostEffect(ProblemRoute.Opens, RouteReason.HostTooSlow),
            HostRules.Affects(new HostSight(verdict, host), Judge(Two, 1020, service, ServiceDown), ServiceDown, At(1020)));
    }

    [Fact]
    public void A_silent_sites_old_view_of_the_host_is_not_waited_for()
    {
        SiteView[] host = [Ok(Tokyo, 971), Ok(Osaka, 900)];
        var verdict = SiteAgreement.Judge(Two, host, [Heard(Tokyo, 998), Silent(Osaka, 960)], [], null, At(999));
        Assert.Equal(RouteReason.HostUp, Affects(verdict, host).Reason);
    }

    [Fact]
    public void A_host_that_is_soft_failing_is_waited_for_even_if_the_service_answered()
    {
        SiteView[] host = [SoftT(Tokyo, 990), Ok(Osaka, 991)];
        var answered = Judge(Two, 1000, null, HardA(Tokyo, 970, 985), HardA(Osaka, 972, 987));
        SiteView[] views = [HardA(Tokyo, 970, 985), HardA(Osaka, 972, 987)];
        Assert.Equal(RouteReason.HostPending, HostRules.Affects(new HostSight(Judge(Two, 999, null, host), host), answered, views, At(1000)).Reason);

        // But an answer needs no fresh look at the host.
        SiteView[] older = [Ok(Tokyo, 800), Ok(Osaka, 900)];
        Assert.Equal(RouteReason.TargetAnswered, HostRules.Affects(new HostSight(Judge(Two, 999, null, older), older), answered, views, At(1000)).Reason);
    }

    [Fact]
    public void When_a_host_recovers_its_services_open_their_own_problems_by_looks_that_gave_them_time_to_start()
    {
        var down = Judge(Two, 990, null, HardT(Tokyo, 960, 980), HardT(Osaka, 961, 981));
        SiteView[] host = [Ok(Tokyo, 999, lastFailed: 980), Ok(Osaka, 999.5, lastFailed: 981)];
        var up = Judge(Two, 1000, down, host);
        Assert.Equal((Judgement.Working, S(1000)), (up.Judgement, up.StandingMono));
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.HostJustRecovered) { LooksFrom = S(1030) }, Affects(up, host));

        SiteView[] starting = [HardT(Tokyo, 970, 1010), HardT(Osaka, 972, 1029)];
        SiteView[] hostNow = [Ok(Tokyo, 1080, lastFailed: 980), Ok(Osaka, 1090, lastFailed: 981)];
        Assert.Equal(RouteReason.HostJustRecovered, HostRules.Affects(new HostSight(up, hostNow), Judge(Two, 1100, null, starting), starting, At(1100)).Reason);
        SiteView[] later = [HardT(Tokyo, 970, 1190), HardT(Osaka, 972, 1100)];
        Assert.Equal(RouteReason.HostUp, HostRules.Affects(new HostSight(up, hostNow), Judge(Two, 1200, null, later), later, At(1200)).Reason);
    }

    [Theory]
    [InlineData(985)]
    [InlineData(1020)]
    public void What_was_posted_while_its_host_was_down_or_just_up_opens_when_it_has_had_time_to_start(double look)
    {
        var down = Judge(Two, 990, null, HardT(Tokyo, 960, 980), HardT(Osaka, 961, 981));
        SiteView[] host = [Ok(Tokyo, 999, lastFailed: 980), Ok(Osaka, 999.5, lastFailed: 981)];
        var up = new HostSight(Judge(Two, 1000, down, host), host);
        SiteView[] posted = [HardA(Tokyo, look, look)];
        var service = Judge(Terms(Tokyo), 1021, null, posted);
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.HostJustRecovered, S(1030)), HostRules.Affects(up, service, posted, At(1029.9), isPassive: true));
        Assert.Equal(new HostEffect(ProblemRoute.Opens, RouteReason.TargetAnswered), HostRules.Affects(up, service, posted, At(1030), isPassive: true));

        // What the sites look at waits for a look, however long.
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.HostJustRecovered) { LooksFrom = S(1030) }, HostRules.Affects(up, service, posted, At(1030)));
    }

    [Theory]
    [InlineData(Reach.Undecided, VoteKind.Ok, true)]
    [InlineData(Reach.Reached, VoteKind.VoidSoft, true)]
    [InlineData(Reach.Reached, VoteKind.Ok, false)]
    internal void A_host_in_doubt_by_its_reach_or_by_one_site_is_pending(Reach reach, VoteKind vote, bool pending) =>
        Assert.Equal(pending, HostRules.IsPending(new HostSight(Says(reach, (Tokyo, vote), (Osaka, VoteKind.Ok)), []), null));

    [Theory]
    [InlineData(970, 975, VoteKind.Ok, true)] // looked at the very instant
    [InlineData(971, 975, VoteKind.Ok, false)]
    [InlineData(900, 975, VoteKind.VoidSilent, false)]
    internal void A_host_is_pending_until_every_site_that_is_heard_has_looked_since(double tokyo, double osaka, VoteKind vote, bool pending) => Assert.Equal(
        pending, HostRules.IsPending(new HostSight(Says(Reach.Reached, (Tokyo, vote), (Osaka, VoteKind.Ok)), [Ok(Tokyo, tokyo), Ok(Osaka, osaka)]), S(970)));

    [Fact]
    public void One_look_from_before_it_had_time_to_start_is_too_early()
    {
        var service = Service(1000);
        Assert.True(HostRules.IsTooEarly(S(1030), service, [HardT(Tokyo, 970, 1029), HardT(Osaka, 970, 1031)], At(1100), isPassive: false));
        Assert.False(HostRules.IsTooEarly(S(1030), service, [HardT(Tokyo, 970, 1030), HardT(Osaka, 970, 1031)], At(1000), isPassive: false));
        Assert.True(HostRules.IsTooEarly(S(1030), Says(Reach.NoData), [], At(1029), isPassive: false));
        Assert.False(HostRules.IsTooEarly(S(1030), Says(Reach.NoData), [HardT(Tokyo, 970, 980)], At(1030), isPassive: false));
    }

    [Fact]
    public void Only_views_that_voted_against_the_service_failed()
    {
        SiteView[] views = [HardA(Tokyo, 970, 985), HardT(Osaka, 970, 985), Ok(Nagoya, 985)];
        Assert.Equal([Tokyo, Osaka], HostRules.Failing(Says(Reach.Reached, (Tokyo, VoteKind.Answer), (Osaka, VoteKind.Transport), (Nagoya, VoteKind.Ok)), views).Select(v => v.Site));
    }

    [Fact]
    public void One_sites_answer_is_enough_to_know_that_the_host_lives()
    {
        SiteView[] views = [HardA(Tokyo, 970, 985), HardT(Osaka, 972, 987)];
        SiteView[] host = [Ok(Tokyo, 800), Ok(Osaka, 900)];
        var service = Says(Reach.Reached, (Tokyo, VoteKind.Answer), (Osaka, VoteKind.Transport));
        Assert.Equal(RouteReason.TargetAnswered, HostRules.Affects(new HostSight(Judge(Two, 999, null, host), host), service, views, At(1000)).Reason);
    }

    private static Verdict Says(Reach reach, params (Basics.SiteName Site, VoteKind Vote)[] votes) =>
        new(Judgement.Failing, reach, CheckStatus.Critical, false, [.. votes.Select(v => new SiteEvidence(v.Site, v.Vote, CheckStatus.Critical, NoValue.None, Epoch, ""))], null);

    private static Verdict Service(double now) => Judge(Two, now, null, ServiceDown);

    private static HostEffect Affects(Verdict host, SiteView[] views) => HostRules.Affects(new HostSight(host, views), Service(1000), ServiceDown, At(1000));
}
