using System.Diagnostics;
using System.Globalization;

namespace Hinoban.Lab.Servers;

/// <summary>A real MariaDB of our own: free port on loopback, all files in its own folder. It ends with this process whatever happens to it.</summary>
internal sealed class MariaDbServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder;
    private Process? process;

    private MariaDbServer(string folder) => this.folder = folder;

    /// <summary>Why it cannot run here; null if it can.</summary>
    internal static string? Missing => File.Exists("/usr/sbin/mariadbd") ? null : "mariadb-server is not installed: ./dev test installs it";

    internal int Port { get; } = Ports.Free();

    internal int Pid => int.Parse(File.ReadAllText($"{folder}/pid"), CultureInfo.InvariantCulture);

    /// <summary>Starts a new one; <paramref name="sql"/> is carried out as root first.</summary>
    internal static async Task<MariaDbServer> StartAsync(string folder, string sql)
    {
        var server = new MariaDbServer(folder);
        Directory.CreateDirectory(folder);

        // Its user must be able to enter; a temp folder of ours is private.
        await RunAsync("chmod", "a+rx", folder, Path.GetDirectoryName(folder)!);
        var asRoot = Environment.UserName == "root" ? "mysql" : Environment.UserName;
        await RunAsync("mariadb-install-db", "--no-defaults", $"--datadir={folder}/data", $"--user={asRoot}", "--auth-root-authentication-method=normal", "--skip-test-db");
        await File.WriteAllTextAsync($"{folder}/init.sql", sql);
        await RunAsync("chmod", "-R", "a+rX", folder);
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "-R", asRoot, folder);
        }

        // The shell in between waits for the end of its input, which is this process's end too.
        string[] words = ["--no-defaults", $"--datadir={folder}/data", $"--socket={folder}/sock", $"--pid-file={folder}/pid", $"--port={server.Port.ToString(CultureInfo.InvariantCulture)}", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", $"--user={asRoot}", $"--init-file={folder}/init.sql"];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; \"$@\" >>\"$log\" 2>&1 </dev/null & cat >/dev/null; kill -KILL $! 2>/dev/null; wait $!", "sh", $"{folder}/log", "/usr/sbin/mariadbd", .. words]) { RedirectStandardInput = true };
        server.process = Process.Start(start)!;
        if (!Pids.WaitUntil(() => File.Exists($"{folder}/pid") && File.Exists($"{folder}/sock"), Patience))
        {
            throw new TimeoutException($"MariaDB does not start:\n{File.ReadAllText($"{folder}/log")}");
        }

        return server;
    }

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            Pids.WaitGone(process.Id, Patience);
            process.Dispose();
            process = null;
        }

        return ValueTask.CompletedTask;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]))!;
        await run.WaitForExitAsync().WaitAsync(Patience);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {run.ExitCode.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}
