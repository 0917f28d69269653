using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Responding;
using Hinoban.Specs;

namespace Hinoban.Tests.Responding;

/// <summary>What follows a run of a step, as a table.</summary>
public sealed class ElseRulesTests
{
    private static readonly Text Found = new("わかったこと", "what was found");

    [Theory]
    [InlineData("change", StepElse.Call, StepOutcome.Done, StepFailure.None, StepNext.GoOn, "")]
    [InlineData("change", StepElse.Call, StepOutcome.Unknown, StepFailure.None, StepNext.Settle, "found")]
    // A change that was not needed: the problem is gone, whatever its else says.
    [InlineData("change", StepElse.Call, StepOutcome.NotNeeded, StepFailure.None, StepNext.CloseAsNaturalRecovery, "")]
    [InlineData("recheck", StepElse.Close, StepOutcome.NotNeeded, StepFailure.None, StepNext.CloseAsNaturalRecovery, "written")]
    [InlineData("recheck", StepElse.Mail, StepOutcome.NotNeeded, StepFailure.None, StepNext.SendMail, "written")]
    [InlineData("verify", StepElse.Stop, StepOutcome.NotNeeded, StepFailure.None, StepNext.Stop, "written")]
    // Without a fresh look the operator decides.
    [InlineData("recheck", StepElse.Call, StepOutcome.Failed, StepFailure.NoLook, StepNext.Stop, "found")]
    [InlineData("verify", StepElse.Close, StepOutcome.Failed, StepFailure.NoLook, StepNext.Stop, "found")]
    // Nothing was run: the written words would not be true.
    [InlineData("read", StepElse.Close, StepOutcome.Failed, StepFailure.NoLogin, StepNext.Stop, "found")]
    [InlineData("read", StepElse.Close, StepOutcome.Failed, StepFailure.Cut, StepNext.Stop, "found")]
    [InlineData("read", StepElse.Call, StepOutcome.Failed, StepFailure.NoLogin, StepNext.CallNow, "found")]
    [InlineData("change", StepElse.Mail, StepOutcome.Failed, StepFailure.Cut, StepNext.SendMail, "found")]
    // The problem is there: it cannot be closed.
    [InlineData("change", StepElse.Close, StepOutcome.Failed, StepFailure.Answer, StepNext.Stop, "found")]
    [InlineData("verify", StepElse.Close, StepOutcome.Failed, StepFailure.Answer, StepNext.Stop, "found")]
    [InlineData("recheck", StepElse.Close, StepOutcome.Failed, StepFailure.Answer, StepNext.Stop, "found")]
    // As written.
    [InlineData("read", StepElse.Close, StepOutcome.Failed, StepFailure.Answer, StepNext.CloseAsNaturalRecovery, "written")]
    [InlineData("read", StepElse.Stop, StepOutcome.Failed, StepFailure.Answer, StepNext.Stop, "written")]
    [InlineData("change", StepElse.Call, StepOutcome.Failed, StepFailure.Answer, StepNext.CallNow, "written")]
    [InlineData("verify", StepElse.Mail, StepOutcome.Failed, StepFailure.Answer, StepNext.SendMail, "written")]
    internal void What_follows(string kind, StepElse written, StepOutcome outcome, StepFailure failure, StepNext next, string reason)
    {
        var follow = ElseRules.ElseOf(Step(kind, written), new StepFinding(outcome, null, "", Found, failure));
        Assert.Equal((next, reason switch { "found" => Found, "written" => Text.Same("as written"), _ => Text.Same("") }), (follow.Next, follow.Reason));
    }

    private static StepPlan Step(string kind, StepElse written) => kind switch
    {
        "recheck" => new RecheckStepPlan(written, "as written"),
        "read" => new ReadStepPlan("web01", "true", 0, null, TimeSpan.FromSeconds(20), written, "as written"),
        "change" => new ChangeStepPlan("web01", "true", 0, TimeSpan.FromSeconds(20), written, "as written"),
        _ => new VerifyStepPlan("web01", "http", 2, TimeSpan.FromMinutes(6), written, "as written"),
    };
}
