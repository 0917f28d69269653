using System.Globalization;
using System.Net;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>A real server of a test's own, to be killed: its first process, what it answers, and how many connections wait for it to take them.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private readonly IAsyncDisposable? later;
    private readonly IDisposable? server;

    private OwnServer(IDisposable server, int pid, params (string Kind, int Port)[] ports) : this(pid, ports) => this.server = server;

    private OwnServer(IAsyncDisposable server, int pid, params (string Kind, int Port)[] ports) : this(pid, ports) => later = server;

    private OwnServer(int pid, (string Kind, int Port)[] ports) =>
        (Pid, Items) = (pid, [.. ports.SelectMany(p => (Ports.Six ? ShownKinds.Families : ["127.0.0.1"]).Select(a => (p.Kind, a, p.Port)))]);

    internal int Pid { get; }

    internal IReadOnlyList<(string Kind, string Address, int Port)> Items { get; private init; }

    /// <summary>Connections that the kernel has taken for its ports and that it has not.</summary>
    internal int Waiting => new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(f => File.ReadLines(f).Skip(1)).Sum(WaitingOf);

    internal static async Task<OwnServer> StartAsync(string name, string folder)
    {
        var missing = name switch
        {
            "nginx" => NginxServer.Program is null ? "nginx is not installed: ./dev test installs it" : null,
            "dovecot" => MailboxServer.Missing,
            "postfix" => PostfixServer.Missing,
            "sshd" => SshServer.Missing.Length == 0 ? null : SshServer.Missing,
            _ => PlainServers.Missing,
        };
        Assert.SkipWhen(missing is not null, missing ?? "");
        Assert.SkipWhen(name.EndsWith('6') && !Ports.Six, "this machine has no ::1");
        switch (name)
        {
            case "nginx":
                return Web(folder);
            case "dovecot":
                var boxes = MailboxServer.Start(folder, TimeProvider.System);
                return new OwnServer(boxes, boxes.Pid, ("pop", boxes.Pop), ("pop3s", boxes.Pops), ("imap", boxes.Imap), ("imaps", boxes.Imaps));
            case "postfix":
                var mail = await PostfixServer.StartAsync(folder, null, [], odd: true);
                return new OwnServer(mail, mail.Pid, ("smtp", mail.Port), ("smtps", mail.TlsPort));
            case "sshd":
                var ssh = SshServer.Start(TimeProvider.System);
                return new OwnServer(ssh, ssh.Pid, ("ssh", ssh.Port), ("tcp", ssh.Port));
            case "dnsmasq":
                var dns = PlainServers.StartDns(folder);
                return new OwnServer(dns, dns.Pid, ("udp", dns.Port), ("dns", dns.Port));
            default:
                var address = name.EndsWith('6') ? IPAddress.IPv6Loopback : IPAddress.Loopback;
                var ftp = name.StartsWith("vsftpd", StringComparison.Ordinal);
                var daemon = ftp ? PlainServers.StartFtp(folder, address) : PlainServers.StartTelnet(folder, address);
                return new OwnServer(daemon, daemon.Pid) { Items = [(ftp ? "ftp" : "telnet", address.ToString(), daemon.Port)] };
        }
    }

    public async ValueTask DisposeAsync()
    {
        server?.Dispose();
        if (later is not null)
        {
            await later.DisposeAsync();
        }
    }

    private static OwnServer Web(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        var options = new NginxOptions(Ports.Free(), Ports.Free()) { Certificate = (now.AddDays(-1), now.AddDays(9)), Six = true };
        var web = new NginxServer(folder, options);
        web.Start();
        return new OwnServer(web, web.Pid!.Value, ("http", options.Port), ("https", options.TlsPort!.Value));
    }

    // sl local_address rem_address st tx_queue:rx_queue; of a listener (0A) rx_queue is how many wait.
    private int WaitingOf(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var port = int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return fields[3] == "0A" && Items.Any(i => i.Port == port) ? int.Parse(fields[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
    }
}
