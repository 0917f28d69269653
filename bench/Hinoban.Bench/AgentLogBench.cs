using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Hinoban.Checks.Nrpe;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Bench;

/// <summary>
/// How fast the published agent reads logs at 20 patterns: lines of about 120 bytes of which one in 10,000 is a hit, in a file that appears at once. Processor time of the agent from the
/// file's appearance to the answer that holds its last line. Beside it what grep takes for the same patterns, and a single one of the patterns in this runtime, shown each line.
/// </summary>
internal static class AgentLogBench
{
    private const string LastLine = "END MARK of the file\n";
    private static readonly string[] Words = ["Out of memory", "segfault at", "I/O error", "link is down", "Call Trace", "Killed process", "authentication failure", "No space left on device", "Connection refused", "timed out after", "checksum mismatch", "read-only file system", "soft lockup", "hung_task", "nf_conntrack: table full", "possible SYN flooding", "EXT4-fs error", "MCE", "thermal throttle", "END MARK"];

    internal static async Task<int> RunAsync(string[] args)
    {
        var program = args is [var given, ..] ? given : "artifacts/publish/agent/hinoban-agent";
        if (!File.Exists(program))
        {
            System.Console.Error.WriteLine($"{program} is not there: ./dev publish-agent makes it");
            return 1;
        }

        var mebibytes = args is [_, var size, ..] ? int.Parse(size, CultureInfo.InvariantCulture) : 1024;
        var folder = Directory.CreateTempSubdirectory("hinoban-agentlog-bench-").FullName;
        try
        {
            await MeasureAsync(program, folder, mebibytes, "ascii", Lines(ascii: true));
            await MeasureAsync(program, folder, mebibytes, "japanese", Lines(ascii: false));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(string program, string folder, int mebibytes, string kind, byte[] lines)
    {
        var work = Directory.CreateDirectory($"{folder}/{kind}").FullName;
        var now = TimeProvider.System.GetUtcNow();
        LabCertificate.Write($"{work}/agent.pem", $"{work}/agent.key", now.AddDays(-1), now.AddDays(1));
        LabCertificate.Write($"{work}/site.pem", $"{work}/site.key", now.AddDays(-1), now.AddDays(1));
        using var site = X509Certificate2.CreateFromPemFile($"{work}/site.pem", $"{work}/site.key");
        var (port, pin) = (Ports.Free(), Convert.ToHexStringLower(SHA256.HashData(site.RawData)));
        var rules = string.Join(',', Words.Select((w, i) => $$"""{"name":"r{{i.ToString(CultureInfo.InvariantCulture)}}","regex":"{{w}}.*[a-z]","level":"warning"}"""));
        await File.WriteAllTextAsync($"{work}/agent.json", $$"""
            {"v":1,"listen":["127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}}"],"allow":["127.0.0.1"],"tls":{"certificate":"agent.pem","key":"agent.key","sites":["sha256:{{pin}}"]},"data":"{{work}}/data",
             "commands":{"log":{"kind":"log","files":["{{work}}/big.log"],"match":[{{rules}}]} } }
            """);
        using var agent = Process.Start(new ProcessStartInfo(program, ["--config", $"{work}/agent.json", "serve"]) { RedirectStandardError = true })!;
        try
        {
            await agent.StandardError.ReadLineAsync();
            await using var stream = await AgentBench.ConnectAsync(port, [site]);
            var cursor = (await AskAsync(stream, "")).GetProperty("next").GetString()!;
            var bytes = Write($"{work}/new", mebibytes, lines);
            agent.Refresh();
            var (before, begun) = (agent.TotalProcessorTime, TimeProvider.System.GetTimestamp());
            File.Move($"{work}/new", $"{work}/big.log");
            var hits = await UntilReadAsync(stream, cursor);
            agent.Refresh();
            var (cpu, wall) = ((agent.TotalProcessorTime - before).TotalSeconds, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
            var grep = Grep($"{work}/big.log");
            System.Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"agentlog lines={kind} mib={bytes / 1048576.0:0} patterns={Words.Length} hits={hits} cpu_mib_per_s={bytes / 1048576.0 / cpu:0} wall_mib_per_s={bytes / 1048576.0 / wall:0} grep_fixed_mib_per_s={bytes / 1048576.0 / grep:0} one_regex_each_line_mib_per_s={EachLine(lines):0.0} resident_mib={Resident(agent, "VmRSS") / 1024.0:0.0} resident_peak_mib={Resident(agent, "VmHWM") / 1024.0:0.0}"));
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            File.Delete($"{work}/big.log");
        }
    }

    private static byte[] Lines(bool ascii)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.Length < 4 * 1024 * 1024)
        {
            var said = random.Next(10_000) == 0 ? $"{Words[random.Next(Words.Length - 1)]} at {random.Next():x}" : ascii ? $"request {random.Next():x} took {random.Next(1000)} ms of user {random.Next():x}" : $"要求 {random.Next():x} は {random.Next(1000)} ミリ秒で完了しました";
            text.Append(CultureInfo.InvariantCulture, $"Nov 23 13:{random.Next(60):00}:{random.Next(60):00} web{random.Next(9)} app[{random.Next(30000)}]: {said} GET /path/{random.Next():x}/{random.Next():x}.html\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static long Write(string path, int mebibytes, byte[] lines)
    {
        using var file = File.Create(path);
        for (; file.Length < mebibytes * 1048576L; file.Flush())
        {
            file.Write(lines);
        }

        file.Write(Encoding.ASCII.GetBytes(LastLine));
        return file.Length;
    }

    private static async Task<int> UntilReadAsync(SslStream stream, string cursor)
    {
        for (var hits = 0; ;)
        {
            var answer = await AskAsync(stream, cursor);
            cursor = answer.GetProperty("next").GetString()!;
            foreach (var hit in answer.GetProperty("hits").EnumerateArray())
            {
                hits++;
                if (hit.GetProperty("text").GetString()!.StartsWith("END MARK", StringComparison.Ordinal))
                {
                    return hits;
                }
            }
        }
    }

    private static double Grep(string file)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var grep = Process.Start(new ProcessStartInfo("/bin/grep", ["-cF", .. Words.SelectMany(w => new[] { "-e", w }), file]) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" } })!;
        grep.WaitForExit();
        return TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    private static double EachLine(byte[] lines)
    {
        var pattern = new System.Text.RegularExpressions.Regex($"{Words[0]}.*[a-z]", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
        var text = Encoding.UTF8.GetString(lines);
        var begun = TimeProvider.System.GetTimestamp();
        var met = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            met += pattern.IsMatch(text.AsSpan(range)) ? 1 : 0;
        }

        return met < 0 ? 0 : lines.Length / 1048576.0 / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<JsonElement> AskAsync(SslStream stream, string cursor)
    {
        await stream.WriteAsync(NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, $"hinoban_log!1!log!{cursor}!1000")));
        var buffer = new byte[NrpeCodec.MostText];
        for (var filled = 0; ;)
        {
            filled += await stream.ReadAsync(buffer.AsMemory(filled)) is > 0 and var read ? read : throw new EndOfStreamException();
            if (NrpeCodec.Read(buffer.AsSpan(0, filled)) is { State: NrpeState.Whole, Packet: { Result: 0, Text: var text } })
            {
                return JsonDocument.Parse(text).RootElement;
            }
        }
    }

    private static long Resident(Process agent, string what) =>
        long.Parse(File.ReadLines($"/proc/{agent.Id.ToString(CultureInfo.InvariantCulture)}/status").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture);
}
