using System.Diagnostics;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;
using Hinoban.Tests.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R69 to R75 by the real agent, asked by a site: values beyond their limits, values that cannot be read, an agent that is slow, wrong or away.</summary>
public sealed class ShownAgentTests
{
    private const string Everything = """
        load: { warn: [2, 1.5, 1], crit: [4, 3, 2] }
        swap: { warn: 50% used, crit: 80% used }
        disk: { mounts: [/], warn: 99.99% used }
        users: { warn: 1, crit: 2 }
        procs: { crit: "1:" }
        zombies: { warn: 100000 }
        plugin: { kind: plugin, via: agent, command: [check_dummy, "0", from here] }
        """;

    public static TheoryData<string> Items => ["load", "swap", "disk", "users", "procs", "zombies", "plugin"];

    [Fact]
    public async Task Load_beyond_its_limits_is_said_and_what_is_no_load_is_unknown()
    {
        using var agent = new SiteAgent(Everything);
        await SaysAsync(agent, "load", CheckStatus.Ok, "LOAD OK - total load average: 0.10, 0.20, 0.30");
        agent.Load = "2.50 1.00 0.50 9/99 1";
        await SaysAsync(agent, "load", CheckStatus.Warning, "LOAD WARNING - total load average: 2.50, 1.00, 0.50");
        agent.Load = "2.50 3.50 0.50 9/99 1";
        await SaysAsync(agent, "load", CheckStatus.Critical, "LOAD CRITICAL - total load average: 2.50, 3.50, 0.50");
        agent.Load = "much";
        await SaysAsync(agent, "load", CheckStatus.Unknown, "LOAD UNKNOWN - /proc/loadavg does not hold three numbers");
    }

    [Fact]
    public async Task Swap_beyond_its_limits_is_said_no_swap_is_stated_and_what_cannot_be_read_is_unknown()
    {
        using var agent = new SiteAgent(Everything);
        await SaysAsync(agent, "swap", CheckStatus.Ok, "SWAP OK - 5% used (98MB out of 1953MB)");
        agent.Memory = "SwapTotal: 2000000 kB\nSwapFree: 800000 kB";
        await SaysAsync(agent, "swap", CheckStatus.Warning, "SWAP WARNING - 60% used (1172MB out of 1953MB)");
        agent.Memory = "SwapTotal: 2000000 kB\nSwapFree: 100000 kB";
        await SaysAsync(agent, "swap", CheckStatus.Critical, "SWAP CRITICAL - 95% used (1855MB out of 1953MB)");
        agent.Memory = "SwapTotal: 0 kB\nSwapFree: 0 kB";
        await SaysAsync(agent, "swap", CheckStatus.Ok, "SWAP OK - this host has no swap");
        agent.Memory = "MemTotal: 1 kB";
        await SaysAsync(agent, "swap", CheckStatus.Unknown, "SWAP UNKNOWN - /proc/meminfo names no swap");
    }

    [Fact]
    public async Task Users_that_grow_in_number_are_said_with_who_and_from_where()
    {
        using var agent = new SiteAgent(Everything);
        await SaysAsync(agent, "users", CheckStatus.Ok, "USERS OK - 0 users currently logged in");
        agent.LogIn("tanaka", "192.0.2.7");
        agent.LogIn("suzuki", "2001:db8::7");
        var two = await SaysAsync(agent, "users", CheckStatus.Warning, "USERS WARNING - 2 users currently logged in");
        Assert.Contains("tanaka on pts/1 from 192.0.2.7", two.LongOutput, StringComparison.Ordinal);
        Assert.Contains("suzuki on pts/1 from 2001:db8::7", two.LongOutput, StringComparison.Ordinal);
        agent.LogIn("mallory", "198.51.100.9");
        await SaysAsync(agent, "users", CheckStatus.Critical, "USERS CRITICAL - 3 users currently logged in");
    }

    [Fact]
    public async Task A_disk_that_fills_up_one_that_comes_and_one_that_is_gone_are_said()
    {
        using var agent = new SiteAgent("""
            all: { kind: disk, warn: 99.99% used }
            part: { kind: disk, mounts: [/mnt], warn: 60% used, crit: 90% used }
            """);
        await SaysAsync(agent, "part", CheckStatus.Critical, "DISK CRITICAL - used space: /mnt is not mounted");
        await agent.LookAsync("web01/all");
        var (exit, said) = agent.Inside("truncate -s 16M \"$1/disk\" && mkfs.ext4 -q -m 0 -N 64 \"$1/disk\" && mount -o loop \"$1/disk\" /mnt", agent.Folder);
        Assert.SkipWhen(exit != 0, $"no disk can be made here: {said}");
        await SaysAsync(agent, "part", CheckStatus.Ok, "DISK OK - used space: /mnt ");
        var fresh = await agent.LookAsync("web01/all");
        Assert.EndsWith("; new mount: /mnt", fresh.Output, StringComparison.Ordinal);

        agent.Inside("head -c 11000000 /dev/zero > /mnt/much");
        await SaysAsync(agent, "part", CheckStatus.Warning, "DISK WARNING - used space: /mnt ");
        agent.Inside("cat /dev/zero > /mnt/all");
        var full = await SaysAsync(agent, "part", CheckStatus.Critical, "DISK CRITICAL - used space: /mnt ");
        Assert.Contains("(100% used,", full.Output, StringComparison.Ordinal);
        agent.Inside("rm /mnt/*; for i in $(seq 100); do : > /mnt/$i; done");
        var inodes = await SaysAsync(agent, "part", CheckStatus.Critical, "DISK CRITICAL - used space: /mnt ");
        Assert.Contains("100% of inodes used)", inodes.Output, StringComparison.Ordinal);

        agent.Inside("umount /mnt");
        await SaysAsync(agent, "part", CheckStatus.Critical, "DISK CRITICAL - used space: /mnt is not mounted");
        Assert.EndsWith("; no longer mounted: /mnt", (await agent.LookAsync("web01/all")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_runs_twice_or_not_at_all_is_said_and_zombies_with_their_parent()
    {
        using var agent = new SiteAgent("""
            twice: { kind: procs, name: hnb-shown, crit: "1:1" }
            dead: { kind: zombies, warn: 100000, crit: 200000 }
            """);
        await SaysAsync(agent, "twice", CheckStatus.Critical, "PROCS CRITICAL: 0 processes with command name 'hnb-shown'");
        var copy = Path.Combine(agent.Folder, "hnb-shown");
        File.Copy("/bin/sleep", copy);
        using var first = Process.Start(copy, ["300"]);
        Named(first);
        await SaysAsync(agent, "twice", CheckStatus.Ok, "PROCS OK: 1 process with command name 'hnb-shown'");
        using var second = Process.Start(copy, ["300"]);
        Named(second);
        await SaysAsync(agent, "twice", CheckStatus.Critical, "PROCS CRITICAL: 2 processes with command name 'hnb-shown'");
        second.Kill();
        await second.WaitForExitAsync();
        await SaysAsync(agent, "twice", CheckStatus.Ok, "PROCS OK: 1 process with command name 'hnb-shown'");
        first.Kill();
        await first.WaitForExitAsync();

        using var parent = Process.Start("/bin/sh", ["-c", "for i in 1 2 3; do (exit 0) & done; exec sleep 300"]);
        Assert.True(Pids.WaitUntil(() => Pids.Children(parent.Id).Count(c => !Pids.IsAlive(c)) == 3, CheckItems.Long));
        var zombies = await SaysAsync(agent, "dead", CheckStatus.Ok, "ZOMBIES OK: ");
        Assert.Contains($"3 of sleep (process {parent.Id}): ", zombies.LongOutput, StringComparison.Ordinal);
        parent.Kill();
    }

    [Fact]
    public async Task A_plugin_on_the_host_that_is_late_odd_or_missing_is_said()
    {
        using var agent = new SiteAgent("""
            value: { kind: plugin, via: agent, command: [/bin/sh, -c, "echo 'QUEUE WARNING - 12 waiting|queue=12;10;20'; exit 1"] }
            late: { kind: plugin, via: agent, timeout: 2s, command: [/bin/sleep, "30"] }
            odd: { kind: plugin, via: agent, command: [/bin/sh, -c, "echo odd; exit 77"] }
            killed: { kind: plugin, via: agent, command: [/bin/sh, -c, "kill -SEGV $$"] }
            missing: { kind: plugin, via: agent, command: [/no/such/plugin] }
            """);
        var value = await SaysAsync(agent, "value", CheckStatus.Warning, "QUEUE WARNING - 12 waiting");
        Assert.Equal("queue=12;10;20", value.Perfdata);
        await SaysAsync(agent, "late", CheckStatus.Unknown, "NRPE: the plugin did not end within 1 s and was killed");
        foreach (var wrong in new[] { "odd", "killed", "missing" })
        {
            var said = await agent.LookAsync($"web01/{wrong}");
            Assert.Equal(Reply.Answer, said.Reply);
            Assert.True(said.Status is CheckStatus.Unknown or CheckStatus.Critical, said.Output);
            Assert.NotEqual("", said.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Items))]
    public async Task An_agent_that_is_slow_answers_one_that_stands_still_or_dies_says_nothing_of_the_item(string item)
    {
        using var agent = new SiteAgent(Everything);
        var late = await Standstill.WhileAsync(agent.Pid, TimeSpan.FromMilliseconds(300), () => agent.LookAsync($"web01/{item}"));
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (late.Status, late.Reply));
        var six = agent.Six is null ? late : await agent.LookAsync($"web01/{item}", plan: agent.Six);
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (six.Status, six.Reply));

        using var still = new Standstill(agent.Pid);
        var silent = await agent.LookAsync($"web01/{item}", CheckItems.Short);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (silent.Status, silent.Reply, silent.NoValue));
        Assert.Equal($"AGENT CRITICAL - the agent of web01 (127.0.0.1:{agent.Port}) does not answer within 0.4 seconds", silent.Output);

        var dying = agent.LookAsync($"web01/{item}");
        still.Kill();
        var (cut, away) = (await dying, await agent.LookAsync($"web01/{item}"));
        Assert.Equal((CheckStatus.Critical, Reply.Transport), (cut.Status, cut.Reply));
        Assert.StartsWith($"AGENT CRITICAL - the agent of web01 (127.0.0.1:{agent.Port}) does not answer: ", cut.Output, StringComparison.Ordinal);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (away.Status, away.Reply, away.NoValue));
        Assert.Equal($"AGENT CRITICAL - the agent of web01 (127.0.0.1:{agent.Port}) does not answer: connection refused", away.Output);
        if (agent.Six is not null)
        {
            Assert.Equal($"AGENT CRITICAL - the agent of web01 ([::1]:{agent.Port}) does not answer: connection refused", (await agent.LookAsync($"web01/{item}", plan: agent.Six)).Output);
        }
    }

    [Fact]
    public async Task Where_another_listens_or_nobody_answers_it_is_said_of_the_agent()
    {
        using var agent = new SiteAgent(Everything);
        using var hole = new BreakableHost(HostMood.Hangs);
        using var other = new BreakableHost(HostMood.Accepts, "220 mail.example.jp ESMTP\r\n");
        var load = SpecSamples.Item(agent.Plan, "web01/load");
        var way = ((InsideLookPlan)load.Look).Way;
        var black = await agent.Looks.LookAsync(load with { Look = (InsideLookPlan)load.Look with { Way = way with { Port = hole.Port } } }, CheckItems.Short, default);
        var mail = await agent.Looks.LookAsync(load with { Look = (InsideLookPlan)load.Look with { Way = way with { Port = other.Port } } }, CheckItems.Long, default);
        var stranger = await agent.Looks.LookAsync(load with { Look = (InsideLookPlan)load.Look with { Way = way with { Certificate = $"sha256:{new string('0', 64)}" } } }, CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (black.Status, black.Reply, black.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TlsCut), (mail.Status, mail.Reply, mail.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TlsCut), (stranger.Status, stranger.Reply, stranger.NoValue));
        Assert.StartsWith($"AGENT CRITICAL - TLS with the agent of web01 (127.0.0.1:{other.Port}) failed: ", mail.Output, StringComparison.Ordinal);
        Assert.Contains(agent.Fingerprint, stranger.Output, StringComparison.Ordinal);
    }

    private static void Named(Process process) =>
        Assert.True(Pids.WaitUntil(() => File.ReadAllText($"/proc/{process.Id}/comm") == "hnb-shown\n", CheckItems.Long));

    private static async Task<LookAnswer> SaysAsync(SiteAgent agent, string item, CheckStatus status, string begins)
    {
        var answer = await agent.LookAsync($"web01/{item}");
        Assert.StartsWith(begins, answer.Output, StringComparison.Ordinal);
        Assert.Equal((status, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        return answer;
    }
}
