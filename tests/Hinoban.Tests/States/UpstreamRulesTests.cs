using FsCheck;
using FsCheck.Fluent;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>When a failing host is UNREACHABLE, given its parents.</summary>
public sealed class UpstreamRulesTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly AgreementTerms Two = Terms();
    private static readonly SiteView[] ChildDown = [HardT(Tokyo, 970, 985), HardT(Osaka, 972, 987)];
    private static readonly Verdict Child = Judge(Two, 1000, null, ChildDown);

    [Fact]
    public void A_parent_judged_down_cuts_the_way_even_while_its_verdict_is_held()
    {
        var down = Judge(Two, 995, null, HardT(Tokyo, 960, 990), HardT(Osaka, 961, 991));
        Assert.Equal(ParentWord.Down, Word(down));
        var held = Judge(Two, 999, down, HardT(Tokyo, 960, 990), SoftT(Osaka, 998));
        Assert.Equal((Judgement.Hold, ParentWord.Down), (held.Judgement, Word(held)));
    }

    [Fact]
    public void A_parent_that_answers_badly_hides_nothing_behind_it()
    {
        SiteView[] slow = [HardA(Tokyo, 900, 990), HardA(Osaka, 901, 991)];
        var verdict = Judge(Two, 995, null, slow);
        Assert.Equal(Judgement.Failing, verdict.Judgement);
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOf(new HostSight(verdict, slow), Child, ChildDown, At(1000)).Word);
    }

    [Fact]
    public void A_parent_seen_working_since_the_child_failed_leaves_the_way_open_and_an_older_look_is_waited_for()
    {
        SiteView[] fresh = [Ok(Tokyo, 971), Ok(Osaka, 973)];
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOf(new HostSight(Judge(Two, 999, null, fresh), fresh), Child, ChildDown, At(1000)).Word);
        SiteView[] old = [Ok(Tokyo, 971), Ok(Osaka, 900)];
        var pending = UpstreamRules.WordOf(new HostSight(Judge(Two, 999, null, old), old), Child, ChildDown, At(1000));
        Assert.Equal(ParentWord.Pending, pending.Word);

        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending, S(1020)), UpstreamRules.Affects(pending, Child, ChildDown, At(1019.9)));
        Assert.Equal(new HostEffect(ProblemRoute.Opens, RouteReason.ParentTooSlow), UpstreamRules.Affects(pending, Child, ChildDown, At(1020)));
    }

    [Fact]
    public void A_parent_that_has_just_recovered_gives_the_child_time_and_wants_a_look_after_it()
    {
        var down = Judge(Two, 990, null, HardT(Tokyo, 960, 980), HardT(Osaka, 961, 981));
        SiteView[] back = [Ok(Tokyo, 999, lastFailed: 980), Ok(Osaka, 999.5, lastFailed: 981)];
        var up = new HostSight(Judge(Two, 1000, down, back), back);
        var says = UpstreamRules.WordOf(up, Child, ChildDown, At(1001));
        Assert.Equal(new ParentSays(ParentWord.JustBack, S(1030)), says);
        Assert.Equal(S(1030), UpstreamRules.Affects(says, Child, ChildDown, At(1001)).LooksFrom);
        Assert.Empty(Suspicion.AsksSince(Two, ChildDown, [], S(1030), At(1029)));
        Assert.Equal([Tokyo, Osaka], Suspicion.AsksSince(Two, ChildDown, [], S(1030), At(1030)).Select(a => a.Site));

        SiteView[] still = [HardT(Tokyo, 970, 1030), HardT(Osaka, 972, 1031)];
        SiteView[] later = [Ok(Tokyo, 1032, lastFailed: 980), Ok(Osaka, 1032, lastFailed: 981)];
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOf(new HostSight(up.Verdict, later), Judge(Two, 1033, Child, still), still, At(1033)).Word);
        Assert.Empty(Suspicion.AsksSince(Two, still, [], S(1030), At(1033)));
    }

    [Fact]
    public void What_is_posted_waits_for_its_time_and_for_no_look()
    {
        var down = Judge(Two, 990, null, HardT(Tokyo, 960, 980), HardT(Osaka, 961, 981));
        SiteView[] back = [Ok(Tokyo, 1001, lastFailed: 980), Ok(Osaka, 1001, lastFailed: 981)];
        var up = new HostSight(Judge(Two, 1000, down, back), back);
        SiteView[] posted = [HardA(Tokyo, 985, 985)];
        var failing = Judge(Terms(Tokyo), 1000, null, posted);
        HostEffect OfParent(double now) => UpstreamRules.Affects(UpstreamRules.WordOf(up, failing, posted, At(now), isPassive: true), failing, posted, At(now), isPassive: true);
        HostEffect OfNeeded(double now, HostSight needed) =>
            UpstreamRules.Affects(UpstreamRules.WordOfNeeded(needed, false, false, failing, posted, At(now), isPassive: true), failing, posted, At(now), isPassive: true);

        var waits = new HostEffect(ProblemRoute.Waits, RouteReason.ParentJustRecovered, S(1030));
        Assert.Equal((waits, waits), (OfParent(1029.9), OfNeeded(1029.9, up)));
        Assert.Equal((ProblemRoute.Opens, ProblemRoute.Opens), (OfParent(1030).Route, OfNeeded(1030, up).Route));
        Assert.Equal(ProblemRoute.Opens, UpstreamRules.Affects(new ParentSays(ParentWord.JustBack, S(1030)), failing, posted, At(1030), isPassive: true).Route);

        // In doubt again: then its word is waited for, though that recovery is long ago.
        SiteView[] doubt = [SoftT(Tokyo, 1100), Ok(Osaka, 1001, lastFailed: 981)];
        failing = failing with { StandingMono = S(1100) };
        Assert.Equal(RouteReason.ParentPending, OfNeeded(1101, new HostSight(Judge(Two, 1101, up.Verdict, doubt), doubt)).Reason);
    }

    [Fact]
    public void One_answer_of_a_failing_parent_is_enough_for_the_way()
    {
        SiteEvidence Saw(Basics.SiteName site, VoteKind vote) => new(site, vote, CheckStatus.Critical, NoValue.None, Epoch, "");
        Verdict Failing(params SiteEvidence[] evidence) => Child with { Evidence = evidence };
        Assert.False(UpstreamRules.IsDown(Failing(Saw(Tokyo, VoteKind.Transport), Saw(Osaka, VoteKind.Answer))));
        Assert.True(UpstreamRules.IsDown(Failing(Saw(Tokyo, VoteKind.Transport), Saw(Osaka, VoteKind.Transport))));

        // Nor does a child of which one site had an answer need a fresh look at its parent.
        SiteView[] old = [Ok(Tokyo, 800), Ok(Osaka, 900)];
        var parent = new HostSight(Judge(Two, 999, null, old), old);
        var answered = Failing(Saw(Tokyo, VoteKind.Transport), Saw(Osaka, VoteKind.Answer));
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOf(parent, answered, ChildDown, At(1000)).Word);
        Assert.Equal(ParentWord.Pending, UpstreamRules.WordOf(parent, Child, ChildDown, At(1000)).Word);
        Assert.Equal(ParentWord.Pending, UpstreamRules.WordOfNeeded(parent, false, false, answered, ChildDown, At(1000)).Word);
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOfNeeded(parent, false, true, answered, ChildDown, At(1000)).Word);
        Assert.Equal(ParentWord.Down, UpstreamRules.WordOfNeeded(parent, true, false, answered, ChildDown, At(1000)).Word);
    }

    [Fact]
    public void What_is_needed_was_seen_working_since_the_first_failure()
    {
        SiteView[] fresh = [Ok(Tokyo, 971), Ok(Osaka, 973)];
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOfNeeded(new HostSight(Judge(Two, 999, null, fresh), fresh), false, false, Child, ChildDown, At(1000)).Word);

        // That a parent which fails has failed for a short time only gives nobody time to start.
        SiteView[] slow = [HardA(Tokyo, 900, 990), HardA(Osaka, 901, 991)];
        Assert.Equal(ParentWord.Open, UpstreamRules.WordOfNeeded(new HostSight(Judge(Two, 995, null, slow), slow), false, false, Child, ChildDown, At(1000)).Word);
    }

    [Theory]
    [InlineData("JustBack 1010, JustBack 1020", "JustBack 1010", "JustBack 1020")]
    [InlineData("JustBack 1020, Pending 1010", "JustBack 1020", "Pending 1010")]
    [InlineData("JustBack 1010, Pending 1020", "JustBack 1010", "Pending 1020")]
    [InlineData("Open, Down", "Open", "Down")]
    public void Of_several_that_say_the_same_the_first_or_the_last_to_settle_counts(string parents, string any, string all)
    {
        ParentSays Read(string text) => text.Split(' ') is [var word, var settled]
            ? new ParentSays(Enum.Parse<ParentWord>(word), S(double.Parse(settled, System.Globalization.CultureInfo.InvariantCulture)))
            : new ParentSays(Enum.Parse<ParentWord>(text));
        ParentSays[] says = [.. parents.Split(", ").Select(Read)];
        Assert.Equal(Read(any), UpstreamRules.Together(ParentsNeeded.Any, says));
        Assert.Equal(Read(all), UpstreamRules.Together(ParentsNeeded.All, says));
    }

    [Theory]
    [InlineData(1000.0, null, 1020)]
    [InlineData(1000.0, 990.0, 1020)]
    [InlineData(1000.0, 1010.0, 1030)]
    [InlineData(null, null, 1007)] // since when it stands is not known: from its newest failing look
    [InlineData(null, 1001.0, 1021)]
    public void A_word_that_is_to_come_is_waited_for_for_20_s_from_when_it_could(double? standing, double? settled, double until)
    {
        var child = Child with { StandingMono = standing is { } s ? S(s) : null };
        var pending = new ParentSays(ParentWord.Pending, settled is { } at ? S(at) : null);
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending, S(until)), UpstreamRules.Affects(pending, child, ChildDown, At(1001)));
        Assert.Equal(RouteReason.ParentTooSlow, UpstreamRules.Affects(pending, child, ChildDown, At(until)).Reason);
    }

    [Fact]
    public void What_has_nothing_to_join_yet_waits_with_its_cover_or_for_its_own_time()
    {
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending), UpstreamRules.Uncovered(true, Child, ChildDown, At(9000)));
        Assert.Equal(new HostEffect(ProblemRoute.Waits, RouteReason.ParentPending, S(1020)), UpstreamRules.Uncovered(false, Child, ChildDown, At(1001)));
        Assert.Equal(RouteReason.ParentTooSlow, UpstreamRules.Uncovered(false, Child, ChildDown, At(1020)).Reason);
    }

    [Fact]
    public void Any_of_joins_only_when_all_are_down_and_all_of_when_one_is() => Holds((words, _) =>
        (Joins(ParentsNeeded.Any, words) == (words.Length > 0 && words.All(w => w == ParentWord.Down)))
        && (Joins(ParentsNeeded.All, words) == words.Contains(ParentWord.Down)));

    [Fact]
    public void One_parent_is_the_same_either_way() => Holds((words, _) =>
        words.All(w => Route(ParentsNeeded.Any, [w]) == Route(ParentsNeeded.All, [w])));

    [Fact]
    public void All_of_never_opens_what_any_of_does_not() => Holds((words, _) =>
        !Opens(ParentsNeeded.All, words) || Opens(ParentsNeeded.Any, words));

    [Fact]
    public void The_order_of_parents_and_naming_one_twice_are_of_no_effect() => Holds((words, needed) =>
        Together(needed, words) == Together(needed, [.. words.Reverse()]) && Together(needed, words) == Together(needed, [.. words, .. words]));

    [Fact]
    public void A_parent_that_gets_worse_never_opens_what_had_joined() => Holds((words, needed) =>
        words.Select((_, i) => words.Select((w, at) => at == i && w != ParentWord.Down ? w + 1 : w).ToArray())
            .All(worse => Together(needed, worse).Word >= Together(needed, words).Word && (!Joins(needed, words) || Joins(needed, worse))));

    [Fact]
    public void Whoever_waits_is_told_until_when_or_for_which_looks() => Holds((words, needed) =>
        UpstreamRules.Affects(Together(needed, words), Child, ChildDown, At(1001)) is var effect
        && (effect.Route == ProblemRoute.Waits) == (effect.ReviewAt is not null || effect.LooksFrom is not null));

    private static void Holds(Func<ParentWord[], ParentsNeeded, bool> property)
    {
        var words = Gen.Elements(Enum.GetValues<ParentWord>()).ArrayOf().Where(w => w.Length <= 5);
        var cases = from w in words from n in Gen.Elements(Enum.GetValues<ParentsNeeded>()) select (w, n);
        Check.One(Cases, Prop.ForAll(cases.ToArbitrary(), c => property(c.w, c.n)));
    }

    private static ParentSays Together(ParentsNeeded needed, ParentWord[] words) =>
        UpstreamRules.Together(needed, words.Select((w, i) => new ParentSays(w, w is ParentWord.JustBack or ParentWord.Pending ? S(1010) : null)));

    private static ProblemRoute Route(ParentsNeeded needed, ParentWord[] words) => UpstreamRules.Affects(Together(needed, words), Child, ChildDown, At(1001)).Route;

    private static bool Joins(ParentsNeeded needed, ParentWord[] words) => Route(needed, words) == ProblemRoute.JoinsHost;

    private static bool Opens(ParentsNeeded needed, ParentWord[] words) => Route(needed, words) == ProblemRoute.Opens;

    private static ParentWord Word(Verdict parent) => UpstreamRules.WordOf(new HostSight(parent, []), Child, ChildDown, At(1000)).Word;
}
