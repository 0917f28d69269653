using System.Text;
using System.Text.Json;
using Hinoban.Agent.Logs;
using Hinoban.Checks;
using Hinoban.Lab.Servers;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>Systemd's journal as a source: a played journalctl, and the real one over a journal that was made for it.</summary>
public sealed class SystemdJournalTests
{
    private const string Command = """{"kind":"log","journal":{"units":["nginx.service"],"priority":"err"},"match":[{"name":"bad","regex":"BAD","level":"critical"}],"context":{"before":1,"after":0}}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Entries_go_on_from_the_kept_cursor()
    {
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-journal-").FullName;
        var program = Path.Combine(folder, "journalctl");

        // Plays the entries behind the cursor that it is given, and notes what it was asked.
        File.WriteAllText(program, $$"""
            #!/bin/sh
            printf '%s\n' "$*" >> {{folder}}/asked
            from=0
            for a in "$@"; do case "$a" in --after-cursor=c*) from=${a#--after-cursor=c};; esac; done
            tail -n +$((from + 1)) -f {{folder}}/entries
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "entries"), "");
        using (var log = new FollowedLog(Command, journalctl: [program]))
        {
            log.Pass();
            Assert.Equal((CheckStatus.Ok, "LOG OK: reads systemd's journal"), (log.Follower.Health.Status, log.Follower.Health.Output));
            Entry("fine");
            Entry("BAD one", bytes: true);
            Until(log, 1);
            var hit = log.Hits()[0];
            Assert.Equal(("nginx[7]: BAD one", "systemd-journal", "nginx[7]: fine"), (hit.GetProperty("text").GetString(), hit.GetProperty("source").GetString(), hit.GetProperty("before")[0].GetString()));
            log.Kill();
            Entry("BAD two");
            Until(log, 2);
            log.Restart();
            Entry("BAD three");
            File.AppendAllText(Path.Combine(folder, "entries"), "no JSON\n{\"__CURSOR\":\"half\",\"MESSAGE\":\"\\ud800\"}\n{\"__CURSOR\":\"mixed\",\"MESSAGE\":[66,\"A\"]}\n");
            Entry($"BAD {new string('x', 70_000)}");
            Until(log, 4);
            Assert.Equal(4, log.Hits().Select(h => h.GetProperty("id").GetString()).Distinct().Count());
            var asked = File.ReadAllLines(Path.Combine(folder, "asked"));
            Assert.Equal(3, asked.Length);
            Assert.Matches("^--follow --no-tail --no-pager --all --output=json --output-fields=[A-Z_,]+ --since=@[0-9]+ --unit=nginx.service --priority=err$", asked[0]);
            Assert.Contains("--after-cursor=c2", asked[1], StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);

        void Entry(string message, bool bytes = false)
        {
            var file = Path.Combine(folder, "entries");
            var number = File.ReadLines(file).Count() + 1;
            var text = bytes ? $"[{string.Join(',', Encoding.UTF8.GetBytes(message))}]" : JsonSerializer.Serialize(message);
            File.AppendAllText(file, $$"""{"__CURSOR":"c{{number}}","__REALTIME_TIMESTAMP":"9000000000000000","SYSLOG_IDENTIFIER":"nginx","_PID":"7","MESSAGE":{{text}}}""" + "\n");
        }
    }

    [Fact]
    public void Without_journalctl_and_after_its_end_the_health_says_so()
    {
        using var none = new FollowedLog(Command);
        Assert.True(Pids.WaitUntil(() => Fails(none), Patience));
        Assert.Equal("LOG UNKNOWN: /nonexistent/journalctl cannot be started: No such file or directory", none.Follower.Health.Output);
        using var broken = new FollowedLog(Command, journalctl: ["/bin/sh", "-c", "echo 'Failed to open it' >&2; exit 3"]);
        Assert.True(Pids.WaitUntil(() => Fails(broken), Patience));
        Assert.Equal("LOG UNKNOWN: journalctl ended with exit code 3: Failed to open it", broken.Follower.Health.Output);

        static bool Fails(FollowedLog log)
        {
            log.Pass();
            return log.Follower.Health.Status == CheckStatus.Unknown;
        }
    }

    [Fact]
    public async Task The_real_journalctl_over_a_made_journal()
    {
        const string remote = "/lib/systemd/systemd-journal-remote";
        Assert.SkipUnless(File.Exists(JournalSource.Standard[0]) && File.Exists(remote), $"{remote} is not installed: ./dev test installs it");
        var folder = Directory.CreateTempSubdirectory("hinoban-agent-journal-").FullName;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await MakeAsync("old", "BAD from before", now - 100);
        const string all = """{"kind":"log","journal":{},"match":[{"name":"bad","regex":"BAD","level":"critical"}]}""";
        using (var log = new FollowedLog(all, journalctl: [JournalSource.Standard[0], $"--directory={folder}"]))
        {
            log.Pass();
            await MakeAsync("app", "BAD one", now + 5);
            Until(log, 1);
            log.Kill();
            await MakeAsync("app", "fine", now + 6);
            await MakeAsync("app", "BAD two 火の番", now + 7);
            Until(log, 2);
            Assert.Equal(["app[42]: BAD one", "app[42]: BAD two 火の番"], log.Texts());
            Assert.Equal(CheckStatus.Ok, log.Follower.Health.Status);
        }

        Directory.Delete(folder, recursive: true);

        async Task MakeAsync(string name, string message, long second)
        {
            var export = Path.Combine(folder, "export");
            await File.WriteAllTextAsync(export, $"__REALTIME_TIMESTAMP={second}000000\n__MONOTONIC_TIMESTAMP={second}000000\n_BOOT_ID=4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f\nSYSLOG_IDENTIFIER={name}\n_PID=42\nMESSAGE={message}\n\n");
            var (code, output) = await Tool.RunAsync(remote, "--output", Path.Combine(folder, "made.journal"), "--split-mode=none", export);
            Assert.True(code == 0, output);
        }
    }

    private static void Until(FollowedLog log, int hits) => Assert.True(
        Pids.WaitUntil(
            () =>
            {
                log.Pass();
                return log.Hits().Count >= hits;
            },
            Patience),
        $"{log.Hits().Count} of {hits}: {log.Follower.Health.Output}");
}
