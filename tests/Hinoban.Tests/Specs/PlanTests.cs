using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>What a specification becomes: defaults, templates, every field of the plan.</summary>
public sealed class PlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_example_becomes_a_plan_with_notes_only()
    {
        var reading = SpecReader.Read(SpecSamples.Example);
        Assert.All(reading.Problems, p => Assert.Equal(ProblemLevel.Note, p.Level));
        var plan = PlanBuilder.Preview(Assert.Single(reading.Customers), []);
        Assert.Equal(
            ["core-sw1", "web01", "web01/load", "web01/disk", "web01/syslog", "web01/http", "web01/https", "web01/ping", "web01/ssh", "web01/queue", "web01/db", "db01", "db01/load", "db01/disk", "db01/zombies", "db01/syslog"],
            plan.Items.Select(i => i.Title));
        Assert.Equal((4, "MC-1023", Language.Ja), (plan.Edition, plan.Contract, plan.Language));
        Assert.Equal([.. SpecSamples.Both], plan.Sites);
        Assert.Equal(["tanaka@sample.example.jp", "yamamoto@sample.example.jp", ""], plan.MailingList.Members.Select(m => m.Mail));
        Assert.Equal([true, false, false], plan.MailingList.Members.Select(m => m.Instructor));
        Assert.Equal(["+81 3-0000-8901", "+81 90-0000-1111"], plan.Contacts[1].Phones);
        Assert.Equal(["always", "business"], plan.Contacts.Select(c => c.Hours));
        Assert.Equal(new Text("企業サイト", "corporate site"), plan.Host("web01")!.Name);
        Assert.Equal(["core-sw1"], plan.Host("web01")!.Parents);
        Assert.Equal("hinoban", plan.Host("web01")!.Ssh!.User);
    }

    [Fact]
    public void The_runbook_of_the_example_has_its_steps()
    {
        var plan = SpecSamples.Plan(File.ReadAllText(SpecSamples.Example));
        var runbook = plan.Runbook("restart-web")!;
        Assert.Equal(RunbookRisk.Change, runbook.Risk);
        Assert.Equal(
            [
                new RecheckStepPlan(StepElse.Close, "natural recovery"),
                new ReadStepPlan("web01", "systemctl is-active nginx", null, null, 20 * Second, StepElse.Stop, ""),
                new ReadStepPlan("web01", "journalctl -u nginx -n 50 --no-pager", null, null, 30 * Second, StepElse.Stop, ""),
                new ReadStepPlan("web01", "sudo nginx -t", 0, null, 30 * Second, StepElse.Call, "configuration error, so not restarted"),
                new ChangeStepPlan("web01", "sudo systemctl restart nginx", 0, 60 * Second, StepElse.Stop, ""),
                new VerifyStepPlan("web01", "http", 2, 360 * Second, StepElse.Call, "still failing after the restart"),
            ],
            runbook.Steps);
        Assert.Equal("restart-web", SpecSamples.Item(plan, "web01/http").Runbook);
    }

    [Theory]
    [InlineData("b", false)]
    [InlineData("[b]", false)]
    [InlineData("{ any: b }", false)]
    [InlineData("{ all: [b] }", true)]
    public void Parents_are_any_of_unless_it_says_all_of_and_are_printed_as_they_are_read(string written, bool all)
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + $"hosts: {{ a: {{ address: 192.0.2.1, parents: {written} }}, b: {{ address: 192.0.2.2 }} }}");
        var print = new StringWriter();
        SpecPrint.Write(print, plan);
        var again = SpecSamples.Plan(print.ToString());
        Assert.All([plan, again], p => Assert.Equal((all ? ParentsNeeded.All : ParentsNeeded.Any, "b"), (p.Host("a")!.Needed, p.Host("a")!.Parents.Single())));
    }

    [Theory]
    [InlineData("off", 0, 0)]
    [InlineData("{ high: 40%, low: 10% }", 40, 10)]
    [InlineData("{ high: 30% }", 30, 15)]
    [InlineData("{}", 50, 25)]
    public void Flapping_is_on_unless_it_says_off_and_is_printed_as_it_is_read(string written, int high, int low)
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + $"hosts: {{ a: {{ address: 192.0.2.1, alive: {{ flapping: {written} }}, checks: {{ tcp: {{ port: 22 }} }} }} }}");
        var print = new StringWriter();
        SpecPrint.Write(print, plan);
        var expected = high == 0 ? null : new FlapPlan(high, low);
        Assert.All([plan, SpecSamples.Plan(print.ToString())], p => Assert.Equal((expected, FlapPlan.Usual), (p.Items.First().Flapping, p.Items.Last().Flapping)));
    }

    [Fact]
    public void A_host_without_a_word_more_is_pinged_with_all_defaults()
    {
        var item = Assert.Single(SpecSamples.Plan(SpecSamples.Head + "hosts: { a: { address: 192.0.2.1 } }").Items);
        Assert.True(item.IsHostCheck);
        Assert.Equal(new PingLookPlan(5, null, null, null, 100), item.Look);
        Assert.Equal((180 * Second, 10 * Second, 2, 15 * Second), (item.Interval, item.Timeout, item.Attempts, item.Retry));
        Assert.Equal("192.0.2.1", item.Address);
        Assert.Null(item.Runbook);
    }

    [Fact]
    public void Attempts_and_retry_follow_from_how_many_sites_look()
    {
        const string text = SpecSamples.Head + "hosts: { a: { address: a.jp, checks: { one: { kind: ping, sites: tokyo }, own: { kind: ping, sites: tokyo, attempts: 5, retry: 2s } } } }";
        var plan = SpecSamples.Plan(text);
        Assert.Equal((2, 15 * Second), Pace(plan, "a"));
        Assert.Equal((3, 60 * Second), Pace(plan, "a/one"));
        Assert.Equal((5, 2 * Second), Pace(plan, "a/own"));
        Assert.Equal((3, 60 * Second), Pace(SpecSamples.Plan(text, SpecSamples.Tokyo), "a"));
    }

    [Fact]
    public void Http_has_every_field()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            hosts:
              a:
                address: www.example.jp
                checks:
                  plain: { kind: http }
                  full:
                    kind: https
                    address: 192.0.2.7
                    port: 8443
                    host_name: shop.example.jp
                    path: /a?b=c&d=%E3%81%82
                    expect: { status: [200, 204], contains: ようこそ }
                    redirects: follow
                    warn: 1500ms
                    crit: 1m
                    timeout: 1m30s
                    certificate: { warn: 30d, crit: 7d }
                    verify: false
            """);
        AssertHttp(new HttpLookPlan(false, 80, "www.example.jp", "/", [], null, false, null, null, null, null, true), SpecSamples.Item(plan, "a/plain").Look);
        AssertHttp(
            new HttpLookPlan(true, 8443, "shop.example.jp", "/a?b=c&d=%E3%81%82", [200, 204], "ようこそ", true, 1.5 * Second, 60 * Second, 30, 7, false),
            SpecSamples.Item(plan, "a/full").Look);
        Assert.Equal("192.0.2.7", SpecSamples.Item(plan, "a/full").Address);
        Assert.Equal(90 * Second, SpecSamples.Item(plan, "a/full").Timeout);
    }

    [Fact]
    public void Plugins_keep_their_arguments_byte_by_byte()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            hosts:
              a:
                address: a.jp
                checks:
                  q: { kind: plugin, command: [check_x, "$(id); `id`", "", "-e a|b", $HOSTADDRESS$, 010, "--x=$SERVICEDESC$", "^a$|b$"], evidence: answer }
            """);
        var look = Assert.IsType<PluginLookPlan>(SpecSamples.Item(plan, "a/q").Look);
        Assert.Equal(["check_x", "$(id); `id`", "", "-e a|b", "$HOSTADDRESS$", "010", "--x=$SERVICEDESC$", "^a$|b$"], look.Command);
        Assert.True(look.Answers);
    }

    [Fact]
    public void A_host_overrides_its_templates_key_by_key()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            templates:
              base: { alive: tcp:22, checks: { http: { path: /base, warn: 1s, crit: 2s }, drop: ping, kind: { kind: http, path: /x } } }
              more: { use: base, checks: { http: { crit: 4s }, tcp: { port: 25 } } }
              last: { checks: { tcp: { port: 26 } } }
            defaults: { warn: 500ms, interval: 1m }
            hosts:
              a: { address: a.jp, use: [more, last], checks: { http: { path: /own }, drop: none, kind: { kind: tcp, port: 9 } } }
              b: { address: b.jp, use: more }
            """);
        Assert.Equal(["a", "a/http", "a/kind", "a/tcp", "b", "b/http", "b/drop", "b/kind", "b/tcp"], plan.Items.Select(i => i.Title));
        var http = Assert.IsType<HttpLookPlan>(SpecSamples.Item(plan, "a/http").Look);
        Assert.Equal(("/own", Second, 4 * Second, "a.jp"), (http.Path, http.Warn, http.Crit, http.HostName));
        Assert.Equal(new TcpLookPlan(26, 0.5 * Second, null), SpecSamples.Item(plan, "a/tcp").Look);
        Assert.Equal(new TcpLookPlan(9, 0.5 * Second, null), SpecSamples.Item(plan, "a/kind").Look);
        Assert.Equal("/base", Assert.IsType<HttpLookPlan>(SpecSamples.Item(plan, "b/http").Look).Path);
        Assert.Equal("b.jp", Assert.IsType<HttpLookPlan>(SpecSamples.Item(plan, "b/http").Look).HostName);
        Assert.Equal(new TcpLookPlan(22, 0.5 * Second, null), SpecSamples.Item(plan, "b").Look);
        Assert.All(plan.Items, i => Assert.Equal(60 * Second, i.Interval));
    }

    [Theory]
    [InlineData("ping: {}", 5, null, null, null, 60)]
    [InlineData("ping: { warn: '500ms, 20%', crit: '1000ms, 60%', packets: 3 }", 3, 500, 20, 1000, 60)]
    [InlineData("ping: { warn: 20%, crit: 1.5s }", 5, null, 20, 1500, 100)]
    [InlineData("ping: { warn: none, crit: 100% }", 5, null, null, null, 100)]
    public void Ping_thresholds(string check, int packets, int? warn, int? warnLoss, int? crit, int critLoss)
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + $"hosts: {{ a: {{ address: a.jp, checks: {{ {check} }} }} }}");
        Assert.Equal(
            new PingLookPlan(packets, Span(warn), warnLoss, Span(crit), critLoss),
            SpecSamples.Item(plan, "a/ping").Look);
    }

    [Fact]
    public void A_site_plan_holds_its_items_with_their_ranks()
    {
        var customer = SpecSamples.Plan(SpecSamples.Head + "hosts: { a: { address: a.jp, alive: none, checks: { both: ping, one: { kind: ping, sites: osaka }, turned: { kind: ping, sites: [osaka, tokyo] } } } }"
            .Replace("both: ping", "both: { kind: ping }", StringComparison.Ordinal));
        var desk = new DeskPlan(7, [customer]);
        Assert.Equal([("a/both", 0, 2), ("a/turned", 1, 2)], SitePlans.For(desk, SpecSamples.Tokyo).Items.Select(i => (i.Item.Title, i.Rank, i.Sites)));
        Assert.Equal([("a/both", 1, 2), ("a/one", 0, 1), ("a/turned", 0, 2)], SitePlans.For(desk, SpecSamples.Osaka).Items.Select(i => (i.Item.Title, i.Rank, i.Sites)));
        Assert.Equal((7, 0), (SitePlans.For(desk, new SiteName("nagoya")).Revision, SitePlans.For(desk, new SiteName("nagoya")).Items.Count));
    }

    [Fact]
    public void A_runbook_on_something_not_in_force_is_left_out_whole()
    {
        var reading = SpecReader.ReadText("s.yaml", SpecSamples.Head + """
            hosts: { a: { address: a.jp, checks: { load: { kind: ping, via: agent }, http: { runbook: r } } } }
            runbooks: { r: { steps: [{ verify: { check: a/load } }] } }
            """);
        Assert.False(reading.HasErrors);
        Assert.Contains(reading.Notes, n => n.Wrong == "not in force yet: runbook `r`, since `a/load` is not looked at");
        var plan = PlanBuilder.Preview(reading.Customers[0], SpecSamples.Both);
        Assert.Empty(plan.Runbooks);
        Assert.Null(SpecSamples.Item(plan, "a/http").Runbook);
    }

    // What is wrong with the check is said where it stands; that the runbook would lack it is nothing to be told of.
    [Theory]
    [InlineData("checks: { http: { port: 99999, runbook: r }, ssh: { kind: ssh, depends_on: [a/http] } }")]
    [InlineData("checks: { http: { kind: http, warn: soon } }")]
    [InlineData("use: web")]
    public void A_check_with_a_mistake_is_not_called_not_in_force(string host)
    {
        var reading = SpecReader.ReadText("s.yaml", SpecSamples.Head + $$"""
            templates: { web: { checks: { http: { port: 99999 } } } }
            hosts: { a: { address: a.jp, {{host}} }, b: { address: b.jp, use: web } }
            runbooks: { r: { steps: [{ verify: { check: a/http } }] } }
            """);
        Assert.True(reading.HasErrors);
        Assert.DoesNotContain(reading.Problems, p => p.Wrong.StartsWith("not in force", StringComparison.Ordinal));
    }

    [Fact]
    public void A_runbook_that_came_with_a_template_but_runs_elsewhere_is_noted()
    {
        var reading = SpecReader.ReadText("s.yaml", SpecSamples.Head + """
            templates: { web: { checks: { http: { runbook: r } } } }
            hosts: { a: { address: a.jp, use: web }, b: { address: b.jp, use: web } }
            runbooks: { r: { steps: [{ read: { on: a, run: uptime } }] } }
            """);
        Assert.Contains(reading.Notes, n => n.Wrong == "`r` is the runbook of `b/http`, but no step runs on that host");
        Assert.Contains(reading.Notes, n => n.Wrong == "runbook `r` runs on `a`, which has no `ssh`");
    }

    [Fact]
    public void What_is_printed_reads_back_as_the_same_plan()
    {
        var plan = SpecSamples.Plan(File.ReadAllText(SpecSamples.Example));
        var printed = new StringWriter();
        SpecPrint.Write(printed, plan);
        var again = SpecSamples.Plan(printed.ToString());
        var second = new StringWriter();
        SpecPrint.Write(second, again);
        Assert.Equal(printed.ToString(), second.ToString());
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(plan with { Hash = "" }), System.Text.Json.JsonSerializer.Serialize(again with { Hash = "" }));
        Assert.Equal(plan.Items.Select(i => i.Look.Thresholds), again.Items.Select(i => i.Look.Thresholds));
    }

    [Fact]
    public void The_short_example_in_the_japanese_document_is_right()
    {
        var document = File.ReadAllText(Path.Combine(SpecSamples.Root, "docs", "ja", "spec.md"));
        var from = document.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;
        var plan = SpecSamples.Plan(document[from..document.IndexOf("```", from, StringComparison.Ordinal)]);
        Assert.Equal(["web01", "web01/https", "web01/smtp", "web01/ssh"], plan.Items.Select(i => i.Title));
    }

    private static (int Attempts, TimeSpan Retry) Pace(CustomerPlan plan, string title) =>
        (SpecSamples.Item(plan, title).Attempts, SpecSamples.Item(plan, title).Retry);

    private static TimeSpan? Span(int? milliseconds) => milliseconds is { } m ? TimeSpan.FromMilliseconds(m) : null;

    private static void AssertHttp(HttpLookPlan expected, LookPlan actual)
    {
        var http = Assert.IsType<HttpLookPlan>(actual);
        Assert.Equal(expected.Statuses, http.Statuses);
        Assert.Equal(expected, http with { Statuses = expected.Statuses });
    }
}
