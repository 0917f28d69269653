using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.States;

namespace Hinoban.Tests.Notifying;

/// <summary>Who must know, and who need not: each change against each history.</summary>
public sealed class NoticeRulesTests
{
    private static readonly DateTimeOffset At = Sample.Detected;

    // O opened (w: as a warning), W C U the severity becomes so, A told alert, a silenced alert, 1 2 3 alerts of what fails with it, R told recovery.
    [Theory]
    [InlineData("O", "O", "Alert NewProblem told")]
    [InlineData("OA", "O", "Alert SameProblem")] // another site spoke of it while the desk was away
    [InlineData("OAR", "O", "Alert NewProblem told")]
    [InlineData("O", "s", "Alert HostIsDown")]
    [InlineData("O", "d", "Alert NeededFails")]
    [InlineData("O", "h", "Alert ParentIsDown")]
    [InlineData("OA", "f", "Flapping BeganToFlap told")]
    [InlineData("O", "f", "Flapping NeverAlerted")]
    [InlineData("OA", "r", "Recovery OwedRecovery told")]
    [InlineData("O", "r", "Recovery NeverAlerted")]
    [InlineData("OA", "p", "Report OperatorSends told")]
    [InlineData("OA", "e", "Update RunbookSays told")]
    [InlineData("OA", "c", "")]
    [InlineData("wA", "C", "Alert WorseProblem told")]
    [InlineData("wA", "U", "Alert WorseProblem told")]
    [InlineData("OA", "U", "Alert SameProblem")]
    [InlineData("OA", "W", "Alert SameProblem")]
    [InlineData("OAW", "C", "Alert SameProblem")] // told before
    [InlineData("OAWA", "C", "Alert SameProblem")] // the worst that was told counts, not the last
    [InlineData("wCA", "C", "Alert SameProblem")] // it had become so before it was told
    [InlineData("wACa", "C", "Alert WorseProblem told")] // it was held back: it is still to be told
    [InlineData("wAR", "W", "Alert SameProblem")]
    [InlineData("w", "W", "Alert WorseProblem told")] // nothing was told yet
    public void Each_change_has_its_decision(string history, string change, string decision) =>
        Assert.Equal(decision, Said(NoticeRules.Decide(Tell(history), Tell(change)[0], hasMembers: true)));

    [Theory]
    [InlineData("", "O", "Alert Silenced")]
    [InlineData("wA", "C", "Alert Silenced")]
    [InlineData("OA", "f", "Flapping Silenced")]
    [InlineData("OA", "r", "Recovery OwedRecovery told")] // what is owed is not held
    [InlineData("OA", "p", "Report OperatorSends told")]
    [InlineData("OA", "e", "Update RunbookSays told")]
    [InlineData("OA", "W", "Alert SameProblem")]
    [InlineData("O", "s", "Alert HostIsDown")]
    [InlineData("OA", "c", "")]
    public void A_silence_holds_back_what_would_be_told_of_the_problem(string history, string change, string decision) =>
        Assert.Equal(decision, Said(NoticeRules.Decide(Tell(history), Tell(change)[0], hasMembers: true, silenced: true)));

    [Theory]
    [InlineData("O", "Alert NoMembers")]
    [InlineData("r", "Recovery NoMembers")]
    [InlineData("p", "Report NoMembers")]
    public void Where_nobody_is_on_the_list_nobody_is_told(string change, string decision) =>
        Assert.Equal(decision, Said(NoticeRules.Decide(Tell(change == "O" ? "" : "OA"), Tell(change)[0], hasMembers: false)));

    [Theory]
    [InlineData("", false)]
    [InlineData("O", false)]
    [InlineData("a", true)]
    [InlineData("Oa", true)]
    [InlineData("OaA", false)]
    [InlineData("OAa", true)]
    [InlineData("Oa123", true)] // that others fail with it settles nothing
    [InlineData("OA123", false)]
    [InlineData("OaR", true)]
    public void An_alert_is_held_while_the_last_word_about_it_is_a_silence(string history, bool held)
    {
        Assert.Equal(held, NoticeRules.IsHeld(Tell(history)));
        Assert.Equal(held ? "Alert StillFailing told" : "", Said(NoticeRules.Release(Tell(history), hasMembers: true)));
        Assert.Equal(held ? "Alert NoMembers" : "", Said(NoticeRules.Release(Tell(history), hasMembers: false)));
    }

    [Theory]
    [InlineData("OA", true, "Update StormGrows told")]
    [InlineData("OA", false, "Update NoMembers")]
    [InlineData("Oa", true, "Update NeverAlerted")]
    [InlineData("OAR", true, "Update NeverAlerted")]
    public void Who_was_told_of_a_problem_is_told_that_it_grows(string history, bool hasMembers, string decision) => Assert.Equal(decision, Said(NoticeRules.OfStorm(Tell(history), hasMembers)));

    [Fact]
    public void Only_alerts_and_recoveries_change_what_is_owed() => Assert.All(Enum.GetValues<NoticeKind>(), kind =>
    {
        var one = new NoticeDecided(At, "engine", kind, NoticeReason.OperatorSends, true, "", "");
        Assert.Equal(kind != NoticeKind.Recovery, NoticeRules.OwesRecovery([.. Tell("A"), one]));
        Assert.Equal(kind == NoticeKind.Alert, NoticeRules.OwesRecovery([.. Tell("AR"), one]));
        Assert.True(NoticeRules.OwesRecovery([.. Tell("A"), one with { Told = false }]));
    });

    private static string Said(NoticeDecision? decision) => decision is null ? "" : $"{decision.Kind} {decision.Reason}{(decision.Told ? " told" : "")}";

    private static List<IncidentEvent> Tell(string history) => [.. history.Select(One)];

    private static IncidentEvent One(char what)
    {
        SeverityChanged To(CheckStatus after) => new(At, "engine", CheckStatus.Ok, after, []);
        NoticeDecided Alert(NoticeReason reason, bool told = false) => new(At, "engine", NoticeKind.Alert, reason, told, "", "");
        Opened Opens(CheckStatus severity) => new(At, "engine", Sample.Problem(), Reach.Reached, severity, false, []);
        return what switch
        {
            'O' => Opens(CheckStatus.Critical),
            'w' => Opens(CheckStatus.Warning),
            'W' => To(CheckStatus.Warning),
            'C' => To(CheckStatus.Critical),
            'U' => To(CheckStatus.Unknown),
            'A' => Alert(NoticeReason.NewProblem, told: true),
            'a' => Alert(NoticeReason.Silenced),
            'R' => new NoticeDecided(At, "engine", NoticeKind.Recovery, NoticeReason.OwedRecovery, true, "", ""),
            's' => new ServiceAttached(At, "engine", new ItemId(3), "http", CheckStatus.Critical, ""),
            'd' => new ServiceAttached(At, "engine", new ItemId(3), "http", CheckStatus.Critical, "") { Depends = true },
            'h' => new HostAttached(At, "engine", new ItemId(3), "db01", "192.0.2.1", ""),
            'f' => new FlappingStarted(At, "engine", 40, CheckStatus.Ok),
            'r' => new Recovered(At, "engine", [], RecoveryReason.SeenWorking),
            'p' => new ReportSent(At, "sato", "佐藤", false, new ReportParts("s", "c", "a", "p"), "key"),
            'e' => new StepEnded(At, "sato", 1, 1, StepOutcome.Failed, null, "", Text.Same("")),
            'c' => new Claimed(At, "sato", "佐藤"),
            '1' => Alert(NoticeReason.HostIsDown),
            '2' => Alert(NoticeReason.ParentIsDown),
            '3' => Alert(NoticeReason.NeededFails),
            _ => throw new InvalidOperationException($"{what}"),
        };
    }
}
