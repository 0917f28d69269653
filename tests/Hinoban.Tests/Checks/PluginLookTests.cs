using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Real child processes: what they see, what they leave behind, how they end.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[Collection(Hinoban.Tests.House.AloneCollection.Name)]
public sealed class PluginLookTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly PluginLook look;

    public PluginLookTests()
    {
        Directory.CreateDirectory(folder.File("plugins"));
        look = new PluginLook(new PluginOptions([folder.File("plugins")], null), TimeProvider.System);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_distributions_plugins_work()
    {
        var real = new PluginLook(PluginOptions.Default, TimeProvider.System);
        Assert.SkipUnless(File.Exists("/usr/lib/nagios/plugins/check_tcp"), "monitoring-plugins-basic is not installed: ./dev test installs it");
        using var host = new BreakableHost();
        var open = await real.LookAsync(CheckItems.Of(new PluginLookPlan(["check_tcp", "-H", "$HOSTADDRESS$", "-p", $"{host.Port}"], false)), CheckItems.Long, default);
        host.Become(HostMood.Refuses);
        var closed = await real.LookAsync(CheckItems.Of(new PluginLookPlan(["check_tcp", "-H", "$HOSTADDRESS$", "-p", $"{host.Port}"], false)), CheckItems.Long, default);
        var warning = await real.LookAsync(CheckItems.Of(new PluginLookPlan(["check_dummy", "1", "日本語 $HOSTNAME$"], true)), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (open.Status, open.Reply));
        Assert.StartsWith("TCP OK - ", open.Output, StringComparison.Ordinal);
        Assert.StartsWith("time=0.", open.Perfdata, StringComparison.Ordinal);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.None), (closed.Status, closed.Reply, closed.NoValue));
        Assert.Equal((CheckStatus.Warning, Reply.Answer, "WARNING: 日本語 web01"), (warning.Status, warning.Reply, warning.Output));
    }

    [Fact]
    public async Task Arguments_reach_the_child_byte_by_byte()
    {
        string[] hostile =
        [
            "", " ", "a b", "$(touch pwned)", "`touch pwned`", "; touch pwned", "| touch pwned", "&& touch pwned", "<script>alert('x')</script>", "'\"\\",
            "line\r\nbreak", "\u001b[31mred\u001b[0m", "*", "~", "-n", "--", "障害 ①㈱髙 🔥", "\t", new string('x', 100_000),
        ];
        Plugin("argv", $"for a in \"$@\"; do printf '%s\\0' \"$a\"; done > {folder.File("argv.out")}; echo OK");
        var answer = await LookAsync(["argv", .. hostile]);
        Assert.Equal("OK", answer.Output);
        Assert.Equal(Encoding.UTF8.GetBytes(string.Concat(hostile.Select(h => h + "\0"))), await File.ReadAllBytesAsync(folder.File("argv.out")));
        Assert.False(File.Exists("/pwned"));
    }

    [Fact]
    public async Task The_environment_the_signals_and_the_session_are_the_childs_own()
    {
        Plugin("see", """
            tr '\0' '\n' < /proc/$$/environ | sed 's/HINOBAN_LOOK=.*/MARK/' | sort | tr '\n' ' '
            pwd
            cut -d' ' -f1,5,6 /proc/$$/stat
            grep -E '^Sig(Blk|Ign)' /proc/$$/status | tr '\t\n' '  '
            """);
        var answer = await LookAsync(["see"]);
        Assert.Equal("LC_ALL=C MARK PATH=/usr/bin:/bin:/usr/sbin:/sbin /", answer.Output);
        var rest = answer.LongOutput.Split('\n');
        var ids = rest[0].Split(' ');
        Assert.Equal((ids[0], ids[0]), (ids[1], ids[2]));
        // 32 and 33 belong to the libc, which lets nobody set them.
        var signals = rest[1].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0L, 0L), (long.Parse(signals[1], NumberStyles.HexNumber) & 0x7FFFFFFF, long.Parse(signals[3], NumberStyles.HexNumber) & 0x7FFFFFFF));
    }

    [Fact]
    public async Task No_descriptor_of_ours_reaches_the_child()
    {
        using var listener = new BreakableHost();
        Plugin("fds", "echo; exec ls -l /proc/self/fd"); // descriptor 3 is the folder that ls reads
        var answer = await LookAsync(["fds"]);
        var seen = answer.LongOutput.Split('\n').Select(l => string.Join(' ', l.Split(' ')[^3..]).Split(":[")[0]).Select(l => l.StartsWith("3 -> /proc/", StringComparison.Ordinal) ? "3" : l);
        Assert.Equal(["0 -> /dev/null", "1 -> pipe", "2 -> pipe", "3"], seen);
    }

    [Fact]
    public async Task Hostile_output_is_kept_as_it_is()
    {
        Plugin("hostile", "printf 'CRITICAL \\033[31m$(reboot) <script>alert(1)</script>\\rBcc: x\\377 | t=1\\nSubject: y\\r\\nlong\\n'; exit 2");
        var answer = await LookAsync(["hostile"]);
        Assert.Equal(
            new LookAnswer(CheckStatus.Critical, Reply.Transport, NoValue.None, "CRITICAL \u001b[31m$(reboot) <script>alert(1)</script>\rBcc: x\uFFFD", "Subject: y\r\nlong", "t=1"),
            answer);
    }

    [Fact]
    public async Task A_line_of_a_megabyte_is_cut_and_the_plugin_ends_well()
    {
        Plugin("chatty", "head -c 1000000 /dev/zero | tr '\\0' 'x'; exit 1");
        var answer = await LookAsync(["chatty"]);
        Assert.Equal(CheckStatus.Warning, answer.Status);
        Assert.Equal(new string('x', 65_536) + " [output cut: 934464 more bytes]", answer.Output);
    }

    [Theory]
    [InlineData("exit 42", "Critical Transport PluginFailed", "(Return code of 42 is out of bounds)")]
    [InlineData("sh -c 'kill -TERM $$'", "Critical Transport PluginFailed", "(Return code of 143 is out of bounds - what a shell gives for signal 15, SIGTERM)")]
    [InlineData("kill -KILL $$", "Critical Transport PluginFailed", "(Plugin was ended by signal 9, SIGKILL)")]
    [InlineData("exit 126", "Critical Transport PluginMissing", "(Return code of 126 is out of bounds - plugin may not be executable)")]
    [InlineData("kill -SEGV $$", "Critical Transport PluginFailed", "(Plugin was ended by signal 11, SIGSEGV)")]
    [InlineData("nosuchcommand", "Critical Transport PluginMissing", "(Return code of 127 is out of bounds - plugin may be missing)")]
    [InlineData("exit 3", "Unknown Transport None", "(No output returned from plugin)")]
    [InlineData("echo broken >&2; exit 2", "Critical Transport None", "(No output on stdout) stderr: broken")]
    public async Task Broken_plugins_are_told_apart(string script, string means, string output)
    {
        Plugin("broken", script);
        var answer = await LookAsync(["broken"]);
        Assert.Equal((means, output), ($"{answer.Status} {answer.Reply} {answer.NoValue}", answer.Output));
    }

    [Fact]
    public async Task Only_bare_names_in_the_folders_run()
    {
        Plugin("inside", "echo OK");
        await File.WriteAllTextAsync(folder.File("outside"), "#!/bin/sh\necho OUT\n");
        File.SetUnixFileMode(folder.File("outside"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(folder.File("plugins/good"), folder.File("plugins/inside"));
        File.CreateSymbolicLink(folder.File("plugins/evil"), folder.File("outside"));
        await File.WriteAllTextAsync(folder.File("plugins/text"), "no program");
        File.SetUnixFileMode(folder.File("plugins/text"), (UnixFileMode)0b110_100_100);
        await File.WriteAllTextAsync(folder.File("plugins/lost"), "#!/no/such/interpreter\n");
        File.SetUnixFileMode(folder.File("plugins/lost"), (UnixFileMode)0b111_101_101);
        Assert.Equal("OK", (await LookAsync(["good"])).Output);
        foreach (var name in new[] { "evil", "text", "absent", "lost", "../outside", "/bin/true", "..", "", "inside\0" })
        {
            var answer = await LookAsync([name]);
            Assert.Equal((CheckStatus.Unknown, NoValue.EngineFault), (answer.Status, answer.NoValue));
        }
    }

    [Fact]
    public async Task A_plugin_that_ignores_SIGTERM_is_killed_with_its_children()
    {
        Plugin("stubborn", $"trap '' TERM; sleep 1000 & echo $! > {folder.File("child")}; echo $$ > {folder.File("self")}; echo so far; while :; do sleep 1000; done");
        var started = TimeProvider.System.GetTimestamp();
        var answer = await look.LookAsync(CheckItems.Of(new PluginLookPlan(["stubborn"], false)), CheckItems.Short, default);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.4, 4);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal(("(Plugin timed out after 0.4 seconds)", "so far"), (answer.Output, answer.LongOutput));
        AssertGone("child", "self");
    }

    [Fact]
    public async Task A_plugin_may_clean_up_on_SIGTERM()
    {
        Plugin("tidy", $"trap 'echo tidied > {folder.File("tidied")}; exit 0' TERM; while :; do sleep 0.05; done");
        var answer = await look.LookAsync(CheckItems.Of(new PluginLookPlan(["tidy"], false)), CheckItems.Short, default);
        Assert.Equal(NoValue.TimedOut, answer.NoValue);
        Assert.True(File.Exists(folder.File("tidied")));
    }

    [Fact]
    public async Task Closing_its_output_does_not_end_a_look()
    {
        Plugin("silent", $"echo OK early; exec >&- 2>&-; echo $$ > {folder.File("self")}; sleep 1000");
        var answer = await look.LookAsync(CheckItems.Of(new PluginLookPlan(["silent"], false)), CheckItems.Short, default);
        Assert.Equal((CheckStatus.Critical, NoValue.TimedOut), (answer.Status, answer.NoValue));
        AssertGone("self");
    }

    [Fact]
    public async Task What_a_plugin_leaves_behind_is_dead_when_the_look_ends()
    {
        // A plain child, one in another process group, a daemon in a session of its own, and a daemon's child.
        Plugin("leaver", $$"""
            sleep 1000 & echo $! > {{folder.File("plain")}}
            setsid sh -c 'echo $$ > {{folder.File("daemon")}}; sleep 1000 & echo $! > {{folder.File("daemonchild")}}; exec >&- 2>&-; wait' &
            set -m; sleep 1000 & echo $! > {{folder.File("group")}}
            while ! test -s {{folder.File("daemonchild")}}; do sleep 0.02; done
            echo OK done
            """);
        var answer = await LookAsync(["leaver"]);
        Assert.Equal((CheckStatus.Ok, "OK done"), (answer.Status, answer.Output));
        AssertGone("plain", "daemon", "daemonchild", "group");
    }

    [Theory]
    [InlineData("echo OK escaped", "Ok")]
    [InlineData("sleep 1000", "Critical")]
    public async Task What_leaves_its_session_twice_with_an_empty_environment_is_dead_too(string then, string status)
    {
        // In the third, the escaped one lowers the limit that it is known by: then the next look's end finds it.
        foreach (var trick in new[] { "exec sleep 1000", "sleep 1000 & wait", "ulimit -x 0; exec sleep 1000" })
        {
            File.Delete(folder.File("escaped"));
            Plugin("houdini", $$"""
                setsid sh -c 'setsid env -i /bin/bash -c "echo \$\$ > {{folder.File("escaping")}}; mv {{folder.File("escaping")}} {{folder.File("escaped")}}; {{trick}}" >/dev/null 2>&1 &' >/dev/null 2>&1 &
                while ! test -s {{folder.File("escaped")}}; do sleep 0.02; done
                {{then}}
                """);
            var answer = await look.LookAsync(CheckItems.Of(new PluginLookPlan(["houdini"], false)), TimeSpan.FromSeconds(3), default);
            Assert.Equal(status, $"{answer.Status}");
            if (trick.StartsWith("ulimit", StringComparison.Ordinal))
            {
                await SiteLivesOn();
                var pid = int.Parse(File.ReadAllText(folder.File("escaped")), CultureInfo.InvariantCulture);
                Assert.True(Pids.WaitGone(pid, TimeSpan.FromSeconds(5)));
                continue;
            }

            AssertGone("escaped");
        }
    }

    [Fact]
    public async Task A_hundred_runs_leave_no_child_and_no_zombie_and_disturb_no_other_process()
    {
        Plugin("quick", "(sleep 1000 &) ; echo OK");
        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read x; exit 7"]) { RedirectStandardInput = true })!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => LookAsync(["quick"])));
        Assert.All(answers, a => Assert.Equal((CheckStatus.Ok, "OK"), (a.Status, a.Output)));
        await other.StandardInput.WriteLineAsync();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(7, other.ExitCode);
        var mine = Directory.GetDirectories("/proc/self/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(pid => Try($"/proc/{pid}/environ").Contains("HINOBAN_LOOK", StringComparison.Ordinal) || CommandOf(pid) is "quick")
            .ToList();
        Assert.Empty(mine);
    }

    [Fact]
    public async Task Plugins_run_as_their_own_user()
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "only root can run plugins as somebody else");
        Plugin("who", "id -u; id -G; grep NoNewPrivs /proc/self/status; echo $(basename $0) \"$1\"");
        var other = new PluginLook(new PluginOptions([folder.File("plugins")], "nobody"), TimeProvider.System);
        var answer = await other.LookAsync(CheckItems.Of(new PluginLookPlan(["who", "a b"], false)), CheckItems.Long, default);
        var nobody = (await File.ReadAllLinesAsync("/etc/passwd")).Single(l => l.StartsWith("nobody:", StringComparison.Ordinal)).Split(':');
        Assert.Equal((nobody[2], nobody[3]), (answer.Output, answer.LongOutput.Split('\n')[0]));
        Assert.EndsWith("who a b", answer.LongOutput, StringComparison.Ordinal);
        var nowhere = new PluginLook(new PluginOptions([folder.File("plugins")], "no-such-user"), TimeProvider.System);
        Assert.Equal(NoValue.EngineFault, (await nowhere.LookAsync(CheckItems.Of(new PluginLookPlan(["who"], false)), CheckItems.Long, default)).NoValue);
    }

    [Fact]
    public async Task A_plugin_has_its_limits()
    {
        // They come right after its start.
        Plugin("limits", "until grep -Eq '^Max open files +1024 ' /proc/$$/limits; do :; done; grep -E '^Max (cpu time|file size|core file size|open files|address space)' /proc/$$/limits | sed 's/  */ /g' | cut -d' ' -f1-5 | tr '\n' ','");
        var answer = await LookAsync(["limits"]);
        var cpu = (int)Math.Ceiling(CheckItems.Long.TotalSeconds * System.Environment.ProcessorCount) + 5;
        var hard = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        Assert.Equal($"Max cpu time {cpu} {cpu},Max file size {64 << 20} {64 << 20},Max core file size 0,Max open files 1024 {hard},Max address space {4L << 30} {4L << 30},", answer.Output);
    }

    [Fact]
    public async Task A_plugin_that_writes_without_end_is_stopped_at_its_limit()
    {
        Plugin("writer", $"exec cat /dev/zero > {folder.File("huge")}");
        var answer = await Limited(new PluginLimits(1 << 20, 4L << 30, 1024), null, CheckItems.Long, "writer");
        Assert.Equal((CheckStatus.Critical, NoValue.PluginFailed, "(Plugin was ended by signal 25, SIGXFSZ: a larger file than it may write)"), (answer.Status, answer.NoValue, answer.Output));
        Assert.Equal(1 << 20, new FileInfo(folder.File("huge")).Length);
        await SiteLivesOn();
    }

    [Fact]
    public async Task A_plugin_that_allocates_without_end_is_stopped_at_its_limit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed: ./dev test installs it");

        // It ends as a C++ program does that gets no memory. One that catches this and exits 1 to 3 has its say, as in Nagios.
        Plugin("glutton", $$"""
            exec /usr/bin/python3 -c '
            import os
            eaten = []
            try:
                while True:
                    eaten.append(bytearray(1 << 22))
            except MemoryError:
                open("{{folder.File("eaten")}}", "w").write(str(len(eaten)))
                os.abort()
            '
            """.Replace("\n            ", "\n", StringComparison.Ordinal));
        var answer = await Limited(new PluginLimits(1 << 20, 256L << 20, 1024), null, CheckItems.Long, "glutton");
        Assert.Equal((CheckStatus.Critical, NoValue.PluginFailed, "(Plugin was ended by signal 6, SIGABRT)"), (answer.Status, answer.NoValue, answer.Output));
        Assert.InRange(int.Parse(File.ReadAllText(folder.File("eaten")), CultureInfo.InvariantCulture), 1, 64);
        await SiteLivesOn();
    }

    [Theory]
    [InlineData("nobody", 24)]
    [InlineData(null, int.MaxValue)]
    public async Task A_plugin_that_forks_without_end_is_stopped_and_all_it_forked_is_dead(string? user, int most)
    {
        Assert.SkipUnless(user is null || System.Environment.IsPrivilegedProcess, "only root can run plugins as somebody else");
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed: ./dev test installs it");
        var forked = folder.File("forked");
        File.WriteAllText(forked, "");
        File.SetUnixFileMode(forked, (UnixFileMode)0b110_110_110);
        Plugin("rabbit", $$"""
            exec /usr/bin/python3 -c '
            import os, time
            while True:
                try:
                    child = os.fork()
                except OSError:
                    time.sleep(0.01)
                    continue
                if child == 0:
                    time.sleep(1000)
                with open("{{forked}}", "a") as list:
                    list.write("%d\n" % child)
                time.sleep(0.002)
            '
            """.Replace("\n            ", "\n", StringComparison.Ordinal));
        var answer = await Limited(new PluginLimits(1 << 20, 4L << 30, 24), user, TimeSpan.FromSeconds(1), "rabbit");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        var children = File.ReadAllLines(forked).Select(l => int.Parse(l, CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(children.Count, 2, most);
        Assert.DoesNotContain(children, Pids.IsAlive);
        await SiteLivesOn();
    }

    [Fact]
    public async Task The_callers_cancellation_kills_the_plugin()
    {
        Plugin("long", $"echo $$ > {folder.File("self")}; sleep 1000");
        using var cancel = new CancellationTokenSource();
        var looking = look.LookAsync(CheckItems.Of(new PluginLookPlan(["long"], false)), CheckItems.Long, cancel.Token);
        using var written = new FileSystemWatcher(folder.Path);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        if (File.Exists(folder.File("self")))
        {
            AssertGone("self");
        }
    }

    private Task<LookAnswer> Limited(PluginLimits limits, string? user, TimeSpan timeout, string name) =>
        new PluginLook(new PluginOptions([folder.File("plugins")], user) { Limits = limits }, TimeProvider.System)
            .LookAsync(CheckItems.Of(new PluginLookPlan([name], false)), timeout, default);

    private async Task SiteLivesOn()
    {
        Plugin("next", "echo OK next");
        Assert.Equal((CheckStatus.Ok, "OK next"), (await LookAsync(["next"])) is var a ? (a.Status, a.Output) : default);
    }

    private Task<LookAnswer> LookAsync(string[] command) => look.LookAsync(CheckItems.Of(new PluginLookPlan(command, false)), CheckItems.Long, default);

    private void Plugin(string name, string script)
    {
        var path = folder.File($"plugins/{name}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    private void AssertGone(params string[] files)
    {
        foreach (var file in files)
        {
            var pid = int.Parse(File.ReadAllText(folder.File(file)), CultureInfo.InvariantCulture);
            Assert.False(Pids.IsAlive(pid), $"{file} ({pid}) lives");
        }
    }

    private static string Environment(string pid) => Try($"/proc/{pid}/cmdline");

    private static string CommandOf(string pid) => Try($"/proc/{pid}/comm").Trim();

    private static string Try(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
