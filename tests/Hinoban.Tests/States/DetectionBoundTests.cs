using FsCheck;
using FsCheck.Fluent;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>The detection bounds that architecture §1a prints, and that a path's trouble is nobody's alert, by whole stories.</summary>
public sealed class DetectionBoundTests
{
    private static readonly AgreementTerms Tcp = Terms() with { CriticalTime = null };
    private static readonly AgreementTerms Http = Terms();

    [Theory]
    [InlineData(Fate.Refused, false, 112)]
    [InlineData(Fate.BlackHole, false, 120)]
    [InlineData(Fate.BlackHole, true, 125)]
    internal void The_worst_fault_is_judged_within_the_bound_less_a_second_to_mail(Fate fate, bool http, int bound)
    {
        // The fault begins just after Tokyo's look at 360; Osaka's slot is 90 s later.
        var story = new TwoSites(http ? Http : Tcp, (_, at) => at > 360 ? fate : Fate.Fine).Run(0, 1000);
        Assert.NotNull(story.FirstFailing);
        Assert.InRange(story.FirstFailing.Value - 360, 90, bound - 1);
        Assert.Equal(Reach.Down, story.Story[^1].Verdict.Reach);
    }

    [Fact]
    public void Left_alone_a_site_takes_330_s_at_most()
    {
        var story = new TwoSites(Tcp, (_, at) => at > 360 ? Fate.BlackHole : Fate.Fine, (site, at) => site == Tokyo || at < 300).Run(0, 1500);
        Assert.InRange(story.FirstFailing!.Value - 360, 180, 329);
        Assert.True(story.Story.First(s => s.Verdict.Judgement == Judgement.Failing).Verdict.SingleSite);
    }

    [Fact]
    public void A_fault_at_any_time_is_judged_within_the_bound_and_its_end_within_half_an_interval_and_a_check_now() => Prop.ForAll(
        (from phase in Gen.Choose(0, 1799)
         from lasts in Gen.Choose(150, 900)
         from fate in Gen.Elements(Fate.Refused, Fate.BlackHole)
         select (From: 360 + (phase / 10.0), Lasts: (double)lasts, Fate: fate)).ToArbitrary(),
        fault =>
        {
            var ends = fault.From + fault.Lasts;
            var story = new TwoSites(Http, (_, at) => at >= fault.From && at < ends ? fault.Fate : Fate.Fine).Run(0, ends + 400).Story;
            var failing = story.Single(s => s.Verdict.Judgement == Judgement.Failing);
            var working = story.First(s => s.At > failing.At && s.Verdict.Judgement == Judgement.Working);
            return failing.At - fault.From <= 124 && working.At >= ends && working.At - ends <= 94;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Whatever_happens_to_one_sites_path_is_never_a_problem() => Prop.ForAll(
        Gen.Choose(0, 600).Two().Select(p => (From: 300 + p.Item1, Until: 300 + p.Item1 + p.Item2)).ArrayOf(3)
            .SelectMany(_ => Gen.Elements(Fate.Refused, Fate.BlackHole), (cuts, fate) => (cuts, fate)).ToArbitrary(),
        w => new TwoSites(Http, (site, at) => site == Tokyo && w.cuts.Any(c => at >= c.From && at < c.Until) ? w.fate : Fate.Fine)
            .Run(0, 2000).FirstFailing is null).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_path_that_stays_broken_is_one_path_trouble_that_lasts_from_its_beginning()
    {
        var story = new TwoSites(Http, (site, at) => site == Tokyo && at > 500 ? Fate.BlackHole : Fate.Fine).Run(0, 4000).Story;
        var trouble = story.Single(s => s.Verdict.Reach == Reach.PathTrouble);
        Assert.InRange(trouble.At, 500, 720);
        Assert.Equal(trouble, story[^1]);
        Assert.Equal(Judgement.Working, trouble.Verdict.Judgement);
    }

    [Fact]
    public void A_fault_during_a_broken_path_is_found_too()
    {
        var story = new TwoSites(Http, (site, at) => (site == Tokyo && at > 500) || at > 1441 ? Fate.BlackHole : Fate.Fine).Run(0, 2500);
        Assert.InRange(story.FirstFailing!.Value - 1441, 0, 125);
    }
}
