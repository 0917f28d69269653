using System.Diagnostics;
using System.Globalization;

namespace Hinoban.Lab.Servers;

/// <summary>What an nginx of ours serves; a null TLS port means no TLS.</summary>
internal sealed record NginxOptions(int Port, int? TlsPort = null)
{
    internal string Address { get; init; } = "127.0.0.1";

    internal string Page { get; init; } = "<html>Welcome to the lab</html>\n";

    /// <summary>It listens at ::1 too, where the machine has it.</summary>
    internal bool Six { get; init; }

    /// <summary>Whom the certificate is for.</summary>
    internal string Name { get; init; } = "localhost";

    /// <summary>The certificate's dates; needed with TLS.</summary>
    internal (DateTimeOffset From, DateTimeOffset Until) Certificate { get; init; }
}

/// <summary>
/// A real nginx on its own port with all its files in one folder. It serves /301 /401 /500 /503, /late (after about a second) and /slow (10 bytes a second) besides
/// its page, and some more for the drop-in checks. It runs as a daemon with a pid file, so that others (a runbook over ssh) may start and stop it too.
/// </summary>
internal sealed class NginxServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly NginxOptions options;
    private readonly string folder;

    internal NginxServer(string folder, NginxOptions options)
    {
        this.folder = folder;
        this.options = options;
        Directory.CreateDirectory(Path.Combine(folder, "html"));
        File.WriteAllText(Path.Combine(folder, "html", "index.html"), options.Page);
        if (options.TlsPort is not null)
        {
            LabCertificate.Write(Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"), options.Certificate.From, options.Certificate.Until, options.Name);
        }

        File.WriteAllText(ConfigFile, Config());
    }

    /// <summary>The program; null where it is not installed.</summary>
    internal static string? Program { get; } = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    internal string ConfigFile => Path.Combine(folder, "nginx.conf");

    internal string PidFile => Path.Combine(folder, "nginx.pid");

    /// <summary>The command that starts it, for runbooks; stopping is the same with <c>-s stop</c>.</summary>
    internal string StartCommand => $"{Program} -e {ErrorLog} -c {ConfigFile}";

    internal bool Running => Pid is { } pid && Pids.IsAlive(pid);

    private string ErrorLog => Path.Combine(folder, "error.log");

    internal int? Pid =>
        File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Returns when it listens (nginx opens its ports before its first process ends) and has its worker.</summary>
    internal void Start()
    {
        Nginx("");
        if (!Pids.WaitUntil(() => Pid is { } pid && Pids.Children(pid).Count > 0, Patience))
        {
            throw new InvalidOperationException("nginx has no worker");
        }
    }

    /// <summary>Stops it in order and returns when it is gone.</summary>
    internal void Stop() => End(() => Nginx("-s stop"));

    /// <summary>Kills it and its workers, as a crash would.</summary>
    internal void Kill() => End(() =>
    {
        using var process = Process.GetProcessById(Pid!.Value);
        process.Kill(entireProcessTree: true);
    });

    public void Dispose()
    {
        if (Running)
        {
            Kill();
        }
    }

    private void End(Action end)
    {
        if (Pid is not { } pid || !Running)
        {
            return;
        }

        var all = Pids.Children(pid).Append(pid).ToList(); // workers may outlive a killed master for a moment, still answering
        end();
        if (!all.TrueForAll(one => Pids.WaitGone(one, Patience)))
        {
            throw new InvalidOperationException($"nginx {pid} does not end");
        }

        File.Delete(PidFile);
    }

    private void Nginx(string more)
    {
        // Its output must not be a pipe: the daemon would hold it open.
        using var process = Process.Start(new ProcessStartInfo(Program!, $"-e {ErrorLog} -c {ConfigFile} {more}"))!;
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"nginx {more} failed: {(File.Exists(ErrorLog) ? File.ReadAllText(ErrorLog) : "")}");
        }
    }

    private string Config()
    {
        var tls = options.TlsPort is { } port
            ? $"listen {options.Address}:{port} ssl; {Six(port, " ssl")} ssl_certificate {folder}/tls.crt; ssl_certificate_key {folder}/tls.key;"
            : "";
        return $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            worker_processes 1;
            pid {{PidFile}};
            error_log {{ErrorLog}};
            events { worker_connections 1024; }
            http {
                access_log {{folder}}/access.log combined;
                client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f;
                uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
                types { text/html html; }
                server {
                    listen {{options.Address}}:{{options.Port}};
                    {{Six(options.Port, "")}}
                    {{tls}}
                    root {{folder}}/html;
                    location /301 { return 301 /; }
                    location /401 { return 401; }
                    location /500 { return 500; }
                    location /503 { return 503; }
                    location /loop { return 302 /loop; }
                    location = /slow { alias {{folder}}/html/index.html; limit_rate 10; }
                    location = /late { alias {{folder}}/html/index.html; limit_rate 150; }
                    location = /201 { return 201 "made"; }
                    location = /203 { return 203 "told"; }
                    location = /method { return 200 "$request_method $http_x_lab"; }
                    location = /header { add_header X-Lab yes; return 200 "with a header"; }
                    location = /chunked { ssi on; alias {{folder}}/html/index.html; }
                    location = /relative { absolute_redirect off; return 302 /method; }
                    location = /elsewhere { return 302 http://localhost:{{options.Port}}/method; }
                    location = /away { return 302 http://127.0.0.1:1/; }
                }
            }
            """;
    }

    private string Six(int port, string more) => options.Six && Ports.Six ? $"listen [::1]:{port}{more};" : "";
}
