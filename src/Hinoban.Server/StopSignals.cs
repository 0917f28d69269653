using System.Runtime.InteropServices;

namespace Hinoban.Server;

/// <summary>
/// The signals of a role's process, taken before anything else is done: a stop that comes in the middle of a start is kept until the
/// start can end cleanly. Other verbs leave them to the system.
/// </summary>
internal sealed class StopSignals
{
    private readonly CancellationTokenSource stop = new();

    // Never let go of: after the last line of the program a signal must not be the system's again.
    private readonly List<PosixSignalRegistration> taken;

    private StopSignals() => taken =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            HangUp?.Invoke();
        }),
    ];

    /// <summary>Cancelled at the first SIGTERM or SIGINT.</summary>
    internal CancellationToken Token => stop.Token;

    /// <summary>What SIGHUP does; nothing before there is something to do.</summary>
    internal Action? HangUp { get; set; }

    /// <summary>Null for a verb that does its work and ends.</summary>
    internal static StopSignals? For(IReadOnlyList<string> args) => args switch
    {
        ["up" or "desk", ..] => new StopSignals(),
        ["site", "key" or "revoke", ..] => null,
        ["demo", "break" or "mend", ..] => null,
        ["site" or "demo", ..] => new StopSignals(),
        _ => null,
    };

    /// <summary>The first signal drains; a second one is the kernel's to answer.</summary>
    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
