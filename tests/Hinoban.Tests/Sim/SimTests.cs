using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Lab.Sim;

namespace Hinoban.Tests.Sim;

/// <summary>The simulator's short form: a few dense scripts break no promise, the same script is the same run, and the judge sees what is wrong.</summary>
public sealed class SimTests
{
    private const double QuarterDay = 0.25;

    private static readonly Lazy<SimRecord> Played = new(() => Play(SimDice.Script(7, QuarterDay, density: 4)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_dense_script_breaks_no_promise(int seed)
    {
        var record = Play(SimDice.Script(seed, QuarterDay, density: 4));
        Assert.NotEmpty(record.Incidents);
        Assert.Empty(SimJudge.Judge(record).Violations);
    }

    [Fact]
    public void The_same_script_is_the_same_run()
    {
        var again = Play(SimDice.Script(7, QuarterDay, density: 4));
        Assert.Equal(Played.Value.Entries.Select(e => e.ToString()), again.Entries.Select(e => e.ToString()));
    }

    [Fact]
    public void A_script_has_its_troubles_every_day_and_a_fifth_of_them_overlap()
    {
        var scripts = Enumerable.Range(0, 50).Select(seed => SimDice.Script(seed, 2)).ToList();
        Assert.All(scripts, s => Assert.All(new[] { 0, 1 }, day =>
        {
            Assert.True(s.Faults.Count(f => f.IsTarget && (int)f.From.TotalDays == day) >= 4);
            Assert.Contains(s.Faults, f => !f.IsTarget && (int)f.From.TotalDays == day);
        }));
        var all = scripts.SelectMany(s => s.Faults.Select(f => s.Faults.Any(g => g != f && g.Span.Meets(f.Span)))).ToList();
        Assert.True(all.Count(overlaps => overlaps) >= all.Count / 5);
    }

    [Fact]
    public void A_long_run_is_bounded_by_the_clock_and_adds_to_what_was_covered_before()
    {
        var (options, _) = SimOptions.Parse(["--minutes", "60"]);
        Assert.Equal((int.MaxValue, TimeSpan.FromHours(1)), (options!.Runs, options.Within));
        var coverage = new SimCoverage();
        coverage.Load(["       3  pair Refused × Dns", "", "      12  pair Dns × Slow"]);
        coverage.Load(coverage.Pairs().Split('\n'));
        Assert.Equal(["24  pair Dns × Slow", "6  pair Refused × Dns"], coverage.Pairs().Split('\n').Select(l => l.Trim()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Calm_hours_left_out_break_no_promise_and_the_same_script_is_the_same_run()
    {
        var script = SimDice.Packed(3, 0.15);
        var record = Play(script);
        var (violations, _, owed) = SimJudge.Judge(record);
        Assert.Empty(violations);
        Assert.True(owed.Strict >= SimSpec.Members.Length * 10, $"{owed}");
        Assert.Equal(record.Entries.Select(e => e.ToString()), Play(SimDice.Packed(3, 0.15)).Entries.Select(e => e.ToString()));
        var coverage = new SimCoverage();
        coverage.Add(record, 0, owed);
        Assert.Contains("calm hours left out", coverage.Totals(packed: true), StringComparison.Ordinal);
        Assert.True(coverage.Worth >= 5, $"{coverage.Worth}");
    }

    [Fact]
    public void Where_calm_hours_are_left_out_every_pair_of_kinds_and_every_crash_point_is_dealt()
    {
        var scripts = Enumerable.Range(0, 60).Select(seed => SimDice.Packed(seed, 0.4)).ToList();
        Assert.All(scripts, s => Assert.True(s.Faults.Count(f => f.IsTarget) >= 4 * s.Faults.Count(f => !f.IsTarget && !f.IsPosts) / 2));
        var met = scripts.SelectMany(s => s.Faults.SelectMany((f, i) => s.Faults.Skip(i + 1).Where(g => g.Span.Meets(f.Span)).Select(g => f.Kind < g.Kind ? (f.Kind, g.Kind) : (g.Kind, f.Kind)))).ToHashSet();
        Assert.DoesNotContain(SimDice.Pairs, p => !met.Contains(p));
        var points = scripts.SelectMany(s => s.Faults).Where(f => f.Kind is SimKind.DeskCrashAt or SimKind.SiteCrashAt).Select(f => (Milestone)f.Detail).ToHashSet();
        Assert.DoesNotContain(Enum.GetValues<Milestone>(), m => !points.Contains(m));
    }

    [Fact]
    public void A_way_that_anchors_cannot_tell_is_excused_only_where_no_other_site_is_left()
    {
        const string Item = "h2/mail";
        var (from, until) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(40));
        SimFault Way(SimKind kind, string what, string site) => new(1, kind, what, site, from, until, 0);
        bool IsDark(params SimFault[] faults) => new SimTruth(new SimScript(3, TimeSpan.FromHours(2), ["tokyo", "osaka"], faults)).Dark(Item).Holds(TimeSpan.FromMinutes(30));

        Assert.True(IsDark(Way(SimKind.PathRefused, "h2", "tokyo"), Way(SimKind.PathCut, "*", "osaka")));
        Assert.True(IsDark(Way(SimKind.PathRefused, "*", "tokyo"), Way(SimKind.SiteCrash, "", "osaka")));
        Assert.False(IsDark(Way(SimKind.PathCut, "*", "tokyo"), Way(SimKind.PathCut, "*", "osaka")));
        Assert.False(IsDark(Way(SimKind.PathCut, "*", "tokyo"), Way(SimKind.SiteCrash, "", "osaka")));
        Assert.False(IsDark(Way(SimKind.PathRefused, "h2", "tokyo"), Way(SimKind.PathCut, "h3", "osaka")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_comes_back_is_looked_at_by_every_site_that_can_hear_of_it(bool elsewhere)
    {
        SimFault Lasting(SimKind kind, string what, string site, double from, double until) => new(1, kind, what, site, TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(until), 0);
        var played = Played.Value.Script with
        {
            Faults =
            [
                Lasting(SimKind.SpecAdd, SimSpec.Added, "", 20, 30), Lasting(SimKind.SpecAdd, SimSpec.Added, "", 60, 90),
                Lasting(SimKind.LineCut, "", elsewhere ? "osaka" : "tokyo", 55, 100),
            ],
        };
        var record = Played.Value with { Played = played, Lulls = [new SimLull("tokyo", SimSpec.Added, new SimSpan(TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(120)))] };
        Assert.Equal(elsewhere, new SimCompanyLaws(record, new SimTruth(played)).Judge().Any(v => v.Law == "every item is looked at in every cycle"));
    }

    [Fact]
    public void A_mail_that_is_missing_is_seen()
    {
        var mail = Played.Value.Mails.First(m => IsOf(m, NoticeKind.Alert));
        Assert.Contains(Judge(Played.Value with { Mails = [.. Played.Value.Mails.Where(m => m != mail)] }), v => v.Law == "every notice reaches every member");
    }

    [Fact]
    public void An_alert_that_is_late_is_seen()
    {
        var late = Played.Value.Mails.Select(m => m with { At = m.At + TimeSpan.FromMinutes(30) });
        Assert.Contains(Judge(Played.Value with { Mails = [.. late] }), v => v.Law == "every fault longer than the bound is mailed");
    }

    [Fact]
    public void A_fault_that_nobody_was_told_of_is_seen()
    {
        var longest = Played.Value.Incidents.MaxBy(i => i.Recovered - i.Opened)!;
        Assert.Contains(
            Judge(Played.Value with { Incidents = [.. Played.Value.Incidents.Where(i => i != longest)] }), v => v.Law == "every fault longer than the bound is mailed");
    }

    [Fact]
    public void A_second_mail_is_seen()
    {
        var mail = Played.Value.Mails[0];
        Assert.Contains(Judge(Played.Value with { Mails = [.. Played.Value.Mails, mail] }), v => v.Law == "nobody is told twice");
    }

    [Fact]
    public void A_recovery_that_is_missing_is_seen()
    {
        var record = Changed(i => i with { Events = [.. i.Events.TakeWhile(e => e.What is not Recovered)] });
        Assert.Contains(Judge(record), v => v.Law == "every mailed problem has its recovery");
    }

    [Fact]
    public void An_alert_without_a_fault_is_seen()
    {
        var calm = Played.Value.Script.Length - TimeSpan.FromHours(1);
        var record = Changed(i => i with { Events = [.. i.Events.Select(e => e with { At = calm + (e.At - i.Opened) })] });
        Assert.Contains(Judge(record), v => v.Law == "nobody is told of a path");
    }

    [Fact]
    public void An_alert_that_comes_when_every_site_has_seen_it_work_is_seen()
    {
        var record = Changed(i => i.Recovered is not { } back || i.Told(NoticeKind.Alert).FirstOrDefault() is null ? i
            : i with { Events = [.. i.Events.Select(e => e with { At = back + TimeSpan.FromSeconds(30) + (e.At - i.Opened) })] });
        Assert.Contains(Judge(record), v => v.Law == "the past alerts nobody");
    }

    [Fact]
    public void Posts_in_time_and_none_are_told_apart()
    {
        var played = Play(new SimScript(
            SimScenes.SeedOf(SimTheme.Posts, 0, 0),
            TimeSpan.FromHours(1.5),
            ["tokyo", "osaka"],
            [new SimFault(1, SimKind.PostsStop, SimSpec.Posted, "", TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(45), 0)]));
        Assert.Empty(Judge(played));
        var incident = Assert.Single(played.Incidents);
        Assert.Contains(Judge(played with { Incidents = [] }), v => v.Law == "what is not posted is told");
        var early = incident with { Events = [.. incident.Events.Select(e => e with { At = e.At - TimeSpan.FromMinutes(8) })] };
        Assert.Contains(Judge(played with { Incidents = [early] }), v => v.Law == "what is posted in time is no failure");
    }

    [Fact]
    public void Every_theme_has_its_seeds_and_scenes() => Assert.All(Enum.GetValues<SimTheme>().Where(t => t != SimTheme.None), theme =>
    {
        var scripts = Enumerable.Range(0, 6).Select(n => SimDice.Script(SimScenes.SeedOf(theme, 100, n), 0.25)).ToList();
        Assert.All(scripts, s => Assert.Equal(theme, s.Theme));
        Assert.True(scripts.Select(s => s.Zone).Distinct().Count() > 2);
        var scene = new SimScenes(new Random(1), scripts[0]).Draw(TimeSpan.FromHours(1));
        Assert.NotEmpty(scene);
        Assert.All(scene.Select(f => f.Kind).Distinct().Where(k => k is not (SimKind.Refused or SimKind.BlackHole or SimKind.Dns or SimKind.BadAnswer)), k => Assert.Contains(scripts, s => s.Faults.Any(f => f.Kind == k)));
    });

    [Fact]
    public void A_recovery_while_it_fails_is_seen()
    {
        var longest = Played.Value.Incidents.MaxBy(i => i.Recovered - i.Opened)!;
        var record = Changed(i => i != longest ? i : i with { Events = [.. i.Events.Select(e => e.What is Recovered ? e with { At = i.Opened + ((e.At - i.Opened) * 0.7) } : e)] });
        Assert.Contains(Judge(record), v => v.Law == "no recovery while it fails");
    }

    [Fact]
    public void A_lull_a_row_that_waits_and_a_wrong_clock_are_seen()
    {
        var record = Played.Value with
        {
            Lulls = [new SimLull("tokyo", "h1/mail", new SimSpan(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20)))],
            Outbox = [("waiting", 1)],
            Slo = [.. Played.Value.Slo.Select(s => (s.Incident, s.Started + TimeSpan.FromMinutes(1)))],
        };
        var laws = Judge(record).Select(v => v.Law).ToList();
        Assert.Contains("every item is looked at in every cycle", laws);
        Assert.Contains("every outbox row settles", laws);
        Assert.Contains("the SLO clock is the relay's acceptance", laws);
    }

    private static bool IsOf(SimMail mail, NoticeKind kind) =>
        Played.Value.Incidents.Any(i => i.Told(kind).Any(t => ((NoticeDecided)t.What).MailKey == mail.Key));

    private static SimRecord Changed(Func<SimIncident, SimIncident> change) => Played.Value with { Incidents = [.. Played.Value.Incidents.Select(change)] };

    private static IReadOnlyList<SimViolation> Judge(SimRecord record) => SimJudge.Judge(record).Violations;

    private static SimRecord Play(SimScript script) => SimRun.Play(script, Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath());
}
