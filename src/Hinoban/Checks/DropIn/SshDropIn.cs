using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Checks.DropIn;

/// <summary><c>hinoban check ssh</c>: the options, verdicts and first line of check_ssh (monitoring-plugins 2.3).</summary>
internal sealed class SshDropIn
{
    private const int Longest = 256;
    private static readonly char[] Digits = [.. "0123456789. "];
    private readonly DropInArguments given;

    internal SshDropIn(string[] arguments)
    {
        given = new DropInArguments(
            arguments, "+Vhv46t:r:H:p:P:", "H host", "H hostname", "p port", "4 use-ipv4", "6 use-ipv6", "t timeout", "v verbose",
            "r remote-version", "P remote-protocol", "P remote-protcol");
        var host = given.Last('H') ?? (given.Rest.Count > 0 ? given.Rest[0] : throw new DropInUsageException("Could not parse arguments"));
        var port = given.Has('p') || given.Rest.Skip(given.Has('H') ? 0 : 1).FirstOrDefault() is not { } behind ? given.Port(22, "Port number")
            : int.TryParse(behind, NumberStyles.None, CultureInfo.InvariantCulture, out var written) && written is > 0 and <= DropInArguments.MostPort ? written
            : throw new DropInUsageException("Usage: check_ssh [-4|-6] [-t <timeout>] [-r <remote version>] [-p <port>] <host>");
        Target = new DropInTarget(
            host, port, given.Wait(),
            given.Has('4') ? AddressFamily.InterNetwork : given.Has('6') ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);
    }

    internal DropInTarget Target { get; }

    internal DropInVerdict Run(DropInRun run)
    {
        var (opened, whyNot, unknown) = run.Open(Longest);
        if (opened is not { } wire)
        {
            return unknown ? new DropInVerdict(CheckStatus.Unknown, $"check_ssh: Invalid hostname/address - {Target.Host}") : new DropInVerdict(CheckStatus.Critical, whyNot);
        }

        using var _ = wire;
        var said = Encoding.Latin1.GetString(run.Some(wire, patient: true));
        if (!said.StartsWith("SSH", StringComparison.Ordinal))
        {
            return new DropInVerdict(CheckStatus.Critical, $"Server answer: {TcpDropIn.Clean(said)}");
        }

        var line = said.Split('\n', 2)[0].TrimEnd();
        var version = line.Length > 4 ? line[4..] : "";
        var protocol = version[..^version.TrimStart(Digits).Length];
        var server = version.TrimStart([.. Digits, '-']);
        run.Send(wire, Encoding.ASCII.GetBytes($"SSH-{protocol}-hinoban_check\r\n"));
        var shown = $"{TcpDropIn.Clean(server)} (protocol {protocol})";
        return given.Last('r') is { } wanted && wanted != server ? new DropInVerdict(CheckStatus.Critical, $"SSH CRITICAL - {shown} version mismatch, expected '{wanted}'")
            : given.Last('P') is { } spoken && spoken != protocol ? new DropInVerdict(CheckStatus.Critical, $"SSH CRITICAL - {shown} protocol version mismatch, expected '{spoken}'")
            : new DropInVerdict(CheckStatus.Ok, $"SSH OK - {shown} | {DropInRun.Time("time", run.Elapsed, null, null, Target.Seconds)}");
    }
}
