using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Flow;

namespace Hinoban.Tests.States;

/// <summary>Which silence holds what, of several; and what a person may ask for at run time.</summary>
public sealed class SilenceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    private static readonly CustomerPlan Customer = TestPlans.CustomerPlan(1, ["http", "smtp"]);
    private static readonly ItemPlan Http = Customer.Hosts[0].Services[0];
    private static readonly SiteEvidence Pool = Saw(VoteKind.Answer, CheckStatus.Critical, "connection pool exhausted");
    private static readonly SiteEvidence Refused = Saw(VoteKind.Transport, CheckStatus.Critical, "connection refused");
    private static readonly SiteEvidence Fine = Saw(VoteKind.Ok, CheckStatus.Ok, "fine");
    private static readonly SiteEvidence Doubt = Saw(VoteKind.VoidSoft, CheckStatus.Critical, "in doubt");

    [Theory]
    [InlineData("Stop", true, true)]
    [InlineData("Mute", false, true)]
    [InlineData("Known", false, true)]
    [InlineData("Wait", false, false)]
    public void A_stop_a_mute_and_a_known_pattern_hold_alerts_back(string kind, bool stops, bool holds)
    {
        Silence[] one = [Silence(kind, 60)];
        Assert.Equal(stops, SilenceRules.Stops(one, Http, Now) is not null);
        Assert.Equal(holds ? new SilenceHold(one[0], Now.AddMinutes(60)) : null, SilenceRules.Holds(one, Http, [Pool], Now));
        Assert.NotNull(SilenceRules.Marks(one, Http, [Pool], Now));
    }

    [Theory]
    [InlineData("pool", true)]
    [InlineData("pool pool", true)]
    [InlineData("pool fine", true)]
    [InlineData("pool doubt", true)] // not confirmed: it is no evidence
    [InlineData("pool refused", false)] // one site saw something else
    [InlineData("refused", false)]
    [InlineData("fine", false)]
    [InlineData("", false)]
    public void A_known_pattern_holds_while_all_failing_outputs_show_it(string seen, bool holds)
    {
        SiteEvidence[] evidence = [.. seen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w switch { "pool" => Pool, "refused" => Refused, "fine" => Fine, _ => Doubt })];
        Assert.Equal(holds, SilenceRules.Holds([Silence("Known", 60)], Http, evidence, Now) is not null);
    }

    [Theory]
    [InlineData("pool", "pool exhausted", "pool")]
    [InlineData("pool", "refused", null)]
    public void A_known_pattern_is_found_in_a_record_while_its_silence_stands(string match, string record, string? found)
    {
        var known = Silence("Known", 60) with { Plan = Silence("Known", 60).Plan with { Match = match } };
        Assert.Equal(found, SilenceRules.KnownBy([known], Http, record, Now));
        Assert.Null(SilenceRules.KnownBy([known], Http, record, Now.AddMinutes(61)));
        Assert.Null(SilenceRules.KnownBy([Silence("Mute", 60) with { Plan = Silence("Mute", 60).Plan with { Match = match } }], Http, record, Now));
        Assert.Null(SilenceRules.KnownBy([Silence("Known", 60, service: "smtp")], Http, "pool", Now));
    }

    [Fact]
    public void Of_two_known_patterns_in_a_record_the_first_that_was_agreed_names_it()
    {
        Silence[] known = [.. new[] { "pool", "exhausted" }.Select(match => Silence("Known", 60) with { Plan = Silence("Known", 60).Plan with { Match = match } })];
        Assert.Equal("pool", SilenceRules.KnownBy(known, Http, "pool exhausted", Now));
        Assert.Equal("exhausted", SilenceRules.KnownBy(known.Reverse(), Http, "pool exhausted", Now));
    }

    [Fact]
    public void A_log_is_held_by_a_mute_or_while_all_its_known_patterns_stand()
    {
        Silence[] known = [Known("a", 60), Known("b", 30)];
        Assert.Null(SilenceRules.HoldsLog(known, Http, new HashSet<string>(), Now));
        Assert.Equal(known[1], SilenceRules.HoldsLog(known, Http, new HashSet<string> { "a", "b" }, Now)!.Silence);
        Assert.Null(SilenceRules.HoldsLog(known, Http, new HashSet<string> { "a", "b" }, Now.AddMinutes(31)));
        Assert.NotNull(SilenceRules.HoldsLog(known, Http, new HashSet<string> { "a" }, Now.AddMinutes(31)));
        Assert.Null(SilenceRules.HoldsLog(known, Http, new HashSet<string> { "c" }, Now));
        Assert.NotNull(SilenceRules.HoldsLog([Silence("Mute", 60)], Http, new HashSet<string>(), Now));
        Assert.NotNull(SilenceRules.HoldsLog([Silence("Stop", 60)], Http, new HashSet<string> { "c" }, Now));
        Assert.Null(SilenceRules.HoldsLog([Silence("Wait", 60)], Http, new HashSet<string>(), Now));

        static Silence Known(string match, int minutes) => Silence("Known", minutes) with { Plan = Silence("Known", minutes).Plan with { Match = match } };
    }

    [Fact]
    public void Of_several_the_one_that_lasts_longest_counts_and_a_stop_marks_before_all()
    {
        Silence[] all = [Silence("Mute", 60), Silence("Stop", 30), Silence("Mute", 90), Silence("Wait", 200, minutes: 15), Silence("Mute", 999, service: "smtp")];
        Assert.Equal(Now.AddMinutes(90), SilenceRules.Holds(all, Http, [Pool], Now)!.UntilUtc);
        Assert.Equal(Now.AddMinutes(30), SilenceRules.Stops(all, Http, Now)!.UntilUtc);
        Assert.Equal(all[1], SilenceRules.Marks(all, Http, [Pool], Now)!.Silence);
        Assert.Equal(all[2], SilenceRules.Marks(all.Where(s => s.Plan.Kind != SilenceKind.Stop), Http, [Pool], Now)!.Silence);
        Assert.Equal(all[3], SilenceRules.Marks([all[3], Silence("Known", 500, service: "smtp")], Http, [Pool], Now)!.Silence);
        Assert.Null(SilenceRules.Marks([Silence("Known", 60)], Http, [Refused], Now));
        Assert.Null(SilenceRules.Marks([], Http, [Pool], Now));
    }

    [Fact]
    public void The_response_waits_as_long_as_the_longest_wait_says()
    {
        Silence[] all = [Silence("Wait", 60, minutes: 10), Silence("Wait", 60, minutes: 15), Silence("Wait", 60, minutes: 20, service: "smtp"), Silence("Wait", 0, minutes: 25), Silence("Mute", 60, minutes: 30)];
        Assert.Equal(TimeSpan.FromMinutes(15), SilenceRules.Waits(all, Http, Now)!.Plan.For);
        Assert.Null(SilenceRules.Waits([all[2], all[3], all[4]], Http, Now));
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("web01", "", null)]
    [InlineData("web01", "smtp", null)]
    [InlineData("web02", "", "There is no such customer, host or service")]
    [InlineData("web01", "ftp", "There is no such customer, host or service")]
    [InlineData("x", "", "There is no such customer, host or service")]
    [InlineData("web01", "x", "There is no such customer, host or service")]
    [InlineData("", "http", "There is no such customer, host or service")]
    public void A_mute_is_of_what_is_watched(string host, string service, string? wrong) =>
        Assert.Equal(wrong, (Ask() with { Host = host, Service = service }).Problem(Customer, Now)?.En);

    [Fact]
    public void Nobody_mutes_the_provider_or_a_customer_who_is_none()
    {
        Assert.Equal(SilenceWhy.NoSuchScope, Ask().Problem(null, Now));
        Assert.Equal(SilenceWhy.NoSuchScope, Ask().Problem(Customer with { Id = ProviderPlan.Customer }, Now));
        Assert.Equal(SilenceWhy.ReasonNeeded, (Ask() with { Reason = " " }).Problem(Customer, Now));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_reason_has_two_hundred_characters_at_most(int length, bool right) => Assert.Equal(right ? null : SilenceWhy.ReasonWrong, (Ask() with { Reason = new string('x', length) }).Wrong(Now));

    [Fact]
    public void A_reason_is_one_line() => Assert.Equal(SilenceWhy.ReasonWrong, (Ask() with { Reason = "a\nb" }).Wrong(Now));

    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(60, 60, "the end is not after the start")]
    [InlineData(-60, 0, "Its end has passed")]
    [InlineData(-60, 1, null)]
    [InlineData(0, 30 * 1440, null)]
    [InlineData(0, (30 * 1440) + 1, "it lasts more than 30 days")]
    [InlineData(366 * 1440, (366 * 1440) + 60, null)]
    [InlineData((366 * 1440) + 1, (366 * 1440) + 60, "It must begin within a year")]
    public void Its_times_are_ahead_and_not_too_far(int from, int to, string? wrong) =>
        Assert.Equal(wrong, (Ask() with { FromUtc = Now.AddMinutes(from), ToUtc = Now.AddMinutes(to) }).Wrong(Now)?.En);

    private static SilenceRequest Ask() => new(TestPlans.Customer, "", "", Now, Now.AddHours(1), "planned work");

    private static SiteEvidence Saw(VoteKind vote, CheckStatus status, string output) => new(new SiteName("tokyo"), vote, status, NoValue.None, Now, output);

    private static Silence Silence(string kind, int until, int minutes = 0, string service = "") => new(
        "key", TestPlans.Customer, TimeZoneInfo.Utc,
        new SilencePlan(service.Length > 0 ? "web01" : "", service, Enum.Parse<SilenceKind>(kind), new SpanTimes(Now.AddHours(-1), Now.AddMinutes(until)), "why", "who", TimeSpan.FromMinutes(minutes), "pool"));
}
