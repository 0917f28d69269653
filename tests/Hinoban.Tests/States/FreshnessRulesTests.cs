using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;

namespace Hinoban.Tests.States;

/// <summary>When a value counts as missing, to the tick, and what ends it.</summary>
public sealed class FreshnessRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Ten = TimeSpan.FromMinutes(10);
    private static readonly Heard FromStart = new(TimeSpan.Zero);

    [Theory]
    [InlineData(0, "Hold NoData")]
    [InlineData(600, "Hold NoData")]
    [InlineData(601, "Failing NoData")]
    public void What_never_came_is_waited_for_as_long_as_what_came(int second, string said) => Assert.Equal(said, Said(Judge(Unknown, FromStart, null, second)));

    [Theory]
    [InlineData("Ok", "Hard", "Working Reached")]
    [InlineData("Ok", "Soft", "Working Reached")]
    [InlineData("Warning", "Hard", "Failing Reached")]
    [InlineData("Critical", "Hard", "Failing Reached")]
    [InlineData("Unknown", "Hard", "Failing Reached")]
    [InlineData("Critical", "Soft", "Hold Undecided")]
    public void What_was_posted_is_taken_at_its_word(string state, string type, string said)
    {
        var status = Enum.Parse<CheckStatus>(state);
        var verdict = Judge(View(100, status, Enum.Parse<StateType>(type)), FromStart, null, 200);
        Assert.Equal(said, Said(verdict));
        Assert.Equal(verdict.Judgement == Judgement.Failing ? status : CheckStatus.Ok, verdict.Severity);
        Assert.False(verdict.SingleSite);
    }

    [Fact]
    public void The_last_instant_is_in_time_and_the_next_tick_is_not()
    {
        var last = TimeSpan.FromSeconds(700);
        Assert.Equal("Working Reached", Said(Judge(View(100), FromStart, null, last)));
        var verdict = Judge(View(100), FromStart, null, last + TimeSpan.FromTicks(1));
        Assert.Equal(("Failing NoData", CheckStatus.Unknown, NoValue.NotPosted), (Said(verdict), verdict.Severity, verdict.Evidence[0].NoValue));
        Assert.Equal(last + TimeSpan.FromTicks(1), verdict.StandingMono);
        Assert.Null(verdict.ReviewAt);
    }

    [Fact]
    public void It_asks_again_at_the_first_tick_that_is_late() =>
        Assert.Equal(TimeSpan.FromSeconds(700) + TimeSpan.FromTicks(1), Judge(View(100), FromStart, null, 200).ReviewAt);

    [Fact]
    public void A_result_at_the_door_is_in_time_whoever_comes_through_the_gate_first()
    {
        // It arrived at the last instant; the review came through first, a tick later.
        var late = TimeSpan.FromSeconds(700) + TimeSpan.FromTicks(1);
        var verdict = Judge(View(100), FromStart with { WaitingMono = TimeSpan.FromSeconds(700) }, null, late);
        Assert.Equal("Working Reached", Said(verdict));
        Assert.Equal(late + TimeSpan.FromSeconds(1), verdict.ReviewAt);

        // It was refused: the next review finds nobody at the door.
        Assert.Equal("Failing NoData", Said(Judge(View(100), FromStart, verdict, verdict.ReviewAt!.Value)));
    }

    [Fact]
    public void A_missing_value_stays_missing_until_one_comes_whatever_begins_to_count_anew()
    {
        var missing = Judge(View(100), FromStart, Working, 701);
        var anew = new Heard(TimeSpan.FromSeconds(705));
        Assert.Equal("Failing NoData", Said(Judge(View(100), anew, missing, 706)));
        Assert.Equal("Failing NoData", Said(Judge(View(100), anew with { WaitingMono = TimeSpan.FromSeconds(706) }, missing, 706)));
        Assert.Equal("Working Reached", Said(Judge(View(707), anew, missing, 707)));
        Assert.Equal("Failing Reached", Said(Judge(View(707, CheckStatus.Critical), anew, missing, 707)));
    }

    [Fact]
    public void After_a_restart_a_value_is_neither_missing_at_once_nor_forgotten()
    {
        // The view is of a time that this process does not know.
        var restored = View(100) with { LookMono = null };
        Assert.Equal("Working Reached", Said(Judge(restored, new Heard(TimeSpan.FromSeconds(5)), Stored(Judgement.Working, Reach.Reached), 605)));
        Assert.Equal("Failing NoData", Said(Judge(restored, new Heard(TimeSpan.FromSeconds(5)), Stored(Judgement.Working, Reach.Reached), 606)));

        // It was missing before: the restart brought none.
        var stored = Stored(Judgement.Failing, Reach.NoData);
        var again = Judge(restored, new Heard(TimeSpan.FromSeconds(5)), stored, 5);
        Assert.True(again.SaysSameAs(stored));
        Assert.True(Judge(restored, new Heard(TimeSpan.FromSeconds(5)), again, 6).SaysSameAs(stored));
        Assert.Equal("Working Reached", Said(Judge(View(7), new Heard(TimeSpan.FromSeconds(5)), again, 7)));
    }

    [Fact]
    public void The_wall_clock_says_nothing()
    {
        var jumped = new Moment(Noon.AddHours(9), TimeSpan.FromSeconds(200));
        Assert.Equal("Working Reached", Said(FreshnessRules.Judge(Ten, View(100), FromStart, Working, jumped)));
    }

    [Fact]
    public void Freshness_counts_from_the_latest_of_the_look_the_door_and_the_start()
    {
        TimeSpan Until(SiteView view, int from, int? waiting) => FreshnessRules.FreshUntil(Ten, view, new Heard(TimeSpan.FromSeconds(from), waiting is { } w ? TimeSpan.FromSeconds(w) : null));
        Assert.Equal(TimeSpan.FromSeconds(700), Until(Unknown, 0, 100));
        Assert.Equal(TimeSpan.FromSeconds(700), Until(View(100), 0, null));
        Assert.Equal(TimeSpan.FromSeconds(800), Until(View(200), 0, 100));
        Assert.Equal(TimeSpan.FromSeconds(800), Until(View(100), 0, 200));
        Assert.Equal(TimeSpan.FromSeconds(900), Until(View(100), 300, 200));
        Assert.Equal(TimeSpan.FromSeconds(900), Until(Unknown, 300, null));
    }

    [Fact]
    public void What_stands_at_the_door_does_not_put_off_the_last_instant() => Assert.Equal(
        TimeSpan.FromSeconds(700) + TimeSpan.FromTicks(1), Judge(View(100), FromStart with { WaitingMono = TimeSpan.FromSeconds(100) }, null, TimeSpan.FromSeconds(699.5)).ReviewAt);

    [Fact]
    public void A_missing_value_without_evidence_is_ended_by_what_comes() =>
        Assert.Equal("Working Reached", Said(Judge(View(7), FromStart, Stored(Judgement.Failing, Reach.NoData), 7)));

    [Theory]
    [InlineData(true, "VoidOld")]
    [InlineData(false, "VoidUnknown")]
    public void A_missing_value_is_old_or_never_was(bool known, string vote)
    {
        var evidence = Assert.Single(Judge(known ? View(100) : Unknown, FromStart, null, 9000).Evidence);
        Assert.Equal((vote, CheckStatus.Unknown, NoValue.NotPosted), (evidence.Vote.ToString(), evidence.Status, evidence.NoValue));
    }

    [Theory]
    [InlineData("Critical", "Hard", "Answer")]
    [InlineData("Critical", "Soft", "VoidSoft")]
    [InlineData("Ok", "Hard", "Ok")]
    public void What_was_posted_is_the_evidence(string state, string type, string vote)
    {
        var view = View(100, Enum.Parse<CheckStatus>(state), Enum.Parse<StateType>(type)) with { NoValue = NoValue.Garbage, Output = "said" };
        var evidence = Assert.Single(Judge(view, FromStart, null, 200).Evidence);
        Assert.Equal((vote, view.Status, NoValue.Garbage, view.LookUtc, "said"), (evidence.Vote.ToString(), evidence.Status, evidence.NoValue, evidence.LookUtc, evidence.Output));
    }

    [Fact]
    public void What_stands_and_since_when()
    {
        var first = Judge(View(100), FromStart, null, 100);
        Assert.Equal((Judgement.Working, null), (first.Standing, first.StandingMono)); // nobody knows since when
        var failing = Judge(View(200, CheckStatus.Critical), FromStart, first, 200);
        Assert.Equal((Judgement.Failing, TimeSpan.FromSeconds(200)), (failing.Standing, failing.StandingMono));
        var still = Judge(View(300, CheckStatus.Critical), FromStart, failing, 300);
        Assert.Equal((Judgement.Failing, TimeSpan.FromSeconds(200)), (still.Standing, still.StandingMono));
        var doubt = Judge(View(350, CheckStatus.Warning, StateType.Soft), FromStart, still, 350);
        Assert.Equal((Judgement.Hold, Judgement.Failing, TimeSpan.FromSeconds(200)), (doubt.Judgement, doubt.Standing, doubt.StandingMono));
        var working = Judge(View(400), FromStart, doubt, 400);
        Assert.Equal((Judgement.Working, TimeSpan.FromSeconds(400)), (working.Standing, working.StandingMono));
        Assert.Equal(TimeSpan.FromSeconds(500), Judge(View(500, CheckStatus.Critical), FromStart, null, 500).StandingMono);
        Assert.Equal(Judgement.Hold, Judge(Unknown, FromStart, null, 0).Standing);
    }

    [Fact]
    public void Judging_again_changes_nothing()
    {
        foreach (var second in new[] { 0, 100, 699, 700, 701, 5000 })
        {
            foreach (var view in new[] { Unknown, View(100), View(100, CheckStatus.Critical), View(100, CheckStatus.Warning, StateType.Soft) })
            {
                var once = Judge(view, FromStart, Working, second);
                Assert.True(Judge(view, FromStart, once, second).SaysSameAs(once));
            }
        }
    }

    private static Verdict Working => Stored(Judgement.Working, Reach.Reached);

    private static SiteView Unknown => new(new SiteName("desk"));

    private static Verdict Stored(Judgement judgement, Reach reach) =>
        new(judgement, reach, judgement == Judgement.Failing ? CheckStatus.Unknown : CheckStatus.Ok, false, [], null);

    private static SiteView View(int second, CheckStatus status = CheckStatus.Ok, StateType type = StateType.Hard) => Unknown with
    {
        Known = true,
        Status = status,
        Type = type,
        LookMono = TimeSpan.FromSeconds(second),
        LookUtc = Noon.AddSeconds(second),
    };

    private static Verdict Judge(SiteView view, Heard heard, Verdict? before, int second) => Judge(view, heard, before, TimeSpan.FromSeconds(second));

    private static Verdict Judge(SiteView view, Heard heard, Verdict? before, TimeSpan mono) =>
        FreshnessRules.Judge(Ten, view, heard, before, new Moment(Noon + mono, mono));

    private static string Said(Verdict verdict) => $"{verdict.Judgement} {verdict.Reach}";
}
