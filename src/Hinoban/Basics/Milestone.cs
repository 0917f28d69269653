using System.Diagnostics;

namespace Hinoban.Basics;

/// <summary>
/// The points at which a crash would hurt most, and the facts worth waiting for. Each is written to the diagnostic
/// listener <c>Hinoban</c> when it is passed; observers (traces, a proof that kills the process here) attach from outside.
/// </summary>
internal enum Milestone
{
    /// <summary>Site: a look has ended, its result is not in the spool yet.</summary>
    LookEnded,

    /// <summary>Site: the result is durable in the spool, not posted yet.</summary>
    ResultSpooled,

    /// <summary>Site: a batch was posted, its receipt is not noted yet.</summary>
    BatchPosted,

    /// <summary>Desk: a batch arrived, its transaction has not begun.</summary>
    BatchArrived,

    /// <summary>Desk: state, events and outbox rows are written, not committed.</summary>
    BatchBeforeCommit,

    /// <summary>Desk: the batch is committed, its receipt is not sent.</summary>
    BatchCommitted,

    /// <summary>Desk: a command (claim, note, step, report) is committed, its answer is not sent.</summary>
    CommandCommitted,

    /// <summary>Desk: outbox rows are marked as being sent, no byte has left.</summary>
    DeliveryMarked,

    /// <summary>Desk: the message is on the wire up to its last dot, the relay's reply is not read.</summary>
    MailDotSent,

    /// <summary>Desk: the relay accepted, the outcome is not committed.</summary>
    MailAccepted,

    /// <summary>Desk: the delivery's outcome is committed.</summary>
    DeliverySettled,

    /// <summary>Desk: a change step is recorded as started, its command has not run.</summary>
    StepStarted,

    /// <summary>Desk: a change step's command has ended, its outcome is not committed.</summary>
    StepEnded,
}

/// <summary>Where milestones are announced.</summary>
internal static class Milestones
{
    internal const string ListenerName = "Hinoban";

    private static readonly DiagnosticListener Listener = new(ListenerName);
    private static readonly string[] Names = Enum.GetNames<Milestone>();

    /// <summary>Announces a milestone; costs one branch when nobody listens.</summary>
    internal static void Reached(Milestone milestone, object? about = null)
    {
        if (Listener.IsEnabled())
        {
            Listener.Write(Names[(int)milestone], about);
        }
    }
}
