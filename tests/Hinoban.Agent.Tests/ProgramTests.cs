using System.Globalization;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Setup;
using Hinoban.Checks;
using Hinoban.Lab.Servers;

namespace Hinoban.Agent.Tests;

/// <summary>Plugins and actions: what becomes of each way to end, and of what they leave behind.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Programs programs = new(TimeProvider.System);
    private readonly string folder = Directory.CreateTempSubdirectory("hinoban-agent-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("echo 'OK - fine |a=1'; exit 0", 0, "OK - fine")]
    [InlineData("echo bad; exit 2", 2, "bad")]
    [InlineData("exit 1", 1, "(no output)")]
    [InlineData("echo oops >&2; exit 3", 3, "(no output; on stderr: oops)")]
    [InlineData("echo x; exit 4", 3, "NRPE: the plugin ended with exit code 4, which is none of 0 to 3")]
    [InlineData("exit 127", 3, "NRPE: the plugin or its interpreter is missing (exit code 127)")]
    [InlineData("exit 126", 3, "NRPE: the plugin is not executable (exit code 126)")]
    [InlineData("kill -SEGV $$", 3, "NRPE: the plugin was ended by signal 11, SIGSEGV")]
    public async Task A_plugins_end_is_its_verdict(string script, int status, string output)
    {
        var answer = await programs.RunAsync(new RunPlan(["/bin/sh", "-c", script], Patience, null), default);
        Assert.Equal((status, output), ((int)answer.Status, answer.Output));
    }

    [Fact]
    public async Task What_it_complains_of_is_one_line_and_the_rest_and_begins_no_performance_data()
    {
        var answer = await programs.RunAsync(new RunPlan(["/bin/sh", "-c", "printf 'sh: a | b\\nat line 7\\n' >&2; exit 2"], Patience, null), default);
        Assert.Equal(("(no output; on stderr: sh: a ? b)", "at line 7"), (answer.Output, answer.Long));
        Assert.Equal("(no output; on stderr: sh: a ? b)\nat line 7", answer.Printed);
        answer = await programs.ActAsync(new ActionPlan(["/bin/sh", "-c", "echo not allowed >&2; exit 5"], Patience), default);
        Assert.Equal(("NRPE: the action ended with exit code 5, which is none of 0 to 3", "not allowed"), (answer.Output, answer.Long));
    }

    [Fact]
    public async Task Complaints_without_end_are_cut_between_characters_and_read_on()
    {
        var answer = await programs.RunAsync(new RunPlan(["/bin/sh", "-c", "head -c 3000000 /dev/zero | sed 's/\\x00/火/g' >&2; exit 1"], Patience, null), default);
        Assert.Equal((CheckStatus.Warning, $"(no output; on stderr: {new string('火', 4096 / 3)} [cut])"), (answer.Status, answer.Output));
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_said()
    {
        var answer = await programs.RunAsync(new RunPlan(["/nonexistent/check_x"], Patience, null), default);
        Assert.Equal(CheckStatus.Unknown, answer.Status);
        Assert.Contains("cannot be started: No such file or directory", answer.Output, StringComparison.Ordinal);
        Assert.Contains("/nonexistent/check_x", answer.Long + answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_killed_with_all_it_started()
    {
        var pids = Path.Combine(folder, "pids");
        var started = TimeProvider.System.GetTimestamp();

        // A child, and a daemon in a session of its own, both deaf to SIGTERM.
        var script = $"trap '' TERM; (trap '' TERM; echo $$ > /dev/null; sleep 300) & echo $! >> {pids}; setsid sh -c 'trap \"\" TERM; echo $$ >> {pids}; sleep 300' & echo $$ >> {pids}; echo begun; sleep 300";
        var answer = await programs.RunAsync(new RunPlan(["/bin/sh", "-c", script], TimeSpan.FromSeconds(3), null), default);
        Assert.Equal((CheckStatus.Unknown, "NRPE: the plugin did not end within 3 s and was killed", "begun"), (answer.Status, answer.Output, answer.Long));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        var all = File.ReadAllLines(pids);
        Assert.Equal(3, all.Length);
        Assert.All(all, p => Assert.True(Pids.WaitUntil(() => !Pids.IsAlive(int.Parse(p, CultureInfo.InvariantCulture)), Patience), $"process {p} lives"));
    }

    [Fact]
    public async Task Output_without_end_is_cut_and_read_on()
    {
        var answer = await programs.RunAsync(new RunPlan(["/bin/sh", "-c", "echo first; head -c 3000000 /dev/zero | tr '\\0' x; exit 1"], Patience, null), default);
        Assert.Equal((CheckStatus.Warning, "first"), (answer.Status, answer.Output));
        Assert.InRange(answer.Long.Length, 60_000, 66_000);
        Assert.Contains("[output cut: 29", answer.Long, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_shell_reads_the_arguments_and_nothing_of_our_environment_is_passed_on()
    {
        var answer = await programs.RunAsync(new RunPlan(["/usr/bin/printf", "%s,", "$(id)", "a b", ";", "*"], Patience, null), default);
        Assert.Equal("$(id),a b,;,*,", answer.Output);
        var environment = await programs.RunAsync(new RunPlan(["/usr/bin/env"], Patience, null), default);
        Assert.Equal(["HINOBAN_LOOK", "LC_ALL", "PATH"], $"{environment.Output}\n{environment.Long}".Split('\n').Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task As_root_a_plugin_may_run_as_another_user()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can be somebody else");
        Assert.Equal("nobody", (await programs.RunAsync(new RunPlan(["/usr/bin/id", "-un"], Patience, "nobody"), default)).Output);
        Assert.Contains("no such user", (await programs.RunAsync(new RunPlan(["/usr/bin/id"], Patience, "nobody-at-all"), default)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_action_started_stays()
    {
        var file = Path.Combine(folder, "daemon");
        var answer = await programs.ActAsync(new ActionPlan(["/bin/sh", "-c", $"setsid sh -c 'echo $$ > {file}; exec sleep 300' & while [ ! -s {file} ]; do sleep 0.05; done; echo restarted"], Patience), default);
        Assert.Equal((CheckStatus.Ok, "restarted"), (answer.Status, answer.Output));
        var daemon = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

        // A plugin's end does not take it along either.
        await programs.RunAsync(new RunPlan(["/bin/true"], Patience, null), default);
        Assert.True(Pids.IsAlive(daemon));
        using var process = System.Diagnostics.Process.GetProcessById(daemon);
        process.Kill();
    }

    [Fact]
    public async Task An_action_that_hangs_is_killed()
    {
        var answer = await programs.ActAsync(new ActionPlan(["/bin/sh", "-c", "trap '' TERM; echo begun; sleep 300"], TimeSpan.FromSeconds(1)), default);
        Assert.Equal((CheckStatus.Unknown, "NRPE: the action did not end within 1 s and was killed", "begun"), (answer.Status, answer.Output, answer.Long));
    }
}
