using System.Globalization;

namespace Hinoban.Checks;

/// <summary>How the signals that end programs are called, and what those that our limits send mean.</summary>
internal static class SignalNames
{
    /// <summary>A shell's exit code for a program that a signal ended is this and the signal.</summary>
    internal const int OfShell = 128;

    private static readonly string?[] Names =
    [
        null, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM",
        null, null, null, null, null, null, null, null, "SIGXCPU: more processor time than it may use", "SIGXFSZ: a larger file than it may write", "SIGVTALRM", "SIGPROF", null, null, null, "SIGSYS",
    ];

    /// <summary>By number and, where it has one, by name.</summary>
    internal static string Of(int signal) =>
        string.Create(CultureInfo.InvariantCulture, $"signal {signal}{((uint)signal < (uint)Names.Length && Names[signal] is { } name ? $", {name}" : "")}");

    /// <summary>What an exit code of a shell script says of a signal, with a blank before it; empty if it says nothing.</summary>
    internal static string OfExitCode(int code) => code - OfShell is > 0 and var signal && signal < Names.Length && Names[signal] is not null ? $" - what a shell gives for {Of(signal)}" : "";
}
