using System.Buffers.Binary;
using System.Text;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Tests;

/// <summary>What the measures say of a machine that is made up.</summary>
public sealed class MeasureTests : IDisposable
{
    private readonly MadeRoots made = new();

    public void Dispose() => made.Dispose();

    [Theory]
    [InlineData(false, "4,3,2", "8,6,4", 1, "LOAD WARNING - total load average: 3.90, 3.50, 1.00")]
    [InlineData(false, "4,4,4", null, 0, "LOAD OK - total load average: 3.90, 3.50, 1.00")]
    [InlineData(true, "0.9", "8", 1, "LOAD WARNING - scaled load average: 0.98, 0.88, 0.25 - total load average: 3.90, 3.50, 1.00")]
    [InlineData(true, null, "0.5", 2, "LOAD CRITICAL - scaled load average: 0.98, 0.88, 0.25 - total load average: 3.90, 3.50, 1.00")]
    public void Load_is_judged_in_all_or_for_each_processor(bool perCore, string? warn, string? crit, int status, string line)
    {
        made.With("proc/loadavg", "3.90 3.50 1.00 3/255 8520\n").With("proc/stat", "cpu  1 2\ncpu0 1 2\ncpu1 1 2\ncpu2 1 2\ncpu7 1 2\nintr 1\ncpus 9\n");
        var plan = Reading.Command<LoadPlan>($$"""{"kind":"load","per_core":{{(perCore ? "true" : "false")}}{{(warn is null ? "" : $",\"warn\":\"{warn}\"")}}{{(crit is null ? "" : $",\"crit\":\"{crit}\"")}}}""");
        var answer = LoadMeasure.Take(plan, made.Roots);
        Assert.Equal((status, line), ((int)answer.Status, answer.Output));
    }

    [Theory]
    [InlineData(2000, 1400, 0, "SWAP OK - 30% used (1MB out of 2MB)")]
    [InlineData(2000, 1399, 1, "SWAP WARNING - 30.1% used (1MB out of 2MB)")]
    [InlineData(2000, 0, 2, "SWAP CRITICAL - 100% used (2MB out of 2MB)")]
    [InlineData(0, 0, 0, "SWAP OK - this host has no swap")]
    public void Swap_is_judged_by_what_is_used(int total, int free, int status, string line)
    {
        made.With("proc/meminfo", $"MemTotal:       24684092 kB\nSwapTotal:      {total} kB\nSwapFree:       {free} kB\n");
        var answer = SwapMeasure.Take(new SwapPlan(Reading.Limits("30%", "60%")), made.Roots);
        Assert.Equal((status, line), ((int)answer.Status, answer.Output));
    }

    [Fact]
    public void Swap_limits_become_bytes_in_the_performance_data()
    {
        made.With("proc/meminfo", "SwapTotal: 1000 kB\nSwapFree: 250 kB\n");
        Assert.Equal("swap_used=768000B;307200;@614400:1024000;0;1024000", SwapMeasure.Take(new SwapPlan(Reading.Limits("30%", "@60%:100%")), made.Roots).Perf);
    }

    [Fact]
    public void Real_mounts_are_disks_and_shares_each_once()
    {
        made.With("proc/filesystems", "nodev\tsysfs\nnodev\ttmpfs\n\text4\n\txfs\n\tsquashfs\nnodev\toverlay\n").With("proc/self/mountinfo", """
            22 27 0:21 / /proc rw - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            28 27 254:0 /srv /mnt/bound rw - ext4 /dev/vda rw
            29 27 8:1 / /data\040of\040all rw master:2 propagate_from:1 - xfs /dev/sda1 rw
            30 27 7:0 / /snap/x ro - squashfs /dev/loop0 ro
            31 27 0:30 / /run rw - tmpfs tmpfs rw
            32 27 0:40 / /home rw - nfs4 filer:/home rw
            33 27 0:50 / /var/lib/docker/merged rw - overlay overlay rw
            broken line
            34 27 8:2 / /twice rw - ext4 /dev/sdb1 rw
            35 34 8:3 / /twice rw - ext4 /dev/sdc1 rw
            """);
        var real = MountTable.Real(MountTable.All(made.Roots), made.Roots);
        Assert.Equal(["/", "/data of all", "/home", "/twice"], real.Select(m => m.Point).Order(StringComparer.Ordinal));
        Assert.Equal("/dev/sdc1", real.Single(m => m.Point == "/twice").Source);
        Assert.Equal(["/home"], real.Where(m => m.Remote).Select(m => m.Point));
    }

    [Theory]
    [InlineData("ext4", false)]
    [InlineData("zfs", false)]
    [InlineData("overlay", false)]
    [InlineData("cifs", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("lustre", true)]
    [InlineData("autofs", true)]
    public void What_is_not_known_to_be_local_may_hang(string kind, bool remote) => Assert.Equal(remote, new Mount("0:1", "/", "/x", kind, "y").Remote);

    [Fact]
    public async Task A_mount_that_comes_or_goes_is_named_and_one_that_is_missing_is_critical()
    {
        const string root = "27 1 254:0 / / rw - ext4 /dev/vda rw\n";
        made.With("proc/filesystems", "\text4\n").With("proc/self/mountinfo", root);
        var measure = new DiskMeasure(made.Roots, TimeProvider.System);
        var all = Reading.Command<DiskPlan>("""{"kind":"disk","crit":"100%"}""");
        var first = await measure.TakeAsync(all);
        Assert.DoesNotContain("mount", first.Output, StringComparison.Ordinal);
        made.With("proc/self/mountinfo", root + "28 27 0:99 / /tmp rw - ext4 /dev/vdb rw\n");
        foreach (var site in new[] { "tokyo", "osaka" })
        {
            var answer = await measure.TakeAsync(all);
            Assert.True(answer.Output.EndsWith("; new mount: /tmp", StringComparison.Ordinal), $"{site}: {answer.Output}");
        }

        made.With("proc/self/mountinfo", root);
        Assert.EndsWith("; no longer mounted: /tmp", (await measure.TakeAsync(all)).Output, StringComparison.Ordinal);
        var named = await measure.TakeAsync(Reading.Command<DiskPlan>("""{"kind":"disk","mounts":["/","/tmp"],"crit":"100%"}"""));
        Assert.Equal(CheckStatus.Critical, named.Status);
        Assert.StartsWith("DISK CRITICAL - used space: /tmp is not mounted; / ", named.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Space_is_judged_as_df_counts_it()
    {
        var space = new FileSpace(1000, 300, 200, 100, 25);
        Assert.Equal((700UL, 700 / 9.0, 75.0), (space.Used, space.UsedPercent, space.UsedInodesPercent));
        Assert.Equal(0, default(FileSpace).UsedPercent);
    }

    [Fact]
    public void Users_of_utmp_are_those_whose_session_lives()
    {
        made.With("run/utmp", [.. Utmp(2, 1, "~", "reboot", ""), .. Utmp(7, 100, "pts/0", "tanaka", "192.0.2.7"), .. Utmp(7, 101, "tty1", "root", ""), .. Utmp(7, 999, "pts/3", "ghost", "x"), .. Utmp(8, 100, "pts/9", "gone", ""), 1, 2, 3])
            .WithProcess(100, "sshd", 'S', 1).WithProcess(101, "login", 'S', 1);
        var answer = UsersMeasure.Take(new UsersPlan(Reading.Limits("1", "5")), made.Roots);
        Assert.Equal((CheckStatus.Warning, "USERS WARNING - 2 users currently logged in", "users=2;1;5;0;"), (answer.Status, answer.Output, answer.Perf));
        Assert.Equal("tanaka on pts/0 from 192.0.2.7 since 2026-11-23 01:46Z\nroot on tty1 from this machine since 2026-11-23 01:46Z", answer.Long);
    }

    [Fact]
    public void Without_utmp_the_sessions_of_systemd_count()
    {
        made.With("run/systemd/sessions/3", "# private\nUSER=suzuki\nCLASS=user\nSTATE=active\nTTY=pts/1\nREMOTE_HOST=2001:db8::9\nREALTIME=1795398400000000\n")
            .With("run/systemd/sessions/3.ref", "")
            .With("run/systemd/sessions/4", "USER=gdm\nCLASS=greeter\nSTATE=online\n")
            .With("run/systemd/sessions/5", "USER=old\nCLASS=user\nSTATE=closing\n")
            .With("run/systemd/sessions/7", "USER=light\nCLASS=user-light\nSTATE=active\n")
            .With("run/systemd/sessions/8", "USER=svc\nCLASS=manager\nSTATE=active\n")
            .With("run/systemd/sessions/6", "USER=ev|il\nCLASS=user\nREMOTE_HOST=a\u0007b\nREALTIME=99999999999999999999\n");
        var answer = UsersMeasure.Take(new UsersPlan(Reading.Limits("5", null)), made.Roots);
        Assert.Equal("USERS OK - 3 users currently logged in", answer.Output);
        Assert.Equal("suzuki on pts/1 from 2001:db8::9 since 2026-11-23 01:46Z\nev?il from a?b\nlight from this machine", answer.Long);
    }

    [Fact]
    public void Processes_are_counted_in_all_and_by_name()
    {
        made.WithProcess(1, "init", 'S', 0).WithProcess(20, "nginx", 'S', 1).WithProcess(21, "nginx", 'R', 20).WithProcess(22, "a) S 9 (b", 'S', 20)
            .WithProcess(30, "hinoban-long-na", 'S', 1, "/usr/sbin/hinoban-long-named\0-x\0").WithProcess(31, "hinoban-long-na", 'S', 1, "/usr/sbin/hinoban-long-nagging\0")
            .With("proc/99/stat", "99 (torn").With("proc/meminfo", "");
        var all = ProcessTable.Read(made.Roots.Proc);
        Assert.Equal(new ProcessLine(22, 20, 'S', "a) S 9 (b"), all.Single(p => p.Id == 22));
        Assert.Equal((CheckStatus.Critical, "PROCS CRITICAL: 6 processes"), Of(new ProcsPlan(null, Reading.Limits(null, "5"))));
        Assert.Equal((CheckStatus.Ok, "PROCS OK: 2 processes with command name 'nginx'"), Of(new ProcsPlan("nginx", Reading.Limits("2:2", "1:"))));
        Assert.Equal((CheckStatus.Critical, "PROCS CRITICAL: 0 processes with command name 'apache2'"), Of(new ProcsPlan("apache2", Reading.Limits(null, "1:"))));
        Assert.Equal((CheckStatus.Warning, "PROCS WARNING: 1 process with command name 'hinoban-long-named'"), Of(new ProcsPlan("hinoban-long-named", Reading.Limits("2:", null))));

        (CheckStatus, string) Of(ProcsPlan plan)
        {
            var answer = ProcsMeasure.Procs(plan, all, made.Roots);
            return (answer.Status, answer.Output);
        }
    }

    [Fact]
    public void Zombies_are_listed_by_their_parents()
    {
        made.WithProcess(1, "init", 'S', 0).WithProcess(20, "cron", 'S', 1).WithProcess(21, "job", 'Z', 20).WithProcess(22, "job2", 'Z', 20).WithProcess(23, "lost", 'Z', 1);
        var answer = ProcsMeasure.Zombies(new ZombiesPlan(Reading.Limits("2", "5")), ProcessTable.Read(made.Roots.Proc));
        Assert.Equal((CheckStatus.Warning, "ZOMBIES WARNING: 3 zombie processes", "zombies=3;2;5;0;"), (answer.Status, answer.Output, answer.Perf));
        Assert.Equal(2, answer.Long.Split('\n').Length);
        Assert.StartsWith("2 of cron (process 20): job", answer.Long, StringComparison.Ordinal);
        Assert.EndsWith("1 of init (process 1): lost (23)", answer.Long, StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_are_never_older_than_the_question()
    {
        made.WithProcess(1, "init", 'S', 0);
        var table = new ProcessTable(made.Roots, TimeProvider.System);
        var asked = TimeProvider.System.GetTimestamp();
        Assert.Single(table.Since(asked));
        made.WithProcess(20, "nginx", 'S', 1);
        Assert.Single(table.Since(asked));
        Assert.Equal(2, table.Since(TimeProvider.System.GetTimestamp()).Count);
    }

    [Fact]
    public async Task Where_processes_are_hidden_none_are_counted()
    {
        made.WithProcess(20, "nginx", 'S', 1);
        var commands = new Commands(made.Roots, TimeProvider.System, new AgentLog(TextWriter.Null, TimeProvider.System));
        var answer = (await commands.TakeAsync("x", new ZombiesPlan(default), commands.Now, default)).Answer;
        Assert.Equal(CheckStatus.Unknown, answer.Status);
        Assert.Contains("other users' processes are hidden", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_unknown()
    {
        var commands = new Commands(made.Roots, TimeProvider.System, new AgentLog(TextWriter.Null, TimeProvider.System));
        foreach (var plan in new CommandPlan[] { new SwapPlan(default), new LoadPlan(false, [default, default, default]), new DiskPlan([], [], default, default) })
        {
            Assert.Equal(CheckStatus.Unknown, (await commands.TakeAsync("x", plan, commands.Now, default)).Answer.Status);
        }
    }

    private static byte[] Utmp(short kind, int pid, string line, string user, string host)
    {
        var record = new byte[384];
        BinaryPrimitives.WriteInt16LittleEndian(record, kind);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), pid);
        Encoding.UTF8.GetBytes(line, record.AsSpan(8));
        Encoding.UTF8.GetBytes(user, record.AsSpan(44));
        Encoding.UTF8.GetBytes(host, record.AsSpan(76));
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(340), 1795398400);
        return record;
    }
}
