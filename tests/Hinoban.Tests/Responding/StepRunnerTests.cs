using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Responding;
using Hinoban.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Responding;

/// <summary>The runner over a desk in memory: what is recorded, in which order, and what is run or not.</summary>
public sealed class StepRunnerTests
{
    private static readonly FreshLook Ok = Look("tokyo", CheckStatus.Ok, Reply.Answer);
    private static readonly FreshLook Bad = Look("osaka", CheckStatus.Critical, Reply.Answer);
    private static readonly FreshLook Cut = Look("osaka", CheckStatus.Critical, Reply.Transport);
    private static readonly FreshLook Fault = Look("osaka", CheckStatus.Unknown, Reply.Transport, NoValue.EngineFault);
    private static readonly FreshLook Silent = new(new SiteName("osaka"), null, null);

    private readonly List<IncidentEvent> events = [.. Story.Opened().Claim("1:00").Events];
    private readonly List<string> happened = [];
    private readonly FakeShell shell;
    private Queue<IReadOnlyList<FreshLook>> looks = new();
    private bool inTransaction;
    private StepFollowUp? followUp;

    public StepRunnerTests() => shell = new FakeShell(this);

    [Fact]
    public async Task A_change_is_recorded_before_it_is_looked_at_again_and_looked_at_again_before_it_runs()
    {
        Before(4);
        looks = new([[Bad, Look("tokyo", CheckStatus.Critical, Reply.Transport)]]);

        var report = await RunAsync(4, "web01", "sudo systemctl restart nginx");

        Assert.Null(report.Refusal);
        Assert.Equal(["started 4.1", "look", "ran web01 sudo systemctl restart nginx 00:01:00", "ended Done 0"], happened);
        Assert.Equal(StepNext.GoOn, followUp!.Next);
        Assert.Contains("[osaka] ", report.Ended!.Transcript);
        Assert.Contains("[web01] $ sudo systemctl restart nginx\nhello\n[exit 0, ", report.Ended.Transcript);
    }

    [Fact]
    public async Task Whoever_waits_for_the_start_is_told_once_it_is_recorded_and_never_of_one_that_is_refused()
    {
        Before(4);
        looks = new([[Bad, Look("tokyo", CheckStatus.Critical, Reply.Transport)]]);

        await Runner().RunAsync(Request(4) with { ConfirmCommand = "another" }, CancellationToken.None, () => happened.Add("told"));
        Assert.Empty(happened);
        await Runner().RunAsync(Request(4), CancellationToken.None, () => happened.Add("told"));

        Assert.Equal(["started 4.1", "told", "look"], happened.Take(3));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("web01", null)]
    [InlineData("web01", "sudo systemctl restart nginx ")]
    [InlineData("web01", "SUDO systemctl restart nginx")]
    [InlineData("web02", "sudo systemctl restart nginx")]
    public async Task A_change_without_the_exact_confirmation_leaves_no_trace(string? host, string? command)
    {
        Before(4);

        var report = await RunAsync(4, host, command);

        Assert.Equal(
            (RespondRefusal.ConfirmationNeeded, "web01", "sudo systemctl restart nginx"), (report.Refusal, report.Host, report.Command));
        Assert.Empty(happened);
    }

    [Fact]
    public async Task What_is_not_allowed_asks_for_no_confirmation() =>
        Assert.Equal(RespondRefusal.Conflict, (await RunAsync(4, null, null)).Refusal);

    [Theory]
    [InlineData("ok ok", "NotNeeded", "CloseAsNaturalRecovery")]
    [InlineData("ok cut", "NotNeeded", "CloseAsNaturalRecovery")]
    [InlineData("ok silent", "NotNeeded", "CloseAsNaturalRecovery")]
    [InlineData("silent silent", "Failed", "Stop")]
    [InlineData("fault fault", "Failed", "Stop")]
    [InlineData("", "Failed", "Stop")]
    public async Task A_change_does_not_run_when_it_no_longer_fails_or_nobody_can_tell(string seen, string outcome, string next)
    {
        Before(4);
        looks = new([Seen(seen)]);

        await RunAsync(4, "web01", "sudo systemctl restart nginx");

        Assert.Equal(["started 4.1", "look", $"ended {outcome} -"], happened);
        Assert.Equal(next, followUp!.Next.ToString());
    }

    [Theory]
    [InlineData("bad ok")]
    [InlineData("bad silent")]
    [InlineData("cut cut")]
    [InlineData("cut silent")]
    [InlineData("cut fault")]
    public async Task A_change_runs_while_it_fails(string seen)
    {
        Before(4);
        looks = new([Seen(seen)]);

        await RunAsync(4, "web01", "sudo systemctl restart nginx");

        Assert.Contains("ended Done 0", happened);
    }

    public static TheoryData<int, bool, int?, bool, string, string, string> Ends => new()
    {
        // step, connected, exit, timed out → outcome, next, reason
        { 4, true, 0, false, "Done", "GoOn", "" },
        { 4, true, 1, false, "Failed", "CallNow", "restart failed" },
        { 4, false, null, false, "Failed", "CallNow", RespondText.NoLogin.En },
        { 4, true, null, true, "Unknown", "Settle", RespondText.TimedOut.En },
        { 4, true, null, false, "Unknown", "Settle", RespondText.LineCut.En },
        { 3, true, 0, false, "Done", "GoOn", "" },
        { 3, true, 1, false, "Failed", "CallNow", "configuration error, so not restarted" },
        { 3, false, null, false, "Failed", "CallNow", RespondText.NoLogin.En },
        { 3, true, null, true, "Failed", "CallNow", RespondText.TimedOut.En },
        { 2, true, 3, false, "Done", "GoOn", "" },
        { 2, true, null, false, "Failed", "Stop", RespondText.LineCut.En },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_the_shell_says_becomes_an_outcome_and_what_follows(
        int step, bool connected, int? exit, bool timedOut, string outcome, string next, string reason)
    {
        Before(step);
        looks = new([[Bad]]);
        shell.Answer = () => new ShellOutcome(connected, exit, "", timedOut, TimeSpan.FromSeconds(1));

        var report = await RunAsync(step, "web01", "sudo systemctl restart nginx");

        Assert.Equal((outcome, next, reason), (report.Ended!.Outcome.ToString(), followUp!.Next.ToString(), followUp.Reason.En));
    }

    [Fact]
    public async Task A_shell_that_throws_in_a_change_leaves_it_unknown_and_in_a_read_failed()
    {
        Before(4);
        looks = new([[Bad]]);
        shell.Answer = () => throw new IOException("disk full");
        await RunAsync(4, "web01", "sudo systemctl restart nginx");
        Assert.Equal("ended Unknown -", happened[^1]);

        await RunAsync(2, null, null);
        Assert.Equal("ended Failed -", happened[^1]);
    }

    [Fact]
    public async Task A_look_that_throws_before_a_change_means_nothing_was_run()
    {
        Before(4);
        looks = new();

        await RunAsync(4, "web01", "sudo systemctl restart nginx");

        Assert.Equal(["started 4.1", "look", "ended Failed -"], happened);
    }

    [Theory]
    [InlineData("bad bad", "Done", "GoOn")]
    [InlineData("ok ok", "NotNeeded", "CloseAsNaturalRecovery")]
    [InlineData("silent", "Failed", "Stop")]
    public async Task A_recheck_asks_whether_it_still_fails(string seen, string outcome, string next)
    {
        looks = new([Seen(seen)]);

        var report = await RunAsync(1, null, null);

        Assert.Equal((outcome, next), (report.Ended!.Outcome.ToString(), followUp!.Next.ToString()));
    }

    [Fact]
    public async Task A_verify_wants_all_sites_ok_as_often_in_a_row_as_written()
    {
        Before(5);
        looks = new([[Bad, Ok], [Ok, Ok], [Ok, Cut], [Ok, Ok], [Ok, Silent]]);

        var report = await RunAsync(5, null, null);

        Assert.Equal(StepOutcome.Done, report.Ended!.Outcome);
        Assert.Equal(5, happened.Count(h => h == "look"));
    }

    [Fact]
    public async Task A_verify_that_never_succeeds_ends_in_time_and_calls()
    {
        Before(5);
        looks = new(Enumerable.Repeat<IReadOnlyList<FreshLook>>([Ok, Cut], 1_000_000));
        var plan = Story.Restart with { Steps = [.. Story.Restart.Steps.Take(4), new VerifyStepPlan("web01", "http", 2, TimeSpan.FromMilliseconds(200), StepElse.Call, "still failing")] };

        var report = await RunAsync(5, null, null, plan);

        Assert.Equal((StepOutcome.Failed, StepNext.CallNow, "still failing"), (report.Ended!.Outcome, followUp!.Next, followUp.Reason.En));
    }

    [Fact]
    public async Task A_host_without_ssh_or_pinned_key_is_refused_before_anything_is_recorded()
    {
        events.AddRange(Story.Opened().Ran("2:00", 1).Events.Skip(1));
        var host = Story.Plan.Hosts[0];

        var none = await RunAsync(2, null, null, customer: Story.Plan with { Hosts = [host with { Ssh = null }] });
        var unpinned = await RunAsync(2, null, null, customer: Story.Plan with { Hosts = [host with { Ssh = Story.Ssh with { HostKeys = [] } }] });

        Assert.Equal((RespondRefusal.Invalid, RespondRefusal.Invalid), (none.Refusal, unpinned.Refusal));
        Assert.Empty(happened);
    }

    [Fact]
    public async Task Two_clicks_at_once_run_one_change()
    {
        Before(4);
        looks = new([[Bad], [Bad]]);
        var hold = new TaskCompletionSource();
        shell.Wait = hold.Task;
        var runner = Runner();

        var first = runner.RunAsync(Request(4), CancellationToken.None);
        var second = await runner.RunAsync(Request(4), CancellationToken.None);
        hold.SetResult();
        await first;

        Assert.Equal(RespondRefusal.Conflict, second.Refusal);
        Assert.Single(happened, h => h.StartsWith("ran", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_end_that_cannot_be_written_is_written_later()
    {
        Before(4);
        looks = new([[Bad], [Bad]]);
        var clock = new LabClock();
        var tries = 0;
        var desk = Desk();
        var runner = new StepRunner(
            desk with { Finish = (id, ended, next) => ++tries < 3 ? Task.FromException(new IOException("disk full")) : desk.Finish(id, ended, next) },
            shell,
            clock,
            NullLogger.Instance);

        var report = runner.RunAsync(Request(4), CancellationToken.None);
        for (var second = 0; second < 1000 && !report.IsCompleted; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(StepOutcome.Done, (await report).Ended!.Outcome);
        Assert.Equal(3, tries);
        Assert.Single(happened, h => h.StartsWith("ran", StringComparison.Ordinal));
        Assert.Single(events.OfType<StepEnded>(), e => e.Step == 4);
    }

    [Fact]
    public async Task The_desk_stopping_before_the_command_records_that_nothing_ran()
    {
        Before(4);
        looks = new([[Bad]]);
        using var stop = new CancellationTokenSource();
        var runner = new StepRunner(
            Desk() with { Look = (_, _, _) => { stop.Cancel(); return Task.FromResult<IReadOnlyList<FreshLook>>([Bad]); } }, shell, TimeProvider.System, NullLogger.Instance);

        var report = await runner.RunAsync(Request(4), stop.Token);

        Assert.Equal(StepOutcome.Failed, report.Ended!.Outcome);
        Assert.False(StepRuns.Of(events).Last(4)!.MayHaveRun);
    }

    private static FreshLook Look(string site, CheckStatus status, Reply reply, NoValue noValue = NoValue.None) =>
        new(new SiteName(site), Story.Start, new LookAnswer(status, reply, noValue, "output"));

    private static IReadOnlyList<FreshLook> Seen(string seen) => [.. seen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w switch
    {
        "ok" => Ok,
        "bad" => Bad,
        "cut" => Cut,
        "fault" => Fault,
        _ => Silent,
    })];

    /// <summary>All steps before this one are done.</summary>
    private void Before(int step)
    {
        var story = Story.Opened();
        for (var earlier = 1; earlier < step; earlier++)
        {
            story.Ran("2:00", earlier, exit: 0);
        }

        events.AddRange(story.Events.Skip(1));
    }

    private Task<StepReport> RunAsync(int step, string? host, string? command, RunbookPlan? plan = null, CustomerPlan? customer = null) =>
        Runner().RunAsync(
            Request(step) with { ConfirmHost = host, ConfirmCommand = command, Runbook = plan ?? Story.Restart, Plan = customer ?? Story.Plan }, CancellationToken.None);

    private static StepRequest Request(int step) =>
        new(Story.Sato, new IncidentId(1), Story.Facts, Story.Plan, Story.Restart, step, "web01", "sudo systemctl restart nginx");

    private StepRunner Runner() => new(Desk(), shell, TimeProvider.System, NullLogger.Instance, TimeSpan.FromMilliseconds(1));

    private StepDesk Desk() => new(
        (_, _, rule, _) =>
        {
            inTransaction = true;
            var start = rule([.. events]);
            if (start.Event is { } e)
            {
                events.Add(e);
                happened.Add($"started {e.Step}.{e.Run}");
            }

            inTransaction = false;
            return Task.FromResult(start);
        },
        (_, ended, next) =>
        {
            events.Add(ended);
            happened.Add($"ended {ended.Outcome} {ended.ExitCode?.ToString() ?? "-"}");
            followUp = next;
            return Task.CompletedTask;
        },
        (_, _, _) =>
        {
            Assert.False(inTransaction);
            happened.Add("look");
            return looks.TryDequeue(out var seen) ? Task.FromResult(seen) : throw new InvalidOperationException("no look");
        });

    private sealed class FakeShell(StepRunnerTests test) : IShell
    {
        internal Func<ShellOutcome> Answer { get; set; } = () => new ShellOutcome(true, 0, "hello", false, TimeSpan.FromSeconds(1));

        internal Task Wait { get; set; } = Task.CompletedTask;

        public async Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
        {
            Assert.False(test.inTransaction);
            test.happened.Add($"ran {target.Host} {command} {timeout}");
            await Wait;
            return Answer();
        }
    }
}
