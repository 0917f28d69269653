using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hinoban.Checks.Nrpe;
using Hinoban.Lab;

namespace Hinoban.Tests.Checks;

/// <summary>The far end of a site's queries, as the batch's contract has it, with a test's own answers: what queries came, over how many connections, and from whom.</summary>
internal sealed class FakeAgent : IDisposable
{
    private readonly TcpListener listener;
    private readonly X509Certificate2 certificate;
    private readonly ConcurrentBag<TcpClient> clients = [];

    internal FakeAgent(Func<string, Task<string>> answer, int port = 0)
    {
        Answer = answer;
        certificate = LabCertificate.Make("agent");
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>A query's text to an answer's.</summary>
    internal Func<string, Task<string>> Answer { get; set; }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal string Fingerprint => $"sha256:{certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}";

    internal ConcurrentQueue<string> Queries { get; } = [];

    internal ConcurrentQueue<string> Sites { get; } = [];

    internal int Connections => clients.Count;

    /// <summary>Every item is well, and says its name.</summary>
    internal static Task<string> AllWell(string query) => Task.FromResult(Items(query, name => $"\"status\":0,\"output\":\"{name} OK\",\"long\":\"more\",\"perf\":\"x=1\",\"ms\":1"));

    internal static string Items(string query, Func<string, string> body) =>
        $"{{\"v\":1,\"items\":[{string.Join(',', query.Split('!')[2..].Select(n => $"{{\"name\":\"{n}\",{body(n)}}}"))}]}}";

    /// <summary>Cuts what is open, as an agent does that restarts.</summary>
    internal void Cut()
    {
        foreach (var client in clients)
        {
            client.Close();
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        Cut();
        certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            clients.Add(client);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                Sites.Enqueue(shown is null ? "" : $"sha256:{shown.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}");
                return true;
            },
        });
        var bytes = new byte[NrpeCodec.StockText];
        while (await ReadAsync(tls, bytes) is { } query)
        {
            Queries.Enqueue(query.Text);
            await tls.WriteAsync(NrpeCodec.Write(new NrpePacket(query.Version, NrpeKind.Response, 0, await Answer(query.Text))));
        }
    }

    private static async Task<NrpePacket?> ReadAsync(Stream stream, byte[] bytes)
    {
        for (var got = 0; ;)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(got));
            got += read;
            if (NrpeCodec.Read(bytes.AsSpan(0, got)) is { State: NrpeState.Whole, Packet: { } query } || read == 0)
            {
                return read == 0 ? null : NrpeCodec.Read(bytes.AsSpan(0, got)).Packet;
            }
        }
    }
}
