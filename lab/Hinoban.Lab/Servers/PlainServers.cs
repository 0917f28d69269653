using System.Globalization;
using System.Net;

namespace Hinoban.Lab.Servers;

/// <summary>Real servers that need a few lines of configuration and no more: vsftpd, telnetd, dnsmasq, Apache.</summary>
internal static class PlainServers
{
    private const string Ftp = "/usr/sbin/vsftpd";
    private const string Telnet = "/usr/sbin/telnetd";
    private const string Socat = "/usr/bin/socat";
    private const string Dns = "/usr/sbin/dnsmasq";
    private const string Apache = "/usr/sbin/apache2";

    /// <summary>Why one of these cannot run here; null if it can.</summary>
    internal static string? Missing =>
        new[] { Ftp, Telnet, Socat, Dns }.FirstOrDefault(p => !File.Exists(p)) is { } missing ? $"{missing} is not installed: ./dev test installs it"
        : !Environment.IsPrivilegedProcess ? "vsftpd must be started as root"
        : null;

    /// <summary>Why Apache cannot run here; null if it can.</summary>
    internal static string? NoApache =>
        !File.Exists(Apache) ? $"{Apache} is not installed: ./dev test installs it"
        : !Environment.IsPrivilegedProcess ? "apache2 must be started as root"
        : null;

    /// <summary>An Apache with <c>access.log</c> and <c>error.log</c> in the folder: /boom is 503, /missing 404, all else 403 with a line in the error log, for www-data may not enter the folder.</summary>
    internal static LabDaemon StartApache(string folder)
    {
        var port = Ports.Free();
        var config = Path.Combine(folder, "apache.conf");
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
            ServerRoot {{folder}}
            ServerName localhost
            PidFile {{folder}}/apache.pid
            Listen 127.0.0.1:{{port}}
            {{(Ports.Six ? $"Listen [::1]:{port}" : "")}}
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
            User www-data
            Group www-data
            StartServers 1
            LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
            CustomLog {{folder}}/access.log combined
            ErrorLog {{folder}}/error.log
            DocumentRoot {{folder}}
            Redirect 503 /boom
            Redirect 404 /missing
            <Location "/">
              Require all denied
            </Location>

            """));
        return LabDaemon.Start(folder, port, Apache, "-f", config, "-DFOREGROUND");
    }

    /// <summary>vsftpd listens in one family only; <paramref name="more"/> is a line of its configuration.</summary>
    internal static LabDaemon StartFtp(string folder, IPAddress? address = null, string more = "")
    {
        var port = Ports.Free();
        var six = address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 };
        var config = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"vsftpd.{port}.conf"));
        Directory.CreateDirectory(Path.Combine(folder, "ftp"));
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
        LabCertificate.Write(Path.Combine(folder, "ftp.crt"), Path.Combine(folder, "ftp.key"), TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(5.5));
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $"""
            {(six ? "listen=NO\nlisten_ipv6=YES\nlisten_address6" : "listen=YES\nlisten_address")}={address ?? IPAddress.Loopback}
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
            {more}

            """));
        return LabDaemon.Start(folder, new IPEndPoint(address ?? IPAddress.Loopback, port), Ftp, config);
    }

    /// <summary>One telnetd a connection, as inetd would.</summary>
    internal static LabDaemon StartTelnet(string folder, IPAddress? address = null)
    {
        var end = new IPEndPoint(address ?? IPAddress.Loopback, Ports.Free());
        var listen = end.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"TCP6-LISTEN:{end.Port},bind=[{end.Address}]" : $"TCP-LISTEN:{end.Port},bind={end.Address}";
        return LabDaemon.Start(folder, end, Socat, $"{listen},reuseaddr,fork", $"EXEC:{Telnet} -h,nofork");
    }

    /// <summary>A name server for <c>example.test</c>, over UDP and TCP.</summary>
    internal static LabDaemon StartDns(string folder)
    {
        var port = Ports.Free();
        var long1 = string.Join(',', Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 200)));
        return LabDaemon.Start(
            folder, port, Dns, "--keep-in-foreground", $"--port={port}", $"--listen-address=127.0.0.1{(Ports.Six ? ",::1" : "")}", "--bind-interfaces", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--pid-file",
            "--user=root", "--local=/example.test/", "--host-record=www.example.test,192.0.2.10,2001:db8::10", "--host-record=two.example.test,192.0.2.11", "--host-record=two.example.test,192.0.2.12",
            "--mx-host=example.test,mx1.example.test,10", "--txt-record=example.test,v=spf1 -all", $"--txt-record=long.example.test,{long1}",
            "--cname=alias.example.test,www.example.test", "--srv-host=_imap._tcp.example.test,www.example.test,143,0,5", "--ptr-record=10.2.0.192.in-addr.arpa,www.example.test");
    }
}
