using FsCheck;
using FsCheck.Fluent;
using Hinoban.Checks;
using Hinoban.States;
using static Hinoban.Tests.States.Scene;

namespace Hinoban.Tests.States;

/// <summary>The machine's own table; that it equals Nagios is <see cref="NagiosTableTests"/>.</summary>
public sealed class StateMachineTests
{
    private static readonly StateTerms Three = new(3, IsHostCheck: false);

    [Theory]
    [InlineData("", "O", "O/Hard/1", "None")]
    [InlineData("", "C", "C/Soft/1", "SoftFailure")]
    [InlineData("C", "C", "C/Soft/2", "SoftFailure")]
    [InlineData("CC", "C", "C/Hard/3", "HardFailure")]
    [InlineData("CCC", "C", "C/Hard/3", "None")]
    [InlineData("CC", "O", "O/Hard/1", "SoftRecovery")]
    [InlineData("CCC", "O", "O/Hard/1", "HardRecovery")]
    [InlineData("CCC", "W", "W/Hard/3", "HardSeverity")]
    [InlineData("WC", "U", "U/Hard/3", "HardFailure")]
    [InlineData("CCCO", "C", "C/Soft/1", "SoftFailure")]
    public void A_look_does_to_a_view(string before, string result, string after, string change)
    {
        var step = Run(Three, before + result);
        Assert.Equal((after, change), ($"{"OWCU"[(int)step.After.Status]}/{step.After.Type}/{step.After.Attempt}", step.Change.ToString()));
    }

    [Fact]
    public void A_view_keeps_the_facts_of_its_run()
    {
        var view = Run(Three, "OCCCC").After;
        Assert.Equal((4, S(1), S(4), S(4)), (view.FailingLooks, view.RunMono, view.LookMono, view.FailedLookMono));
        Assert.Equal((Epoch + S(1), Epoch + S(1)), (view.FailingSinceUtc, view.ChangedUtc));
        Assert.Equal((CheckStatus.Critical, NoValue.TimedOut, Reply.Transport), (view.LastHard, view.NoValue, view.Reply));
        var mended = StateMachine.Step(Three, view, Look('O', 5), hostUp: true).After;
        Assert.Equal((0, S(5), S(4), Epoch + S(1)), (mended.FailingLooks, mended.RunMono, mended.FailedLookMono, mended.FailingSinceUtc));
    }

    [Fact]
    public void A_look_that_started_before_the_views_last_one_is_not_taken()
    {
        var view = Run(Three, "CCC").After;
        var late = StateMachine.Step(Three, view, Look('O', 1), hostUp: true);
        Assert.Equal(ViewChange.Ignored, late.Change);
        Assert.Same(view, late.After);
    }

    [Fact]
    public void Of_two_looks_that_started_together_both_count()
    {
        var view = Run(Three, "C").After;
        var second = StateMachine.Step(Three, view, Look('C', 0) with { StartedMono = view.LookMono!.Value }, hostUp: true);
        Assert.Equal((ViewChange.SoftFailure, 2), (second.Change, second.After.Attempt));
    }

    [Fact]
    public void That_its_host_was_down_is_forgotten_with_the_recovery()
    {
        var down = StateMachine.Step(Three, Run(Three, "O").After, Look('C', 1), hostUp: false).After;
        Assert.True(down.HostWasDown);
        Assert.False(StateMachine.Step(Three, down, Look('O', 2), hostUp: true).After.HostWasDown);
    }

    [Fact]
    public void A_step_of_the_wall_clock_is_of_no_effect()
    {
        var view = Run(Three, "CC").After;
        var back = StateMachine.Step(Three, view, Look('C', 2) with { StartedUtc = Epoch - TimeSpan.FromDays(400) }, hostUp: true);
        Assert.Equal(ViewChange.HardFailure, back.Change);
    }

    [Fact]
    public void A_look_that_our_own_engine_could_not_make_is_no_evidence()
    {
        var view = Run(Three, "CC").After;
        var fault = new Sighting(new LookAnswer(CheckStatus.Unknown, Reply.Transport, NoValue.EngineFault, "no sockets"), Epoch, S(9), S(0));
        Assert.Equal(new Transition(view, ViewChange.Ignored), StateMachine.Step(Three, view, fault, hostUp: true));
    }

    [Fact]
    public void A_service_that_fails_with_its_host_is_hard_at_once()
    {
        var down = StateMachine.Step(Three, Run(Three, "O").After, Look('C', 1), hostUp: false);
        Assert.Equal((StateType.Hard, 1, ViewChange.HardFailure), (down.After.Type, down.After.Attempt, down.Change));
        var host = StateMachine.Step(new StateTerms(3, IsHostCheck: true), Run(Three, "O").After, Look('C', 1), hostUp: false);
        Assert.Equal(StateType.Soft, host.After.Type);
    }

    [Fact]
    public void After_attempts_failures_in_a_row_a_view_is_hard_and_one_OK_mends_it() => Prop.ForAll(
        (from attempts in Gen.Choose(1, 8)
         from looks in Gen.Elements('O', 'W', 'C', 'U').ArrayOf()
         select (Attempts: attempts, Looks: new string(looks))).ToArbitrary(),
        run =>
        {
            var terms = new StateTerms(run.Attempts, IsHostCheck: false);
            var view = run.Looks.Length == 0 ? new SiteView(Tokyo) : Run(terms, run.Looks).After;
            var failed = run.Looks.Length - 1 - run.Looks.LastIndexOf('O');
            return view.FailingLooks == failed
                && view.HardFailing == (failed >= run.Attempts)
                && view.SoftFailing == (failed > 0 && failed < run.Attempts)
                && view.Attempt == Math.Clamp(failed, 1, run.Attempts)
                && StateMachine.Step(terms, view, Look('O', 1000), hostUp: true).After is { HardFailing: false, SoftFailing: false, LastHard: CheckStatus.Ok };
        }).QuickCheckThrowOnFailure();

    private static Transition Run(StateTerms terms, string looks)
    {
        var last = new Transition(new SiteView(Tokyo), ViewChange.None);
        for (var i = 0; i < looks.Length; i++)
        {
            last = StateMachine.Step(terms, last.After, Look(looks[i], i), hostUp: true);
        }

        return last;
    }

    private static Sighting Look(char status, int second)
    {
        var code = (CheckStatus)"OWCU".IndexOf(status, StringComparison.Ordinal);
        var answer = code == CheckStatus.Ok
            ? new LookAnswer(code, Reply.Answer, NoValue.None, "OK")
            : new LookAnswer(code, Reply.Transport, NoValue.TimedOut, "no answer");
        return new Sighting(answer, Epoch + S(second), S(second), S(0.1));
    }
}
