using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Lab.Servers;

/// <summary>
/// A real Postfix of our own: free port on loopback, all files in its own folder, a maildir for each address of <c>example.test</c>
/// that was named at start (others do not exist and are refused at RCPT). Nothing leaves the machine.
/// </summary>
internal sealed class PostfixServer : IAsyncDisposable
{
    internal const string MailDomain = "example.test";

    private const string Daemon = "/usr/sbin/postfix";
    private readonly string folder;
    private readonly string[] users;

    private PostfixServer(string folder, string[] users, int port) => (this.folder, this.users, Port) = (folder, users, port);

    /// <summary>Why it cannot run here; null if it can.</summary>
    internal static string? Missing =>
        !File.Exists(Daemon) ? "postfix is not installed: ./dev test installs it"
        : Environment.UserName != "root" ? "postfix must be started as root"
        : null;

    internal int Port { get; }

    /// <summary>Where it speaks TLS from the first byte, as on port 465.</summary>
    internal int TlsPort { get; } = Ports.Free();

    /// <summary>Where it waits half a minute before it answers EHLO; of an odd one.</summary>
    internal int StallingPort { get; } = Ports.Free();

    /// <summary>Where it refuses whoever comes; of an odd one.</summary>
    internal int RefusingPort { get; } = Ports.Free();

    internal int Pid
    {
        get
        {
            // The master holds a lock on the file, which keeps File from reading it.
            using var cat = Process.Start(new ProcessStartInfo("/bin/cat", [Path.Combine(folder, "spool", "pid", "master.pid")]) { RedirectStandardOutput = true })!;
            return int.Parse(cat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        }
    }

    private bool Odd { get; init; }

    private int? Inbound { get; init; }

    private string? Address { get; init; }

    /// <summary>What is in its queue, as <c>postqueue -p</c> tells it.</summary>
    internal async Task<string> QueuedAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/sbin/postqueue", ["-c", Conf, "-j"]) { RedirectStandardOutput = true })!;
        var queue = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return queue;
    }

    /// <summary>Everything deferred is tried again now.</summary>
    internal Task FlushAsync() => RunAsync(Daemon, "-c", Conf, "flush");

    /// <summary>Postfix's own log: what the desk looks outcomes up in.</summary>
    internal string LogFile => Path.Combine(folder, "log");

    /// <summary>PEM of its self-signed certificate for localhost and 127.0.0.1.</summary>
    internal string CertificateFile => Path.Combine(folder, "tls.crt");

    /// <summary>Starts one that knows these local parts. The folder should be under the temp folder: Postfix's users must be able to enter it.</summary>
    internal static Task<PostfixServer> StartAsync(string folder, params string[] users) => StartAsync(folder, null, users);

    /// <param name="folder">Where its files go.</param>
    /// <param name="inbound">Port of a desk that takes, by LMTP, the mail of the lists' and the desk's own domain; null for none.</param>
    /// <param name="users">Its mailboxes.</param>
    /// <param name="network">The network namespace on whose loopback it runs; null: this one's.</param>
    /// <param name="address">Where it listens besides, for all who reach it there; null: nowhere.</param>
    /// <param name="odd">It has ports where it behaves badly, and listens at ::1 too.</param>
    internal static async Task<PostfixServer> StartAsync(string folder, int? inbound, string[] users, string? network = null, string? address = null, bool odd = false)
    {
        var server = new PostfixServer(Path.Combine(folder, "postfix"), users, Ports.Free()) { Inbound = inbound, Inside = network, Address = address, Odd = odd };
        await server.PrepareAsync();
        await server.StartAsync();
        return server;
    }

    internal async Task StartAsync()
    {
        await RunAsync(Daemon, "-c", Conf, "start");
        await PortAsync(open: true);
    }

    /// <summary>An orderly stop; mails in the queue stay there.</summary>
    internal async Task StopAsync()
    {
        if (await RunAsync(Daemon, ["-c", Conf, "stop"], mayFail: true) == 0)
        {
            await PortAsync(open: false);
        }
    }

    /// <summary>SIGKILL to the master and its children.</summary>
    internal async Task KillAsync()
    {
        // The master holds a lock on its file, which keeps File from reading it.
        await RunAsync("/bin/sh", ["-c", "pid=$(cat \"$1\"); kill -9 $(ps -o pid= --ppid $pid) $pid", "sh", Path.Combine(folder, "spool", "pid", "master.pid")], mayFail: true);
        await PortAsync(open: false);
    }

    /// <summary>Delivered mails of a local part, oldest first, as files hold them.</summary>
    internal IReadOnlyList<string> Mailbox(string user)
    {
        var inbox = Path.Combine(folder, "mail", user, "new");
        return Directory.Exists(inbox)
            ? [.. Directory.GetFiles(inbox).OrderBy(f => File.GetLastWriteTimeUtc(f)).ThenBy(f => f, StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Waits until a local part has so many delivered mails.</summary>
    internal async Task<IReadOnlyList<string>> UntilAsync(string user, int count, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30), TimeProvider.System);
        while (Mailbox(user).Count < count)
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"{user} has {Mailbox(user).Count} mails, not {count}; the log ends:\n{string.Join('\n', File.ReadLines(LogFile).TakeLast(20))}");
            }

            // A maildir tells nobody; looking is the only way.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return Mailbox(user);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private string? Inside { get; init; }

    private string OutFile => Path.Combine(folder, "out");

    private string Conf => Path.Combine(folder, "etc");

    private async Task PrepareAsync()
    {
        foreach (var part in new[] { "etc", "spool", "data", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        await OpenWayAsync();
        await RunAsync("/bin/chown", "postfix", Path.Combine(folder, "data"));
        await RunAsync("/bin/chown", "nobody", Path.Combine(folder, "mail"));
        await RunAsync(
            "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout", Path.Combine(folder, "tls.key"), "-out", CertificateFile,
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        await File.WriteAllTextAsync(Path.Combine(Conf, "main.cf"), MainCf());
        await File.WriteAllTextAsync(Path.Combine(Conf, "master.cf"), MasterCf());
        await File.WriteAllLinesAsync(Path.Combine(Conf, "mailboxes"), users.Select(u => $"{u}@{MailDomain} {u}/"));
        await File.WriteAllTextAsync(Path.Combine(Conf, "transport"), Inbound is { } lmtp
            ? string.Create(CultureInfo.InvariantCulture, $"lists.{MailDomain} lmtp:inet:127.0.0.1:{lmtp}\nmon.{MailDomain} lmtp:inet:127.0.0.1:{lmtp}\ngone.{MailDomain} lmtp:inet:127.0.0.1:{lmtp}\n")
            : "");
        File.Copy("/etc/postfix/postfix-files", Path.Combine(Conf, "postfix-files"), overwrite: true);
        File.Copy("/etc/postfix/dynamicmaps.cf", Path.Combine(Conf, "dynamicmaps.cf"), overwrite: true);
    }

    // Postfix's processes run as other users; a private temp folder would shut them out.
    private async Task OpenWayAsync()
    {
        for (var at = folder; at is { Length: > 1 } && at != Path.GetTempPath().TrimEnd('/'); at = Path.GetDirectoryName(at))
        {
            await RunAsync("/bin/chmod", "a+rx", at);
        }
    }

    private string MainCf() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        compatibility_level = 3.6
        queue_directory = {folder}/spool
        data_directory = {folder}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1{(Address is null ? "" : $", {Address}")}
        inet_protocols = {(Odd && Ports.Six ? "all" : "ipv4")}
        myhostname = mx.{MailDomain}
        mydomain = {MailDomain}
        mydestination =
        mynetworks = {(Address is null ? "127.0.0.0/8" : "0.0.0.0/0")}
        alias_maps =
        alias_database =
        virtual_mailbox_domains = {MailDomain}
        virtual_mailbox_base = {folder}/mail
        virtual_mailbox_maps = texthash:{folder}/etc/mailboxes
        virtual_minimum_uid = 100
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        relay_domains = {(Inbound is null ? "" : $"lists.{MailDomain} mon.{MailDomain} gone.{MailDomain}")}
        transport_maps = texthash:{folder}/etc/transport
        minimal_backoff_time = 2s
        maximal_backoff_time = 2s
        queue_run_delay = 2s
        default_transport = error:outside mail is off
        relay_transport = error:outside mail is off
        smtpd_tls_cert_file = {folder}/tls.crt
        smtpd_tls_key_file = {folder}/tls.key
        smtpd_tls_security_level = may
        maillog_file = {folder}/log
        maillog_file_prefixes = /tmp, /var, {folder}
        recipient_delimiter = +

        """);

    private string MasterCf()
    {
        var services = new StringBuilder();
        foreach (var listen in Address is null ? (string[])["127.0.0.1"] : ["127.0.0.1", Address])
        {
            services.Append(CultureInfo.InvariantCulture, $"{listen}:{Port} inet n - n - - smtpd\n");
        }

        services.Append(CultureInfo.InvariantCulture, $"127.0.0.1:{TlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n");
        if (Odd)
        {
            services.Append(Ports.Six ? $"[::1]:{Port} inet n - n - - smtpd\n[::1]:{TlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n" : "");
            services.Append(CultureInfo.InvariantCulture, $"127.0.0.1:{StallingPort} inet n - n - - smtpd -o smtpd_delay_reject=no -o {{ smtpd_helo_restrictions = sleep 30 }}\n");
            services.Append(CultureInfo.InvariantCulture, $"127.0.0.1:{RefusingPort} inet n - n - - smtpd -o smtpd_delay_reject=no -o smtpd_client_restrictions=reject\n");
        }

        foreach (var line in new[]
        {
            "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce", "verify unix - - n - 1 verify",
            "flush unix n - n 1000? 0 flush", "tlsmgr unix - - n 1000? 1 tlsmgr", "proxymap unix - - n - - proxymap", "error unix - - n - - error",
            "retry unix - - n - - error", "discard unix - - n - - discard", "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil",
            "lmtp unix - - n - - lmtp", "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd", "showq unix n - n - - showq",
        })
        {
            services.Append(line).Append('\n');
        }

        return services.ToString();
    }

    private async Task PortAsync(bool open)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (await IsOpenAsync() != open)
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"postfix on port {Port} is {(open ? "not up" : "still up")}; see {folder}/log and {folder}/out");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> IsOpenAsync()
    {
        if (Inside is not null)
        {
            return await RunAsync("/usr/bin/python3", ["-c", $"import socket; socket.create_connection(('127.0.0.1', {Port}), 2)"], mayFail: true) == 0;
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, mayFail: false);

    // Output goes to a file and not to a pipe, which the daemon would keep open.
    private async Task<int> RunAsync(string program, string[] arguments, bool mayFail)
    {
        var shell = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >> \"$out\" 2>&1 < /dev/null", "sh", OutFile, .. Inside is null ? [] : (string[])["ip", "netns", "exec", Inside], program, .. arguments]);
        using var process = Process.Start(shell)!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
        return process.ExitCode == 0 || mayFail
            ? process.ExitCode
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(OutFile)}");
    }
}
