using System.Globalization;

namespace Hinoban.Checks.DropIn;

/// <summary>The built-in checks as Nagios plugins: a kind's word and a command line in, a verdict out.</summary>
internal static class DropIns
{
    /// <summary>The words after <c>hinoban check</c>.</summary>
    internal static string[] Kinds => [.. TcpDropInKind.All.Select(k => k.Word), "smtp", "ssh", "http"];

    internal static DropInVerdict Run(string kind, string[] arguments, TimeProvider clock)
    {
        try
        {
            return kind switch
            {
                "smtp" => Smtp(new SmtpDropIn(arguments), clock),
                "ssh" => Ssh(new SshDropIn(arguments), clock),
                "http" => Http(new HttpDropIn(arguments), clock),
                _ when Array.Find(TcpDropInKind.All, k => k.Word == kind) is { } tcp => Tcp(new TcpDropIn(tcp, arguments), clock),
                _ => throw new DropInUsageException($"no such kind; there are {string.Join(", ", Kinds)}"),
            };
        }
        catch (Exception wrong)
        {
            // Nagios makes a verdict of whatever a plugin ends with; a stack trace is none.
            return new DropInVerdict(CheckStatus.Unknown, $"check_{kind}: {TcpDropIn.Clean(wrong.Message).Replace('\n', ' ')}");
        }
    }

    private static DropInVerdict Tcp(TcpDropIn check, TimeProvider clock) => One(check.Target, clock, check.Run);

    private static DropInVerdict Smtp(SmtpDropIn check, TimeProvider clock) => One(check.Target, clock, check.Run);

    private static DropInVerdict Ssh(SshDropIn check, TimeProvider clock) => One(check.Target, clock, check.Run);

    private static DropInVerdict One(DropInTarget target, TimeProvider clock, Func<DropInRun, DropInVerdict> check)
    {
        using var limit = Limit(target, clock);
        return DropInRun.Run(target, limit, clock, check);
    }

    private static LookLimit Limit(DropInTarget target, TimeProvider clock) => new(TimeSpan.FromSeconds(target.Seconds), clock, CancellationToken.None);

    /// <summary>Redirects are followed here: each place is a check of its own, all within one time, as check_http has it.</summary>
    private static DropInVerdict Http(HttpDropIn check, TimeProvider clock)
    {
        using var limit = Limit(check.Target, clock);
        string[] last = [];
        for (var hop = 0; ; hop++)
        {
            var verdict = DropInRun.Run(check.Target, limit, clock, check.Run);
            if (!verdict.Follow)
            {
                return verdict;
            }

            if (check.Follow(verdict.Text) is not { } next)
            {
                return new DropInVerdict(CheckStatus.Unknown, $"HTTP UNKNOWN - Could not find redirect location - {TcpDropIn.Clean(verdict.Text)}");
            }

            if (hop >= check.MostRedirects)
            {
                return new DropInVerdict(CheckStatus.Warning, $"HTTP WARNING - maximum redirection depth {check.MostRedirects} exceeded - {TcpDropIn.Clean(verdict.Text)}");
            }

            if (next.SequenceEqual(last))
            {
                return new DropInVerdict(CheckStatus.Critical, $"HTTP CRITICAL - redirection creates an infinite loop - {TcpDropIn.Clean(verdict.Text)}");
            }

            last = next;

            check = new HttpDropIn(next);
        }
    }
}
