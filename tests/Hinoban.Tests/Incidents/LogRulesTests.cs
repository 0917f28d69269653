using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Responding;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Flow;
using static Hinoban.Tests.Results.SomeHits;
using Story = Hinoban.Tests.Responding.Story;

namespace Hinoban.Tests.Incidents;

/// <summary>What log hits do to an incident, and when the list is told of those that follow.</summary>
public sealed class LogRulesTests
{
    private static readonly SiteName Tokyo = new("tokyo");
    private static readonly Moment Now = new(Noon.AddHours(1), TimeSpan.FromHours(7));
    private static readonly ItemPlan Item = TestPlans.Logs().Item(new ItemId(4))!;

    [Fact]
    public void What_came_together_is_one_event_with_its_worst_level_and_its_lines_the_worst_first()
    {
        var found = LogRules.Found(LogFold.Nothing, Tokyo, [Hit(3, suppressed: 5), Hit(1), Hit(2, CheckStatus.Critical, suppressed: 2)], Now);
        Assert.Equal(
            (Now.Utc, "engine", Tokyo, 3, 7L, CheckStatus.Critical, Noon.AddSeconds(1), Noon.AddSeconds(3)),
            (found.AtUtc, found.By, found.Site, found.Count, found.Suppressed, found.Worst, found.FirstUtc, found.LastUtc));
        Assert.Equal(["Error: line 2", "Error: line 1", "Error: line 3"], found.Lines.Select(l => l.Text));
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(0, 11, 10)]
    [InlineData(90, 12, 10)]
    [InlineData(99, 12, 1)]
    [InlineData(100, 12, 0)]
    public void An_event_keeps_the_first_lines_and_in_a_long_incident_none(int kept, int hits, int lines)
    {
        var before = Enumerable.Range(0, kept).Aggregate(LogFold.Nothing, (fold, i) => fold.With(LogRules.Found(fold, Tokyo, [Hit(i)], Now)));
        Assert.Equal(kept, before.Kept);
        var found = LogRules.Found(before, Tokyo, [.. Enumerable.Range(0, hits).Select(i => Hit(i))], Now);
        Assert.Equal((hits, lines), (found.Count, found.Lines.Count));
    }

    /// <summary>Of a long incident: it has 100 hits and was told of, and each word is what came since: s some more that were told, u that are untold, k the same of a known pattern.</summary>
    [Theory]
    [InlineData("", 0, 1, "w", true)] // nothing is owed yet
    [InlineData("u", 0, 1, "w", false)]
    [InlineData("u", 0, 100, "w", false)]
    [InlineData("u", 0, 101, "w", true)] // as many as there are
    [InlineData("su", 0, 101, "w", false)]
    [InlineData("su", 0, 102, "w", true)]
    [InlineData("u", 3599, 1, "w", false)]
    [InlineData("u", 3600, 1, "w", true)]
    [InlineData("u", -1, 1, "w", true)] // the clock was set back
    [InlineData("u", 0, 1, "c", true)] // worse
    [InlineData("u", 0, 1, "C", true)] // known ones are not owed yet
    [InlineData("uk", 0, 1, "C", false)] // and make nothing worse
    [InlineData("k", 0, 1, "W", false)]
    [InlineData("k", 0, 1, "w", true)]
    [InlineData("uk", 0, 1, "wW", false)]
    [InlineData("u", 0, 1, "wW", true)]
    [InlineData("uk", 0, 1, "wc", true)]
    public void Of_a_long_incident_hits_wait_to_be_recorded(string before, int seconds, int waiting, string reading, bool recorded)
    {
        var incident = before.Aggregate(Long(100), (i, word) => i.With(word switch
        {
            's' => [Found(1) with { Lines = [] }, Event("update")],
            'k' => [Found(1) with { Lines = [], Known = ["line 1"] }],
            _ => [Found(1) with { Lines = [] }],
        }));
        (IReadOnlyList<LogHit>, bool)[] brought = [.. reading.Select(r => ((IReadOnlyList<LogHit>)[Hit(5, char.ToLowerInvariant(r) == 'c' ? CheckStatus.Critical : CheckStatus.Warning)], char.IsUpper(r)))];
        Assert.Equal(recorded, LogRules.Records(incident, brought, waiting, Now.Utc.AddSeconds(seconds)));
    }

    [Fact]
    public void The_first_lines_are_recorded_at_once_and_no_more_wait_than_can_be_read_at_once()
    {
        var few = Of(Opened()).With([Event("told"), .. Enumerable.Range(0, 99).Select(i => Found(i))]);
        Assert.True(LogRules.Records(few, [([Hit(5)], false)], 1, Now.Utc));
        var many = Long(100).With([Found(1) with { Count = 1_000_000, Lines = [] }]);
        Assert.False(LogRules.Records(many, [([Hit(5)], false)], 1999, Now.Utc));
        Assert.True(LogRules.Records(many, [([Hit(5)], false)], 2000, Now.Utc));
    }

    /// <summary>Whatever comes, one event for each doubling, hour and mail is all there is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void However_long_it_lasts_the_events_are_few(int each)
    {
        var (incident, waiting, events, all) = (Long(100), 0, 0, 100);
        for (var minute = 0; minute < 7 * 24 * 60; minute++)
        {
            (waiting, all) = (waiting + each, all + each);
            var now = new Moment(Now.Utc.AddMinutes(minute), Now.Mono);
            if (LogRules.Records(incident, [([Hit(5)], false)], waiting, now.Utc))
            {
                incident = incident.With([LogRules.Found(incident.Log, Tokyo, [.. Enumerable.Repeat(Hit(5), waiting)], now)]);
                (waiting, events) = (0, events + 1);
            }
        }

        Assert.Equal(all, incident.Log.Hits + waiting);
        Assert.InRange(events, 7 * 24, (7 * 24 * (1 + (each * 60 / LogRules.MostWaiting))) + 15);
    }

    [Fact]
    public void The_first_hits_open_an_incident_of_their_own_series()
    {
        var opened = Opened(CheckStatus.Critical);
        Assert.Equal((Reach.Reached, CheckStatus.Critical, false, Now.Utc), (opened.Reach, opened.Severity, opened.SingleSite, opened.AtUtc));
        Assert.Equal(new SiteEvidence(Tokyo, VoteKind.Answer, CheckStatus.Critical, NoValue.None, Noon.AddSeconds(2), "Error: line 2"), Assert.Single(opened.Evidence));
        Assert.Equal(("sample-trading.4.log3", true, Noon.AddSeconds(1), "log"), (opened.Problem.EpisodeKey, opened.Problem.IsLog, opened.Problem.FirstFailureUtc, opened.Problem.Kind));
        Assert.False((opened.Problem with { Episode = 1 }).IsLog);
        Assert.Equal("sample-trading.4.1", (opened.Problem with { Episode = 1 }).EpisodeKey);
    }

    [Theory]
    [InlineData(CheckStatus.Warning, CheckStatus.Warning, "LogHitsFound")]
    [InlineData(CheckStatus.Warning, CheckStatus.Critical, "LogHitsFound SeverityChanged")]
    [InlineData(CheckStatus.Critical, CheckStatus.Warning, "LogHitsFound")]
    [InlineData(CheckStatus.Critical, CheckStatus.Critical, "LogHitsFound")]
    internal void What_follows_joins_and_only_makes_it_worse(CheckStatus before, CheckStatus after, string events)
    {
        var told = LogRules.Continue(Of(Opened(before)), Found(4, after) with { Lines = [] }, [Hit(5), Hit(4, after)]);
        Assert.Equal(events, string.Join(' ', told.Select(e => e.GetType().Name)));
        if (told is [_, SeverityChanged change])
        {
            Assert.Equal((before, after, "Error: line 4", Now.Utc, "engine"), (change.Before, change.After, change.Evidence[0].Output, change.AtUtc, change.By));
        }
    }

    [Fact]
    public void The_evidence_is_the_worst_line_wherever_it_stood()
    {
        var hits = Enumerable.Range(1, 11).Select(i => Hit(i, i == 11 ? CheckStatus.Critical : CheckStatus.Warning)).ToList();
        var opened = LogRules.Open(Item, "INC-1", -1, LogRules.Found(LogFold.Nothing, Tokyo, hits, Now));
        Assert.Equal((CheckStatus.Critical, "Error: line 11"), (opened.Severity, opened.Evidence[0].Output));
    }

    [Fact]
    public void It_fails_until_it_is_closed_and_nothing_else_ends_it()
    {
        var open = Of(Opened());
        Assert.Equal((true, true, IncidentStage.Unclaimed), (open.Failing, open.Open, open.Stage));
        var closed = open.With([new Closed(Now.Utc, "sato", Text.Same("looked at"))]);
        Assert.Equal((false, false, IncidentStage.Closed), (closed.Failing, closed.Open, closed.Stage));
        Assert.Equal([typeof(Closed)], IncidentRules.Retire(open, Now).Select(e => e.GetType()));
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("told", -1)]
    [InlineData("told hit", 10)]
    [InlineData("hit told", -1)]
    [InlineData("told hit hit", 10)]
    [InlineData("told hit update", -1)]
    [InlineData("told hit update hit", 20)]
    [InlineData("told hit runbook", 10)]
    [InlineData("told hit flapping", 10)]
    [InlineData("told hit same", 10)]
    [InlineData("held hit", -1)]
    [InlineData("told hit held", -1)]
    [InlineData("held hit told hit", 10)]
    [InlineData("nobody hit", 10)]
    [InlineData("told hit nobody-update", -1)]
    [InlineData("told hit gone", -1)]
    [InlineData("told hit closed", -1)]
    public void What_was_not_told_is_told_ten_minutes_after_the_last_mail(string story, int minutes)
    {
        var incident = story.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Of(Opened()), (i, word) => i.With([Event(word)]));
        Assert.Equal(minutes < 0 ? null : Now.Utc.AddMinutes(minutes), LogRules.UpdateDue(incident));
    }

    [Fact]
    public void A_problem_of_another_kind_owes_no_update() =>
        Assert.Null(LogRules.UpdateDue(new Incident(new IncidentId(1), Story.Opened().Add(Event("told"), Found(1)).Events)));

    [Fact]
    public void Counts_and_times_are_those_of_all_and_untold_lines_those_since_the_last_mail()
    {
        var first = LogRules.Found(LogFold.Nothing, Tokyo, [Hit(5, suppressed: 1), Hit(6)], Now);
        var log = LogFold.Nothing.With(first).With((NoticeDecided)Event("told")).With(LogRules.Found(LogFold.Nothing, Tokyo, [Hit(1, suppressed: 2), Hit(9)], Now));
        Assert.Equal((4, 3L, 4, 2, 2L, Noon.AddSeconds(1), Noon.AddSeconds(9)), (log.Hits, log.Suppressed, log.Kept, log.Untold, log.UntoldSuppressed, log.FirstUtc, log.LastUtc));
        Assert.Equal(["Error: line 1", "Error: line 9"], log.UntoldLines.Select(l => l.Text));
        var many = Enumerable.Range(10, 30).Aggregate(log, (fold, i) => fold.With(Found(i)));
        Assert.Equal((32, LogRules.MostLines), (many.Untold, many.UntoldLines.Count));
        Assert.Equal("Error: line 50", many.With(Found(50, CheckStatus.Critical)).UntoldLines[0].Text);
    }

    [Fact]
    public void What_is_known_is_told_only_where_nothing_else_is_untold()
    {
        var known = LogFold.Nothing.With(Found(1, CheckStatus.Critical) with { Known = ["line 1"] });
        Assert.Equal((1, 1, false, "line 1"), (known.Hits, known.Untold, known.KnownWait, Assert.Single(known.UntoldKnown)));
        Assert.Equal((true, false), (known.IsNext(Hit(1)), known.IsNext(Hit(2))));
        var both = known.With(Found(2));
        Assert.Equal((2, 1, true, 0, "Error: line 2"), (both.Hits, both.Untold, both.KnownWait, both.UntoldKnown.Count, Assert.Single(both.UntoldLines).Text));
        Assert.Equal((false, true), (both.IsNext(Hit(1)), both.IsNext(Hit(2))));
        var told = both.With((NoticeDecided)Event("told"));
        Assert.Equal((1, "Error: line 1"), (told.Untold, Assert.Single(told.UntoldLines).Text));
        Assert.Equal(0, told.With((NoticeDecided)Event("told")).Untold);
        var incident = Of(Opened());
        Assert.IsType<LogHitsFound>(Assert.Single(LogRules.Continue(incident, Found(1, CheckStatus.Critical) with { Known = ["line 1"] }, [Hit(1, CheckStatus.Critical)])));
    }

    [Theory]
    [InlineData("sato", "looked at", "Closed")]
    [InlineData("sato", "", "Invalid")]
    [InlineData("tanaka", "x", "Forbidden")]
    public void Whoever_responds_closes_it_with_a_reason(string who, string reason, string outcome)
    {
        var events = new List<IncidentEvent> { Opened(), Found(1) };
        var decided = CloseRules.Close(events, who == "sato" ? Story.Sato : Story.Viewer, reason, Now.Utc);
        Assert.Equal(outcome, decided.Events is [Closed] ? "Closed" : decided.Refusal.ToString());
    }

    [Fact]
    public void Another_operator_does_not_close_what_somebody_holds()
    {
        var events = new List<IncidentEvent> { Opened(), new Claimed(Now.Utc, "suzuki", "鈴木") };
        Assert.Equal(RespondRefusal.Conflict, CloseRules.Close(events, Story.Sato, "x", Now.Utc).Refusal);
        Assert.IsType<Closed>(Assert.Single(CloseRules.Close(events, Story.Lead, "x", Now.Utc).Events));
    }

    private static Opened Opened(CheckStatus worst = CheckStatus.Warning) =>
        LogRules.Open(Item, "INC-1", -3, LogRules.Found(LogFold.Nothing, Tokyo, [Hit(1), Hit(2, worst)], Now));

    private static Incident Long(int lines) => Of(Opened()).With([.. Enumerable.Range(0, lines).Select(i => Found(i)), Event("told")]);

    private static LogHitsFound Found(int number, CheckStatus level = CheckStatus.Warning) => LogRules.Found(LogFold.Nothing, Tokyo, [Hit(number, level)], Now);

    private static Incident Of(params IReadOnlyList<IncidentEvent> events) => new(new IncidentId(1), events);

    private static IncidentEvent Event(string word) => word switch
    {
        "hit" => Found(1),
        "told" => Notice(NoticeKind.Alert, NoticeReason.NewProblem),
        "update" => Notice(NoticeKind.Update, NoticeReason.MoreHits) with { AtUtc = Now.Utc.AddMinutes(10) },
        "runbook" => Notice(NoticeKind.Update, NoticeReason.RunbookSays),
        "flapping" => Notice(NoticeKind.Flapping, NoticeReason.BeganToFlap),
        "same" => Notice(NoticeKind.Alert, NoticeReason.SameProblem, told: false),
        "held" => Notice(NoticeKind.Alert, NoticeReason.Silenced, told: false),
        "nobody" => Notice(NoticeKind.Alert, NoticeReason.NoMembers, told: false),
        "nobody-update" => Notice(NoticeKind.Update, NoticeReason.NoMembers, told: false),
        "gone" => Notice(NoticeKind.Update, NoticeReason.CustomerGone, told: false),
        _ => new Closed(Now.Utc, "sato", Text.Same("x")),
    };

    private static NoticeDecided Notice(NoticeKind kind, NoticeReason reason, bool told = true) => new(Now.Utc, "engine", kind, reason, told, told ? "key" : "", "");
}
