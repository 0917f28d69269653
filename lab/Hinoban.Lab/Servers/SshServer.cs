using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hinoban.Specs;

namespace Hinoban.Lab.Servers;

/// <summary>A real sshd on a free loopback port, with a host key and one client key of its own in a folder of its own; commands run as whoever starts it.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private Process? daemon;

    private SshServer(string folder, int port) => (Folder, Port) = (folder, port);

    internal static string Missing =>
        File.Exists(Program) ? "" : "sshd is not installed: ./dev test installs it";

    internal string Folder { get; }

    internal string Address => "127.0.0.1";

    internal int Port { get; }

    internal int Pid => daemon!.Id;

    /// <summary>The desk's private key file that this server lets in.</summary>
    internal string IdentityFile => Path.Combine(Folder, "client");

    /// <summary>The pinned line: type and key.</summary>
    internal string HostKey => PublicKeyIn("host");

    internal SshPlan Plan => new(Environment.UserName, Port, [HostKey]);

    /// <summary>Makes the keys and starts the server; returns when it accepts connections.</summary>
    internal static SshServer Start(TimeProvider clock, int? port = null, string? folder = null)
    {
        var server = new SshServer(folder ?? Directory.CreateTempSubdirectory("hinoban-sshd-").FullName, port ?? Ports.Free());
        Directory.CreateDirectory(server.Folder);
        server.NewKey("host");
        server.NewKey("client");
        File.Copy(Path.Combine(server.Folder, "client.pub"), Path.Combine(server.Folder, "authorized_keys"));
        server.Start(clock);
        return server;
    }

    /// <summary>Starts again after <see cref="Stop"/> or <see cref="Kill"/>, with the same keys on the same port.</summary>
    internal void Start(TimeProvider clock)
    {
        // Where sshd confines its unprivileged part; the distribution's service unit makes it.
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        var config = Path.Combine(Folder, "sshd_config");
        File.WriteAllText(config, $"""
            ListenAddress {Address}:{Port}
            {(Ports.Six ? $"ListenAddress [::1]:{Port}" : "")}
            HostKey {Folder}/host
            PidFile none
            AuthorizedKeysFile {Folder}/authorized_keys
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            PrintMotd no
            MaxSessions 20
            MaxStartups 100

            """);
        daemon = Process.Start(new ProcessStartInfo(Program, ["-D", "-f", config, "-E", Path.Combine(Folder, "log")]))
            ?? throw new InvalidOperationException("sshd did not start.");
        WaitUntilListening(clock);
    }

    /// <summary>A public key of another host, to be pinned wrongly.</summary>
    internal string OtherKey()
    {
        if (!File.Exists(Path.Combine(Folder, "other")))
        {
            NewKey("other");
        }

        return PublicKeyIn("other");
    }

    /// <summary>Stops listening; sessions that are open live on, as with the real service.</summary>
    internal void Stop() => End(daemon?.Id);

    /// <summary>Ends the server and cuts every connection that is open.</summary>
    internal void Kill()
    {
        var children = Connections();
        Stop();
        children.ForEach(pid => End(pid));
    }

    /// <summary>Cuts every connection that is open; the server goes on listening.</summary>
    internal void CutConnections() => Connections().ForEach(pid => End(pid));

    public void Dispose()
    {
        Kill();
        daemon?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void NewKey(string name)
    {
        using var made = Process.Start(new ProcessStartInfo(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", Path.Combine(Folder, name)])) ?? throw new InvalidOperationException("ssh-keygen did not start.");
        made.WaitForExit();
    }

    private string PublicKeyIn(string name) =>
        string.Join(' ', File.ReadAllText(Path.Combine(Folder, name + ".pub")).Trim().Split(' ').Take(2));

    /// <summary>What the server has forked: one process per connection, for a user other than root a second one below it. Found in /proc by their parents.</summary>
    private List<int> Connections()
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .ToLookup(ParentOf);
        List<int> found = [.. parents[daemon?.Id ?? -1]];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(parents[found[i]]);
        }

        return found;
    }

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static void End(int? pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid ?? -1);
            process.Kill();
            process.WaitForExit(2000);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    private void WaitUntilListening(TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(IPAddress.Parse(Address), Port);
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

        var log = Path.Combine(Folder, "log");
        throw new InvalidOperationException($"sshd does not listen on {Port}: {(File.Exists(log) ? File.ReadAllText(log) : "")}");
    }
}
