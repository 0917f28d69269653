using System.Globalization;

namespace Hinoban.Lab.Servers;

/// <summary>A real Dovecot: POP and IMAP on free loopback ports, plain with STARTTLS, and with TLS from the first byte.</summary>
internal sealed class MailboxServer : IDisposable
{
    private const string Program = "/usr/sbin/dovecot";
    private readonly LabDaemon daemon;

    private MailboxServer(string folder, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        LabCertificate.Write(Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"), now.AddDays(-10), now.AddDays(20.5));
        File.WriteAllText(Path.Combine(folder, "users"), "ops:{PLAIN}secret::::::\n");
        File.WriteAllText(Path.Combine(folder, "dovecot.conf"), Config(folder));
        daemon = LabDaemon.Start(folder, Pop, Program, "-F", "-c", Path.Combine(folder, "dovecot.conf"));
        if (!Pids.WaitUntil(() => Array.TrueForAll([Pops, Imap, Imaps], Ports.Listens), TimeSpan.FromSeconds(20)))
        {
            throw new InvalidOperationException("dovecot does not open all its ports");
        }
    }

    /// <summary>Why it cannot run here; null if it can.</summary>
    internal static string? Missing =>
        !File.Exists(Program) || !File.Exists("/usr/lib/dovecot/pop3") || !File.Exists("/usr/lib/dovecot/imap") ? "dovecot with POP and IMAP is not installed: ./dev test installs it"
        : !Environment.IsPrivilegedProcess ? "dovecot must be started as root"
        : null;

    internal int Pop { get; } = Ports.Free();

    internal int Pops { get; } = Ports.Free();

    internal int Imap { get; } = Ports.Free();

    internal int Imaps { get; } = Ports.Free();

    internal static MailboxServer Start(string folder, TimeProvider clock) => new(folder, clock.GetUtcNow());

    internal int Pid => daemon.Pid;

    internal void Freeze() => daemon.Freeze();

    internal void Thaw() => daemon.Thaw();

    public void Dispose() => daemon.Dispose();

    private string Config(string folder) => string.Create(CultureInfo.InvariantCulture, $$"""
        base_dir = {{folder}}/run
        log_path = {{folder}}/log
        listen = 127.0.0.1{{(Ports.Six ? ", ::1" : "")}}
        protocols = imap pop3
        ssl = yes
        ssl_cert = <{{folder}}/tls.crt
        ssl_key = <{{folder}}/tls.key
        mail_location = maildir:{{folder}}/mail/%u
        passdb {
          driver = passwd-file
          args = {{folder}}/users
        }
        userdb {
          driver = static
          args = uid=mail gid=mail home={{folder}}/mail/%u
        }
        service pop3-login {
          inet_listener pop3 {
            port = {{Pop}}
          }
          inet_listener pop3s {
            port = {{Pops}}
            ssl = yes
          }
        }
        service imap-login {
          inet_listener imap {
            port = {{Imap}}
          }
          inet_listener imaps {
            port = {{Imaps}}
            ssl = yes
          }
        }

        """);
}
