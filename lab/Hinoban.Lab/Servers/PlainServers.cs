using System.Globalization;

namespace Hinoban.Lab.Servers;

/// <summary>Real servers that need a few lines of configuration and no more: vsftpd, telnetd, dnsmasq.</summary>
internal static class PlainServers
{
    private const string Ftp = "/usr/sbin/vsftpd";
    private const string Telnet = "/usr/sbin/telnetd";
    private const string Socat = "/usr/bin/socat";
    private const string Dns = "/usr/sbin/dnsmasq";

    /// <summary>Why one of these cannot run here; null if it can.</summary>
    internal static string? Missing =>
        new[] { Ftp, Telnet, Socat, Dns }.FirstOrDefault(p => !File.Exists(p)) is { } missing ? $"{missing} is not installed: ./dev test installs it"
        : !Environment.IsPrivilegedProcess ? "vsftpd must be started as root"
        : null;

    internal static LabDaemon StartFtp(string folder)
    {
        var port = Ports.Free();
        var config = Path.Combine(folder, "vsftpd.conf");
        Directory.CreateDirectory(Path.Combine(folder, "ftp"));
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        LabCertificate.Write(Path.Combine(folder, "ftp.crt"), Path.Combine(folder, "ftp.key"), TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(5.5));
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $"""
            listen=YES
            listen_address=127.0.0.1
            listen_port={port}
            background=NO
            anonymous_enable=YES
            anon_root={folder}/ftp
            local_enable=NO
            secure_chroot_dir={folder}/empty
            seccomp_sandbox=NO
            ssl_enable=YES
            allow_anon_ssl=YES
            rsa_cert_file={folder}/ftp.crt
            rsa_private_key_file={folder}/ftp.key
            ftpd_banner=Lab FTP ready

            """));
        return LabDaemon.Start(folder, port, Ftp, config);
    }

    /// <summary>One telnetd a connection, as inetd would.</summary>
    internal static LabDaemon StartTelnet(string folder)
    {
        var port = Ports.Free();
        return LabDaemon.Start(folder, port, Socat, string.Create(CultureInfo.InvariantCulture, $"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork"), $"EXEC:{Telnet} -h,nofork");
    }

    /// <summary>A name server for <c>example.test</c>, over UDP and TCP.</summary>
    internal static LabDaemon StartDns(string folder)
    {
        var port = Ports.Free();
        var long1 = string.Join(',', Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 200)));
        return LabDaemon.Start(
            folder, port, Dns, "--keep-in-foreground", $"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--pid-file",
            "--user=root", "--local=/example.test/", "--host-record=www.example.test,192.0.2.10,2001:db8::10", "--host-record=two.example.test,192.0.2.11", "--host-record=two.example.test,192.0.2.12",
            "--mx-host=example.test,mx1.example.test,10", "--txt-record=example.test,v=spf1 -all", $"--txt-record=long.example.test,{long1}",
            "--cname=alias.example.test,www.example.test", "--srv-host=_imap._tcp.example.test,www.example.test,143,0,5", "--ptr-record=10.2.0.192.in-addr.arpa,www.example.test");
    }
}
