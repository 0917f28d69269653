using System.Globalization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>The agreement where two instants meet, where a third site has a word, and where a site is void for a moment only.</summary>
public sealed class AgreementEdgeTests
{
    private static readonly AgreementTerms Two = Terms();
    private static readonly AgreementTerms Three = Terms(Tokyo, Osaka, Nagoya);

    // It is 1000 s, nothing was judged before. Of each site: ok LOOK, sT LOOK, hT or hA SINCE LOOK LOOKS, never; then what else is known of it.
    [Theory]
    // An OK from the very instant at which a failure began elsewhere says nothing about it; of several failures the one that began last.
    [InlineData("tokyo hT 900 940 2; osaka ok 900", "hold/Undecided/Critical")]
    [InlineData("tokyo hT 900 940 2; osaka ok 901", "hold/PathTrouble/Critical")]
    [InlineData("tokyo hT 900 940 2; osaka hT 960 975 2; nagoya ok 930", "hold/Undecided/Critical")]
    [InlineData("tokyo hT 900 940 2; osaka hT 920 975 2; nagoya ok 930", "hold/PathTrouble/Critical")]
    // What contradicts the one that is left is a lost site's OK, not its failure.
    [InlineData("tokyo hT 900 940 3; osaka hT 900 950 2 silent=960", "FAILING/Down/Critical/single")]
    [InlineData("tokyo hT 900 940 3; osaka ok 930 silent=960; nagoya ok 939 silent=960", "FAILING/Down/Critical/single")]
    [InlineData("tokyo hT 900 940 3; osaka ok 930 silent=960; nagoya ok 950 silent=960", "hold/Undecided/Critical/single")]
    // A site is lost half a minute after its way out, and not at once.
    [InlineData("tokyo hT 900 940 3; osaka ok 930 isolated=971", "hold/Undecided/Critical")]
    [InlineData("tokyo hT 900 940 3; osaka ok 930 isolated=970", "FAILING/Down/Critical/single")]
    // No valid word: one site's isolation is told, unless another is looking again already.
    [InlineData("tokyo ok 950 isolated=990; osaka never", "hold/SiteIsolated")]
    [InlineData("tokyo ok 950 isolated=990; osaka sT 995", "hold/Undecided")]
    // The only site there is is never judged without, though it was asked in vain.
    [InlineData("tokyo sT 940 asked=980", "hold/Undecided")]
    // A look that started with the request answers it; a request to another site suspends no OK.
    [InlineData("tokyo hA 980 995 2; osaka ok 996 asked=996", "FAILING/Reached/Critical")]
    [InlineData("tokyo hA 980 995 2; osaka ok 996 asked=997", "hold/Undecided/Critical")]
    [InlineData("tokyo hA 980 995 2 asked=996; osaka ok 990", "FAILING/Reached/Critical")]
    // A vote lasts from the end of its look.
    [InlineData("tokyo ok 715 took=20; osaka ok 715 took=20", "working/Reached")]
    [InlineData("tokyo ok 709 took=20; osaka ok 709 took=20", "hold/NoData")]
    // The desk says since when a site is silent, and gives no beat of one that is heard.
    [InlineData("tokyo hA 900 940 2; osaka ok 930", "FAILING/Reached/Critical")]
    [InlineData("tokyo hA 900 940 2; osaka ok 930 silent=990", "hold/Undecided/Critical")]
    public void Each_has_its_verdict(string situation, string expected)
    {
        var sites = situation.Split("; ").Select(s => s.Split(' ')).ToList();
        var terms = Terms([.. sites.Select(s => new SiteName(s[0]))]);
        var verdict = SiteAgreement.Judge(
            terms,
            [.. sites.Select(s => View(new SiteName(s[0]), s))],
            [.. sites.Select(s => new SiteSignal(new SiteName(s[0]), null, Known(s, "silent"), Known(s, "isolated")))],
            [.. sites.Where(s => Known(s, "asked") is not null).Select((s, i) => new PendingLook(i, new SiteName(s[0]), Known(s, "asked")!.Value))],
            null,
            At(1000));
        Assert.Equal(expected, Short(verdict));
    }

    [Fact]
    public void Of_two_requests_to_a_site_the_first_counts()
    {
        var verdict = SiteAgreement.Judge(
            Two, [HardT(Tokyo, 900, 915, looks: 3), Ok(Osaka, 880)], [Heard(Tokyo, 916), Heard(Osaka, 916)], [Asked(Osaka, 910, request: 2), Asked(Osaka, 903)], null, At(916));
        Assert.Equal(("hold/Undecided/Critical", S(903 + 15)), (Short(verdict), verdict.ReviewAt));
    }

    [Fact]
    public void A_failing_look_that_began_with_the_first_OK_says_nothing_about_it_and_one_from_after_it_is_the_paths()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var tokyo = Ok(Tokyo, 1012, lastFailed: 990) with { RunMono = S(1005) };
        Assert.Equal("hold/Undecided/Critical", Short(Judge(Two, 1013, down, tokyo, HardT(Osaka, 900, 1005))));
        Assert.Equal("working/PathTrouble", Short(Judge(Two, 1013, down, tokyo, HardT(Osaka, 900, 1006))));

        // Of two sites that work the first that did counts.
        var all = Judge(Three, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980), HardT(Nagoya, 900, 985));
        Assert.Equal("working/PathTrouble", Short(Judge(Three, 1020, all, tokyo, HardT(Osaka, 900, 1010), Ok(Nagoya, 1015, lastFailed: 985))));
        Assert.Equal("hold/Undecided/Critical", Short(Judge(Three, 1020, all, tokyo, HardT(Osaka, 900, 1004), Ok(Nagoya, 1015, lastFailed: 985))));
    }

    [Fact]
    public void The_OK_of_a_site_that_has_fallen_silent_since_makes_nobody_owe_a_look()
    {
        var down = Judge(Two, 1000, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 980));
        var silent = SiteAgreement.Judge(
            Two, [Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 980)], [Silent(Tokyo, 1008), Heard(Osaka, 1009)], [], down, At(1010));
        Assert.Equal((Judgement.Failing, null), (silent.Standing, silent.ReliefMono));
    }

    [Theory]
    [InlineData(1294, Judgement.Hold)]
    [InlineData(1295, Judgement.Working)] // the OK at 1010, 15 s for a look and 270 s for the budget
    internal void A_look_that_is_owed_is_asked_for_as_long_as_a_vote_lasts_and_then_not_waited_for(double now, Judgement expected)
    {
        var down = Judge(Two, 1004, null, HardT(Tokyo, 900, 990), HardT(Osaka, 900, 1004));
        var first = Judge(Two, 1010, down, Ok(Tokyo, 1005, lastFailed: 990), HardT(Osaka, 900, 1004));
        Assert.Equal(S(1010), first.ReliefMono);
        SiteView[] views = [Ok(Tokyo, 1185, lastFailed: 990) with { RunMono = S(1005) }, HardT(Osaka, 900, 1004)];
        Assert.Equal(expected, SiteAgreement.Judge(Two, views, [Heard(Tokyo, now), Heard(Osaka, now)], [Asked(Osaka, now - 5)], first, At(now)).Judgement);
    }

    /// <summary>Osaka judged alone, Tokyo being silent and Nagoya never having looked. Then Tokyo is back with a look of its own; Nagoya is heard, and its word is waited for as before.</summary>
    [Fact]
    public void When_a_second_site_of_three_is_back_the_third_is_waited_for_again_at_once_and_not_only_when_it_is_judged_again()
    {
        var alone = SiteAgreement.Judge(
            Three, [Ok(Tokyo, 910), Ok(Osaka, 950), Never(Nagoya)], [Silent(Tokyo, 925), Heard(Osaka, 959), Heard(Nagoya, 959)], [Asked(Nagoya, 940)], null, At(960));
        Assert.Equal("working/Reached/single", Short(alone));
        SiteView[] views = [HardA(Tokyo, 980, 995), Ok(Osaka, 996), Never(Nagoya)];
        var back = Judge(Three, 1000, alone, views);
        Assert.Equal("hold/Undecided/Critical", Short(back));
        Assert.True(Judge(Three, 1000, back, views).SaysSameAs(back));

        // While nobody but Osaka has looked, it goes on judging alone.
        Assert.Equal("working/Reached/single", Short(Judge(Three, 970, alone, Ok(Tokyo, 910), Ok(Osaka, 950), Never(Nagoya))));
    }

    [Theory]
    [InlineData(999.9, true)]
    [InlineData(1000, false)] // 725 s, a look of 5 s, and 270 s
    public void What_works_is_judged_in_short_until_its_vote_ends(double now, bool calm)
    {
        SiteView[] views = [Ok(Tokyo, 725) with { Took = S(5) }, Ok(Osaka, 725) with { Took = S(5) }];
        SiteSignal[] signals = [new(Tokyo, null, null), new(Osaka, null, null)];
        var before = SiteAgreement.JudgeAll(Two, views, signals, [], null, At(730));
        Assert.Equal(calm, CalmAgreement.Judge(Two, views, signals, [], before, S(now)) is not null);
    }

    [Theory]
    [InlineData(949, "working/Reached")]
    [InlineData(950, "hold/Undecided")] // two looks of one instant that say the opposite
    public void What_works_has_failed_before_its_look_and_not_with_it(double failed, string expected)
    {
        SiteSignal[] signals = [new(Tokyo, null, null)];
        var before = SiteAgreement.JudgeAll(Terms(Tokyo), [Ok(Tokyo, 900)], signals, [], null, At(940));
        Assert.Equal(expected, Short(SiteAgreement.Judge(Terms(Tokyo), [Ok(Tokyo, 950, lastFailed: failed)], signals, [], before, At(1000))));
    }

    private static SiteView View(SiteName site, string[] words)
    {
        double Number(int at) => double.Parse(words[at], CultureInfo.InvariantCulture);
        var view = words[1] switch
        {
            "ok" => Ok(site, Number(2)),
            "sT" => SoftT(site, Number(2)),
            "hT" => HardT(site, Number(2), Number(3), (int)Number(4)),
            "hA" => HardA(site, Number(2), Number(3), (int)Number(4)),
            _ => Never(site),
        };
        return view with { Took = Known(words, "took") ?? TimeSpan.Zero };
    }

    private static TimeSpan? Known(string[] words, string what) =>
        words.FirstOrDefault(w => w.StartsWith(what + "=", StringComparison.Ordinal)) is { } word ? S(double.Parse(word.Split('=')[1], CultureInfo.InvariantCulture)) : null;
}
