using FsCheck;
using FsCheck.Fluent;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>What holds of every situation that agreement can be in, the verdict before included.</summary>
public sealed class AgreementPropertyTests
{
    private const int Now = 2000;
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(1500);

    [Fact]
    public void Judging_again_with_the_outcome_changes_nothing() => Holds(w =>
    {
        var once = w.Judge();
        var twice = w.Judge(once);
        return once.SaysSameAs(twice) && once.Standing == twice.Standing && once.StandingMono == twice.StandingMono && once.ReviewAt == twice.ReviewAt
            && once.Evidence.SequenceEqual(twice.Evidence);
    });

    [Fact]
    public void An_OK_among_three_sites_suspends_nothing_while_the_target_answers_another_with_a_failure()
    {
        IReadOnlyList<SiteName> sites = [Tokyo, Osaka, Nagoya];
        var world = new World(
            sites,
            [
                Ok(Tokyo, Now - 20, lastFailed: Now - 55),
                Fails(Osaka, StateType.Hard, Reply.Transport, Now - 100, Now - 60, 3, CheckStatus.Critical),
                Fails(Nagoya, StateType.Hard, Reply.Answer, Now - 100, Now - 60, 3, CheckStatus.Warning),
            ],
            [.. sites.Select(s => Heard(s, Now))],
            [],
            null);
        var once = world.Judge();
        Assert.Equal(Judgement.Failing, once.Judgement);
        Assert.True(world.Judge(once).SaysSameAs(once));
    }

    /// <summary>Else the problem's end would wait for the next occasion to judge.</summary>
    [Fact]
    public void What_a_site_saw_work_while_others_judged_without_it_counts_as_soon_as_it_is_back()
    {
        IReadOnlyList<SiteName> sites = [Tokyo, Osaka, Nagoya];
        IReadOnlyList<SiteView> views =
        [
            Fails(Tokyo, StateType.Hard, Reply.Answer, Now - 351, Now - 289, 3, CheckStatus.Critical),
            Ok(Osaka, Now - 66, lastFailed: Now - 110),
            Fails(Nagoya, StateType.Hard, Reply.Answer, Now - 380, Now - 309, 3, CheckStatus.Critical) with { LookMono = null, RunMono = null, FailedLookMono = null },
        ];
        var before = SiteAgreement.Judge(
            Terms([.. sites]), views, [Heard(Tokyo, Now - 42), Heard(Osaka, Now - 42) with { IsolatedSince = S(Now - 80) }, Silent(Nagoya, Now - 80)], [], null, At(Now - 40));
        Assert.Equal("FAILING/Reached/Critical/single", Short(before));
        var world = new World(sites, views, [.. sites.Select(s => new SiteSignal(s, null, null))], [Asked(Tokyo, Now - 13)], before);
        var once = world.Judge();
        Assert.Equal(("hold/Undecided", S(Now + 15)), (Short(once), once.ReviewAt));
        Assert.Equal("working/Reached/single", Short(world.Judge(once, S(Now + 15))));
        Assert.Equal(once.ReviewAt, world.Judge(once).ReviewAt);
    }

    [Fact]
    public void The_order_of_what_is_known_is_of_no_effect() => Holds(w =>
    {
        var turned = w with { Views = [.. w.Views.Reverse()], Signals = [.. w.Signals.Reverse()], Pending = [.. w.Pending.Reverse()] };
        var otherOrder = turned with { Sites = [.. w.Sites.Reverse()] };
        return w.Judge().SaysSameAs(turned.Judge()) && w.Judge().SaysSameAs(otherOrder.Judge()) && w.Judge().ReviewAt == otherOrder.Judge().ReviewAt;
    });

    [Fact]
    public void Time_changes_the_verdict_at_ReviewAt_and_not_before() => Holds(w =>
    {
        var verdict = w.Judge();
        if (verdict.ReviewAt is not { } at)
        {
            return w.Judge(verdict, S(Now + 100_000)).SaysSameAs(verdict);
        }

        return at > S(Now)
            && w.Judge(verdict, at - TimeSpan.FromTicks(1)).SaysSameAs(verdict)
            && !w.Judge(verdict, at).SaysSameAs(verdict);
    });

    [Fact]
    public void No_single_sites_transport_failure_is_a_problem_while_another_site_says_OK() => Holds(w =>
    {
        var v = w.Judge();
        var votes = v.Evidence.Select(e => e.Vote).ToList();
        return v.Judgement != Judgement.Failing || votes.Contains(VoteKind.Answer) || !votes.Contains(VoteKind.Ok);
    });

    [Fact]
    public void Down_needs_two_sites_or_one_left_alone_with_three_looks() => Holds(w =>
    {
        var v = w.Judge();
        var failing = v.Evidence.Where(e => e.Vote == VoteKind.Transport).Select(e => e.Site).ToList();
        return v.Reach != Reach.Down
            || failing.Count >= 2
            || w.Sites.Count == 1
            || (v.SingleSite && w.Views.Single(x => x.Site == failing.Single()).FailingLooks >= 3);
    });

    [Fact]
    public void Working_rests_on_an_OK_look_after_every_failure_or_stands_from_before() => Holds(w =>
    {
        var v = w.Judge();
        var last = w.Views.Max(x => x.FailedLookMono) ?? TimeSpan.MinValue;
        return v.Judgement != Judgement.Working
            || w.Views.Any(x => x.Known && x.Status == CheckStatus.Ok && x.LookMono > last)
            || (v.Reach == Reach.PathTrouble && w.Before?.Standing == Judgement.Working);
    });

    [Fact]
    public void A_problem_ends_only_when_no_heard_sites_newest_look_is_a_failure_from_before_the_OK() => Holds(w =>
    {
        var v = w.Judge();
        if (v.Judgement != Judgement.Working || w.Before?.Standing != Judgement.Failing)
        {
            return true;
        }

        var okSince = w.Views.Where(x => x.Status == CheckStatus.Ok && x.LookMono > (w.Views.Max(y => y.FailedLookMono) ?? TimeSpan.MinValue))
            .Min(x => x.RunMono ?? TimeSpan.MinValue);
        return w.Views.Zip(v.Evidence).Where(p => p.Second.Vote is VoteKind.Transport or VoteKind.Answer or VoteKind.VoidSoft)
            .All(p => p.First.LookMono > okSince && (v.Reach == Reach.PathTrouble || p.Second.Vote == VoteKind.VoidSoft));
    });

    [Fact]
    public void A_problem_can_always_be_closed_fresh_OKs_of_all_sites_do() => Holds(w =>
    {
        var mended = w with
        {
            Views = [.. w.Views.Select(v => v with { Known = true, Status = CheckStatus.Ok, Type = StateType.Hard, LastHard = CheckStatus.Ok, LookMono = S(Now - 1), LookUtc = Epoch + S(Now - 1) })],
            Signals = [.. w.Sites.Select(s => Heard(s, Now))],
        };
        return mended.Judge().Judgement == Judgement.Working;
    });

    [Fact]
    public void A_problem_can_always_be_closed_one_sites_OK_does_once_the_others_are_lost() => Holds(w =>
    {
        var ok = Ok(w.Sites[0], Now - 1);
        var left = w with
        {
            Views = [ok, .. w.Views.Where(v => v.Site != ok.Site)],
            Signals = [.. w.Sites.Select(s => s == ok.Site ? Heard(s, Now) : Silent(s, Now - 31))],
        };
        return left.Judge().Judgement == Judgement.Working;
    });

    [Fact]
    public void An_isolated_sites_failures_never_make_an_alert() => Holds(w =>
    {
        var v = w.Judge();
        var isolated = w.Signals.Where(s => s.IsolatedSince is not null).Select(s => s.Site).ToHashSet();
        return v.Evidence.All(e => !isolated.Contains(e.Site) || e.Vote is VoteKind.VoidIsolated or VoteKind.VoidSilent or VoteKind.VoidOld or VoteKind.VoidUnknown)
            && (v.Judgement != Judgement.Failing || v.Evidence.Any(e => e.Vote is VoteKind.Answer or VoteKind.Transport && !isolated.Contains(e.Site)));
    });

    [Fact]
    public void A_target_that_is_down_is_alerted_by_the_site_that_is_left_while_the_others_are_isolated() => Holds(w =>
    {
        var alone = HardT(w.Sites[0], Now - 200, Now - 2, looks: 3);
        var left = w with
        {
            Views = [alone, .. w.Views.Where(v => v.Site != alone.Site)],
            Signals = [.. w.Sites.Select(s => Heard(s, Now) with { IsolatedSince = s == alone.Site ? null : S(Now - 31) })],
            Pending = [],
        };
        return left.Judge(null) is { Judgement: Judgement.Failing, Reach: Reach.Down } v && v.SingleSite == w.Sites.Count > 1;
    });

    [Fact]
    public void Severity_and_flags_fit_the_judgement() => Holds(w =>
    {
        var v = w.Judge();
        return v.Evidence.Select(e => e.Site).SequenceEqual(w.Sites)
            && (v.Judgement != Judgement.Failing || v.Severity != CheckStatus.Ok)
            && (v.Judgement != Judgement.Working || v.Severity == CheckStatus.Ok)
            && (v.Judgement == Judgement.Hold) == (v.Reach is Reach.NoData or Reach.Undecided or Reach.SiteIsolated || (v.Reach == Reach.PathTrouble && v.Judgement == Judgement.Hold))
            && (!v.SingleSite || w.Sites.Count > 1);
    });

    [Fact]
    public void What_is_calm_comes_to_the_same_by_the_whole_of_the_rules()
    {
        var random = new Random(1);
        var (calm, other) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var (terms, now) = (Terms([.. new[] { Tokyo, Osaka, Nagoya }.Take(random.Next(1, 4))]), new Moment(Epoch, S(Now)));
            IReadOnlyList<SiteView> earlier = [.. terms.Sites.Select(s => Ok(s, Now - random.Next(60, 272)) with { Took = S(random.Next(2) * 5) })];
            IReadOnlyList<SiteView> views = [.. earlier.Select(v => random.Next(2) == 0 ? v : Seen(random, v.Site, earlier))];
            IReadOnlyList<SiteSignal> signals = [.. terms.Sites.Select(s => new SiteSignal(s, null, random.Next(20) == 0 ? S(Now - 3) : null))];
            IReadOnlyList<PendingLook> pending = random.Next(20) == 0 ? [Asked(Tokyo, Now - 1)] : [];
            (views, signals) = random.Next(40) switch
            {
                0 => ([.. views.Skip(1)], signals),
                1 => (views, [.. signals.Skip(1)]),
                2 => ([.. views.Reverse()], signals),
                3 => (views, [.. signals.Reverse()]),
                4 => ([.. views.Reverse()], [.. signals.Reverse()]),
                _ => (views, signals),
            };
            var before = SiteAgreement.JudgeAll(terms, earlier, [.. terms.Sites.Select(s => new SiteSignal(s, null, null))], [], null, new Moment(Epoch, S(Now - 60)));
            var whole = SiteAgreement.JudgeAll(terms, views, signals, pending, before, now);
            if (CalmAgreement.Judge(terms, views, signals, pending, before, now.Mono) is { } quick)
            {
                Assert.Equal(whole with { Evidence = [] }, quick with { Evidence = [] });
                Assert.Equal(whole.Evidence, quick.Evidence);
                calm++;
            }
            else
            {
                other++;
            }
        }

        Assert.InRange(calm, 5_000, 19_000);
        Assert.InRange(other, 1_000, 15_000);
    }

    // A look of the last minute, or one at the very end of its vote; it may have failed when another site last looked, just before, or with a look of the same instant.
    private static SiteView Seen(Random random, SiteName site, IReadOnlyList<SiteView> earlier)
    {
        var took = S(random.Next(2) * 5);
        var look = random.Next(3) == 0 ? S(Now - 270 + random.Next(-1, 2)) - took : S(Now - random.Next(0, 60));
        var failed = random.Next(3) == 0 ? earlier[random.Next(earlier.Count)].LookMono + S(random.Next(-1, 2)) : null;
        return Ok(site, look.TotalSeconds, lastFailed: failed <= look ? failed.Value.TotalSeconds : null) with { Took = took };
    }

    private static void Holds(Func<World, bool> property) => Prop.ForAll(World.Any.ToArbitrary(), property).Check(Cases);

    private sealed record World(
        IReadOnlyList<SiteName> Sites, IReadOnlyList<SiteView> Views, IReadOnlyList<SiteSignal> Signals, IReadOnlyList<PendingLook> Pending, Verdict? Before)
    {
        /// <summary>One to three sites in any situation, after a verdict drawn a while ago from any situation of the same sites.</summary>
        internal static Gen<World> Any { get; } =
            from count in Gen.Elements(1, 2, 2, 2, 3)
            let sites = (IReadOnlyList<SiteName>)[.. new[] { Tokyo, Osaka, Nagoya }.Take(count)]
            from earlier in Of(sites, Now - 40)
            from sameViews in Gen.Elements(true, false)
            from later in Of(sites, Now)
            from hasBefore in Gen.Elements(true, true, false)
            let views = sameViews ? earlier.Views : later.Views
            select later with { Views = views, Before = hasBefore ? earlier.Judge(null, S(Now - 40)) : null };

        internal Verdict Judge(Verdict? before, TimeSpan? at = null) =>
            SiteAgreement.Judge(Terms([.. Sites]), Views, Signals, Pending, before, new Moment(Epoch, at ?? S(Now)));

        internal Verdict Judge() => Judge(Before);

        /// <summary>For the report of a counter-example.</summary>
        public override string ToString() => string.Join('\n', Views.Select(v => $"view {v.Site} {(v.Known ? $"{v.Type} {v.Status} {v.Reply} looks {v.FailingLooks} at {v.LookMono} run {v.RunMono} failed {v.FailedLookMono}" : "never")}")
            .Concat(Signals.Select(s => $"signal {s.Site} beat {s.BeatMono} silent {s.SilentSince} isolated {s.IsolatedSince}"))
            .Concat(Pending.Select(p => $"asked {p.Site} {p.AskedMono}"))
            .Append($"before {(Before is null ? "none" : Told(Before))}")
            .Append($"now {Told(Judge())}")
            .Append($"again {Told(Judge(Judge()))}"));

        private static string Told(Verdict v) =>
            $"{Short(v)} standing {v.Standing} {v.StandingMono} review {v.ReviewAt} votes {string.Join(',', v.Evidence.Select(e => $"{e.Vote}@{e.LookUtc:mm:ss}"))}";

        private static Gen<World> Of(IReadOnlyList<SiteName> sites, int now) =>
            from views in Gen.CollectToList(sites, s => ViewOf(s, now))
            from signals in Gen.CollectToList(sites, s => SignalOf(s, now))
            from asked in Gen.CollectToList(sites, s => Gen.Choose(0, 40).Select(a => a > 20 ? null : Asked(s, now - a)))
            select new World(sites, [.. views], [.. signals], [.. asked.OfType<PendingLook>()], null);

        private static Gen<SiteView> ViewOf(SiteName site, int now) =>
            from ago in Gen.OneOf(Gen.Choose(2, 60), Gen.Choose(200, 330))
            from run in Gen.Choose(0, 100)
            from looks in Gen.Choose(1, 4)
            from reply in Gen.Elements(Reply.Answer, Reply.Transport)
            from status in Gen.Elements(CheckStatus.Warning, CheckStatus.Critical, CheckStatus.Unknown)
            from view in Gen.Elements(
                Never(site),
                Ok(site, now - ago),
                Ok(site, now - ago, lastFailed: now - ago - run - 1),
                Fails(site, StateType.Soft, reply, now - ago, now - ago, 1, status),
                Fails(site, StateType.Hard, reply, now - ago - run, now - ago, looks, status),
                Fails(site, StateType.Hard, reply, now - ago - run, now - ago, looks, status) with { LookMono = null, RunMono = null, FailedLookMono = null })
            select view;

        private static Gen<SiteSignal> SignalOf(SiteName site, int now) =>
            from ago in Gen.Frequency((4, Gen.Choose(0, 14)), (1, Gen.Choose(15, 60)))
            from known in Gen.Elements(true, true, false)
            from isolated in Gen.Frequency((4, Gen.Constant(-1)), (1, Gen.Choose(0, 60)))
            select new SiteSignal(site, known ? S(now - ago) : null, ago >= 15 ? S(now - ago + 15) : null, isolated < 0 ? null : S(now - isolated));
    }
}
