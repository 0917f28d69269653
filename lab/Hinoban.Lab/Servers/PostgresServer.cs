using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Hinoban.Lab.Servers;

/// <summary>
/// A real PostgreSQL of our own: free port on loopback, all files in its own folder, as an unprivileged user. It ends with this process
/// whatever happens to it. A second one can follow it as its synchronous standby and be promoted.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private Process? process;

    private PostgresServer(string folder, int port) => (this.folder, Port) = (folder, port);

    /// <summary>Why it cannot run here; null if it can.</summary>
    internal static string? Missing =>
        Programs is null ? "postgresql is not installed: ./dev test installs it"
        : !AsRoot && Environment.UserName == "root" ? "setpriv is missing, and PostgreSQL does not run as root"
        : null;

    internal int Port { get; }

    /// <summary>Of the process whose children serve.</summary>
    internal int Pid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    internal string LogFile => Path.Combine(folder, "log");

    private string Data => Path.Combine(folder, "data");

    private static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static bool AsRoot => Environment.UserName == "root" && File.Exists("/usr/bin/setpriv");

    /// <summary>Starts a new one. Without <paramref name="durable"/> nothing is synced to the disk: for tests that cut no power.</summary>
    internal static async Task<PostgresServer> StartAsync(string folder, bool durable, int port = 0)
    {
        var server = new PostgresServer(folder, port == 0 ? Ports.Free() : port);
        await server.PrepareAsync();
        await server.RunAsync("initdb", "-D", server.Data, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"), server.Settings(durable));
        await server.RunAsync();
        return server;
    }

    /// <summary>A standby of this one, whose commits wait for it from now on.</summary>
    internal async Task<PostgresServer> FollowAsync(string where)
    {
        var standby = new PostgresServer(where, Ports.Free());
        await standby.PrepareAsync();
        await standby.RunAsync(
            "pg_basebackup", "-D", standby.Data, "-d", $"host=127.0.0.1 port={Port.ToString(CultureInfo.InvariantCulture)} user={Account} application_name=standby", "-R", "-X", "stream", "-C", "-S", "standby", "--checkpoint=fast");
        await File.AppendAllTextAsync(
            Path.Combine(standby.Data, "postgresql.conf"),
            $"\nport = {standby.Port.ToString(CultureInfo.InvariantCulture)}\nunix_socket_directories = '{where}'\nsynchronous_standby_names = ''\n");
        await standby.RunAsync();
        await ExecuteAsync("postgres", "alter system set synchronous_standby_names = 'standby'");
        await ExecuteAsync("postgres", "select pg_reload_conf()");
        await UntilAsync(() => AnswersAsync("select 1 from pg_stat_replication where sync_state = 'sync' and state = 'streaming'"));
        return standby;
    }

    /// <summary>A connection string for a database of this server; several servers for one that may move.</summary>
    internal string Connection(string database, params PostgresServer[] others) =>
        $"Host={string.Join(',', others.Prepend(this).Select(s => $"127.0.0.1:{s.Port.ToString(CultureInfo.InvariantCulture)}"))};Username={Account};Database={database}";

    internal async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>SIGKILL to the server and all its processes, as if the machine had gone.</summary>
    internal async Task KillAsync()
    {
        var pid = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        var all = Pids.Children(pid).Prepend(pid).ToList();
        foreach (var one in all)
        {
            Kill(one);
        }

        if (!all.TrueForAll(p => Pids.WaitGone(p, Patience)))
        {
            throw new TimeoutException("PostgreSQL's processes do not end");
        }
    }

    /// <summary>The standby becomes a server that takes writes.</summary>
    internal Task PromoteAsync() => RunAsync("pg_ctl", "-D", Data, "promote", "-w");

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    /// <summary>Also for the end of our own process, when nothing is told of a child's end any more.</summary>
    internal void Stop()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            Pids.WaitGone(process.Id, Patience);
            process.Dispose();
            process = null;
        }
    }

    private static void Kill(int pid)
    {
        try
        {
            using var one = Process.GetProcessById(pid);
            one.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself: its parent was the first to go.
        }
    }

    // Its user must be able to enter; a temp folder of ours is private.
    private async Task PrepareAsync()
    {
        Directory.CreateDirectory(folder);
        for (var at = folder; at is { Length: > 1 } && at != Path.GetTempPath().TrimEnd('/'); at = Path.GetDirectoryName(at))
        {
            await PlainAsync("/bin/chmod", "a+rx", at);
        }

        if (AsRoot)
        {
            await PlainAsync("/bin/chown", Account, folder);
        }
    }

    private string Settings(bool durable) => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        listen_addresses = '127.0.0.1'
        port = {Port}
        unix_socket_directories = '{folder}'
        max_connections = 100
        shared_buffers = 32MB
        fsync = {(durable ? "on" : "off")}
        full_page_writes = {(durable ? "on" : "off")}
        wal_level = {(durable ? "replica" : "minimal")}
        max_wal_senders = {(durable ? 4 : 0)}
        autovacuum = off
        timezone = 'UTC'

        """);

    // The shell in between waits for the end of its input, which is this process's end too: SIGQUIT ends a server at once.
    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; \"$@\" >>\"$log\" 2>&1 </dev/null & cat >/dev/null; kill -QUIT $! 2>/dev/null; wait $!", "sh", LogFile, .. Words("postgres", "-D", Data)])
        {
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        process = Process.Start(start)!;
        await UntilAsync(() => AnswersAsync("select 1"));
    }

    private async Task<bool> AnswersAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false;Timeout=3");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync() is not null;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await holds())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"PostgreSQL on port {Port} is not as it should be; its log ends:\n{string.Join('\n', File.Exists(LogFile) ? File.ReadLines(LogFile).TakeLast(20) : [])}");
            }

            // A server that starts tells nobody; asking is the only way.
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
        }
    }

    private static string[] Words(string program, params string[] arguments) =>
        [.. AsRoot ? ["/usr/bin/setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups"] : Array.Empty<string>(), Path.Combine(Programs!, program), .. arguments];

    private Task RunAsync(string program, params string[] arguments)
    {
        var words = Words(program, arguments);
        return PlainAsync(words[0], words[1..]);
    }

    private async Task PlainAsync(string program, params string[] arguments)
    {
        var shell = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >> \"$out\" 2>&1 < /dev/null", "sh", folder + ".out", program, .. arguments]) { WorkingDirectory = "/" };
        using var run = Process.Start(shell)!;
        await run.WaitForExitAsync().WaitAsync(Patience);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}: {await File.ReadAllTextAsync(folder + ".out")}");
        }
    }
}
