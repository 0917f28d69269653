using Hinoban.Basics;
using Hinoban.Incidents;

namespace Hinoban.Responding;

/// <summary>In which way a step failed; decides whether its <c>else</c> is about this at all.</summary>
internal enum StepFailure
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>It went through, and the answer is not the one written.</summary>
    Answer,

    /// <summary>No site gave a fresh look, so nothing was learned and nothing was run.</summary>
    NoLook,

    /// <summary>The log-in did not succeed; nothing was run.</summary>
    NoLogin,

    /// <summary>A read-only command was cut off.</summary>
    Cut,
}

/// <summary>What a run of a step found out, before it is written down.</summary>
internal sealed record StepFinding(StepOutcome Outcome, int? ExitCode, string Transcript, Text Because, StepFailure Failure = StepFailure.None);
