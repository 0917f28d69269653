using System.Reflection;
using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Console.Incidents;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>The pure parts: charts, clocks, sentences.</summary>
public sealed class PartTests
{
    private static readonly DateTimeOffset At = new(2026, 4, 14, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.9, 1, 0.25)]
    [InlineData(3.7, 4, 1)]
    [InlineData(0.021, 0.025, 0.01)]
    [InlineData(0, 1, 0.25)]
    [InlineData(double.NaN, 1, 0.25)]
    public void Scales_end_on_round_numbers(double value, double top, double step)
    {
        var nice = ChartMath.Nice(value);
        Assert.True(nice.Top >= (double.IsNaN(value) ? 0 : value));
        Assert.Equal(0, Math.Abs(nice.Top / nice.Step) % 1, 6);
        Assert.True(nice.Top <= top * 1.3 + 1e-9 && nice.Step <= step * 2.6, $"{nice}");
    }

    [Theory]
    [InlineData("WARN 3 s / CRIT 8 s / status 200", 3.0, 8.0)]
    [InlineData("WARN 500 ms 20% / CRIT 1000 ms 60%", 0.5, 1.0)]
    [InlineData("CRIT 5 s", null, 5.0)]
    [InlineData("status < 400 / certificate WARN 30 d, CRIT 7 d", null, null)]
    [InlineData("check_disk -w 20% -c 10%", null, null)]
    [InlineData("", null, null)]
    public void Thresholds_are_read_only_where_they_are_times(string text, double? warn, double? crit) =>
        Assert.Equal((warn, crit), ChartMath.Thresholds(text));

    [Theory]
    [InlineData(0, "calm")]
    [InlineData(299, "calm")]
    [InlineData(300, "soon")]
    [InlineData(479, "soon")]
    [InlineData(480, "urgent")]
    [InlineData(599, "urgent")]
    [InlineData(600, "over")]
    public void Urgency_rises_at_five_and_eight_minutes(int seconds, string word) =>
        Assert.Equal(word, SloClock.Word(SloClock.UrgencyOf(new SloView(At, At.AddMinutes(10), null, null), At.AddSeconds(seconds))));

    [Fact]
    public void The_clock_waits_for_the_mail_and_stops_at_the_claim()
    {
        Assert.Equal(Urgency.NotStarted, SloClock.UrgencyOf(new SloView(null, null, null, null), At));
        Assert.Equal(Urgency.Stopped, SloClock.UrgencyOf(new SloView(At, At.AddMinutes(10), At.AddMinutes(2), true), At.AddHours(1)));
    }

    [Fact]
    public void Every_kind_of_event_is_told_in_both_languages()
    {
        var kinds = typeof(IncidentEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType).ToHashSet();
        var events = OneOfEach().ToList();
        Assert.Empty(kinds.Except(events.Select(e => e.GetType())));
        foreach (var happened in events)
        {
            var told = Assert.Single(Telling.Of([happened], all: true));
            Assert.DoesNotContain(happened.GetType().Name, told.Sentence.Ja, StringComparison.Ordinal);
            Assert.NotEqual(told.Sentence.Ja, told.Sentence.En);
        }
    }

    [Fact]
    public void A_viewer_is_not_told_internal_notes()
    {
        IncidentEvent[] events = [new NoteAdded(At, "sato", "internal", false), new NoteAdded(At, "sato", "for the report", true)];
        Assert.Equal("for the report", Assert.Single(Telling.Of(events, all: false)).Quote.Ja);
        Assert.Equal(2, Telling.Of(events, all: true).Count);
    }

    [Fact]
    public void Deliveries_that_went_the_same_way_are_one_sentence()
    {
        DeliverySettled Settled(string to, DeliveryOutcome outcome) => new(At, "engine", NoticeKind.Alert, "k", to, false, outcome, "Q1", "250 ok", false, false);
        var told = Telling.Of([Settled("a@x", DeliveryOutcome.Accepted), Settled("b@x", DeliveryOutcome.Accepted), Settled("c@x", DeliveryOutcome.Rejected)], all: true);
        Assert.Equal(2, told.Count);
        Assert.Contains("2宛先", told[1].Sentence.Ja, StringComparison.Ordinal);
        Assert.Contains("拒否", told[0].Sentence.Ja, StringComparison.Ordinal);
    }

    private static IEnumerable<IncidentEvent> OneOfEach()
    {
        var facts = new ProblemFacts("INC-1", new CustomerId("c"), new ItemId(1), 1, "web01", "http", "192.0.2.1", "http", "", null, 1, 1, At);
        SiteEvidence[] evidence = [new(new SiteName("tokyo"), VoteKind.Ok, CheckStatus.Ok, NoValue.None, At, "fine")];
        yield return new Opened(At, "engine", facts, Reach.Reached, CheckStatus.Critical, true, evidence);
        yield return new SeverityChanged(At, "engine", CheckStatus.Warning, CheckStatus.Critical, evidence);
        yield return new FlappingStarted(At, "engine", 55, CheckStatus.Ok);
        yield return new FlappingEnded(At, "engine", 20, CheckStatus.Ok);
        yield return new StormJoined(At, "engine", new ItemId(4), "web03", "192.0.2.12", CauseKind.Vendor, "tokyo-idc", "x");
        yield return new StormJoined(At, "engine", new ItemId(5), "web04", "192.0.2.13", CauseKind.Network, "192.0.2.0/24", "x");
        foreach (var why in Enum.GetValues<StormExit>())
        {
            yield return new StormLeft(At, "engine", new ItemId(4), "web03", why);
        }

        yield return new LeadBack(At, "engine", [], 4);
        yield return new LeadDown(At, "engine", []);
        yield return new Separated(At, "sato", "INC-260414-0001");
        yield return new DeliveryReported(At, "relay", NoticeKind.Alert, "k", "a@example.test", Failed: true, Permanent: true, "5.1.1", "no such user", 1);
        yield return new ReplyReceived(At, "mail", "Tanaka", "tanaka@example.test", "Re: alert", "seen", ["log.txt"], 2);
        yield return new SpokenAway(At, "site tokyo", new SiteName("tokyo"), Alone: false, [new SiteName("tokyo"), new SiteName("osaka")]);
        yield return new HostAttached(At, "engine", new ItemId(3), "web02", "192.0.2.11", "x");
        yield return new ServiceAttached(At, "engine", new ItemId(2), "http", CheckStatus.Critical, "x");
        yield return new LogHitsFound(At, "engine", new SiteName("tokyo"), 2, 3, CheckStatus.Critical, At, At, [Results.SomeHits.Hit(1)]);
        yield return new Recovered(At, "engine", evidence, RecoveryReason.SeenWorking);
        yield return new NoticeDecided(At, "engine", NoticeKind.Alert, NoticeReason.NewProblem, true, "k", "s");
        yield return new ResponseWaits(At, "engine", TimeSpan.FromMinutes(15), "recovers by itself", "tanaka");
        yield return new DeliverySettled(At, "engine", NoticeKind.Alert, "k", "a@x", true, DeliveryOutcome.Accepted, "Q", "", true, false);
        yield return new Claimed(At, "sato", "佐藤");
        yield return new Released(At, "sato", "mistake");
        yield return new NoteAdded(At, "sato", "text", true);
        yield return new CallRecorded(At, "sato", "田中", "4567", CallOutcome.Busy, "");
        yield return new StepStarted(At, "sato", "r", 1, 1, "read", "web01", "uptime");
        yield return new StepEnded(At, "sato", 1, 1, StepOutcome.Done, 0, "", Text.Same(""));
        yield return new ReportSent(At, "sato", "佐藤", true, new ReportParts("a", "b", "c", "d"), "k");
        yield return new Closed(At, "sato", Text.Same("done"));
    }
}
