using Hinoban.Basics;
using Hinoban.States;
using Hinoban.Tests.Flow;

namespace Hinoban.Tests.States;

/// <summary>What a customer may ask for, and where a request stands.</summary>
public sealed class MaintenanceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("web01", 0, 60, "")]
    [InlineData("web01/http web01/smtp", -9, 60, "")]
    [InlineData("web01", -10, 60, "")] // a form takes time
    [InlineData("web01", 60, 60 + (30 * 1440), "")]
    [InlineData("web01", 90 * 1440, (90 * 1440) + 60, "")]
    [InlineData("", 0, 60, "targets: choose from 1 to 50 hosts or items")]
    [InlineData("web02", 0, 60, "targets: nothing that is watched is called `web02`; did you mean `web01`?")]
    [InlineData("web01/ftp other", 0, 60, "targets: nothing that is watched is called `web01/ftp`; did you mean `web01/http`? targets: nothing that is watched is called `other`")]
    [InlineData("web01", -11, 60, "from_utc: its start has passed")]
    [InlineData("web01", 60, 60, "to_utc: the end is not after the start")]
    [InlineData("web01", 60, 30, "to_utc: the end is not after the start")]
    [InlineData("web01", 0, (30 * 1440) + 1, "to_utc: it lasts more than 30 days")]
    [InlineData("web01", (90 * 1440) + 1, (90 * 1440) + 60, "from_utc: it must begin within 90 days")]
    [InlineData("web01", -60, -30, "from_utc: its start has passed")]
    public void Each_mistake_is_named(string targets, int from, int to, string said) => Assert.Equal(said, Said(Ask(targets, from, to)));

    [Fact]
    public void All_mistakes_are_named_at_once() => Assert.Equal(
        ["targets", "to_utc", "from_utc", "reason", "contact"],
        MaintenanceRules.Problems(Ask("x", -60, -90) with { Reason = " ", Contact = "a\nb" }, TestPlans.CustomerPlan(1, ["http", "smtp"]), [], Now).Select(p => p.Field));

    [Theory]
    [InlineData(120, 80, "")]
    [InlineData(121, 80, "reason")]
    [InlineData(120, 81, "contact")]
    [InlineData(0, 0, "reason contact")]
    public void Texts_are_one_line_and_not_too_long(int reason, int contact, string wrong) => Assert.Equal(wrong, string.Join(' ', MaintenanceRules
        .Problems(Ask("web01", 0, 60) with { Reason = new string('r', reason), Contact = new string('c', contact) }, TestPlans.CustomerPlan(1, ["http"]), [], Now).Select(p => p.Field)));

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 1)]
    public void A_request_is_for_fifty_places_at_most(int targets, int problems) => Assert.Equal(
        problems, MaintenanceRules.Problems(Ask("web01", 0, 60) with { Targets = [.. Enumerable.Repeat("web01", targets)] }, TestPlans.CustomerPlan(1, ["http"]), [], Now).Count);

    [Theory]
    [InlineData("web01/http", true, true)] // a host and one of its services are the same place
    [InlineData("web01/http", null, true)]
    [InlineData("web01/http", false, false)]
    [InlineData("web010", true, false)]
    public void A_host_overlaps_a_request_for_its_service(string other, bool? approved, bool overlaps)
    {
        var earlier = new MaintenanceRequest(7, Ask(other, 0, 60), Now, "tanaka", approved is { } a ? new MaintenanceDecision(a, Now, "sato", "") : null);
        Assert.Equal(overlaps, Said(Ask("web01", 0, 60), earlier).Length > 0);
        Assert.Equal("", Said(Ask("web01", 0, 60), earlier with { Ask = Ask(other, -60, 0) }));
    }

    [Fact]
    public void Why_nothing_is_decided_any_more_is_said()
    {
        var request = new MaintenanceRequest(7, Ask("web01", -120, 0), Now, "tanaka", null);
        Assert.Equal(MaintenanceText.Lapsed, MaintenanceRules.Closed(request, Now));
        Assert.Equal(MaintenanceText.Decided("sato"), MaintenanceRules.Closed(request with { Decision = new MaintenanceDecision(true, Now, "sato", "") }, Now));
    }

    [Theory]
    [InlineData("web01", 30, 90, true)]
    [InlineData("web01/http", 59, 61, true)]
    [InlineData("web01", 60, 90, false)]
    [InlineData("web01", -60, 0, false)]
    public void One_that_overlaps_another_of_the_same_place_is_refused(string targets, int from, int to, bool overlaps)
    {
        var other = new MaintenanceRequest(7, Ask("web01", 0, 60), Now, "tanaka", null);
        Assert.Equal(overlaps, Said(Ask(targets, from, to), other).Contains("it overlaps request MNT-7", StringComparison.Ordinal));
        Assert.DoesNotContain("MNT-7", Said(Ask(targets, from, to), other with { Decision = new MaintenanceDecision(false, Now, "sato", "no") }), StringComparison.Ordinal);
    }

    [Fact]
    public void One_place_of_several_is_enough_to_overlap()
    {
        var two = new MaintenanceRequest(7, Ask("web01/smtp web01/http", 0, 60), Now, "tanaka", null);
        Assert.Equal("from_utc: it overlaps request MNT-7", Said(Ask("web01/http", 0, 60), two));
        Assert.Equal("from_utc: it overlaps request MNT-7", Said(two.Ask, two with { Ask = Ask("web01/http", 0, 60) }));
    }

    [Fact]
    public void Another_service_of_the_same_host_is_another_place() =>
        Assert.Equal("", Said(Ask("web01/http", 0, 60), new MaintenanceRequest(7, Ask("web01/smtp", 0, 60), Now, "tanaka", null)));

    [Theory]
    [InlineData(null, 60, "Asked")]
    [InlineData(null, 0, "Lapsed")]
    [InlineData(true, 60, "Approved")]
    [InlineData(true, 0, "Over")]
    [InlineData(false, 60, "Declined")]
    public void A_request_stands_where_its_decision_and_its_end_say(bool? approved, int to, string stage)
    {
        var request = new MaintenanceRequest(7, Ask("web01", -120, to), Now, "tanaka", approved is { } a ? new MaintenanceDecision(a, Now, "sato", "") : null);
        Assert.Equal(stage, MaintenanceRules.StageOf(request, Now).ToString());
        Assert.Equal(stage == "Asked", MaintenanceRules.Closed(request, Now) is null);
    }

    [Fact]
    public void An_approved_one_is_a_mute_of_each_target()
    {
        var silences = MaintenanceRules.Silences(new MaintenanceRequest(7, Ask("web01 web01/http", 0, 60), Now, "tanaka", null));
        Assert.Equal([("web01", ""), ("web01", "http")], silences.Select(s => (s.Host, s.Service)));
        Assert.All(silences, s => Assert.Null(s.Problem(TestPlans.CustomerPlan(1, ["http", "smtp"]), Now)));
        Assert.All(silences, s => Assert.Equal("power cut (MNT-7)", s.Reason));
    }

    private static MaintenanceAsk Ask(string targets, int from, int to) =>
        new(TestPlans.Customer, targets.Split(' ', StringSplitOptions.RemoveEmptyEntries), Now.AddMinutes(from), Now.AddMinutes(to), "power cut", "Tanaka 03-0000-8901");

    private static string Said(MaintenanceAsk ask, params MaintenanceRequest[] others) =>
        string.Join(' ', MaintenanceRules.Problems(ask, TestPlans.CustomerPlan(1, ["http", "smtp"]), others, Now).Select(p => $"{p.Field}: {p.Said.En}"));
}
