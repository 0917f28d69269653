using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>What stands before a change to a customer's machine: the typed confirmation, and the fresh question "still failing?".</summary>
internal static class ChangeGuard
{
    /// <summary>Null if host and command are exactly those of the step; otherwise the text that asks for them.</summary>
    internal static Text? Unconfirmed(ChangeStepPlan step, string? host, string? command) =>
        host is null && command is null ? RespondText.PleaseConfirm
        : string.Equals(host, step.On, StringComparison.Ordinal) && string.Equals(command, step.Run, StringComparison.Ordinal) ? null
        : RespondText.ConfirmationDiffers;

    /// <summary>
    /// Null if the change may run. Working: not needed, and nothing is run (R51). No look at all: nothing is run either, since "it still
    /// fails" would be a guess.
    /// </summary>
    internal static StepFinding? Stops(IReadOnlyList<FreshLook> looks) => FreshLooks.Judge(looks) switch
    {
        FreshVerdict.Failing => null,
        FreshVerdict.Working => new StepFinding(
            StepOutcome.NotNeeded, null, FreshLooks.Lines(looks), RespondText.NotNeeded),
        FreshVerdict.Unknown => new StepFinding(
            StepOutcome.Failed, null, FreshLooks.Lines(looks), RespondText.NoLook, StepFailure.NoLook),
    };
}
