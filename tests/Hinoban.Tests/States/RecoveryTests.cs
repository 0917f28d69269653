using FsCheck;
using FsCheck.Fluent;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>The end of problems by whole stories: each has exactly one, in bounded time, and it is told with what both sites saw.</summary>
public sealed class RecoveryTests
{
    private static readonly AgreementTerms Http = Terms();
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(300);

    [Fact]
    public void Both_sites_have_seen_the_end_that_is_told()
    {
        var problem = Assert.Single(new TwoSites(Http, (_, at) => at is > 360 and < 800 ? Fate.Refused : Fate.Fine).Run(0, 1500).Problems);
        Assert.InRange(problem.Until!.Value, 800, 894);
        Assert.All(problem.Views, v => Assert.Equal(CheckStatus.Ok, v.Status));
        Assert.Equal("working/Reached", Short(problem.End!));
    }

    [Fact]
    public void A_path_that_stays_broken_is_named_at_the_end_two_check_nows_after_the_first_OK()
    {
        var problem = Assert.Single(new TwoSites(Http, (site, at) => at > 360 && (site == Tokyo || at < 800) ? Fate.BlackHole : Fate.Fine).Run(0, 1500).Problems);
        Assert.InRange(problem.Until!.Value, 800, 800 + 180 + 30);
        Assert.Equal("working/PathTrouble", Short(problem.End!));
        Assert.Equal([VoteKind.Transport, VoteKind.Ok], problem.End!.Evidence.Select(e => e.Vote));
    }

    [Fact]
    public void A_site_that_does_not_obey_is_waited_for_15_s()
    {
        // Osaka's slot is half an interval behind Tokyo's, so that nothing but the check-now could tell earlier.
        var problem = Assert.Single(new TwoSites(Http, (_, at) => at is > 360 and < 715 ? Fate.Refused : Fate.Fine, obeys: (site, at) => site == Tokyo || at < 700)
            .Run(0, 1500).Problems);
        Assert.InRange(problem.Until!.Value, 720 + 15, 720 + 16);
        Assert.Equal("working/Reached/single", Short(problem.End!));
        Assert.Equal([VoteKind.Ok, VoteKind.VoidSilent], problem.End!.Evidence.Select(e => e.Vote));
    }

    [Fact]
    public void Every_problem_has_exactly_one_end_in_bounded_time_and_never_while_a_voting_site_fails_but_for_its_path() =>
        Prop.ForAll(Weather.Any.ToArbitrary(), weather =>
        {
            var town = new TwoSites(Http, weather.Fate, weather.Heard, weather.Obeys).Run(0, Weather.Settled + 2000);
            var problems = town.Problems;

            // A target that Osaka sees working at last is working, whatever becomes of Tokyo's path: the interval until it looks, the
            // check-now to the other, and the second look.
            return problems.TrueForAll(p => p.Until is { } end && end <= Math.Max(p.From, Weather.Settled) + 180 + 30 + 10)
                && problems.Zip(problems.Skip(1)).All(pair => pair.First.Until < pair.Second.From)
                && problems.TrueForAll(p => p.Views.Zip(p.End!.Evidence).All(s =>
                    s.First.Status == CheckStatus.Ok
                    || s.Second.Vote is VoteKind.VoidSilent or VoteKind.VoidOld or VoteKind.VoidUnknown
                    || (s.Second.Vote == VoteKind.Transport && p.End.Reach == Reach.PathTrouble && s.First.LookMono > p.Views.Single(v => v.Site != s.First.Site).RunMono)));
        }).Check(Cases);

    private sealed record Spell(double From, double Until, int What);

    /// <summary>Faults of the target, of either path, of either link and of either site's obedience, until it settles.</summary>
    private sealed record Weather(IReadOnlyList<Spell> Target, IReadOnlyList<Spell> Paths, IReadOnlyList<Spell> Links, IReadOnlyList<Spell> Deaf, bool TokyoForEver)
    {
        internal const double Settled = 2400;

        internal static Gen<Weather> Any { get; } =
            from target in Spells(4)
            from paths in Spells(4)
            from links in Spells(2)
            from deaf in Spells(2)
            from forEver in Gen.Elements(true, false)
            select new Weather(target, paths, links, deaf, forEver);

        internal Fate Fate(Hinoban.Basics.SiteName site, double at)
        {
            var spell = Target.FirstOrDefault(s => Covers(s, at)) ?? Paths.FirstOrDefault(s => Covers(s, at) && Hits(s, site));
            return TokyoForEver && site == Tokyo && at > 600 ? States.Fate.BlackHole
                : spell is null ? States.Fate.Fine
                : spell.What % 3 == 0 ? States.Fate.BlackHole
                : States.Fate.Refused;
        }

        internal bool Heard(Hinoban.Basics.SiteName site, double at) => !Links.Any(s => Covers(s, at) && Hits(s, site));

        internal bool Obeys(Hinoban.Basics.SiteName site, double at) => !Deaf.Any(s => Covers(s, at) && Hits(s, site));

        private static bool Covers(Spell spell, double at) => at >= spell.From && at < spell.Until;

        private static bool Hits(Spell spell, Hinoban.Basics.SiteName site) => spell.What % 2 == 0 == (site == Tokyo);

        private static Gen<IReadOnlyList<Spell>> Spells(int most) =>
            from count in Gen.Choose(0, most)
            from spells in Gen.ListOf(from begin in Gen.Choose(300, 2000)
                                      from lasts in Gen.Choose(10, 600)
                                      from what in Gen.Choose(0, 5)
                                      select new Spell(begin, Math.Min(begin + lasts, Settled), what), count)
            select (IReadOnlyList<Spell>)[.. spells];
    }
}
