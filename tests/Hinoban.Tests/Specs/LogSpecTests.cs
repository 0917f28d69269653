using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks.Via;
using Hinoban.Server.Verbs;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Logs as a specification writes them: short and long, every mistake named, printed and read back, and as the agent gets them.</summary>
public sealed class LogSpecTests
{
    private const string Long = SpecSamples.Head + """
        hosts:
          web01:
            address: 192.0.2.10
            agent: { certificate: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
            checks:
              syslog: { kind: log, file: /var/log/messages, match: "Error", except: ["Error: 0"], context: 5 }
              access:
                kind: log
                files: [/var/log/httpd/access_log, "/var/log/httpd/*-access_log"]
                encoding: shift_jis
                format: apache-access
                match:
                  - { status: 5xx, level: critical }
                  - { name: many, status: 404, rate: { count: 100, within: 5m } }
                  - { name: slow, status: 500-503, rate: { count: 2, within: 90s }, level: warning }
                limit: { count: 5, within: 10s }
                context: { before: 2 }
                mask: { regex: ['customer=\d+'] }
              app:    { kind: log, file: /opt/app/log, record: '^\d{4}-', match: [{ name: oom, regex: "Out of memory", level: critical }, "失敗"], except: "debug", mask: none }
              units:  { kind: log, journal: { units: [nginx.service, "app@1.service"], priority: err }, match: ".", mask: { default: false, regex: ["id=[0-9]+"] } }
              all:    { kind: log, journal: all, match: panic }
        """;

    private static readonly CustomerPlan Plan = SpecSamples.Plan(Long);

    [Fact]
    public void The_short_form_is_the_long_one_with_what_is_usual()
    {
        var log = Look("syslog");
        Assert.Equal(["/var/log/messages"], log.Files);
        Assert.Equal(new LogMatchPlan("match1", "Error", null, null, HitLevel.Warning), Assert.Single(log.Match));
        Assert.Equal(["Error: 0"], log.Except);
        Assert.Equal((5, 5, "utf-8", LogLookPlan.UsualLimit, true), (log.Before, log.After, log.Encoding, log.Limit, log.Mask.Usual));
        Assert.Equal((null, null, null), (log.Journal, log.Record, log.Format));
        Assert.Equal((Via.Agent, "syslog"), (log.Way.Via, log.Way.Command));
    }

    [Fact]
    public void The_long_form_has_every_key()
    {
        var access = Look("access");
        Assert.Equal(["/var/log/httpd/access_log", "/var/log/httpd/*-access_log"], access.Files);
        Assert.Equal(
            [
                new LogMatchPlan("5xx", null, "5xx", null, HitLevel.Critical),
                new LogMatchPlan("many", null, "404", new LogRatePlan(100, TimeSpan.FromMinutes(5)), HitLevel.Warning),
                new LogMatchPlan("slow", null, "500-503", new LogRatePlan(2, TimeSpan.FromSeconds(90)), HitLevel.Warning),
            ],
            access.Match);
        Assert.Equal(("shift_jis", "apache-access", new LogRatePlan(5, TimeSpan.FromSeconds(10)), 2, 0), (access.Encoding, access.Format, access.Limit, access.Before, access.After));
        Assert.Equal(@"customer=\d+", Assert.Single(access.Mask.Regexes));
        Assert.Equal("status 5xx / status 404 (100 in 5m) / status 500-503 (2 in 1m30s)", access.Thresholds);
        Assert.Equal((@"^\d{4}-", false, 0), (Look("app").Record, Look("app").Mask.Usual, Look("app").Mask.Regexes.Count));
        Assert.Equal(["oom", "match2"], Look("app").Match.Select(m => m.Name));
        Assert.Equal(["nginx.service", "app@1.service"], Look("units").Journal!.Units);
        Assert.Equal(("err", null, 0), (Look("units").Journal!.Priority, Look("all").Journal!.Priority, Look("all").Journal!.Units.Count));
    }

    [Fact]
    public void A_host_that_says_journal_means_it_though_its_template_says_file()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            templates: { linux: { checks: { log: { file: /var/log/messages, match: Error } } } }
            hosts: { a: { address: a.jp, use: linux, checks: { log: { journal: all } } } }
            """);
        Assert.NotNull(((LogLookPlan)SpecSamples.Item(plan, "a/log").Look).Journal);
    }

    [Theory]
    [InlineData("match: x", "has no `file`")]
    [InlineData("file: /a", "has no `match`")]
    [InlineData("file: a.log, match: x", "`a.log` is not a log file")]
    [InlineData("file: /var/*/a, match: x", "is not a log file")]
    [InlineData("file: /var/../a, match: x", "is not a log file")]
    [InlineData("file: /var/log/, match: x", "is not a log file")]
    [InlineData("files: [], match: x", "`files` has 0 entries")]
    [InlineData("file: /a, journal: all, match: x", "there are both `file` and `journal`")]
    [InlineData("journal: all, encoding: euc-jp, match: x", "`encoding` is for logs in files only")]
    [InlineData("journal: all, record: x, match: x", "`record` is for logs in files only")]
    [InlineData("file: /a, format: apache-error, record: x, match: x", "a log with a `format` has a record on each line")]
    [InlineData("file: /a, match: \"(a{1000}){1000}\"", "is no pattern that can be matched in time linear to the line")]
    [InlineData("journal: -x, match: x", "is not the name of a systemd unit")]
    [InlineData("journal: \"a b\", match: x", "is not the name of a systemd unit")]
    [InlineData("journal: { priority: bad }, match: x", "priority")]
    [InlineData("file: /a, encoding: latin1, match: x", "encoding")]
    [InlineData("file: /a, match: []", "`match` has 0 entries")]
    [InlineData("file: /a, match: \"(\"", "is no regular expression")]
    [InlineData("file: /a, match: \"(?<=a)b\"", "is no pattern that can be matched in time linear to the line")]
    [InlineData("file: /a, match: '(a)\\1'", "is no pattern that can be matched in time linear to the line")]
    [InlineData("file: /a, match: \"\"", "cannot be used")]
    [InlineData("file: /a, match: x, except: \"a*\"", "matches even nothing")]
    [InlineData("file: /a, match: x, mask: { regex: \"a?\" }", "matches even nothing")]
    [InlineData("file: /a, match: { name: a }", "there is neither a `regex` nor a `status`")]
    [InlineData("file: /a, format: apache-access, match: { regex: a, status: 404 }", "there are both a `regex` and a `status`")]
    [InlineData("file: /a, match: { status: 404 }", "`status` is for `format: apache-access` only")]
    [InlineData("file: /a, format: apache-error, match: { status: 404 }", "`status` is for `format: apache-access` only")]
    [InlineData("file: /a, format: apache-access, match: { status: 600 }", "`600` is not")]
    [InlineData("file: /a, format: apache-access, match: { status: 503-500 }", "`503-500` is not")]
    [InlineData("file: /a, match: [{ name: a, regex: x }, { name: a, regex: y }]", "two rules are called `a`")]
    [InlineData("file: /a, match: { regex: x, level: bad }", "level")]
    [InlineData("file: /a, match: { regex: x, rate: { count: 3 } }", "has no `within`")]
    [InlineData("file: /a, match: { regex: x, rate: { count: 0, within: 5m } }", "count")]
    [InlineData("file: /a, match: { regex: x, rate: { count: 3, within: 1500ms } }", "is not a whole number of seconds")]
    [InlineData("file: /a, match: x, context: 21", "context")]
    [InlineData("file: /a, match: x, context: { before: -1 }", "before")]
    [InlineData("file: /a, match: x, limit: { count: 1001, within: 1m }", "count")]
    [InlineData("file: /a, match: x, mask: { also: x }", "also")]
    [InlineData("file: /a, match: x, via: ssh", "a `log` check goes via the agent only")]
    public void Each_mistake_is_named(string check, string wrong)
    {
        var problems = SpecReader.ReadText("s.yaml", SpecSamples.Head + $"hosts: {{ a: {{ address: a.jp, checks: {{ l: {{ kind: log, {check} }} }} }} }}\n").Problems.Where(p => p.Level == ProblemLevel.Error).ToList();
        var problem = Assert.Single(problems);
        Assert.Contains(wrong, problem.Wrong, StringComparison.Ordinal);
        Assert.Equal(5, problem.Line);
        Assert.NotEqual("", problem.Right);
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var problems = SpecReader.ReadText("s.yaml", SpecSamples.Head + """
            hosts:
              a:
                address: a.jp
                checks:
                  l:
                    kind: log
                    file: relative.log
                    encoding: latin1
                    match: ["(", "(?!x)"]
                    except: "x*"
                    limit: { count: 3 }
                    context: 99
            """).Problems.Where(p => p.Level == ProblemLevel.Error);
        Assert.Equal([11, 12, 13, 13, 14, 15, 16], problems.Select(p => p.Line).Order());
    }

    [Fact]
    public void The_print_says_it_in_words_and_reads_back_as_the_same_plan()
    {
        foreach (var (language, words) in new[]
        {
            (Language.En, new[] { "# hit match1: records that match `Error` → WARNING (never recovers by itself)", "# left out: records that match `Error: 0`", "# limit: 20 within 1m; of more only the number is told",
                "# masked: e-mail addresses, card numbers, phone numbers, passwords and tokens\n", "# hit many: once each time 100 answers of status 404 fall within 5m → WARNING (never recovers by itself)", "# masked: nothing; records are told as they are", "# masked: `id=[0-9]+`" }),
            (Language.Ja, ["# 検知 match1: `Error` に一致する行 → WARNING(自動復旧はありません)", "# 除外: `Error: 0` に一致する行は通知しません", "# 上限: 1m に 20 件まで(超えた分は件数だけを通知します)", "# マスク: なし(ログの行をそのまま通知します)"]),
        })
        {
            var printed = Printed(Long, language);
            Assert.All(words, w => Assert.Contains(w, printed, StringComparison.Ordinal));
            var again = SpecSamples.Plan(printed);
            Assert.Equal(JsonSerializer.Serialize(Plan with { Hash = "" }), JsonSerializer.Serialize(again with { Hash = "" }));
            Assert.Equal(Printed(Long, language), Printed(printed, language));
        }
    }

    [Fact]
    public void The_agent_gets_it_as_its_contract_has_it()
    {
        using var json = JsonDocument.Parse(AgentConfig.Json(AgentConfig.Items(Plan, "web01", Via.Agent), 5666, new AgentTerms(["198.51.100.1"], [])));
        var commands = json.RootElement.GetProperty("commands");
        Assert.Equal(
            """{"kind":"log","files":["/var/log/messages"],"encoding":"utf-8","match":[{"name":"match1","regex":"Error","level":"warning"}],"except":["Error: 0"],"limit":{"count":20,"within_s":60},"context":{"before":5,"after":5},"mask":{"default":true}}""",
            Compact(commands.GetProperty("syslog")));
        Assert.Equal(
            """{"kind":"log","files":["/var/log/httpd/access_log","/var/log/httpd/*-access_log"],"encoding":"shift_jis","format":"apache-access","match":[{"name":"5xx","status":"5xx","level":"critical"},{"name":"many","status":"404","rate":{"count":100,"within_s":300},"level":"warning"},{"name":"slow","status":"500-503","rate":{"count":2,"within_s":90},"level":"warning"}],"limit":{"count":5,"within_s":10},"context":{"before":2,"after":0},"mask":{"default":true,"regex":["customer=\\d+"]}}""",
            Compact(commands.GetProperty("access")));
        Assert.Equal("""{"units":["nginx.service","app@1.service"],"priority":"err"}""", Compact(commands.GetProperty("units").GetProperty("journal")));
        Assert.Equal("{}", Compact(commands.GetProperty("all").GetProperty("journal")));
        Assert.Equal(@"^\d{4}-", commands.GetProperty("app").GetProperty("record").GetString());
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Printed(string text, Language language)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            var printed = new StringWriter { NewLine = "\n" };
            Assert.Equal(0, SpecVerb.Print(file, SpecSamples.Both, printed, printed, language));
            return printed.ToString().Replace(file, "spec.yaml", StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static LogLookPlan Look(string service) => (LogLookPlan)SpecSamples.Item(Plan, $"web01/{service}").Look;
}
