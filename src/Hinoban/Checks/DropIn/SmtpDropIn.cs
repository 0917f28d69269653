using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Checks.DropIn;

/// <summary><c>hinoban check smtp</c>: the options, verdicts and first line of check_smtp (monitoring-plugins 2.3), but for logging in.</summary>
internal sealed class SmtpDropIn
{
    private readonly DropInArguments given;
    private readonly double? warn;
    private readonly double? crit;

    internal SmtpDropIn(string[] arguments)
    {
        given = new DropInArguments(
            arguments, "+hVv46Lt:p:f:e:c:w:H:C:R:SD:F:A:U:P:q",
            "H hostname", "e expect", "c critical", "w warning", "t timeout", "p port", "f from", "F fqdn", "C command", "R response",
            "A authtype", "U authuser", "P authpass", "v verbose", "4 use-ipv4", "6 use-ipv6", "L lmtp", "S starttls", "D certificate", "q ignore-quit-failure");
        if (given.Has('A') || given.Has('U') || given.Has('P'))
        {
            throw new DropInUsageException("logging in (-A, -U, -P) is not supported: a password would stand in the list of processes");
        }

        (warn, crit) = (given.Seconds('w'), given.Seconds('c'));
        Target = new DropInTarget(
            given.Last('H') ?? (given.Rest.Count > 0 ? given.Rest[0] : "127.0.0.1"), given.Port(25, "Port"), given.Wait(),
            given.Has('4') ? AddressFamily.InterNetwork : given.Has('6') ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);
    }

    internal DropInTarget Target { get; }

    internal DropInVerdict Run(DropInRun run)
    {
        var (opened, whyNot, unknown) = run.Open();
        if (opened is not { } wire)
        {
            return unknown ? new DropInVerdict(CheckStatus.Unknown, $"check_smtp: Invalid hostname/address - {Target.Host}")
                : new DropInVerdict(CheckStatus.Critical, $"{whyNot}\n{Line(CheckStatus.Critical, run.Elapsed)}");
        }

        using var _ = wire;
        var hello = $"{(given.Has('L') ? "LHLO" : given.Has('S') || given.Has('D') ? "EHLO" : "HELO")} {given.Last('F') ?? Environment.MachineName}";
        var verdict = Talk(run, wire, hello);
        wire.Farewell(Encoding.ASCII.GetBytes("QUIT\r\n"));
        return verdict;
    }

    private DropInVerdict Talk(DropInRun run, DropInWire wire, string hello)
    {
        if (Reply(run, wire) is not { } banner || Ask(run, wire, hello) is not { } greeting)
        {
            return new DropInVerdict(CheckStatus.Warning, "recv() failed");
        }

        if (given.Has('S') || given.Has('D'))
        {
            if (!greeting.Contains("250 STARTTLS", StringComparison.Ordinal) && !greeting.Contains("250-STARTTLS", StringComparison.Ordinal))
            {
                return new DropInVerdict(CheckStatus.Warning, "WARNING - TLS not supported by server");
            }

            if (Ask(run, wire, "STARTTLS") is not { } ready || !ready.Contains("220", StringComparison.Ordinal))
            {
                return new DropInVerdict(CheckStatus.Unknown, "Server does not support STARTTLS");
            }

            if (run.Secure(wire, "") is { } broken)
            {
                return broken;
            }

            if (Ask(run, wire, hello) is not { } again)
            {
                return new DropInVerdict(CheckStatus.Unknown, "SMTP UNKNOWN - Cannot read EHLO response via TLS.");
            }

            greeting = again;
            if (given.Days('D') is { } days)
            {
                return run.Certificate(wire, days);
            }
        }

        return Unexpected(banner + greeting) ?? Commands(run, wire);
    }

    private DropInVerdict? Unexpected(string said) => said.Contains(given.Last('e') ?? "220", StringComparison.Ordinal) ? null
        : new DropInVerdict(CheckStatus.Warning, string.Create(
            CultureInfo.InvariantCulture,
            $"Invalid SMTP response received from host{(Target.Port == 25 ? "" : $" on port {Target.Port}")}: {TcpDropIn.Clean(said.Split('\n', 2)[0].TrimEnd())}"));

    private DropInVerdict Commands(DropInRun run, DropInWire wire)
    {
        if (given.Last('f') is { } from)
        {
            Ask(run, wire, $"MAIL FROM:<{from}>");
        }

        var (commands, responses) = (given.All('C'), given.All('R'));
        var (status, before) = (CheckStatus.Ok, "");
        for (var i = 0; i < commands.Count; i++)
        {
            var said = (Ask(run, wire, commands[i]) ?? "").Split('\n', 2)[0].TrimEnd();
            if (i < responses.Count && !Fits(said, responses[i]))
            {
                (status, before) = (CheckStatus.Warning, $"{before}SMTP WARNING - Invalid response '{TcpDropIn.Clean(said)}' to command '{commands[i]}'\n");
            }
        }

        status = status != CheckStatus.Ok ? status : run.Elapsed > crit ? CheckStatus.Critical : run.Elapsed > warn ? CheckStatus.Warning : CheckStatus.Ok;
        return new DropInVerdict(status, before + Line(status, run.Elapsed));
    }

    private string Line(CheckStatus status, double took) =>
        $"SMTP {Perf.Word(status)} - {DropInRun.Number(took, "0.000")} sec. response time|{DropInRun.Time("time", took, warn, crit, null)}";

    private static bool Fits(string said, string pattern)
    {
        try
        {
            return Regex.IsMatch(said, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException wrong)
        {
            throw new DropInUsageException($"Could Not Compile Regular Expression: {wrong.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string? Ask(DropInRun run, DropInWire wire, string words)
    {
        run.Send(wire, Encoding.UTF8.GetBytes(words + "\r\n"));
        return Reply(run, wire);
    }

    /// <summary>One reply with all its lines; null: the other end has closed.</summary>
    private static string? Reply(DropInRun run, DropInWire wire)
    {
        var said = new StringBuilder();
        try
        {
            while (wire.Line() is { } line)
            {
                said.Append(line).Append('\n');
                if (line.Length < 4 || line[3] != '-')
                {
                    return said.ToString();
                }
            }
        }
        catch (Exception broken) when (DropInWire.IsBreak(broken))
        {
            // As if it had closed.
            run.Cancel.ThrowIfCancellationRequested();
        }

        return null;
    }
}
