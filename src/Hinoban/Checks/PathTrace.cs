using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hinoban.Checks;

/// <summary>
/// The way to an address, hop by hop: the distribution's <c>ping</c> once for each time-to-live, all at the same time. It needs no right of ours and
/// no program that a site does not have anyway.
/// </summary>
internal sealed partial class PathTrace(TimeProvider clock)
{
    internal const int MostHops = 20;

    // ping makes no children and is started without a plugin's limits: no process bears a number of it, its environment's mark must do.
    private const long NoNumber = -1;

    private static readonly string[] Programs = ["/usr/bin/ping", "/bin/ping"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static long runs;

    internal async Task<string> RunAsync(string address, CancellationToken cancel)
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
        {
            return "(ping is not installed at this site: package iputils-ping)";
        }

        // An argument that begins with a hyphen would be an option, whatever stands before it.
        if (address.StartsWith('-') || address.Contains('\0', StringComparison.Ordinal))
        {
            return "(not an address)";
        }

        var outputs = await Task.WhenAll(Enumerable.Range(1, MostHops).Select(ttl => PingAsync(program, address, ttl, cancel)));
        return Print(outputs);
    }

    /// <summary>From what each ping printed, in order of its time-to-live, to the list of hops: up to the target, or to the last that answered.</summary>
    internal static string Print(IReadOnlyList<string> outputs)
    {
        var lines = new List<string>();
        var lastHeard = 0;
        for (var i = 0; i < outputs.Count; i++)
        {
            var (hop, end) = HopOf(outputs[i]);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{i + 1,2}  {hop ?? "*"}"));
            lastHeard = hop is null ? lastHeard : i + 1;
            if (end)
            {
                return string.Join('\n', lines);
            }
        }

        return string.Join('\n', lines.Take(lastHeard).Append(string.Create(
            CultureInfo.InvariantCulture, $"{lastHeard + 1,2}  * (no answer from here on, up to hop {outputs.Count})")));
    }

    // A router that knows no way ends the trace as the target does: beyond it nothing is reached.
    private static (string? Hop, bool End) HopOf(string output)
    {
        if (Reached().Match(output) is { Success: true } reached)
        {
            return ($"{reached.Groups[1].Value}  {reached.Groups[2].Value} ms", true);
        }

        if (Said().Match(output) is not { Success: true } said)
        {
            return (null, false);
        }

        var expired = said.Groups[2].Value.Contains("exceeded", StringComparison.Ordinal);
        return (expired ? said.Groups[1].Value : $"{said.Groups[1].Value}  {said.Groups[2].Value.Trim()}", !expired);
    }

    private async Task<string> PingAsync(string program, string address, int ttl, CancellationToken cancel)
    {
        var number = ttl.ToString(CultureInfo.InvariantCulture);
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.t{Interlocked.Increment(ref runs)}");
        var order = new ChildOrder(program, [program, "-n", "-c", "1", "-W", "2", "-t", number, address], ["PATH=/usr/bin:/bin", "LC_ALL=C", $"{Descendants.MarkName}={mark}"]);
        var (process, _) = await PluginProcess.StartAsync(order, cancel);
        using (process)
        {
            using var limit = new LookLimit(Limit, clock, cancel);
            return process is null ? "" : Encoding.UTF8.GetString((await PluginRun.RunAsync(process, mark, NoNumber, limit, clock, cancel)).Output);
        }
    }

    [GeneratedRegex(@"bytes from (\S+?):? .*time=([\d.]+) ms")]
    private static partial Regex Reached();

    [GeneratedRegex(@"^From (\S+?):? icmp_seq=\d+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Said();
}
