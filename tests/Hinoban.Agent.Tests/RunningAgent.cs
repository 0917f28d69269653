using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Agent.Serving;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;
using Hinoban.Lab.Servers;

namespace Hinoban.Agent.Tests;

/// <summary>The real program with a real configuration, started as its unit starts it.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;
    private readonly List<string> said = [];
    private Process process;
    private SslStream? line;

    internal RunningAgent(string commands, bool anybody = false, string allow = "127.0.0.1")
    {
        Lab.LabCertificate.Write(File("agent.pem"), File("agent.key"), TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), "agent");
        Lab.LabCertificate.Write(File("site.pem"), File("site.key"), TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), "site");
        using var site = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(File("site.pem"));
        var trust = anybody ? "\"clients\":\"any\"" : $"\"sites\":[\"{CertificatePrint.Written(site)}\"]";
        Write($$"""{"v":1,"listen":["127.0.0.1:{{Port}}"],"allow":["{{allow}}"],"tls":{"certificate":"agent.pem","key":"agent.key",{{trust}}},"data":"{{File("data")}}","commands":{{commands}}}""");
        process = Begin();
    }

    private Process Begin()
    {
        var begun = Process.Start(new ProcessStartInfo(Tool.Agent, ["--config", File("agent.json"), "serve"]) { RedirectStandardError = true })!;
        begun.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }
        };
        begun.BeginErrorReadLine();
        UntilSaid("answers at");
        return begun;
    }

    /// <summary>SIGKILL, at once.</summary>
    internal void Kill()
    {
        line?.Dispose();
        line = null;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        lock (said)
        {
            said.RemoveAll(s => s.Contains("answers at", StringComparison.Ordinal));
        }
    }

    internal void StartAgain() => process = Begin();

    /// <summary>A query as a site asks it, on a connection that is kept.</summary>
    internal async Task<string> QueryAsync(string text)
    {
        line ??= await ConnectAsync();
        await line.WriteAsync(NrpeCodec.Write(new NrpePacket(NrpeVersion.V4, NrpeKind.Query, 0, text)));
        return (await TestAgent.ReadAsync(line))!.Text;
    }

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "agent",
            ClientCertificates = [X509Certificate2.CreateFromPemFile(File("site.pem"), File("site.key"))],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return stream;
    }

    internal int Port { get; } = Ports.Free();

    internal int Pid => process.Id;

    internal string Log
    {
        get
        {
            lock (said)
            {
                return string.Join('\n', said);
            }
        }
    }

    internal string File(string name) => Path.Combine(folder, name);

    internal string Config => System.IO.File.ReadAllText(File("agent.json"));

    internal void Write(string config) => System.IO.File.WriteAllText(File("agent.json"), config);

    internal void UntilSaid(string what) => Assert.True(Pids.WaitUntil(() => Log.Contains(what, StringComparison.Ordinal), Patience), $"the agent never said '{what}':\n{Log}");

    internal Task<(int Code, string Output)> CheckNrpeAsync(string command, params string[] options) =>
        Tool.RunAsync(Tool.Plugin("check_nrpe"), ["-H", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-t", "30", .. options, "-c", command]);

    internal string[] AsSite => ["-C", File("site.pem"), "-K", File("site.key")];

    internal void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (line is not null)
        {
            await line.DisposeAsync();
        }

        if (!process.HasExited)
        {
            Signal("TERM");
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
