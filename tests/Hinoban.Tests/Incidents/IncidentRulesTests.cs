using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Responding;
using static Hinoban.Tests.Responding.Story;

namespace Hinoban.Tests.Incidents;

/// <summary>What a verdict does to a problem, as tables of before and after.</summary>
public sealed class IncidentRulesTests
{
    private static readonly Moment Now = new(Start.AddMinutes(5), TimeSpan.FromHours(7));
    private static readonly IReadOnlyList<SiteEvidence> Mixed = [Saw("tokyo", VoteKind.Ok, "fine"), Saw("osaka", VoteKind.Answer, "first"), Saw("nagoya", VoteKind.Transport, "second")];

    [Fact]
    public void A_new_incident_keeps_the_facts_of_its_item_and_of_the_verdict()
    {
        var opened = IncidentRules.Open(Http, "INC-1", 3, Failing() with { SingleSite = true }, Start, Now);
        Assert.Equal((Now.Utc, "engine", Reach.Reached, CheckStatus.Critical, true, Mixed), (opened.AtUtc, opened.By, opened.Reach, opened.Severity, opened.SingleSite, opened.Evidence));
        Assert.Equal(
            new ProblemFacts("INC-1", Http.Customer, Http.Id, 3, "web01", "http", "192.0.2.10", "http", Http.Look.Thresholds, "restart-web", 4, 9, Start), opened.Problem);
    }

    [Theory]
    [InlineData("", Judgement.Failing, false, "")]
    [InlineData("", Judgement.Failing, true, "FlappingStarted Critical")]
    [InlineData("", Judgement.Working, true, "FlappingStarted Ok")]
    [InlineData("", Judgement.Working, false, "Recovered")]
    [InlineData("flaps", Judgement.Working, true, "")]
    [InlineData("flaps", Judgement.Failing, false, "FlappingEnded Critical")]
    [InlineData("flaps", Judgement.Working, false, "FlappingEnded Ok, Recovered")]
    [InlineData("flaps", Judgement.Hold, false, "FlappingEnded Ok")]
    [InlineData("recovered", Judgement.Failing, true, "")]
    [InlineData("recovered", Judgement.Working, false, "")]
    internal void While_it_flaps_nothing_changes_and_then_the_verdict_of_that_moment_decides(string before, Judgement judgement, bool flaps, string after)
    {
        var story = before == "flaps" ? Opened().Add(new FlappingStarted(At("1:00"), "engine", 40, CheckStatus.Ok)) : before == "recovered" ? Opened().Recover("1:00") : Opened();
        var events = IncidentRules.Continue(Of(story), Verdict(judgement), flaps, 31.5, Now);
        Assert.Equal(after, Names(events));
        Assert.All(events, e => Assert.Equal((Now.Utc, "engine"), (e.AtUtc, e.By)));
        Assert.All(events.OfType<FlappingStarted>(), e => Assert.Equal(31.5, e.Percent));
        Assert.All(events.OfType<FlappingEnded>(), e => Assert.Equal(31.5, e.Percent));
    }

    [Theory]
    [InlineData(Judgement.Hold, CheckStatus.Warning, "")]
    [InlineData(Judgement.Failing, CheckStatus.Critical, "")]
    [InlineData(Judgement.Failing, CheckStatus.Warning, "SeverityChanged Critical to Warning")]
    [InlineData(Judgement.Working, CheckStatus.Ok, "Recovered")]
    internal void An_open_problem(Judgement judgement, CheckStatus severity, string after) =>
        Assert.Equal(after, Names(IncidentRules.Continue(Of(Opened()), Verdict(judgement, severity), Now)));

    [Theory]
    [InlineData(Judgement.Working)]
    [InlineData(Judgement.Failing)]
    internal void A_problem_that_is_over_stays_so(Judgement judgement) => Assert.Empty(IncidentRules.Continue(Of(Opened().Recover("1:00")), Verdict(judgement, CheckStatus.Warning), Now));

    [Theory]
    [InlineData(1, false, Judgement.Working, "LeadBack 1")]
    [InlineData(1, true, Judgement.Working, "")]
    [InlineData(0, false, Judgement.Working, "Recovered")]
    [InlineData(1, true, Judgement.Failing, "LeadDown")]
    [InlineData(1, false, Judgement.Failing, "")]
    internal void In_a_storm_the_incidents_own_host_comes_and_goes(int others, bool back, Judgement judgement, string after) =>
        Assert.Equal(after, Names(IncidentRules.Continue(Of(Storm(others, back)), Verdict(judgement), Now)));

    [Fact]
    public void A_host_that_is_back_down_with_another_severity_says_both() =>
        Assert.Equal("LeadDown, SeverityChanged Critical to Warning", Names(IncidentRules.Continue(Of(Storm(1, back: true)), Verdict(Judgement.Failing, CheckStatus.Warning), Now)));

    [Theory]
    [InlineData(true, false, "Recovered, Closed")]
    [InlineData(true, true, "Recovered")] // whoever took it closes it
    [InlineData(false, false, "Recovered")]
    public void The_desks_own_alarm_closes_itself_unless_somebody_has_taken_it(bool own, bool claimed, string after)
    {
        var story = Opened(facts: own ? Facts with { Customer = ProviderPlan.Customer } : Facts);
        Assert.Equal(own, IncidentRules.IsOwn(Of(story)));
        Assert.Equal(after, Names(IncidentRules.Continue(Of(claimed ? story.Claim("1:00") : story), Verdict(Judgement.Working), Now)));
    }

    [Theory]
    [InlineData("", "StormLeft h1 StormOver, StormLeft h2 StormOver, Recovered, Closed")]
    [InlineData("recovered", "Closed")]
    [InlineData("closed", "StormLeft h1 StormOver, StormLeft h2 StormOver, Recovered")]
    [InlineData("recovered closed", "")]
    public void An_item_that_leaves_the_edition_lets_the_others_go(string before, string after)
    {
        var story = Storm(2);
        story = before.Contains("recovered", StringComparison.Ordinal) ? story.Recover("2:00") : story;
        var events = IncidentRules.Retire(Of(before.Contains("closed", StringComparison.Ordinal) ? story.Close("3:00") : story), Now);
        Assert.Equal(after, Names(events));
        Assert.All(events.OfType<Recovered>(), e => Assert.Equal(RecoveryReason.ItemRemoved, e.Reason));
    }

    [Fact]
    public void What_fails_with_a_host_joins_its_incident_with_the_first_failing_words()
    {
        var host = Of(Opened(facts: Facts with { Service = "" }));
        var (service, behind) = (Http with { Id = new ItemId(8) }, Http with { Id = new ItemId(9), Host = "db01" });
        Assert.Equal(
            [new ServiceAttached(Now.Utc, "engine", service.Id, "http", CheckStatus.Critical, "first") { Kind = "http" }], IncidentRules.Attach(host, service, Failing(), depends: false, Now));
        Assert.Equal(
            [new ServiceAttached(Now.Utc, "engine", behind.Id, "db01/http", CheckStatus.Critical, "first") { Kind = "http", Depends = true }], IncidentRules.Attach(host, behind, Failing(), depends: true, Now));
        Assert.Equal(
            [new HostAttached(Now.Utc, "engine", behind.Id, "db01", "192.0.2.10", "first") { Kind = "http" }], IncidentRules.Attach(host, behind with { Service = "" }, Failing(), depends: false, Now));
    }

    [Fact]
    public void It_joins_once_and_no_incident_that_is_over()
    {
        var (host, item) = (Of(Opened(facts: Facts with { Service = "" })), Http with { Id = new ItemId(8) });
        var joined = IncidentRules.Attach(host, item, Failing(), depends: false, Now);
        Assert.Empty(IncidentRules.Attach(host.With(joined), item, Failing(), depends: false, Now));
        Assert.Single(IncidentRules.Attach(host.With(joined), item with { Id = new ItemId(9) }, Failing(), depends: false, Now));
        Assert.Empty(IncidentRules.Attach(Of(Opened().Recover("1:00")), item, Failing(), depends: false, Now));
    }

    [Fact]
    public void Where_nobody_has_seen_it_fail_there_are_no_words()
    {
        var silent = Failing() with { Evidence = [Saw("tokyo", VoteKind.Ok, "fine")] };
        var joined = Assert.IsType<ServiceAttached>(Assert.Single(IncidentRules.Attach(Of(Opened()), Http with { Id = new ItemId(8) }, silent, depends: false, Now)));
        Assert.Equal("", joined.Output);
        Assert.Equal("", IncidentRules.Join(Http, new StormCause(CauseKind.Network, "192.0.2.0/24"), silent, Now).Output);
    }

    [Fact]
    public void A_host_joins_a_storm_with_its_cause_and_the_first_failing_words() => Assert.Equal(
        new StormJoined(Now.Utc, "engine", Http.Id, "web01", "192.0.2.10", CauseKind.Network, "192.0.2.0/24", "first") { Kind = "http" },
        IncidentRules.Join(Http, new StormCause(CauseKind.Network, "192.0.2.0/24"), Failing(), Now));

    [Theory]
    [InlineData(2, true, "", "StormLeft h1 StormOver, StormLeft h2 StormOver, Recovered")]
    [InlineData(3, true, "", "")] // still a storm
    [InlineData(3, true, "closed", "StormLeft h1 StormOver, StormLeft h2 StormOver, StormLeft h3 StormOver, Recovered")]
    [InlineData(2, false, "", "")]
    [InlineData(2, true, "flaps", "")]
    [InlineData(2, true, "recovered", "")]
    [InlineData(2, true, "h1 back", "StormLeft h2 StormOver, Recovered")]
    public void A_storm_ends_when_its_own_host_works_and_few_others_fail(int others, bool back, string then, string after)
    {
        var story = Storm(others, back);
        story = then switch
        {
            "closed" => story.Close("3:00"),
            "flaps" => story.Add(new FlappingStarted(At("3:00"), "engine", 40, CheckStatus.Ok)),
            "recovered" => story.Recover("3:00"),
            "h1 back" => story.Add(new StormLeft(At("3:00"), "engine", new ItemId(101), "h1", StormExit.Back)),
            _ => story,
        };
        var events = IncidentRules.EndStorm(Of(story), Now);
        Assert.Equal(after, Names(events));
        Assert.All(events.OfType<Recovered>(), e => Assert.Equal(("tokyo saw it", RecoveryReason.SeenWorking), (e.Evidence[0].Output, e.Reason)));
    }

    [Fact]
    public void The_first_failure_is_the_earliest_of_the_sites_that_see_it_fail_now()
    {
        static SiteView Saw(string site, CheckStatus status, StateType type, int? minute) =>
            new(new SiteName(site)) { Known = true, Status = status, Type = type, FailingSinceUtc = minute is { } m ? Start.AddMinutes(m) : null };
        var (soft, hard) = (Saw("tokyo", CheckStatus.Critical, StateType.Soft, 2), Saw("osaka", CheckStatus.Warning, StateType.Hard, 3));
        var before = Saw("nagoya", CheckStatus.Ok, StateType.Hard, 1);
        Assert.Equal(Start.AddMinutes(2), IncidentRules.FirstFailure([hard, soft, before], Now));
        Assert.Equal(Start.AddMinutes(3), IncidentRules.FirstFailure([hard, before], Now));
        Assert.Equal(Now.Utc, IncidentRules.FirstFailure([before, Saw("tokyo", CheckStatus.Critical, StateType.Hard, null)], Now));
    }

    private static Incident Of(Story story) => new(new IncidentId(1), story.Events);

    private static Story Storm(int others, bool back = false)
    {
        var story = Opened(facts: Facts with { Service = "" });
        Enumerable.Range(1, others).ToList().ForEach(n => story.Add(new StormJoined(At("1:00"), "engine", new ItemId(100 + n), $"h{n}", "192.0.2.20", CauseKind.Network, "192.0.2.0/24", "")));
        return back ? story.Add(new LeadBack(At("2:00"), "engine", [Saw("tokyo", VoteKind.Ok, "tokyo saw it")], others)) : story;
    }

    private static Verdict Failing() => Verdict(Judgement.Failing);

    private static Verdict Verdict(Judgement judgement, CheckStatus severity = CheckStatus.Critical) =>
        new(judgement, Reach.Reached, judgement == Judgement.Failing ? severity : CheckStatus.Ok, false, Mixed, null);

    private static string Names(IEnumerable<IncidentEvent> events) => string.Join(", ", events.Select(e => e switch
    {
        FlappingStarted f => $"FlappingStarted {f.Now}",
        FlappingEnded f => $"FlappingEnded {f.Now}",
        SeverityChanged c => $"SeverityChanged {c.Before} to {c.After}",
        LeadBack b => $"LeadBack {b.StillFailing}",
        StormLeft l => $"StormLeft {l.Host} {l.Why}",
        _ => e.GetType().Name,
    }));
}
