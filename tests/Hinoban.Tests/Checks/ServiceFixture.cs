using System.Net;
using Hinoban.Lab.Servers;

namespace Hinoban.Tests.Checks;

/// <summary>One of each real server for the classes of the collection; all but those that know one family only listen at 127.0.0.1 and ::1.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<string, (int Port, int Pid)> servers = [];
    private readonly List<IDisposable> all = [];

    internal MailboxServer? Mailboxes { get; private set; }

    internal PostfixServer? Mail { get; private set; }

    internal SshServer? Ssh { get; private set; }

    internal string Folder => folder.Path;

    public async ValueTask InitializeAsync()
    {
        var mail = PostfixServer.Missing is null ? PostfixServer.StartAsync(folder.Path, null, [], odd: true) : null;
        if (MailboxServer.Missing is null)
        {
            Mailboxes = Kept(MailboxServer.Start(Directory.CreateDirectory(folder.File("boxes")).FullName, TimeProvider.System));
            (servers["pop"], servers["pop3s"]) = ((Mailboxes.Pop, Mailboxes.Pid), (Mailboxes.Pops, Mailboxes.Pid));
            (servers["imap"], servers["imaps"]) = ((Mailboxes.Imap, Mailboxes.Pid), (Mailboxes.Imaps, Mailboxes.Pid));
        }

        if (PlainServers.Missing is null)
        {
            foreach (var address in Ports.Six ? new[] { IPAddress.Loopback, IPAddress.IPv6Loopback } : [IPAddress.Loopback])
            {
                var (ftp, telnet) = (Kept(PlainServers.StartFtp(folder.Path, address)), Kept(PlainServers.StartTelnet(folder.Path, address)));
                var family = address.Equals(IPAddress.Loopback) ? "" : "6";
                (servers[$"ftp{family}"], servers[$"telnet{family}"]) = ((ftp.Port, ftp.Pid), (telnet.Port, telnet.Pid));
            }

            var dns = Kept(PlainServers.StartDns(folder.Path));
            servers["dns"] = (dns.Port, dns.Pid);
        }

        if (SshServer.Missing.Length == 0)
        {
            Ssh = Kept(SshServer.Start(TimeProvider.System));
            servers["ssh"] = (Ssh.Port, Ssh.Pid);
        }

        if (NginxServer.Program is not null)
        {
            StartWeb();
        }

        if (mail is not null)
        {
            Mail = await mail;
            (servers["smtp"], servers["smtps"]) = ((Mail.Port, Mail.Pid), (Mail.TlsPort, Mail.Pid));
        }
    }

    public async ValueTask DisposeAsync()
    {
        all.ForEach(s => s.Dispose());
        if (Mail is not null)
        {
            await Mail.DisposeAsync();
        }

        folder.Dispose();
    }

    /// <summary>Its port; skips loudly where a server cannot run here.</summary>
    internal int PortOf(string server, string address = "127.0.0.1") => Of(server, address).Port;

    /// <summary>Its first process.</summary>
    internal int PidOf(string server, string address = "127.0.0.1") => Of(server, address).Pid;

    private (int Port, int Pid) Of(string server, string address)
    {
        var six = address.Contains(':', StringComparison.Ordinal);
        Assert.SkipWhen(six && !Ports.Six, "this machine has no ::1");
        Assert.SkipWhen(Mailboxes is null, MailboxServer.Missing ?? "");
        Assert.SkipWhen(Mail is null, PostfixServer.Missing ?? "");
        Assert.SkipWhen(PlainServers.Missing is not null, PlainServers.Missing ?? "");
        Assert.SkipWhen(Ssh is null, SshServer.Missing);
        Assert.SkipWhen(NginxServer.Program is null, "nginx is not installed: ./dev test installs it");
        return six && servers.TryGetValue($"{server}6", out var other) ? other : servers[server];
    }

    private void StartWeb()
    {
        var now = TimeProvider.System.GetUtcNow();
        var options = new NginxOptions(Ports.Free(), Ports.Free()) { Certificate = (now.AddDays(-10), now.AddDays(20.5)), Six = true };
        var web = Kept(new NginxServer(folder.File("web"), options));
        web.Start();
        (servers["http"], servers["https"]) = ((options.Port, web.Pid!.Value), (options.TlsPort!.Value, web.Pid!.Value));
    }

    private T Kept<T>(T server)
        where T : IDisposable
    {
        all.Add(server);
        return server;
    }
}

/// <summary>The classes that use the servers, one after the other: some of them make daemons stand still.</summary>
[CollectionDefinition(Name)]
public sealed class ServiceTownDefinition : ICollectionFixture<ServiceFixture>
{
    internal const string Name = "services";
}
