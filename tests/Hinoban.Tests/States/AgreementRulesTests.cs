using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>The sentences of architecture §1a, one test each, as short stories.</summary>
public sealed class AgreementRulesTests
{
    private static readonly AgreementTerms Two = Terms();

    [Fact]
    public void A_refused_port_seen_by_both_sites_is_down()
    {
        var verdict = Judge(Two, 116, null, HardT(Tokyo, 95, 110), HardT(Osaka, 101, 116));
        Assert.Equal("FAILING/Down/Critical", Short(verdict));
        Assert.Equal([VoteKind.Transport, VoteKind.Transport], verdict.Evidence.Select(e => e.Vote));
    }

    [Fact]
    public void A_contradiction_that_is_pending_comes_before_any_verdict()
    {
        var soft = Judge(Two, 1000, null, HardA(Tokyo, 980, 995), SoftT(Osaka, 999));
        Assert.Equal("hold/Undecided/Critical", Short(soft));
        var asked = SiteAgreement.Judge(
            Two, [HardA(Tokyo, 980, 995), Ok(Osaka, 990)], [Heard(Tokyo, 999), Heard(Osaka, 999)], [Asked(Osaka, 996)], null, At(1000));
        Assert.Equal("hold/Undecided/Critical", Short(asked));
        Assert.Equal(S(996 + 15), asked.ReviewAt);
    }

    /// <summary>With a retry of 15 s a soft failure lasts 22.5 s and the 15 s of a look, and 30 s later its site is lost.</summary>
    [Fact]
    public void A_site_that_does_not_look_again_after_a_soft_failure_is_judged_without()
    {
        var quick = Two with { Retry = S(15) };
        SiteView[] views = [HardT(Tokyo, 990, 1005, looks: 3), SoftT(Osaka, 1000)];
        var waits = Judge(quick, 1037, null, views);
        Assert.Equal(("hold/Undecided/Critical", VoteKind.VoidSoft), (Short(waits), waits.Evidence[1].Vote));
        Assert.Equal(VoteKind.VoidOld, Judge(quick, 1037.5, waits, views).Evidence[1].Vote);
        Assert.Equal("hold/Undecided/Critical", Short(Judge(quick, 1067, waits, views)));
        Assert.Equal("FAILING/Down/Critical/single", Short(Judge(quick, 1067.5, waits, views)));

        // Without a retry of its own it looks again an interval later; a vote lasts no longer for being soft.
        Assert.Equal(VoteKind.VoidSoft, Judge(Two, 1269, null, views).Evidence[1].Vote);
        Assert.Equal(VoteKind.VoidOld, Judge(Two, 1270, null, views).Evidence[1].Vote);
    }

    /// <summary>Two of three sites may have lost one way together: the third's OK, whose age went with the desk that held it, is not passed over while it is being asked.</summary>
    [Fact]
    public void After_a_start_two_failures_wait_for_the_look_of_a_third_site_whose_OK_has_no_age()
    {
        var three = Terms(Tokyo, Osaka, Nagoya);
        var stored = new Verdict(Judgement.Working, Reach.Reached, CheckStatus.Ok, false, [], null);
        Verdict Third(SiteView nagoya, double now, params PendingLook[] asked) => SiteAgreement.Judge(
            three, [HardT(Tokyo, 990, 1000), HardT(Osaka, 991, 1001), nagoya], [.. three.Sites.Select(s => Heard(s, now - 1))], asked, stored, At(now));

        var unaged = Ok(Nagoya, 900) with { LookMono = null };
        var waits = Third(unaged, 1002, Asked(Nagoya, 1001));
        Assert.Equal(("hold/Undecided/Critical", S(1001 + 15)), (Short(waits), waits.ReviewAt));
        Assert.Equal("FAILING/Down/Critical", Short(Third(unaged, 1016, Asked(Nagoya, 1001))));
        Assert.Equal("working/PathTrouble", Short(Third(Ok(Nagoya, 1002), 1003)));

        // Nobody waits for a site that is silent, or for what is not asked, was never known, was failing itself, or is merely old.
        Assert.Equal("FAILING/Down/Critical", Short(SiteAgreement.Judge(
            three, [HardT(Tokyo, 990, 1000), HardT(Osaka, 991, 1001), unaged], [Heard(Tokyo, 1001), Heard(Osaka, 1001), Silent(Nagoya, 1000)], [Asked(Nagoya, 1001)], stored, At(1002))));
        Assert.Equal("FAILING/Down/Critical", Short(Third(unaged, 1002)));
        Assert.Equal("FAILING/Down/Critical", Short(Third(Never(Nagoya), 1002, Asked(Nagoya, 1001))));
        Assert.Equal("FAILING/Down/Critical", Short(Third(HardT(Nagoya, 890, 900) with { LookMono = null }, 1002, Asked(Nagoya, 1001))));
        Assert.Equal("FAILING/Down/Critical", Short(Third(Ok(Nagoya, 700), 1002, Asked(Nagoya, 1001))));
    }

    [Fact]
    public void A_recheck_under_way_does_not_suspend_what_is_decided()
    {
        var failing = Judge(Two, 1000, null, HardA(Tokyo, 900, 990), Ok(Osaka, 950));
        Assert.Equal(Judgement.Failing, failing.Judgement);
        var asked = SiteAgreement.Judge(
            Two, [HardA(Tokyo, 900, 990), Ok(Osaka, 950)], [Heard(Tokyo, 999), Heard(Osaka, 999)], [Asked(Osaka, 1000)], failing, At(1001));
        Assert.Equal("FAILING/Reached/Critical", Short(asked));
    }

    [Fact]
    public void Of_answers_the_worst_counts_and_answers_count_before_transport()
    {
        Assert.Equal(CheckStatus.Critical, Judge(Two, 1000, null, HardA(Tokyo, 900, 990, status: CheckStatus.Warning), HardA(Osaka, 900, 980)).Severity);
        Assert.Equal(CheckStatus.Unknown, Judge(Two, 1000, null, HardA(Tokyo, 900, 990, status: CheckStatus.Warning), HardA(Osaka, 900, 980, status: CheckStatus.Unknown)).Severity);
        Assert.Equal("FAILING/PathTrouble/Warning", Short(Judge(Two, 1000, null, HardA(Tokyo, 900, 990, status: CheckStatus.Warning), HardT(Osaka, 900, 980))));
    }

    [Fact]
    public void A_first_OK_waits_for_the_other_sites_own()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var first = Judge(Two, 1010, down, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980));
        Assert.Equal("hold/Undecided/Critical", Short(first));
        Assert.Equal((Judgement.Failing, S(1010)), (first.Standing, first.ReliefMono));
        var both = Judge(Two, 1014, first, Ok(Tokyo, 1005, lastFailed: 990), Ok(Osaka, 1013, lastFailed: 980));
        Assert.Equal("working/Reached", Short(both));
        Assert.Null(both.ReliefMono);

        // A site in its first failing looks, or whose word is from before a restart of the desk, owes its look just so.
        Assert.Equal(Judgement.Hold, Judge(Two, 1010, down, Ok(Tokyo, 1005, lastFailed: 990), SoftT(Osaka, 1003)).Judgement);
        var stored = HardT(Osaka, 900, 980) with { LookMono = null, RunMono = null, FailedLookMono = null };
        Assert.Equal(Judgement.Hold, Judge(Two, 20, down with { StandingMono = null }, Ok(Tokyo, 10), stored).Judgement);
    }

    [Fact]
    public void A_site_that_does_not_look_in_time_holds_no_recovery_back_and_stays_out_until_it_looks()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var first = SiteAgreement.Judge(
            Two, [Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980)], [Heard(Tokyo, 1012), Heard(Osaka, 1012)], [], down, At(1010));
        Assert.Equal(S(1025), first.ReviewAt);
        var alone = Judge(Two, 1025, first, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980));
        Assert.Equal("working/Reached/single", Short(alone));
        Assert.Equal([VoteKind.Ok, VoteKind.VoidSilent], alone.Evidence.Select(e => e.Vote));
        Assert.Equal((Judgement.Working, S(1010)), (alone.Standing, alone.ReliefMono));
        Assert.True(Judge(Two, 1100, alone, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980)).SaysSameAs(alone));
        var looked = Judge(Two, 1110, alone, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 1109));
        Assert.Equal(("working/PathTrouble", null), (Short(looked), looked.ReliefMono));

        // A request that had to wait for the budget gets its time all the same, but not for ever.
        Verdict Capped(double now) => SiteAgreement.Judge(
            Two, [Ok(Tokyo, 1185, lastFailed: 990) with { RunMono = S(1005) }, HardT(Osaka, 900, 980)], [Heard(Tokyo, now), Heard(Osaka, now)], [Asked(Osaka, now)], first, At(now));
        Assert.Equal(Judgement.Hold, Capped(1200).Judgement);
        Assert.Equal(Judgement.Working, Capped(1010 + 15 + 270).Judgement);
    }

    [Fact]
    public void A_silent_site_holds_no_recovery_back()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var silent = SiteAgreement.Judge(
            Two, [Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980)], [Heard(Tokyo, 1009), Silent(Osaka, 1006)], [], down, At(1010));
        Assert.Equal("working/Reached", Short(silent));
    }

    [Fact]
    public void One_site_that_works_before_and_after_the_others_failure_closes_a_problem_though_the_path_stays_broken()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var first = Judge(Two, 1010, down, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980));
        var asked = Judge(Two, 1014, first, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 1013));
        Assert.Equal("hold/PathTrouble/Critical", Short(asked));
        var recovered = Judge(Two, 1018, asked, Ok(Tokyo, 1017, lastFailed: 990) with { RunMono = S(1005) }, HardT(Osaka, 900, 1013));
        Assert.Equal("working/PathTrouble", Short(recovered));

        // Osaka fails on; Tokyo's OK is now the older look, and what works stays working.
        var stays = Judge(Two, 1100, recovered, Ok(Tokyo, 1017, lastFailed: 990), HardT(Osaka, 900, 1080));
        Assert.Equal("working/PathTrouble", Short(stays));
        Assert.Equal(recovered.StandingMono, stays.StandingMono);
    }

    [Theory]
    [InlineData(1005)]
    [InlineData(1006)]
    public void An_OK_from_before_or_with_the_last_failure_closes_nothing(double ok)
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var late = Judge(Two, 1010, down, Ok(Tokyo, ok, lastFailed: 990), HardT(Osaka, 900, 1006));
        Assert.Equal("hold/PathTrouble/Critical", Short(late));
        Assert.Equal((Judgement.Failing, null), (late.Standing, late.ReliefMono));
    }

    [Fact]
    public void What_one_site_is_told_by_the_target_is_not_closed_by_the_others_OK_while_that_site_may_still_be_heard()
    {
        var open = Judge(Two, 1000, null, HardA(Tokyo, 900, 990), Ok(Osaka, 980));
        var silent = SiteAgreement.Judge(
            Two, [HardA(Tokyo, 900, 990), Ok(Osaka, 1010)], [Silent(Tokyo, 1012), Heard(Osaka, 1029)], [], open, At(1030));
        Assert.Equal(Judgement.Hold, silent.Judgement);
        Assert.Equal(S(1042), silent.ReviewAt);
        var lost = SiteAgreement.Judge(
            Two, [HardA(Tokyo, 900, 990), Ok(Osaka, 1010)], [Silent(Tokyo, 1012), Heard(Osaka, 1041)], [], silent, At(1042));
        Assert.Equal("working/Reached/single", Short(lost));

        // The same after a restart of the desk, when Tokyo's stored view has no age.
        var stored = HardA(Tokyo, 900, 990) with { LookMono = null, RunMono = null, FailedLookMono = null };
        Assert.Equal(Judgement.Hold, Judge(Two, 30, open with { StandingMono = null, Evidence = [] }, stored, Ok(Osaka, 20)).Judgement);
    }

    [Fact]
    public void The_single_site_rule_asks_for_three_looks_and_ends_with_the_peers_next_look()
    {
        var two = SiteAgreement.Judge(Two, [HardT(Tokyo, 900, 915), Ok(Osaka, 880)], [Heard(Tokyo, 949), Silent(Osaka, 915)], [], null, At(950));
        Assert.Equal("hold/Undecided/Critical/single", Short(two));
        var three = SiteAgreement.Judge(Two, [HardT(Tokyo, 900, 1095, looks: 3), Ok(Osaka, 880)], [Heard(Tokyo, 1094), Silent(Osaka, 915)], [], two, At(1095));
        Assert.Equal("FAILING/Down/Critical/single", Short(three));

        // Osaka is heard again, but has not looked.
        var heard = Judge(Two, 1097, three, HardT(Tokyo, 900, 1095, looks: 3), Ok(Osaka, 880));
        Assert.Equal("FAILING/Down/Critical/single", Short(heard));
        var looked = Judge(Two, 1099, heard, HardT(Tokyo, 900, 1095, looks: 3), Ok(Osaka, 1098));
        Assert.Equal("working/PathTrouble", Short(looked));
        Assert.Equal("FAILING/Down/Critical", Short(Judge(Two, 1120, heard, HardT(Tokyo, 900, 1095, looks: 3), HardT(Osaka, 1098, 1113))));
    }

    [Fact]
    public void A_peer_that_does_not_answer_a_check_now_is_lost_after_15_s_even_if_its_heart_beats()
    {
        Verdict JudgeAt(double now, Verdict? before) => SiteAgreement.Judge(
            Two, [HardT(Tokyo, 900, 915, looks: 3), Ok(Osaka, 880)], [Heard(Tokyo, now), Heard(Osaka, now)], [Asked(Osaka, 903)], before, At(now));
        var waiting = JudgeAt(916, null);
        Assert.Equal("hold/Undecided/Critical", Short(waiting));
        Assert.Equal(S(918), waiting.ReviewAt);
        Assert.Equal("FAILING/Down/Critical/single", Short(JudgeAt(918, waiting)));

        // An item whose look may take long is waited for longer: 25 s critical, so 27 + 5.
        var slow = Two with { Timeout = S(30), CriticalTime = S(25) };
        var verdict = SiteAgreement.Judge(slow, [HardT(Tokyo, 900, 915, looks: 3), Ok(Osaka, 880)], [], [Asked(Osaka, 903)], null, At(920));
        Assert.Equal(S(903 + 32), verdict.ReviewAt);
    }

    [Fact]
    public void A_peer_that_has_contradicted_is_believed_though_a_later_request_finds_no_way_to_it()
    {
        var verdict = SiteAgreement.Judge(
            Two, [HardT(Tokyo, 900, 1080, looks: 3), Ok(Osaka, 905)], [Heard(Tokyo, 1099), Heard(Osaka, 1099)], [Asked(Osaka, 1080)], null, At(1099));
        Assert.Equal(Reach.PathTrouble, verdict.Reach);
        Assert.False(verdict.SingleSite);
    }

    [Fact]
    public void After_a_restart_no_stored_view_is_a_vote()
    {
        var stored = HardT(Tokyo, 900, 990) with { LookMono = null, RunMono = null, FailedLookMono = null };
        var verdict = Judge(Two, 5, null, stored, stored with { Site = Osaka });
        Assert.Equal("hold/NoData", Short(verdict));
        Assert.All(verdict.Evidence, e => Assert.Equal(VoteKind.VoidOld, e.Vote));
    }

    [Fact]
    public void A_standing_judgement_outlives_a_hold()
    {
        var works = Judge(Two, 1000, null, Ok(Tokyo, 990), Ok(Osaka, 980));
        Assert.Equal((Judgement.Working, null), (works.Standing, works.StandingMono));
        var soft = Judge(Two, 1010, works, SoftT(Tokyo, 1009), Ok(Osaka, 980));
        Assert.Equal((Judgement.Hold, Judgement.Working), (soft.Judgement, soft.Standing));
        var down = Judge(Two, 1030, soft, HardT(Tokyo, 1009, 1024), HardT(Osaka, 1010, 1025));
        Assert.Equal((Judgement.Failing, S(1030)), (down.Standing, down.StandingMono));
        var again = Judge(Two, 1200, down, Ok(Tokyo, 1199, lastFailed: 1024), Ok(Osaka, 1198, lastFailed: 1025));
        Assert.Equal((Judgement.Working, S(1200)), (again.Standing, again.StandingMono));
    }

    [Fact]
    public void Three_sites_two_that_cannot_reach_it_and_one_that_can_is_path_trouble()
    {
        var three = Terms(Tokyo, Osaka, Nagoya);
        Assert.Equal("hold/PathTrouble/Critical", Short(Judge(three, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), Ok(Nagoya, 950))));
        Assert.Equal("FAILING/Down/Critical", Short(Judge(three, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), Never(Nagoya))));
        Assert.Equal("hold/Undecided/Critical", Short(Judge(three, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), Ok(Nagoya, 800))));
        Assert.Equal("FAILING/PathTrouble/Critical", Short(Judge(three, 1000, null, HardA(Tokyo, 900, 990), HardT(Osaka, 900, 980), Ok(Nagoya, 950))));
        var left = SiteAgreement.Judge(
            three,
            [HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), Ok(Nagoya, 850)],
            [Heard(Tokyo, 999), Heard(Osaka, 999), Silent(Nagoya, 960)],
            [],
            null,
            At(1000));
        Assert.Equal("FAILING/Down/Critical", Short(left));
    }
}
