namespace Hinoban.Checks.DropIn;

/// <summary>The built-in checks as Nagios plugins: a kind's word and a command line in, a verdict out.</summary>
internal static class DropIns
{
    /// <summary>The words after <c>hinoban check</c>.</summary>
    internal static readonly string[] Kinds = [.. TcpDropInKind.All.Select(k => k.Word), "smtp", "ssh", "http"];

    internal static async Task<DropInVerdict> RunAsync(string kind, IReadOnlyList<string> arguments, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return kind switch
            {
                "smtp" => await SmtpAsync(new SmtpDropIn(arguments), clock, cancel),
                "ssh" => await SshAsync(new SshDropIn(arguments), clock, cancel),
                "http" => await HttpAsync(new HttpDropIn(arguments), clock, cancel),
                _ when Array.Find(TcpDropInKind.All, k => k.Word == kind) is { } tcp => await TcpAsync(new TcpDropIn(tcp, arguments), clock, cancel),
                _ => throw new DropInUsageException($"no such kind; there are {string.Join(", ", Kinds)}"),
            };
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            // Nagios makes a verdict of whatever a plugin ends with; a stack trace is none.
            return new DropInVerdict(CheckStatus.Unknown, $"check_{kind}: {TcpDropIn.Clean(wrong.Message).Replace('\n', ' ')}");
        }
    }

    private static Task<DropInVerdict> TcpAsync(TcpDropIn check, TimeProvider clock, CancellationToken cancel) => DropInRun.RunAsync(check.Target, clock, check.RunAsync, cancel);

    private static Task<DropInVerdict> SmtpAsync(SmtpDropIn check, TimeProvider clock, CancellationToken cancel) => DropInRun.RunAsync(check.Target, clock, check.RunAsync, cancel);

    private static Task<DropInVerdict> SshAsync(SshDropIn check, TimeProvider clock, CancellationToken cancel) => DropInRun.RunAsync(check.Target, clock, check.RunAsync, cancel);

    /// <summary>Redirects are followed here: each place is a check of its own, all within one time, as check_http has it.</summary>
    private static async Task<DropInVerdict> HttpAsync(HttpDropIn check, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = new LookLimit(TimeSpan.FromSeconds(check.Target.Seconds), clock, cancel);
        IReadOnlyList<string> last = [];
        for (var hop = 0; ; hop++)
        {
            var verdict = await DropInRun.RunAsync(check.Target, clock, check.RunAsync, limit);
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
