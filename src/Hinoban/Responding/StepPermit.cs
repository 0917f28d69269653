using Hinoban.Basics;

namespace Hinoban.Responding;

/// <summary>Why a runbook step may not be started now.</summary>
internal enum StepBar
{
    /// <summary>Nothing stands against it.</summary>
    None,

    /// <summary>The runbook has no step of this number.</summary>
    NoSuchStep,

    /// <summary>The account may look, not respond.</summary>
    NotAllowed,

    /// <summary>The incident is closed.</summary>
    IncidentClosed,

    /// <summary>Nobody has started the response (対応開始).</summary>
    Unclaimed,

    /// <summary>A change step, and somebody else holds the claim.</summary>
    ClaimedByOther,

    /// <summary>This step is running.</summary>
    Running,

    /// <summary>Another step of this incident is running.</summary>
    OtherRunning,

    /// <summary>How the last run ended is not known: a person settles that first.</summary>
    OutcomeUnknown,

    /// <summary>A change step that is done: it is never done twice in an incident.</summary>
    AlreadyDone,

    /// <summary>A change step, and the problem has recovered.</summary>
    Recovered,

    /// <summary>An earlier step has not been run yet.</summary>
    EarlierOpen,

    /// <summary>An earlier step did not go as written.</summary>
    EarlierFailed,

    /// <summary>An earlier step's outcome is not known.</summary>
    EarlierUnknown,

    /// <summary>A change step, and an earlier step found the problem gone.</summary>
    EarlierNotNeeded,

    /// <summary>A change step, and steps of this incident ran under another text of the procedure.</summary>
    ProcedureChanged,

    /// <summary>The specification gives no SSH access (or no pinned host key) for the step's host, or no such item to verify.</summary>
    NoTarget,
}

/// <summary>Whether a step may be started, and the text to show if not. <see cref="Earlier"/>: the step that stands in the way, 0 if none.</summary>
internal sealed record StepPermit(StepBar Bar, Text WhyNot, int Earlier = 0)
{
    internal bool Allowed => Bar == StepBar.None;

    internal static StepPermit Yes { get; } = new(StepBar.None, Text.Same(""));

    internal static StepPermit No(StepBar bar, int earlier = 0) => new(bar, RespondText.WhyNot(bar, earlier), earlier);
}
