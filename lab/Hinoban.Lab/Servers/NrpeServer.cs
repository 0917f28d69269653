using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hinoban.Lab.Servers;

/// <summary>The distribution's NRPE daemon on a free loopback port, in a folder of its own: with a certificate, with anonymous TLS as it is without one, or with none.</summary>
internal sealed class NrpeServer : IDisposable
{
    private const string Program = "/usr/sbin/nrpe";

    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-nrpe-").FullName;
    private Process? daemon;

    private NrpeServer()
    {
    }

    internal enum Tls
    {
        Certificate,
        Anonymous,
        None,
    }

    internal static string Missing => File.Exists(Program) ? "" : "NRPE's daemon is not installed: ./dev test installs it";

    internal int Port { get; } = Ports.Free();

    internal int Pid => daemon!.Id;

    private bool Six { get; init; }

    /// <summary><c>sha256:…</c> of its certificate.</summary>
    internal string Fingerprint { get; private set; } = "";

    /// <summary>Starts it with commands by their names; returns when it accepts connections.</summary>
    internal static NrpeServer Start(Tls tls, TimeProvider clock, params (string Name, string Command)[] commands) => Start(tls, clock, false, commands);

    /// <param name="tls">What it offers.</param>
    /// <param name="clock">For how long it is waited for.</param>
    /// <param name="six">It listens at ::1.</param>
    /// <param name="commands">By their names.</param>
    internal static NrpeServer Start(Tls tls, TimeProvider clock, bool six, params (string Name, string Command)[] commands)
    {
        var server = new NrpeServer { Six = six };
        server.Configure(tls, commands);
        server.Start(clock);
        return server;
    }

    internal void Stop()
    {
        daemon?.Kill(entireProcessTree: true);
        daemon?.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        daemon?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Configure(Tls tls, (string Name, string Command)[] commands)
    {
        // It gives up root for a user of its own, who writes here too.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var lines = new List<string>
        {
            $"server_address={(Six ? "::1" : "127.0.0.1")}", $"server_port={Port}", $"pid_file={folder}/pid", $"log_file={folder}/log", "allowed_hosts=127.0.0.1,::1",
            "dont_blame_nrpe=0", "command_timeout=20", "connection_timeout=30",
        };
        if (Environment.IsPrivilegedProcess)
        {
            lines.AddRange(["nrpe_user=nagios", "nrpe_group=nagios"]);
        }

        if (tls == Tls.Certificate)
        {
            MakeCertificate();
            lines.AddRange([$"ssl_cert_file={folder}/cert.pem", $"ssl_privatekey_file={folder}/key.pem"]);
        }

        lines.AddRange(commands.Select(c => $"command[{c.Name}]={c.Command}"));
        File.WriteAllLines(Path.Combine(folder, "nrpe.cfg"), lines);
        daemon = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(folder, "nrpe.cfg"), "-f", .. tls == Tls.None ? ["-n"] : Array.Empty<string>()]))
            ?? throw new InvalidOperationException("nrpe did not start.");
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=nrpe", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        Fingerprint = $"sha256:{made.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}";
    }

    private void Start(TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(Six ? "::1" : "127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                if (daemon!.WaitForExit(50))
                {
                    break;
                }
            }
        }

        var log = Path.Combine(folder, "log");
        throw new InvalidOperationException($"nrpe does not listen on {Port}: {(File.Exists(log) ? File.ReadAllText(log) : "")}");
    }
}
