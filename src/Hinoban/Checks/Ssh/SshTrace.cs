using Hinoban.Basics;

namespace Hinoban.Checks.Ssh;

/// <summary>
/// What the client's own log tells of a run. Its exit code 255 means "the client failed" or "the remote command ended with 255"; the log tells
/// them apart: a line when the session is asked for, and one when the remote exit status arrives, in either way of running (a session on a
/// shared connection, or a connection of its own). The command's text is not touched for this. Lines of the log begin with what the client says; what a
/// server sends is escaped onto one line behind it, and a server could only lie about its own exit code.
/// </summary>
/// <param name="MayHaveStarted">The log-in succeeded or a shared connection was joined: from here on "it never ran" is not certain.</param>
/// <param name="ExitArrived">The remote exit status arrived.</param>
/// <param name="Trouble">Why there was no log-in.</param>
/// <param name="ServerKey">The key that the server showed, as type and fingerprint; empty if it came to none.</param>
internal sealed record SshTrace(bool MayHaveStarted, bool ExitArrived, Text Trouble, string ServerKey)
{
    private static readonly string[] Started =
    [
        "Authenticated to ", "debug2: mux_client_hello_exchange: master version", "debug1: mux_client_request_session: ", "debug1: Sending command: ",
    ];

    internal static SshTrace Read(string log)
    {
        var lines = log.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        var shared = lines.Any(l => l.StartsWith("debug1: mux_client_request_session: master session id", StringComparison.Ordinal));
        var arrived = lines.Any(l => l.StartsWith("debug2: Received exit status from master ", StringComparison.Ordinal))
            || (!shared && lines.Any(l =>
                l.StartsWith("debug1: client_input_channel_req: channel ", StringComparison.Ordinal) && l.Contains("rtype exit-status", StringComparison.Ordinal)));
        return new SshTrace(
            lines.Any(l => Started.Any(s => l.StartsWith(s, StringComparison.Ordinal))), arrived, TroubleOf(lines), ServerKeyOf(lines));
    }

    private static Text TroubleOf(List<string> lines)
    {
        var said = string.Join('\n', lines.Where(l => !l.StartsWith("debug", StringComparison.Ordinal)));
        bool Says(string what) => said.Contains(what, StringComparison.Ordinal);
        return Says("Host key verification failed") || Says("no matching host key type") ? ShellText.HostKeyDiffers
            : Says("Permission denied") || Says("Too many authentication failures") ? ShellText.LoginRefused
            : Says("Connection refused") ? ShellText.Refused
            : Says("timed out") ? ShellText.NoAnswer
            : Says("No route to host") || Says("Network is unreachable") ? ShellText.Unreachable
            : Says("Could not resolve hostname") ? ShellText.NameUnresolved
            : Says("UNPROTECTED PRIVATE KEY FILE") ? ShellText.KeyFileOpen
            : Says("Connection closed") || Says("Connection reset") || Says("kex_exchange_identification") ? ShellText.ClosedEarly
            : ShellText.NoLogin;
    }

    private static string ServerKeyOf(List<string> lines)
    {
        const string Shown = "debug1: Server host key: ";
        return lines.FirstOrDefault(l => l.StartsWith(Shown, StringComparison.Ordinal))?[Shown.Length..] ?? "";
    }
}
