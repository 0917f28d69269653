using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Checks.Nrpe;
using Hinoban.Lab;
using Hinoban.Lab.Servers;

namespace Hinoban.Bench;

/// <summary>
/// What the published agent costs: all measures of this machine in one batch over TLS with certificates on both sides, on a kept connection and on
/// a new one each; both ends' processor time. Beside it, where it is installed, the stock check_nrpe asking for one item.
/// </summary>
internal static class AgentBench
{
    private const string Commands = """
        {"load":{"kind":"load","per_core":true,"warn":"2,1.5,1","crit":"4,3,2"},"swap":{"kind":"swap","warn":"30%","crit":"60%"},
         "disk":{"kind":"disk","warn":"80%","crit":"90%","inodes_warn":"80%","inodes_crit":"90%"},"users":{"kind":"users","warn":"5","crit":"10"},
         "procs":{"kind":"procs","warn":"250","crit":"400"},"sshd":{"kind":"procs","name":"sshd","crit":"1:"},"zombies":{"kind":"zombies","warn":"5","crit":"10"}}
        """;

    private const string Stock = "/usr/lib/nagios/plugins/check_nrpe";

    internal static async Task<int> RunAsync(string[] args)
    {
        var program = args is [var given, ..] ? given : "artifacts/publish/agent/hinoban-agent";
        if (!File.Exists(program))
        {
            System.Console.Error.WriteLine($"{program} is not there: ./dev publish-agent makes it");
            return 1;
        }

        var queries = args is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 2000;
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-bench-").FullName;
        var now = TimeProvider.System.GetUtcNow();
        LabCertificate.Write($"{folder}/agent.pem", $"{folder}/agent.key", now.AddDays(-1), now.AddDays(1));
        LabCertificate.Write($"{folder}/site.pem", $"{folder}/site.key", now.AddDays(-1), now.AddDays(1));
        using var site = X509Certificate2.CreateFromPemFile($"{folder}/site.pem", $"{folder}/site.key");
        var port = Ports.Free();
        var pin = Convert.ToHexStringLower(SHA256.HashData(site.RawData));
        await File.WriteAllTextAsync($"{folder}/agent.json", $$"""{"v":1,"listen":["127.0.0.1:{{port}}"],"allow":["127.0.0.1"],"tls":{"certificate":"agent.pem","key":"agent.key","sites":["sha256:{{pin}}"]},"commands":{{Commands}} }""");
        using var agent = Process.Start(new ProcessStartInfo(program, ["--config", $"{folder}/agent.json", "serve"]) { RedirectStandardError = true })!;
        try
        {
            await agent.StandardError.ReadLineAsync();
            await MeasureAsync(agent, port, site, queries, folder);
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }

        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"agent file_mib={new FileInfo(program).Length / 1048576.0:0.0}"));
        return 0;
    }

    private static async Task MeasureAsync(Process agent, int port, X509Certificate2 site, int queries, string folder)
    {
        var resume = new X509Certificate2Collection { site };
        await KeptAsync(port, resume, 300); // warm
        var kept = await CostAsync(agent, queries, () => KeptAsync(port, resume, queries));
        await NewAsync(port, resume, 50);
        var fresh = await CostAsync(agent, 200, () => NewAsync(port, resume, 200));
        var processes = Directory.EnumerateDirectories("/proc").Count(d => char.IsAsciiDigit(Path.GetFileName(d)[0]));
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"agent items=7 processes={processes} kept_cpu_ms={kept.Both:0.000} kept_agent_ms={kept.Agent:0.000} new_connection_cpu_ms={fresh.Both:0.000} new_connection_agent_ms={fresh.Agent:0.000} resident_mib={Resident(agent, "VmRSS") / 1024.0:0.0} resident_peak_mib={Resident(agent, "VmHWM") / 1024.0:0.0}"));
        if (File.Exists(Stock))
        {
            const int runs = 50;
            var stock = await CostAsync(agent, runs, () => StockAsync(port, folder, runs));
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"agent stock_check_nrpe_cpu_ms={stock.Children + stock.Agent:0.000} of_it_agent_ms={stock.Agent:0.000} items=1"));
        }
    }

    private static async Task KeptAsync(int port, X509Certificate2Collection site, int queries)
    {
        await using var stream = await ConnectAsync(port, site);
        for (var n = 0; n < queries; n++)
        {
            await AskAsync(stream);
        }
    }

    private static async Task NewAsync(int port, X509Certificate2Collection site, int connections)
    {
        for (var n = 0; n < connections; n++)
        {
            await using var stream = await ConnectAsync(port, site);
            await AskAsync(stream);
        }
    }

    private static async Task StockAsync(int port, string folder, int runs)
    {
        for (var n = 0; n < runs; n++)
        {
            using var run = Process.Start(new ProcessStartInfo(Stock, ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-C", $"{folder}/site.pem", "-K", $"{folder}/site.key", "-c", "load"]) { RedirectStandardOutput = true })!;
            await run.StandardOutput.ReadToEndAsync();
            await run.WaitForExitAsync();
            if (run.ExitCode == 3)
            {
                throw new InvalidOperationException("check_nrpe got no answer");
            }
        }
    }

    internal static async Task<SslStream> ConnectAsync(int port, X509Certificate2Collection site)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "agent",
            ClientCertificates = site,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return stream;
    }

    private static async Task AskAsync(SslStream stream)
    {
        await stream.WriteAsync(NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, "hinoban_batch!1")));
        var buffer = new byte[64 * 1024];
        for (var filled = 0; ;)
        {
            filled += await stream.ReadAsync(buffer.AsMemory(filled)) is > 0 and var read ? read : throw new EndOfStreamException();
            if (NrpeCodec.Read(buffer.AsSpan(0, filled)) is { State: NrpeState.Whole, Packet: { Result: 0, Text: var text } } && text.Contains("\"zombies\"", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static async Task<(double Both, double Agent, double Children)> CostAsync(Process agent, int times, Func<Task> work)
    {
        using var self = Process.GetCurrentProcess();
        agent.Refresh();
        var (ours, theirs, children) = (self.TotalProcessorTime, agent.TotalProcessorTime, ChildrenTicks());
        await work();
        self.Refresh();
        agent.Refresh();
        var (a, b) = ((agent.TotalProcessorTime - theirs).TotalMilliseconds / times, (self.TotalProcessorTime - ours).TotalMilliseconds / times);
        return (a + b, a, (ChildrenTicks() - children) * 10.0 / times);
    }

    // Fields 16 and 17 of our own stat: processor time of children that have ended, in hundredths of a second.
    private static long ChildrenTicks()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        return long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
    }

    private static long Resident(Process agent, string what) =>
        long.Parse(File.ReadLines($"/proc/{agent.Id.ToString(CultureInfo.InvariantCulture)}/status").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture);
}
