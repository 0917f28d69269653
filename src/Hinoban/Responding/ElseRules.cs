using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>What follows a run of a step.</summary>
internal enum StepNext
{
    /// <summary>As written: the next step.</summary>
    GoOn,

    /// <summary>Nothing by itself: the operator decides.</summary>
    Stop,

    /// <summary>Phone the contact list.</summary>
    CallNow,

    /// <summary>Write to the mailing list.</summary>
    SendMail,

    /// <summary>自然復旧: nothing more is changed; the recovery is told as usual, and the report says so.</summary>
    CloseAsNaturalRecovery,

    /// <summary>A person settles how the step ended before anything else happens.</summary>
    Settle,
}

/// <summary>What follows, with the reason the specification gives (its customer's words; may be empty).</summary>
internal sealed record StepFollowUp(StepNext Next, Text Reason);

/// <summary>The <c>else</c> of a step, as data.</summary>
internal static class ElseRules
{
    internal static StepFollowUp ElseOf(StepPlan step, StepFinding finding) => finding.Outcome switch
    {
        StepOutcome.Done => new StepFollowUp(StepNext.GoOn, Text.Same("")),
        StepOutcome.Unknown => new StepFollowUp(StepNext.Settle, finding.Because),
        StepOutcome.NotNeeded => OfNotNeeded(step),
        StepOutcome.Failed => OfFailed(step, finding),
    };

    /// <summary>A change that was not needed has one sensible sequel, whatever its else says about failing.</summary>
    private static StepFollowUp OfNotNeeded(StepPlan step) => step switch
    {
        ChangeStepPlan => new StepFollowUp(StepNext.CloseAsNaturalRecovery, Text.Same("")),
        _ => new StepFollowUp(Written(step.Else), Text.Same(step.ElseReason)),
    };

    /// <summary>
    /// The words that the specification gives with its else ("still failing after the restart") are used only where they are true; a failed
    /// log-in says itself. Without a fresh look the operator decides. "Close" cannot follow a change or a verify that failed: the problem is there.
    /// </summary>
    private static StepFollowUp OfFailed(StepPlan step, StepFinding finding) => (finding.Failure, step, step.Else) switch
    {
        (StepFailure.NoLook, _, _) => new StepFollowUp(StepNext.Stop, finding.Because),
        (StepFailure.NoLogin or StepFailure.Cut, _, StepElse.Close) => new StepFollowUp(StepNext.Stop, finding.Because),
        (StepFailure.NoLogin or StepFailure.Cut, _, _) => new StepFollowUp(Written(step.Else), finding.Because),
        (_, ChangeStepPlan or VerifyStepPlan or RecheckStepPlan, StepElse.Close) => new StepFollowUp(StepNext.Stop, finding.Because),
        _ => new StepFollowUp(Written(step.Else), Text.Same(step.ElseReason)),
    };

    private static StepNext Written(StepElse written) => written switch
    {
        StepElse.Stop => StepNext.Stop,
        StepElse.Call => StepNext.CallNow,
        StepElse.Mail => StepNext.SendMail,
        StepElse.Close => StepNext.CloseAsNaturalRecovery,
    };
}
