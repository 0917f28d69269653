using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Checks.Ssh;

/// <summary>Where a command runs.</summary>
internal sealed record ShellTarget(CustomerId Customer, string Host, string Address, SshPlan Ssh);

/// <summary>What came back. <see cref="ExitCode"/> is null if the command's end is unknown (cut line, time-out); <see cref="Connected"/> false if it never started;
/// <see cref="Stopping"/>: because the desk stops.</summary>
internal sealed record ShellOutcome(bool Connected, int? ExitCode, string Transcript, bool TimedOut, TimeSpan Took, bool Stopping = false)
{
    /// <summary>Why it never started; null if it did.</summary>
    internal Text? Reason { get; init; }
}

/// <summary>Runs a command on a customer's host.</summary>
internal interface IShell
{
    Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel);
}
