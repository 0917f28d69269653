using Hinoban.Agent.Logs;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>A log command in the configuration, and lines in Apache's formats.</summary>
public sealed class LogConfigTests
{
    [Fact]
    public void Everything_that_may_be_written_is_read()
    {
        var plan = Reading.Command<LogPlan>("""
            {"kind":"log","files":["/var/log/nginx/error.log","/var/log/app/*.log"],"encoding":"euc-jp","record":"^\\d{4}-",
             "match":[{"name":"oom","regex":"Out of memory","level":"critical"},{"name":"many","regex":"x","rate":{"count":100,"within_s":300},"level":"warning"}],
             "except":["Error: 0"],"limit":{"count":20,"within_s":60},"context":{"before":2,"after":3},"mask":{"default":false,"regex":["customer=\\d+"]}}
            """);
        Assert.Equal(["/var/log/nginx/error.log", "/var/log/app/*.log"], plan.Files);
        Assert.Equal((LogEncoding.EucJp, "^\\d{4}-", LogFormat.Text, 2, 3), (plan.Encoding, plan.Record!.Text, plan.Format, plan.Before, plan.After));
        Assert.Equal([("oom", HitLevel.Critical, null), ("many", HitLevel.Warning, new CountWithin(100, TimeSpan.FromMinutes(5)))], plan.Rules.Select(r => (r.Name, r.Level, r.Rate)));
        Assert.Equal(("Error: 0", new CountWithin(20, TimeSpan.FromMinutes(1))), (plan.Except.Single().Text, plan.Limit));
        Assert.Equal((false, "customer=\\d+"), (plan.Mask.Default, plan.Mask.Regexes.Single().Text));

        var access = Reading.Command<LogPlan>("""{"kind":"log","files":["/a"],"format":"apache-access","match":[{"name":"a","status":"5xx","level":"warning"},{"name":"b","status":"404","level":"warning"},{"name":"c","status":"500-503","regex":"/pay","level":"warning"}]}""");
        Assert.Equal([new StatusRange(500, 599), new StatusRange(404, 404), new StatusRange(500, 503)], access.Rules.Select(r => r.Status!.Value));
        Assert.Equal((true, 0, 0, null), (access.Mask.Default, access.Before, access.After, access.Limit));

        var journal = Reading.Command<LogPlan>("""{"kind":"log","journal":{"units":["a.service"],"priority":"err"},"match":[{"name":"a","regex":"x","level":"warning"}]}""");
        Assert.Equal(("a.service", "err"), (journal.Journal!.Units.Single(), journal.Journal.Priority));
        Assert.Empty(journal.Files);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_place()
    {
        var (plan, problems) = Reading.Config("""
            {"v":1,"listen":["127.0.0.1:5666"],"allow":["127.0.0.1"],"tls":{"certificate":"a","key":"b","clients":"any"},"data":"var","commands":{
             "a":{"kind":"log","files":["var/x","/var/*/x","/var/"],"encoding":"latin1","record":"(","format":"iis","match":[{"name":"","regex":"a(?=b)","level":"bad"},{"name":"x","level":"warning","color":1},{"name":"x","status":"6xx","level":"warning"},7],
                  "except":["(a)\\1","[x"],"limit":{"count":0},"context":{"before":21},"mask":{"regex":[5]},"extra":1},
             "b":{"kind":"log","files":["/a"],"journal":{"units":["-x"],"priority":"bad"},"encoding":"euc-jp","match":[]},
             "c":{"kind":"log","match":[{"name":"a","regex":"((a{1000}){1000}){1000}","level":"warning"}]},
             "hinoban_log":{"kind":"load"}}}
            """);
        Assert.Null(plan);
        foreach (var place in new[]
        {
            "data: 'var' is no full path", "commands.a.files[0]: 'var/x'", "commands.a.files[1]: '/var/*/x' has * or ? in a folder", "commands.a.files[2]: '/var/'", "commands.a.encoding: 'latin1'", "commands.a.record: is no pattern",
            "commands.a.format: 'iis'", "commands.a.match[0].name: is empty", "commands.a.match[0].regex: 'a(?=b)' cannot be searched in linear time", "commands.a.match[0].level: 'bad'", "commands.a.match[1].regex: is missing",
            "commands.a.match[1].color: no such key", "commands.a.match[2].name: 'x' stands twice", "commands.a.match[2].status: needs the format", "commands.a.match[2].status: '6xx' is no status", "commands.a.match[3]: is a number",
            "commands.a.except[0]: '(a)\\1' cannot be searched", "commands.a.except[1]: is no pattern", "commands.a.limit.count: write a whole number", "commands.a.limit.within_s: is missing", "commands.a.context.before: write a whole number from 0 to 20",
            "commands.a.mask.regex[0]: is a number", "commands.a.extra: no such key", "commands.b.journal: stands beside files", "commands.b.journal.units: '-x'", "commands.b.journal.priority: 'bad'", "commands.b.encoding: has no meaning",
            "commands.b.match: is empty", "commands.c.files: is missing", "commands.c.match[0].regex: ", "commands: 'hinoban_log' cannot be asked for",
        })
        {
            Assert.Contains(problems, p => p.StartsWith(place, StringComparison.Ordinal));
        }

        Assert.Equal(31, problems.Count);
    }

    [Theory]
    [InlineData("192.0.2.7 - - [23/Nov/2026:13:46:01 +0900] \"GET / HTTP/1.1\" 200 12", 200)]
    [InlineData("192.0.2.7 - bob [23/Nov/2026:13:46:01 +0900] \"GET /?q=\\\"500\\\" HTTP/1.1\" 404 12 \"-\" \"Mozilla/5.0 (X11)\"", 404)]
    [InlineData("www.example.com:443 2001:db8::1 - - [23/Nov/2026:13:46:01 +0900] \"-\" 408 -", 408)]
    [InlineData("192.0.2.7 - - [x] \"\\x16\\x03\\x01\" 400 157", 400)]
    [InlineData("192.0.2.7 - - [x] \"GET \\\\\" 500", 500)]
    [InlineData("192.0.2.7 - - [x] \"GET / HTTP/1.1\" 2000 1", -1)]
    [InlineData("192.0.2.7 - - [x] \"GET / HTTP/1.1 200 1", -1)]
    [InlineData("192.0.2.7 - - [x] \"GET \\", -1)]
    [InlineData("192.0.2.7 - - [x] \"\"", -1)]
    [InlineData("192.0.2.7 - - [x] \"\" ", -1)]
    [InlineData("[] \"", -1)]
    [InlineData("", -1)]
    public void A_status_is_found_in_common_and_combined_lines(string line, int status) => Assert.Equal(status, AccessLine.Status(line));

    [Theory]
    [InlineData("[Mon Nov 23 13:46:01.123456 2026] [core:error] [pid 1:tid 2] AH00128: File does not exist", true)]
    [InlineData("2026/11/23 13:46:01 [error] 7#7: *1 open() failed", true)]
    [InlineData("PHP Warning: x", false)]
    [InlineData("", false)]
    [InlineData("[", false)]
    public void Lines_of_error_logs_are_known(string line, bool error) => Assert.Equal(error, AccessLine.IsError(line));

    [Fact]
    public async Task Lines_that_the_real_nginx_writes()
    {
        const string nginx = "/usr/sbin/nginx";
        Assert.SkipUnless(File.Exists(nginx), $"{nginx} is not installed: ./dev test installs it");
        var port = Hinoban.Lab.Servers.Ports.Free();
        using var log = Web("access.log", "error.log");
        File.WriteAllText(log.Log("nginx.conf"), $$"""
            daemon on; pid {{log.Logs}}/nginx.pid; error_log {{log.Logs}}/error.log;
            events {} http { access_log {{log.Logs}}/access.log combined; client_body_temp_path {{log.Logs}}/t; proxy_temp_path {{log.Logs}}/t; fastcgi_temp_path {{log.Logs}}/t; uwsgi_temp_path {{log.Logs}}/t; scgi_temp_path {{log.Logs}}/t;
              server { listen 127.0.0.1:{{port}}; root {{log.Logs}}/none; location /bad { return 503; } location /ok { return 200 "ok"; } } }
            """);
        await ServeAsync(log, nginx, ["-c", log.Log("nginx.conf"), "-e", log.Log("error.log")], port);
    }

    [Fact]
    public async Task Lines_that_the_real_Apache_writes()
    {
        const string apache = "/usr/sbin/apache2";
        Assert.SkipUnless(File.Exists(apache), $"{apache} is not installed: ./dev test installs it");
        var port = Hinoban.Lab.Servers.Ports.Free();
        using var log = Web("access.log", "error.log");
        Directory.CreateDirectory(log.Log("none"));
        File.WriteAllText(log.Log("none/ok"), "ok");
        const string modules = "/usr/lib/apache2/modules";
        File.WriteAllText(log.Log("apache.conf"), $"""
            ServerName x
            ServerRoot {log.Logs}
            PidFile {log.Logs}/apache.pid
            Listen 127.0.0.1:{port}
            LoadModule mpm_event_module {modules}/mod_mpm_event.so
            LoadModule authz_core_module {modules}/mod_authz_core.so
            LoadModule alias_module {modules}/mod_alias.so
            DocumentRoot {log.Logs}/none
            RedirectMatch 503 ^/bad
            LogFormat "%h %l %u %t \"%r\" %>s %O \"%{"{Referer}i"}\" \"%{"{User-Agent}i"}\"" combined
            CustomLog {log.Logs}/access.log combined
            ErrorLog {log.Logs}/error.log
            LogLevel info
            """);
        await ServeAsync(log, apache, ["-f", log.Log("apache.conf"), "-k", "start"], port);
    }

    private static FollowedLog Web(string access, string error)
    {
        var log = new FollowedLog($$"""{"kind":"log","files":["LOGS/{{access}}"],"format":"apache-access","match":[{"name":"5xx","status":"5xx","level":"critical"},{"name":"404","status":"404","level":"warning"}],"mask":{"default":false} }""");
        File.SetUnixFileMode(log.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        log.Append("", access);
        log.Append("", error);
        log.Pass();
        return log;
    }

    private static async Task ServeAsync(FollowedLog log, string program, string[] start, int port)
    {
        var (code, output) = await Tool.RunAsync(program, start);
        Assert.True(code == 0, output);
        var pid = log.Log(Path.GetFileName(program) == "nginx" ? "nginx.pid" : "apache.pid");
        try
        {
            Assert.True(Hinoban.Lab.Servers.Pids.WaitUntil(() => File.Exists(pid) && new FileInfo(pid).Length > 0, TimeSpan.FromSeconds(20)));
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "a\"b\\ [x] 503");
            foreach (var path in new[] { "/ok", "/bad?a=\"404\"", "/missing", "/ok" })
            {
                using var answer = await client.GetAsync(path);
            }
        }
        finally
        {
            await Tool.RunAsync("/bin/kill", "-TERM", (await File.ReadAllTextAsync(pid)).Trim());
        }

        Assert.True(Hinoban.Lab.Servers.Pids.WaitUntil(
            () =>
            {
                log.Pass();
                return log.Hits().Count >= 2;
            },
            TimeSpan.FromSeconds(20)));
        Assert.Equal(["5xx", "404"], log.Hits().Select(h => h.GetProperty("rule").GetString()));
        Assert.DoesNotContain("not in the format", log.Follower.Health.Long, StringComparison.Ordinal);
        Assert.All(File.ReadLines(log.Log("error.log")), l => Assert.True(AccessLine.IsError(l), l));
    }
}
