using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks.Via;
using Hinoban.Scheduling;
using Hinoban.Server.Verbs;
using Hinoban.Specs;

namespace Hinoban.Tests.Specs;

/// <summary>Looks from inside a host as a specification writes them: read, placed (<see cref="InsideRules"/>) and printed.</summary>
public sealed class InsideSpecTests
{
    private const string Pin = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Sample = SpecSamples.Head + $$"""
        templates:
          linux:
            via: agent
            checks:
              load:    { per_core: true, warn: [2, 1.5, 1], crit: [4, 3, 2] }
              swap:    { warn: 30% used, crit: 40% free }
              disk:    { mounts: all, except: [/mnt/cd], warn: 80% used, crit: 10% free, inodes: { warn: 70% used } }
              users:   { warn: 5, crit: 10 }
              procs:   { name: nginx, warn: "1:250", crit: "1:400" }
              zombies: { warn: 5, crit: 10 }
        hosts:
          web01:
            address: 192.0.2.10
            agent: { port: 5667, certificate: "{{Pin}}" }
            use: linux
            checks:
              db:    { kind: postgres, from: web01, host: db01, database: shop, user: monitor, password: secret:web01-db, warn: 3s, crit: 8s }
              queue: { kind: plugin, command: [check_queue, -w, "100", -H, $HOSTADDRESS$], via: agent, run_as: nobody }
          db01:
            address: 192.0.2.20
            ssh: { user: hinoban, port: 2222, host_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILH9XH01sqLMt5Wi8ovwaJvLGwIGOni0U8A8Obv7DxkT"] }
            nrpe: { port: 5668, tls: anonymous }
            plugin_folder: /usr/lib64/nagios/plugins
            use: linux
            checks:
              load:     { via: nrpe, command: check_load }
              disk:     { via: ssh, inodes: none }
              raid:     { kind: plugin, via: nrpe }
              from-web: { kind: tcp, port: 3306, from: web01, crit: 2s }
              mysql:    { from: web01, user: monitor }
          bare:
            address: 192.0.2.30
        """;

    private static readonly CustomerPlan Plan = SpecSamples.Plan(Sample);

    [Fact]
    public void What_is_used_and_what_is_free_is_one_thing()
    {
        Assert.Equal(("30%", "60%"), Look<SwapLookPlan>("web01/swap") is var swap ? (swap.Warn, swap.Crit) : default);
        var disk = Look<DiskLookPlan>("web01/disk");
        Assert.Equal(("80%", "90%", "70%", null), (disk.Warn, disk.Crit, disk.InodesWarn, disk.InodesCrit));
        Assert.Equal("WARN 80% used (20% free) / CRIT 90% used (10% free)", disk.Thresholds);
        Assert.Equal((0, 0), (disk.Mounts.Count, Look<DiskLookPlan>("db01/disk").InodesWarn?.Length ?? 0));
    }

    [Theory]
    [InlineData("80% used", "80%")]
    [InlineData("20% free", "80%")]
    [InlineData("  12.5%   free ", "87.5%")]
    [InlineData("10%:80% used", "10%:80%")]
    [InlineData("@90%:95% used", "@90%:95%")]
    [InlineData("10%: used", "10%:")]
    [InlineData("0% used", "0%")]
    [InlineData("80%", null)]
    [InlineData("80 used", null)]
    [InlineData("80 % used", null)]
    [InlineData("100% used", null)]
    [InlineData("0% free", null)]
    [InlineData("101% used", null)]
    [InlineData("10%:20% free", null)]
    [InlineData("80% busy", null)]
    [InlineData("-5% used", null)]
    [InlineData("", null)]
    public void Shares_in_words(string written, string? range)
    {
        Assert.Equal(range, UsedWords.Read(written));
        if (range is not null)
        {
            Assert.Equal(range, UsedWords.Read(UsedWords.Written(range)!));
        }
    }

    [Fact]
    public void The_print_says_shares_both_ways_and_reads_back_as_the_same_plan()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Sample);
            var printed = new StringWriter();
            Assert.Equal(0, SpecVerb.Print(file, SpecSamples.Both, printed, printed));
            Assert.Contains("# warn: used above 80% (free below 20%); crit: used above 90% (free below 10%)", printed.ToString());
            Assert.Contains("warn: \"80% used\", crit: \"90% used\"", printed.ToString());
            var again = SpecSamples.Plan(printed.ToString());
            Assert.Equal(JsonSerializer.Serialize(Plan with { Hash = "" }), JsonSerializer.Serialize(again with { Hash = "" }));
            Assert.Equal(Plan.Items.Select(i => i.Look.Thresholds), again.Items.Select(i => i.Look.Thresholds));
            Assert.Equal(Plan.Hosts.Select(h => h.Doors), again.Hosts.Select(h => h.Doors));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_way_is_that_of_the_host_on_which_it_is_done()
    {
        var agent = new InsideWay(Via.Agent, "web01", "load", "192.0.2.10", 5667, NrpeTls.Certificate, Pin, null, SpecDefaults.PluginFolder);
        Assert.Equal(agent, Look<LoadLookPlan>("web01/load").Way);
        Assert.Equal(agent with { Command = "db" }, Look<DatabaseLookPlan>("web01/db").Way);
        Assert.Equal(agent with { Command = "db01/from-web" }, Look<InsideTcpLookPlan>("db01/from-web").Way);
        Assert.Equal((Via.Nrpe, "check_load", 5668, NrpeTls.Anonymous), Look<LoadLookPlan>("db01/load").Way is var nrpe ? (nrpe.Via, nrpe.Command, nrpe.Port, nrpe.Tls) : default);
        Assert.Equal((Via.Ssh, "hinoban", 2222, "/usr/lib64/nagios/plugins"), Look<DiskLookPlan>("db01/disk").Way is var ssh ? (ssh.Via, ssh.Ssh!.User, ssh.Port, ssh.Plugins) : default);
        Assert.Equal("raid", Look<InsidePluginLookPlan>("db01/raid").Way.Command);
        Assert.Equal(("192.0.2.20", 5432), Look<DatabaseLookPlan>("web01/db") is var db ? (db.Target, db.Port) : default);
        Assert.Equal(("192.0.2.20", 3306, true), Look<DatabaseLookPlan>("db01/mysql") is var my ? (my.Target, my.Port, my.IsMySql) : default);
    }

    /// <summary>A check's own address is where its service is looked for; the agent is where its host is.</summary>
    [Fact]
    public void A_checks_own_address_is_the_targets_or_the_doors()
    {
        var plan = SpecSamples.Plan(SpecSamples.Head + """
            hosts:
              w:
                address: 192.0.2.1
                checks:
                  load: { via: agent, warn: [1, 1, 1], crit: [2, 2, 2], address: 192.0.2.9 }
                  own:  { kind: tcp, port: 80, from: w, address: 192.0.2.8 }
                  db:   { kind: postgres, from: w, user: monitor, address: 192.0.2.7 }
              x:
                address: 192.0.2.2
                checks:
                  far:  { kind: tcp, port: 80, from: w }
                  away: { kind: tcp, port: 80, from: w, address: 192.0.2.6 }
            """);
        (string Door, string Target) Of(string item) => SpecSamples.Item(plan, item).Look switch
        {
            InsideTcpLookPlan tcp => (tcp.Way.Address, tcp.Target),
            DatabaseLookPlan database => (database.Way.Address, database.Target),
            InsideLookPlan inside => (inside.Way.Address, ""),
            _ => default,
        };
        Assert.Equal(
            [("192.0.2.9", ""), ("192.0.2.1", "192.0.2.8"), ("192.0.2.1", "192.0.2.7"), ("192.0.2.1", "192.0.2.2"), ("192.0.2.1", "192.0.2.6")],
            new[] { "w/load", "w/own", "w/db", "x/far", "x/away" }.Select(Of));
    }

    [Fact]
    public void A_disk_without_thresholds_has_80_percent_and_what_never_alerts_is_noted()
    {
        const string text = SpecSamples.Head + """
            hosts:
              w:
                address: 192.0.2.1
                nrpe: { port: 5666 }
                checks:
                  disk:    {}
                  full:    { kind: disk, crit: 95% used }
                  kept:    { kind: disk, warn: none }
                  zombies: {}
                  load:    { crit: 8 }
                  swap:    { via: nrpe }
            """;
        var plan = SpecSamples.Plan(text);
        DiskLookPlan Disk(string title) => (DiskLookPlan)SpecSamples.Item(plan, title).Look;
        Assert.Equal(("80%", null, "80%"), (Disk("w/disk").Warn, Disk("w/disk").Crit, Disk("w/disk").InodesWarn));
        Assert.Equal((null, "95%"), (Disk("w/full").Warn, Disk("w/full").Crit));
        Assert.Equal((null, null), (Disk("w/kept").Warn, Disk("w/kept").Crit));
        Assert.Equal(["zombies"], SpecReader.ReadText("t.yaml", text).Problems.Where(p => p.Wrong.Contains("never alerts", StringComparison.Ordinal)).Select(p => p.Wrong.Split('`')[1]));
    }

    [Fact]
    public void A_host_that_is_not_there_and_one_without_a_log_in_are_named()
    {
        var problems = SpecReader.ReadText("t.yaml", SpecSamples.Head + """
            hosts:
              web01:
                address: 192.0.2.1
                checks:
                  db:   { kind: postgres, from: web02, user: monitor }
                  disk: { via: ssh }
            """).Problems.Select(p => p.Wrong).ToList();
        Assert.Contains(problems, p => p.Contains("web02", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("ssh", StringComparison.Ordinal) && p.Contains("disk", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_agent_waits_for_is_confirmed_with_all_its_time_so_that_the_agent_can_say_that_it_is_silent()
    {
        foreach (var title in new[] { "web01/db", "web01/queue", "db01/from-web", "db01/mysql" })
        {
            var item = SpecSamples.Item(Plan, title);
            Assert.Equal((title, item.Timeout), (title, item.Confirmation));
            Assert.Equal(item.Confirmation, Hinoban.States.AgreementTimes.Confirmation(Hinoban.Flow.DeskWork.TermsOf(item)));
        }

        Assert.Equal(TimeSpan.FromSeconds(5), SpecSamples.Item(Plan, "web01/load").Confirmation);
    }

    [Fact]
    public void All_that_is_asked_of_one_host_has_one_phase_and_other_hosts_have_others()
    {
        static TimeSpan Offset(ItemPlan item) => PhaseMath.OffsetOf(PhaseMath.KeyOf(item), item.Interval, 0, 1);
        var web = Plan.Items.Where(i => i.Look is InsideLookPlan { Way.Host: "web01" }).Select(Offset).ToList();
        Assert.Equal(10, web.Count);
        Assert.Single(web.Distinct());
        Assert.NotEqual(web[0], Offset(SpecSamples.Item(Plan, "db01/load")));
        Assert.NotEqual(web[0], Offset(SpecSamples.Item(Plan, "web01/load") with { Customer = new CustomerId("other") }));
        Assert.Equal(SpecSamples.Item(Plan, "web01").Id.Value, PhaseMath.KeyOf(SpecSamples.Item(Plan, "web01")));
    }

    [Fact]
    public void What_an_edition_adds_moves_nobody_s_phase()
    {
        var more = SpecSamples.Plan(Sample.Replace("queue:", "another: { kind: load }\n      queue:", StringComparison.Ordinal));
        Assert.Equal(PhaseMath.KeyOf(SpecSamples.Item(Plan, "web01/load")), PhaseMath.KeyOf(SpecSamples.Item(more, "web01/load")));
    }

    [Fact]
    public void The_agent_is_told_what_the_specification_says()
    {
        var (exit, json, told) = Agent("web01", "--allow");
        using var config = JsonDocument.Parse(json);
        var commands = config.RootElement.GetProperty("commands");

        Assert.Equal(0, exit);
        Assert.Equal(["load", "swap", "disk", "users", "procs", "zombies", "db", "queue", "db01/from-web", "db01/mysql"], commands.EnumerateObject().Select(c => c.Name));
        Assert.Equal("""{"kind":"load","per_core":true,"warn":"2,1.5,1","crit":"4,3,2"}""", Flat(commands, "load"));
        Assert.Equal("""{"kind":"swap","warn":"30%","crit":"60%"}""", Flat(commands, "swap"));
        Assert.Equal("""{"kind":"disk","except":["/mnt/cd"],"warn":"80%","crit":"90%","inodes_warn":"70%"}""", Flat(commands, "disk"));
        Assert.Equal("""{"kind":"procs","name":"nginx","warn":"1:250","crit":"1:400"}""", Flat(commands, "procs"));
        Assert.Equal(
            """{"kind":"postgres","host":"192.0.2.20","port":5432,"timeout":9,"database":"shop","user":"monitor","password_file":"/etc/hinoban/secrets/web01-db","query":"select 1","warn":"3","crit":"8"}""",
            Flat(commands, "db"));
        Assert.Equal("""{"kind":"run","command":["/usr/lib/nagios/plugins/check_queue","-w","100","-H","192.0.2.10"],"timeout":9,"user":"nobody"}""", Flat(commands, "queue"));
        Assert.Equal("""{"kind":"tcp","host":"192.0.2.20","port":3306,"timeout":9,"crit":"2"}""", Flat(commands, "db01/from-web"));
        Assert.Equal("""{"certificate":"agent.pem","key":"agent.key","sites":["sha256:aa"]}""", JsonSerializer.Serialize(config.RootElement.GetProperty("tls")));
        Assert.Equal(["0.0.0.0:5667", "[::]:5667"], config.RootElement.GetProperty("listen").EnumerateArray().Select(l => l.GetString()));
        Assert.Contains("/etc/hinoban/secrets/web01-db", told);
        Assert.Contains("\"listen\": [\n    \"0.0.0.0:1\"\n  ]", AgentConfig.Json([], 1, new AgentTerms(["192.0.2.1"], [])));
    }

    [Fact]
    public void A_daemon_is_told_in_its_own_words_what_is_free()
    {
        var (exit, lines, _) = Agent("db01", "--nrpe");
        Assert.Equal((0, "command[check_load]='/usr/lib64/nagios/plugins/check_load' '-r' '-w' '2,1.5,1' '-c' '4,3,2'\n# command[raid]: db01/raid\n"), (exit, lines));
        var disk = PluginLine.Of(Look<DiskLookPlan>("db01/disk"));
        Assert.Equal(["/usr/lib64/nagios/plugins/check_disk", "-w", "20%", "-c", "10%"], disk.Take(5));
        Assert.Equal(["-x", "/mnt/cd"], disk.TakeLast(2));
        Assert.DoesNotContain("-W", disk);
        Assert.Equal(["/usr/lib/nagios/plugins/check_swap", "-n", "ok", "-w", "70%", "-c", "40%"], PluginLine.Of(Look<SwapLookPlan>("web01/swap")));
        Assert.Equal(["/usr/lib/nagios/plugins/check_procs", "-w", "5", "-c", "10", "-s", "Z"], PluginLine.Of(Look<CountLookPlan>("web01/zombies")));
    }

    [Theory]
    [InlineData("web01", "", 64)]
    [InlineData("web02", "--allow", 78)]
    [InlineData("bare", "--allow", 78)]
    [InlineData("web01", "--nrpe", 78)]
    public void What_cannot_be_written_is_said(string host, string flag, int exit)
    {
        var (code, output, told) = Agent(host, flag);
        Assert.Equal((exit, ""), (code, output));
        Assert.NotEqual("", told);
    }

    [Fact]
    public void An_agent_whose_certificate_is_not_pinned_is_noted_once()
    {
        var reading = SpecReader.ReadText("s.yaml", SpecSamples.Head + "hosts: { a: { address: a.jp, checks: { load: { warn: 8 }, users: { warn: 8 } } } }\n");
        Assert.Equal("the certificate of the agent on `a` is not pinned", Assert.Single(reading.Notes).Wrong);
    }

    [Theory]
    [InlineData("ssh", "10%:80% used", true)]
    [InlineData("nrpe", "@90%:95% used", true)]
    [InlineData("ssh", "20% free", false)]
    [InlineData("agent", "10%:80% used", false)]
    public void What_the_well_known_plugins_cannot_say_is_refused(string via, string warn, bool wrong) => Assert.Equal(
        wrong,
        SpecReader.ReadText("s.yaml", SpecSamples.Head + $"hosts: {{ a: {{ address: a.jp, checks: {{ swap: {{ via: {via}, warn: \"{warn}\" }} }} }} }}\n")
            .Problems.Any(p => p.Wrong.EndsWith("where only `N% used` and `N% free` can", StringComparison.Ordinal)));

    [Fact]
    public void Thresholds_that_a_daemon_decides_are_noted() =>
        Assert.Contains(
            SpecReader.ReadText("s.yaml", SpecSamples.Head + "hosts: { a: { address: a.jp, checks: { load: { via: nrpe, warn: 4 } } } }\n").Notes,
            n => n.Wrong == "the thresholds of `load` via NRPE stand in the daemon's own configuration");

    [Fact]
    public void Every_way_reaches_the_sites_as_it_is()
    {
        var site = SitePlans.For(new DeskPlan(3, [Plan]), SpecSamples.Tokyo);
        var arrived = Hinoban.Results.OrderCodec.UnpackPlan(Hinoban.Results.OrderCodec.PackPlan(site))!;
        Assert.Equal(site.Items.Select(i => JsonSerializer.Serialize(i.Item.Look)), arrived.Items.Select(i => JsonSerializer.Serialize(i.Item.Look)));
        Assert.Equal(site.Items.Select(i => PhaseMath.KeyOf(i.Item)), arrived.Items.Select(i => PhaseMath.KeyOf(i.Item)));
    }

    private static T Look<T>(string title)
        where T : LookPlan => Assert.IsType<T>(SpecSamples.Item(Plan, title).Look);

    private static string Flat(JsonElement commands, string name) => JsonSerializer.Serialize(commands.GetProperty(name));

    private static (int Exit, string Output, string Told) Agent(string host, string flag, string text = Sample)
    {
        using var folder = new SpecFolderOnDisk();
        var (output, error) = (new StringWriter(), new StringWriter());
        var terms = flag == "--allow" ? new AgentTerms(["192.0.2.1", "2001:db8::/64"], ["sha256:aa"]) : new AgentTerms([], []);
        var exit = AgentVerb.Run(new AgentRequest(host, folder.Write("s.yaml", text), terms, flag == "--nrpe"), output, error, Language.En);
        return (exit, output.ToString(), error.ToString());
    }
}
