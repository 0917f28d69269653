using FsCheck;
using FsCheck.Fluent;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Responding;
using Hinoban.Specs;

namespace Hinoban.Tests.Responding;

/// <summary>Which step may be run when: a table, and two promises that hold for every history.</summary>
public sealed class RunbookRulesTests(ITestOutputHelper output)
{
    private static readonly RunbookPlan Plan = Story.Restart;

    public static TheoryData<string, string, int, string, string> Table => new()
    {
        // history, actor, step, why not, the step in the way
        { "", "sato", 1, "Unclaimed", "" },
        { "claim", "sato", 1, "None", "" },
        { "claim", "sato", 0, "NoSuchStep", "" },
        { "claim", "sato", 6, "NoSuchStep", "" },
        { "claim", "viewer", 1, "NotAllowed", "" },
        { "claim close", "sato", 1, "IncidentClosed", "" },
        { "claim release", "sato", 1, "Unclaimed", "" },
        { "claim", "suzuki", 1, "None", "" },
        { "claim", "sato", 2, "EarlierOpen", "1" },
        { "claim", "sato", 4, "EarlierOpen", "1" },
        { "claim 1", "sato", 2, "None", "" },
        { "claim 1", "sato", 1, "None", "" },
        { "claim begin1", "sato", 1, "Running", "" },
        { "claim 1 begin2", "sato", 1, "OtherRunning", "" },
        { "claim 1 2 3", "sato", 4, "None", "" },
        { "claim 1 2 3", "suzuki", 4, "ClaimedByOther", "" },
        { "claim 1 2 3", "mori", 4, "ClaimedByOther", "" },
        { "claim 1 2 3 takeover", "mori", 4, "None", "" },
        { "claim 1 2 3 takeover", "sato", 4, "ClaimedByOther", "" },
        { "claim 1 2 3failed", "sato", 4, "EarlierFailed", "3" },
        { "claim 1 2 3failed", "sato", 3, "None", "" },
        { "claim 1 2 3 4", "sato", 4, "AlreadyDone", "" },
        { "claim 1 2 3 4", "sato", 5, "None", "" },
        { "claim 1 2 3 4", "sato", 2, "None", "" },
        { "claim 1 2 3 4failed", "sato", 4, "None", "" },
        { "claim 1 2 3 4failed", "sato", 5, "EarlierFailed", "4" },
        { "claim 1 2 3 4unknown", "sato", 4, "OutcomeUnknown", "" },
        { "claim 1 2 3 4unknown", "sato", 5, "EarlierUnknown", "4" },
        { "claim 1 2 3 4unknown", "sato", 2, "None", "" },
        { "claim 1 2 3 4unknown settledDone", "sato", 4, "AlreadyDone", "" },
        { "claim 1 2 3 4unknown settledDone", "sato", 5, "None", "" },
        { "claim 1 2 3 4unknown settledFailed", "sato", 4, "None", "" },
        { "claim 1notneeded", "sato", 2, "None", "" },
        { "claim 1notneeded 2 3", "sato", 4, "EarlierNotNeeded", "1" },
        { "claim 1notneeded 2 3 again1", "sato", 4, "None", "" },
        { "claim 1 2 3 4notneeded", "sato", 5, "None", "" },
        { "claim 1 2 3 4notneeded", "sato", 4, "None", "" },
        { "claim 1 2 3 recover", "sato", 4, "Recovered", "" },
        { "claim 1 2 3 recover", "sato", 2, "None", "" },
        { "claim other1 2 3", "sato", 4, "ProcedureChanged", "" },
        { "claim 1 2 3moved", "sato", 4, "ProcedureChanged", "" },
        { "claim 1 2 3moved", "sato", 2, "None", "" },
        { "claim 1 2 3elsewhere", "sato", 4, "ProcedureChanged", "" },
        { "claim 1 2 3otherwise", "sato", 4, "ProcedureChanged", "" },
        { "claim 1 2 3 4moved", "sato", 4, "ProcedureChanged", "" },
        { "claim 1 2 3 5moved", "sato", 4, "None", "" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    internal void A_step_may_be_run_or_the_reason_is_told(string history, string actor, int step, string bar, string earlier)
    {
        var permit = RunbookRules.May(Plan, Tell(history), step, ActorOf(actor));

        Assert.Equal(Enum.Parse<StepBar>(bar), permit.Bar);
        Assert.Equal(earlier, permit.Earlier == 0 ? "" : permit.Earlier.ToString());
        Assert.Equal(permit.Allowed, permit.WhyNot is { Ja: "", En: "" });
    }

    [Fact]
    public void Every_reason_has_a_text_in_both_languages() =>
        Assert.All(Enum.GetValues<StepBar>().Where(b => b != StepBar.None), bar =>
        {
            var text = RespondText.WhyNot(bar, 3);
            Assert.NotEqual("", text.Ja);
            Assert.NotEqual("", text.En);
            Assert.NotEqual(text.Ja, text.En);
        });

    [Fact]
    public void The_start_carries_the_token_and_the_exact_command()
    {
        var start = RunbookRules.Start(Plan, Tell("claim 1 2 3 4failed"), 4, Story.Sato, Story.At("9:00"));

        Assert.Equal(
            new StepStarted(Story.At("9:00"), "sato", "restart-web", 4, 2, "change", "web01", "sudo systemctl restart nginx"), start.Event);
    }

    [Theory]
    [InlineData("claim", 1, "recheck", "", "")]
    [InlineData("claim 1", 2, "read", "web01", "systemctl is-active nginx")]
    [InlineData("claim 1 2 3 4", 5, "verify", "", "")]
    internal void Each_kind_of_step_is_recorded_with_what_it_runs(string history, int step, string kind, string host, string command) => Assert.Equal(
        new StepStarted(Story.At("9:00"), "sato", "restart-web", step, 1, kind, host, command), RunbookRules.Start(Plan, Tell(history), step, Story.Sato, Story.At("9:00")).Event);

    [Fact]
    public void A_viewer_settles_nothing_and_is_told_so() =>
        Assert.Equal(RespondText.ViewerMayNot, RunbookRules.Resolve(Tell("claim 1 2 3 4unknown"), 4, Story.Viewer, true, "saw it", Story.At("9:00")).Message);

    [Fact]
    public void A_step_that_is_not_allowed_has_no_start() =>
        Assert.Null(RunbookRules.Start(Plan, Tell("claim 1"), 4, Story.Sato, Story.At("9:00")).Event);

    [Fact]
    public void After_a_restart_a_begun_change_is_unknown_and_a_begun_look_just_failed()
    {
        var change = Assert.Single(RunbookRules.Interrupted(Tell("claim 1 2 3 begin4"), Story.At("9:00")));
        var look = Assert.Single(RunbookRules.Interrupted(Tell("claim 1 begin2"), Story.At("9:00")));

        Assert.Equal((4, 1, StepOutcome.Unknown, (int?)null), (change.Step, change.Run, change.Outcome, change.ExitCode));
        Assert.Equal((2, 1, StepOutcome.Failed), (look.Step, look.Run, look.Outcome));
        Assert.Empty(RunbookRules.Interrupted(Tell("claim 1 2 3 4"), Story.At("9:00")));
    }

    [Theory]
    [InlineData("claim 1 2 3 4unknown", "sato", "saw it", null)]
    [InlineData("claim 1 2 3 4unknown", "mori", "saw it", null)]
    [InlineData("claim 1 2 3 4unknown", "suzuki", "saw it", "Forbidden")]
    [InlineData("claim 1 2 3 4unknown", "viewer", "saw it", "Forbidden")]
    [InlineData("claim 1 2 3 4unknown", "sato", " \u3000", "Invalid")]
    [InlineData("claim 1 2 3 4", "sato", "saw it", "Conflict")]
    [InlineData("claim 1 2 3", "sato", "saw it", "NotFound")]
    [InlineData("claim 1 2 3 begin4", "sato", "saw it", "Conflict")]
    [InlineData("claim 1 2 3 4unknown close", "sato", "saw it", "Conflict")]
    public void Only_a_person_in_charge_settles_an_unknown_outcome_and_says_why(string history, string actor, string because, string? refusal)
    {
        var decision = RunbookRules.Resolve(Tell(history), 4, ActorOf(actor), true, because, Story.At("9:00"));

        Assert.Equal(refusal, decision.Refusal?.ToString());
        if (refusal is null)
        {
            var ended = Assert.IsType<StepEnded>(Assert.Single(decision.Events));
            Assert.Equal((4, 1, StepOutcome.Done, actor, because), (ended.Step, ended.Run, ended.Outcome, ended.By, ended.Because.Ja));
        }
    }

    /// <summary>
    /// Whatever people do in whatever order, whoever they are, with restarts in between: driven through the rules as the desk does, a change is done at
    /// most once, never two runs overlap, and after an unknown outcome the next word is a person's.
    /// </summary>
    [Fact]
    public void No_history_runs_a_change_twice_nor_again_over_an_unknown_outcome()
    {
        var moves = Gen.Frequency((12, Gen.Constant(Move.Next)), (10, Gen.Constant(Move.Done)), (14, Gen.Elements(Enum.GetValues<Move>()))).ListOf(60);
        var (starts, again, unknown) = (0, 0, 0);
        Prop.ForAll(moves.ToArbitrary(), all =>
        {
            var events = Story.Opened().Claim("1:00").Events.ToList();
            foreach (var move in all)
            {
                events.AddRange(Act(move, events));
            }

            Check(events);
            starts += events.OfType<StepStarted>().Count(s => s.Kind == RunbookRules.Change);
            again += events.OfType<StepStarted>().Count(s => s is { Kind: RunbookRules.Change, Run: > 1 });
            unknown += events.OfType<StepEnded>().Count(s => s.Outcome == StepOutcome.Unknown);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        // A property that never gets as far as a change proves nothing.
        Assert.True(starts > 200 && again > 20 && unknown > 20, $"only {starts} change runs, {again} repeated, {unknown} unknown");
        output.WriteLine($"{starts} change runs, {again} of them repeated, {unknown} ended unknown");
    }

    private static void Check(List<IncidentEvent> events)
    {
        var done = 0;
        StepStarted? running = null;
        StepStarted? unknown = null;
        var tokens = new HashSet<(int, int)>();
        foreach (var e in events)
        {
            if (e is StepStarted started)
            {
                Assert.True(running is null, "two runs overlap");
                Assert.True(tokens.Add((started.Step, started.Run)), "a token was used twice");
                Assert.False(started.Step == unknown?.Step, "an unknown step was run again");
                Assert.False(started.Kind == RunbookRules.Change && done > 0, "a done change was run again");
                running = started;
            }
            else if (e is StepEnded ended)
            {
                unknown = ended.Outcome == StepOutcome.Unknown ? running : ended.Step == unknown?.Step ? null : unknown;
                done += ended is { Step: 4, Outcome: StepOutcome.Done } ? 1 : 0;
                running = null;
            }
        }

        Assert.InRange(done, 0, 1);
    }

    private static IEnumerable<IncidentEvent> Act(Move move, IReadOnlyList<IncidentEvent> events)
    {
        var at = Story.At("5:00");
        var running = StepRuns.Of(events).Running?.Started;
        IEnumerable<IncidentEvent> Start(int step, Actor by) => RunbookRules.Start(Plan, events, step, by, at).Event is { } e ? [e] : [];
        IEnumerable<IncidentEvent> Finish(StepOutcome outcome, int? exit) =>
            running is null ? [] : [RunbookRules.End(running, new StepFinding(outcome, exit, "", Basics.Text.Same("")), at)];
        return move switch
        {
            Move.Start1 => Start(1, Story.Sato),
            Move.Start2 => Start(2, Story.Suzuki),
            Move.Start3 => Start(3, Story.Sato),
            Move.Next => Enumerable.Range(1, 5).Where(n => StepRuns.Of(events).Last(n)?.Outcome != StepOutcome.Done)
                .Select(n => Start(n, Story.Sato)).FirstOrDefault(e => e.Any()) ?? [],
            Move.Start4 => Start(4, Story.Sato),
            Move.Start4Lead => Start(4, Story.Lead),
            Move.Start5 => Start(5, Story.Sato),
            Move.Done => Finish(StepOutcome.Done, 0),
            Move.Fail => Finish(StepOutcome.Failed, 1),
            Move.NotNeeded => Finish(StepOutcome.NotNeeded, null),
            Move.Cut => Finish(running?.Kind == RunbookRules.Change ? StepOutcome.Unknown : StepOutcome.Failed, null),
            Move.Restart => RunbookRules.Interrupted(events, at),
            Move.Settle => RunbookRules.Resolve(events, 4, Story.Lead, events.Count % 2 == 0, "looked", at).Events,
            Move.TakeOver => ClaimRules.Claim(events, Story.Lead, at).Events,
            Move.Release => ClaimRules.Release(events, Story.Lead, "home", at).Events,
            Move.Claim => ClaimRules.Claim(events, Story.Sato, at).Events,
            Move.Recover => [new Recovered(at, "engine", [], RecoveryReason.SeenWorking)],
            _ => throw new InvalidOperationException(move.ToString()),
        };
    }

    private static Actor ActorOf(string name) => name switch
    {
        "sato" => Story.Sato,
        "suzuki" => Story.Suzuki,
        "mori" => Story.Lead,
        _ => Story.Viewer,
    };

    private static IReadOnlyList<IncidentEvent> Tell(string history) =>
        history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Story.Opened(), (story, word) => word switch
        {
            "claim" => story.Claim("1:00"),
            "release" => story.Add(new Released(Story.At("1:30"), "sato", "shift")),
            "takeover" => story.Claim("2:30", Story.Lead),
            "recover" => story.Recover("3:00"),
            "close" => story.Close("8:00"),
            "begin1" or "begin2" or "begin4" => story.Begin("2:00", word[^1] - '0'),
            "again1" => story.Ran("3:00", 1, run: 2),
            "settledDone" => story.End("4:00", 4, StepOutcome.Done, because: "saw it"),
            "settledFailed" => story.End("4:00", 4, StepOutcome.Failed, because: "saw it"),
            "other1" => story.Begin("2:00", 1, plan: Plan with { Key = "other" }).End("2:00", 1, StepOutcome.Done),
            "3moved" => story.Add(new StepStarted(Story.At("2:00"), "sato", Plan.Key, 3, 1, "read", "web01", "nginx -t")).End("2:00", 3, StepOutcome.Done, 0),
            "3elsewhere" => story.Add(new StepStarted(Story.At("2:00"), "sato", Plan.Key, 3, 1, "read", "web02", "sudo nginx -t")).End("2:00", 3, StepOutcome.Done, 0),
            "3otherwise" => story.Add(new StepStarted(Story.At("2:00"), "sato", Plan.Key, 3, 1, "change", "web01", "sudo nginx -t")).End("2:00", 3, StepOutcome.Done, 0),
            "4moved" => story.Add(new StepStarted(Story.At("2:00"), "sato", Plan.Key, 4, 1, "change", "web01", "reboot")).End("2:00", 4, StepOutcome.Failed, 1),
            "5moved" => story.Add(new StepStarted(Story.At("2:00"), "sato", Plan.Key, 5, 1, "verify", "web09", "")).End("2:00", 5, StepOutcome.Failed),
            _ => story.Ran("2:00", word[0] - '0', word[1..] switch
            {
                "failed" => StepOutcome.Failed,
                "unknown" => StepOutcome.Unknown,
                "notneeded" => StepOutcome.NotNeeded,
                _ => StepOutcome.Done,
            }, word.EndsWith("failed", StringComparison.Ordinal) ? 1 : null),
        }).Events;

    private enum Move
    {
        Next, Start1, Start2, Start3, Start4, Start4Lead, Start5, Done, Fail, NotNeeded, Cut, Restart, Settle, TakeOver, Release, Claim, Recover,
    }
}
