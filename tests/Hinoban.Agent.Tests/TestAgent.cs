using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;
using Hinoban.Lab;

namespace Hinoban.Agent.Tests;

/// <summary>An agent on loopback with certificates of its own, and connections to it as a site makes them.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;
    private readonly StringWriter log = new();
    private readonly List<SiteTls> tls = [];
    private readonly IReadOnlyDictionary<string, CommandPlan> commands;
    private readonly Server server;

    internal TestAgent(IReadOnlyDictionary<string, CommandPlan> commands, bool anybody = false, string allow = "127.0.0.0/8", ServingLimits? limits = null)
    {
        Make("agent");
        Site = Make("site");
        Stranger = Make("stranger");
        this.commands = commands;
        var plan = Plan(anybody, allow);
        limits ??= new ServingLimits();
        var journal = new AgentLog(TextWriter.Synchronized(log), TimeProvider.System);
        server = new Server(plan, tls[0], new Answers(new Commands(Roots.System, TimeProvider.System, journal), limits.Together), limits, TimeProvider.System, journal);
        server.Start();
    }

    internal X509Certificate2 Site { get; }

    internal X509Certificate2 Stranger { get; }

    internal int Port => server.Ends[0].Port;

    internal string Log => log.ToString();

    internal string File(string name) => Path.Combine(folder, name);

    /// <summary>Another configuration comes into force.</summary>
    internal void Reload(bool anybody = false, string allow = "127.0.0.0/8") => server.Swap(Plan(anybody, allow), tls[^1]);

    internal async Task<Socket> DialAsync(string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    internal async Task<SslStream> ConnectAsync(X509Certificate2? show, string from = "127.0.0.1")
    {
        var stream = new SslStream(new NetworkStream(await DialAsync(from), ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "agent",
            ClientCertificates = show is null ? [] : [show],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => show!,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return stream;
    }

    /// <summary>One query on its own connection.</summary>
    internal async Task<NrpePacket?> AskAsync(string text, NrpeVersion version = NrpeVersion.V4)
    {
        await using var stream = await ConnectAsync(Site);
        return await AskAsync(stream, text, version);
    }

    internal static async Task<NrpePacket?> AskAsync(Stream stream, string text, NrpeVersion version = NrpeVersion.V4)
    {
        await stream.WriteAsync(NrpeCodec.Write(new NrpePacket(version, NrpeKind.Query, 0, text)));
        return await ReadAsync(stream);
    }

    /// <summary>The next response; null if the connection ends before it.</summary>
    internal static async Task<NrpePacket?> ReadAsync(Stream stream)
    {
        var received = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var reading = NrpeCodec.Read([.. received]);
            if (reading.State == NrpeState.Whole)
            {
                return reading.Packet;
            }

            Assert.NotEqual(NrpeState.Broken, reading.State);
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, reading.Needs - received.Count)));
            }
            catch (IOException)
            {
                return null;
            }

            if (read == 0)
            {
                return null;
            }

            received.AddRange(buffer.AsSpan(0, read));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        tls.ForEach(t => t.Dispose());
        Site.Dispose();
        Stranger.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private AgentPlan Plan(bool anybody, string allow)
    {
        var plan = new AgentPlan(
            [new IPEndPoint(IPAddress.Loopback, 0)],
            [IPNetwork.Parse(allow)],
            new TlsPlan(File("agent.pem"), File("agent.key"), anybody ? new HashSet<string>() : new HashSet<string> { CertificatePrint.Of(Site) }),
            commands);
        tls.Add(SiteTls.Load(plan.Tls, out _)!);
        return plan;
    }

    private X509Certificate2 Make(string name)
    {
        LabCertificate.Write(File($"{name}.pem"), File($"{name}.key"), TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), name);
        return X509Certificate2.CreateFromPemFile(File($"{name}.pem"), File($"{name}.key"));
    }
}
