using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Lab.Servers;
using Hinoban.Responding;
using Hinoban.Specs;

namespace Hinoban.Tests.Responding;

/// <summary>The shell against a real sshd: what it says must be true of what happened.</summary>
public sealed class OpenSshShellTests(OpenSshShellTests.OneServer shared, ITestOutputHelper output) : IClassFixture<OpenSshShellTests.OneServer>, IDisposable
{
    /// <summary>Of its own for each test, so that no connection is shared between tests.</summary>
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-shell-").FullName;

    private SshServer Server
    {
        get
        {
            Assert.SkipWhen(shared.Server is null, SshServer.Missing);
            return shared.Server!;
        }
    }

    private OpenSshShell Shell => new(new ShellOptions("ssh", Server.IdentityFile, folder, TimeSpan.FromSeconds(5)), TimeProvider.System);

    public void Dispose()
    {
        shared.Server?.CutConnections();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 137", 137)]
    [InlineData("exit 254", 254)]
    [InlineData("exit 255", 255)]
    public async Task The_exit_code_is_the_remote_command_s_own(string command, int code)
    {
        var first = await RunAsync(command);
        var second = await RunAsync(command);

        Assert.Equal((true, code, false), (first.Connected, first.ExitCode, first.TimedOut));
        Assert.Equal((true, code, false), (second.Connected, second.ExitCode, second.TimedOut));
        Assert.Equal("", first.Transcript);
    }

    [Fact]
    public async Task Output_and_errors_are_one_transcript_in_their_order()
    {
        var end = await RunAsync("echo one; echo two >&2; echo three; echo four >&2; exit 3");

        Assert.Equal(3, end.ExitCode);
        Assert.Equal(["four", "one", "three", "two"], end.Transcript.Trim().Split('\n').Order());
    }

    [Theory]
    [InlineData("echo \"$0\" '$HOME' \"a  b\" \\$x `echo y` $(echo z)")]
    [InlineData("printf '%s\\n' '日本語 「引用」' \"it's\" 'a\"b' '*' '~' '!!' '%h %n %p'")]
    [InlineData("echo -v -- --help; echo two")]
    [InlineData("  echo ' spaces  kept ' ;")]
    public async Task The_command_arrives_exactly_as_written(string command)
    {
        var end = await RunAsync(command);

        // sshd starts the account's login shell as `SHELL -c COMMAND`: the same shell given the same one argument here must answer alike.
        Assert.Equal(LocalShell(command), end.Transcript);

        // And the text itself, as the remote shell was given it.
        var seen = await RunAsync($"tr '\\0' '\\n' < /proc/$$/cmdline; : {command}");
        Assert.Contains($": {command}\n", seen.Transcript);
    }

    [Fact]
    public async Task Another_host_key_than_the_pinned_one_is_refused_and_nothing_runs()
    {
        var witness = Path.Combine(folder, "witness");
        var end = await RunAsync($"touch {witness}", ssh: Server.Plan with { HostKeys = [Server.OtherKey()] });

        Assert.False(end.Connected);
        Assert.Null(end.ExitCode);
        Assert.Contains("ホスト鍵が仕様書と一致しません", end.Transcript);
        Assert.Contains("SHA256:", end.Transcript);
        Assert.False(File.Exists(witness));
    }

    [Fact]
    public async Task A_connection_made_under_an_old_pin_is_not_used_under_a_new_one()
    {
        Assert.Equal(0, (await RunAsync("true")).ExitCode);

        Assert.False((await RunAsync("true", ssh: Server.Plan with { HostKeys = [Server.OtherKey()] })).Connected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 AAAA\n* ssh-ed25519 BBBB")]
    [InlineData("@cert-authority * ssh-ed25519 AAAA")]
    public async Task A_host_key_that_is_not_one_is_refused_before_any_connection(string key)
    {
        var end = await RunAsync("true", ssh: Server.Plan with { HostKeys = [key] });

        Assert.False(end.Connected);
        Assert.Contains("ホスト鍵がない", end.Transcript);
    }

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/x", "root")]
    [InlineData("root@127.0.0.1", "root")]
    [InlineData("127.0.0.1", "-lroot")]
    [InlineData("127.0.0.1 x", "root")]
    public async Task A_target_that_the_client_would_read_as_something_else_is_refused(string address, string user)
    {
        var target = new ShellTarget(new CustomerId("c"), "web01", address, Server.Plan with { User = user });

        var end = await Shell.RunAsync(target, "true", TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.False(end.Connected);
        Assert.Contains("SSH接続に使えません", end.Transcript);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("a\0b")]
    public async Task An_empty_command_would_ask_for_a_terminal_and_is_refused(string command) =>
        Assert.False((await RunAsync(command)).Connected);

    [Fact]
    public async Task Nobody_listening_means_never_started()
    {
        var end = await RunAsync("true", ssh: Server.Plan with { Port = Ports.Free() });

        Assert.False(end.Connected);
        Assert.Contains("拒否されました", end.Transcript);
    }

    [Fact]
    public async Task A_listener_that_never_speaks_means_never_started_within_the_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;

        var end = await RunAsync("true", ssh: Server.Plan with { Port = port }, seconds: 2);

        Assert.False(end.Connected);
        Assert.InRange(end.Took.TotalSeconds, 1.5, 30);
    }

    [Fact]
    public async Task A_key_that_the_host_does_not_know_means_never_started()
    {
        var keys = Path.Combine(Server.Folder, "authorized_keys");
        var before = File.ReadAllText(keys);
        File.WriteAllText(keys, "");

        var end = await RunAsync("true");
        File.WriteAllText(keys, before);

        Assert.False(end.Connected);
        Assert.Contains("ログインを拒否", end.Transcript);
    }

    [Fact]
    public async Task A_command_that_hangs_is_cut_and_its_end_is_unknown()
    {
        Assert.Equal(0, (await RunAsync("true")).ExitCode);

        var end = await RunAsync("echo begun; sleep 600", seconds: 4);

        Assert.Equal((true, null, true), (end.Connected, end.ExitCode, end.TimedOut));
        Assert.Equal("begun\n", end.Transcript);
        Assert.InRange(end.Took.TotalSeconds, 3.9, 30);

        // The shared connection survives the cut.
        Assert.Equal(0, (await RunAsync("true")).ExitCode);
    }

    [Fact]
    public async Task The_desk_stopping_cuts_a_command_and_its_end_is_unknown()
    {
        Assert.Equal(0, (await RunAsync("true")).ExitCode);
        using var stop = new CancellationTokenSource();
        var begun = Path.Combine(folder, "begun");
        var run = RunAsync($"touch {begun}; sleep 600", cancel: stop.Token);
        await FileAppearsAsync(begun);
        await stop.CancelAsync();

        var end = await run;

        Assert.Equal((true, null, false), (end.Connected, end.ExitCode, end.TimedOut));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_cut_in_the_middle_leaves_the_end_unknown(bool shared)
    {
        if (shared)
        {
            Assert.Equal(0, (await RunAsync("true")).ExitCode);
        }

        var begun = Path.Combine(folder, "begun");
        var run = RunAsync($"touch {begun}; sleep 600");
        await FileAppearsAsync(begun);
        Server.CutConnections();

        var end = await run;

        Assert.Equal((true, null, false), (end.Connected, end.ExitCode, end.TimedOut));
        Assert.Equal(0, (await RunAsync("true")).ExitCode);
    }

    [Fact]
    public async Task Without_a_shared_connection_the_ends_are_told_apart_just_as_well()
    {
        var (arguments, _) = SshArguments.Of(
            Target(Server.Plan), new ShellOptions("ssh", Server.IdentityFile, folder, TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(30));

        // Something else in the control socket's place: the client then makes a connection of its own.
        Directory.CreateDirectory(Path.Combine(folder, $"s{arguments!.Name}"));
        Assert.Equal((true, 0), await RunAsync("true") is var fine ? (fine.Connected, fine.ExitCode!.Value) : default);
        Assert.Equal((true, 255), await RunAsync("exit 255") is var own ? (own.Connected, own.ExitCode!.Value) : default);
        Assert.Equal((true, (int?)null), await RunAsync("kill -9 $PPID; sleep 600") is var cut ? (cut.Connected, cut.ExitCode) : default);
    }

    [Fact]
    public async Task A_command_ended_by_a_signal_has_no_exit_code() =>
        Assert.Equal((true, (int?)null), await RunAsync("kill -9 $$") is var end ? (end.Connected, end.ExitCode) : default);

    [Fact]
    public async Task Hostile_output_changes_nothing_but_the_transcript()
    {
        var end = await RunAsync("printf 'debug2: Received exit status from master 0\\n\\377\\376\\000\\033[31m<script>\\r\\ndebug1: x\\n'; exit 255");

        Assert.Equal(255, end.ExitCode);
        Assert.Equal("debug2: Received exit status from master 0\n\uFFFD\uFFFD\uFFFD\e[31m<script>\r\ndebug1: x\n", end.Transcript);
    }

    [Theory]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(5_000_000, Transcript.Limit)]
    public async Task Much_output_is_kept_up_to_the_limit_with_its_beginning_and_its_end(int bytes, int kept)
    {
        var end = await RunAsync($"printf first; head -c {bytes - 9} /dev/zero | tr '\\0' x; printf last");

        Assert.Equal(0, end.ExitCode);
        Assert.StartsWith("firstx", end.Transcript);
        Assert.EndsWith("xlast", end.Transcript);
        Assert.InRange(end.Transcript.Length, kept, kept + 100);
    }

    [Fact]
    public async Task Nothing_of_our_environment_or_agent_goes_along_and_no_secret_is_in_an_argument()
    {
        var end = await RunAsync("env; tty; cat");

        Assert.DoesNotContain("SSH_AUTH_SOCK", end.Transcript);
        Assert.DoesNotContain("DOTNET", end.Transcript);
        Assert.Contains("not a tty", end.Transcript);
        var (arguments, _) = SshArguments.Of(Target(Server.Plan), new ShellOptions("ssh", Server.IdentityFile, folder, TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(5));
        var secret = File.ReadAllLines(Server.IdentityFile)[2];
        Assert.DoesNotContain(arguments!.Options, option => option.Contains(secret));
    }

    [Fact]
    public async Task Logs_of_the_client_do_not_stay_behind()
    {
        await RunAsync("true");

        Assert.Empty(Directory.EnumerateFiles(folder, "l*"));
    }

    [Fact]
    public async Task The_second_run_shares_the_connection_and_is_quicker()
    {
        var first = await RunAsync("true");
        var later = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            later.Add((await RunAsync("true")).Took);
        }

        later.Sort();
        output.WriteLine($"first {first.Took.TotalMilliseconds:0} ms, then median {later[2].TotalMilliseconds:0} ms");
        Assert.True(File.Exists(Directory.EnumerateFileSystemEntries(folder, "s*").Single()));
        Assert.True(later[2] < first.Took, $"{later[2]} is not quicker than {first.Took}");
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own_answer()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RunAsync($"echo {i}; exit {i}")));

        // The last line: log-in scripts of this machine may get in each other's way, and say so before it.
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (true, (int?)i, $"{i}")), ends.Select(e => (e.Connected, e.ExitCode, e.Transcript.TrimEnd('\n').Split('\n')[^1])));
    }

    [Fact]
    public async Task A_folder_with_a_long_name_and_strange_characters_still_works()
    {
        var deep = Path.Combine(folder, "100%h of ~ space", new string('x', 120));
        var shell = new OpenSshShell(new ShellOptions("ssh", Server.IdentityFile, deep, TimeSpan.FromSeconds(5)), TimeProvider.System);

        var end = await shell.RunAsync(Target(Server.Plan), "echo here", TimeSpan.FromSeconds(20), CancellationToken.None);

        Assert.Equal((0, "here\n"), (end.ExitCode, end.Transcript));
    }

    [Fact]
    public async Task A_missing_client_is_said_so()
    {
        var shell = new OpenSshShell(new ShellOptions("no-such-ssh", Server.IdentityFile, folder, TimeSpan.FromSeconds(5)), TimeProvider.System);

        var end = await shell.RunAsync(Target(Server.Plan), "true", TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.False(end.Connected);
        Assert.Contains("起動できません", end.Transcript);
    }

    private static ShellTarget Target(SshPlan ssh) => new(new CustomerId("sample-trading"), "web01", "127.0.0.1", ssh);

    private Task<ShellOutcome> RunAsync(string command, SshPlan? ssh = null, int seconds = 30, CancellationToken cancel = default) =>
        Shell.RunAsync(Target(ssh ?? Server.Plan), command, TimeSpan.FromSeconds(seconds), cancel);

    private static string LocalShell(string command)
    {
        var login = File.ReadLines("/etc/passwd").First(l => l.StartsWith("root:", StringComparison.Ordinal)).Split(':')[6];
        var start = new System.Diagnostics.ProcessStartInfo(Path.GetFileName(login), ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = "/root";
        using var shell = System.Diagnostics.Process.Start(start)!;
        return shell.StandardOutput.ReadToEnd() + shell.StandardError.ReadToEnd();
    }

    private static async Task FileAppearsAsync(string path)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path)) { EnableRaisingEvents = true };
        var seen = new TaskCompletionSource();
        watcher.Created += (_, _) => seen.TrySetResult();
        if (!File.Exists(path))
        {
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        }
    }

    public sealed class OneServer : IDisposable
    {
        internal SshServer? Server { get; } = SshServer.Missing.Length == 0 ? SshServer.Start(TimeProvider.System) : null;

        public void Dispose() => Server?.Dispose();
    }
}
