using Hinoban.Basics;
using Hinoban.Server;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Tests.Specs.Nagios;

/// <summary>Writing: what the specification says is what Nagios did, and what it cannot say is listed.</summary>
public sealed class NagiosSpecTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hinoban-nagios-");

    [Theory]
    [InlineData("check_ping -H $HOSTADDRESS$ -w 100.0,20% -c 500.0,60% -p 3", "{ kind: ping, packets: 3, warn: \"100ms, 20%\", crit: \"500ms, 60%\" }")]
    [InlineData("check_ping -H $HOSTADDRESS$ --warning=100,20% --critical=12000.5,60% -4", "{ kind: ping, packets: 5, warn: \"100ms, 20%\", crit: \"12000.5ms, 60%\", timeout: 14s }")]
    [InlineData("check_icmp -H 192.0.2.77 -w 5,1% -c 9,2% -n 2 -t 5", "{ kind: ping, packets: 2, warn: \"5ms, 1%\", crit: \"9ms, 2%\", address: \"192.0.2.77\", timeout: 5s }")]
    [InlineData("check_tcp -H $HOSTADDRESS$ -p25 -w 1.5 -c 4", "{ kind: tcp, port: 25, warn: 1s500ms, crit: 4s }")]
    [InlineData("check_ssh $HOSTADDRESS$", "{ kind: ssh }")]
    [InlineData("check_ssh -t 20 -p 2222 -4 $HOSTADDRESS$", "{ kind: ssh, port: 2222, timeout: 20s }")]
    [InlineData("check_ssh -p 2222", "{ kind: plugin, command: [\"check_ssh\", \"-p\", \"2222\"], timeout: 1m }")]
    [InlineData("check_ssh -r OpenSSH_9 $HOSTADDRESS$", "{ kind: plugin, command: [\"check_ssh\", \"-r\", \"OpenSSH_9\", \"$HOSTADDRESS$\"], timeout: 1m }")]
    [InlineData("check_http -I $HOSTADDRESS$ -H www.example.jp --ssl -u '/a?b=1&c=2' -c 15 -e 'HTTP/1.1 200' -s \"All well\" ''", "{ kind: https, host_name: \"www.example.jp\", path: \"/a?b=1&c=2\", expect: { status: [200], contains: \"All well\" }, crit: 15s, verify: false, timeout: 16s }")]
    [InlineData("check_http -H $HOSTADDRESS$", "{ kind: http }")]
    [InlineData("check_ping -H $HOSTADDRESS$ -w 100,20.5% -c 500,60%", "{ kind: plugin, command: [\"check_ping\", \"-H\", \"$HOSTADDRESS$\", \"-w\", \"100,20.5%\", \"-c\", \"500,60%\"], timeout: 1m }")]
    [InlineData("check_ping -H $HOSTADDRESS$ -w 600,20% -c 500,60%", "{ kind: plugin, command: [\"check_ping\", \"-H\", \"$HOSTADDRESS$\", \"-w\", \"600,20%\", \"-c\", \"500,60%\"], timeout: 1m }")]
    [InlineData("check_http -H $HOSTADDRESS$ -a user:word", "{ kind: plugin, command: [\"check_http\", \"-H\", \"$HOSTADDRESS$\", \"-a\", \"user:word\"], timeout: 1m }")]
    [InlineData("check_tcp -H $HOSTADDRESS$ -p 25 -w 1:5", "{ kind: plugin, command: [\"check_tcp\", \"-H\", \"$HOSTADDRESS$\", \"-p\", \"25\", \"-w\", \"1:5\"], timeout: 1m }")]
    [InlineData("check_tcp -H $HOSTADDRESS$ -p 25 -t 300", "{ kind: plugin, command: [\"check_tcp\", \"-H\", \"$HOSTADDRESS$\", \"-p\", \"25\", \"-t\", \"300\"], timeout: 1m }")]
    [InlineData("check_ssh -t 30:critical $HOSTADDRESS$", "{ kind: plugin, command: [\"check_ssh\", \"-t\", \"30:critical\", \"$HOSTADDRESS$\"], timeout: 1m }")]
    [InlineData("check_ssh -t 0.01 $HOSTADDRESS$", "{ kind: plugin, command: [\"check_ssh\", \"-t\", \"0.01\", \"$HOSTADDRESS$\"], timeout: 1m }")]
    [InlineData("check_x drive=* [a]", "{ kind: plugin, command: [\"check_x\", \"drive=*\", \"[a]\"], timeout: 1m }")]
    [InlineData("check_x \"a  b\"'c d' \\\"e $$ARG1$", "")]
    [InlineData("check_x 'a $$b' $HOSTNAME$/$SERVICEDESC$ $HOSTADDRESS:other$", "{ kind: plugin, command: [\"check_x\", \"a $b\", \"h/S\", \"192.0.2.9\"], timeout: 1m }")]
    [InlineData("check_x 'a|b' \"c;d\" e\\ f", "{ kind: plugin, command: [\"check_x\", \"a|b\", \"c;d\", \"e f\"], timeout: 1m }")]
    [InlineData("check_x | wc", "")]
    [InlineData("check_x `id`", "")]
    [InlineData("check_x \"$$HOME\"", "")]
    [InlineData("check_x 'open", "")]
    [InlineData("A=1 check_x", "")]
    [InlineData("check_x $SERVICESTATE$", "")]
    [InlineData("check_x $USER9$", "")]
    [InlineData("check_load -w 1 -c 2", "")]
    public void A_command_becomes_a_check_or_is_listed(string line, string check)
    {
        var import = NagiosScene.Import(NagiosScene.Base + $$"""
            define command {
              command_name c
              command_line /usr/lib/nagios/plugins/{{line.Replace(";", "\\;", StringComparison.Ordinal)}}
            }
            define host {
              use base
              host_name h
              address 192.0.2.1
            }
            define host {
              use base
              host_name other
              address 192.0.2.9
            }
            define service {
              use base
              host_name h
              service_description S
              check_command c
            }
            """);
        NagiosScene.ReadBack(import);
        var written = import.Text.Split('\n').FirstOrDefault(l => l.StartsWith("      \"S\": ", StringComparison.Ordinal));
        Assert.Equal(check, written?[11..] ?? "");
        Assert.Equal(check.Length == 0 ? 1 : 0, import.NotCarried);
        Assert.Equal(check.Length == 0, import.Problems.Any(p => p.Level == ProblemLevel.Warning && p.Wrong.StartsWith("`h/S` is not carried over: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_configuration_without_objects_is_a_specification_without_hosts()
    {
        var import = NagiosScene.Import("");
        Assert.Contains("hosts: {}", import.Text, StringComparison.Ordinal);
        Assert.Contains("- { desk: true }", import.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_resource_files_never_come_out()
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.Read(NagiosSources.Read(NagiosScene.Everything(folder.FullName), problems)!, problems);
        var import = NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems);
        var all = import.Text + string.Join('\n', import.Problems.SelectMany(p => new[] { p.In(Language.Ja), p.In(Language.En) }));
        Assert.DoesNotContain("hushhush", all, StringComparison.Ordinal);
        Assert.DoesNotContain("token-9f2c", all, StringComparison.Ordinal);
        Assert.Equal(2, import.Problems.Count(p => p.Wrong.Contains("may be a secret", StringComparison.Ordinal)));
        Assert.Equal(["3", "5"], import.Problems.Where(p => p.Wrong.StartsWith("$USER", StringComparison.Ordinal)).Select(p => p.Wrong[5..6]));
    }

    [Fact]
    public void The_specification_keeps_what_Nagios_was_told()
    {
        var problems = new NagiosProblems();
        var model = NagiosReader.Read(NagiosSources.Read(NagiosScene.Everything(folder.FullName), problems)!, problems);
        var customer = NagiosScene.ReadBack(NagiosSpec.Write(model, "acme", "acme@lists.example.jp", problems));
        var hosts = customer.Hosts.ToDictionary(h => h.Key);

        Assert.Equal(["sato@example.jp", "suzuki@example.jp"], customer.MailingList.Members.Select(m => m.Mail));
        Assert.Equal(["+81 90-0000-1234"], Assert.Single(customer.Contacts).Phones);
        Assert.Equal(["switch1", "switch2"], hosts["web1"].Parents);
        Assert.Equal(["switch1"], hosts["db1"].Parents);
        Assert.Equal(["db1"], hosts["db2"].Parents);
        Assert.Null(hosts["old1"].Alive);
        var http = hosts["web1"].Services.Single(s => s.Key == "HTTP");
        Assert.Equal((TimeSpan.FromMinutes(3), 3, TimeSpan.FromMinutes(1)), (http.Interval, http.Attempts, http.Retry));
        Assert.Equal(["db1/MySQL"], http.DependsOn!.Names.Select(n => n.Text));
        Assert.Equal(new FlapPlan(20, 5), http.Flapping);
        Assert.Null(hosts["db1"].Services.Single(s => s.Key == "MySQL").Flapping);
        Assert.Equal(TimeSpan.FromSeconds(45), hosts["db1"].Services.Single(s => s.Key == "MySQL").Timeout);
        Assert.Equal(TimeSpan.FromSeconds(90000), Assert.IsType<PassiveLookPlan>(hosts["db1"].Services.Single(s => s.Key == "Backup").Look).Freshness);
        Assert.Equal(["db2/Queue"], customer.Silences.Where(s => s.Kind == SilenceKind.Stop).Select(s => $"{s.Host}/{s.Service}").Distinct());
        Assert.Contains(customer.Silences, s => s.When is RecurringTimes { Days: WeekDays.Mon | WeekDays.Tue | WeekDays.Thu, FromMinute: 720, ToMinute: 780 });
    }

    [Fact]
    public void Names_become_keys_that_are_the_same_each_time()
    {
        Assert.Equal(["PING", "Root-Partition", "x24be0b", "a-b", "www.example.jp", "c"], new[] { "PING", "Root Partition", "データベース", "a // b", "www.example.jp", "-c-" }.Select(NagiosKeys.Of));
        Assert.Equal(63, NagiosKeys.Of(new string('a', 63)).Length);
        Assert.True(SpecWords.IsKey(NagiosKeys.Of(new string('a', 400) + " ")));
        var keys = NagiosKeys.Of(["a b", "a-b", "a/b"]);
        Assert.Equal(("a-b", "a-b-2", "a-b-3"), (keys["a-b"], keys["a b"], keys["a/b"]));
    }

    [Fact]
    public void A_passive_service_whose_name_gives_the_key_of_another_is_listed()
    {
        var import = NagiosScene.Import(NagiosScene.Base + string.Concat(
            Host("h"), Host("g"), Host("x y"), Host("x-y"), Service("h", "a b", passive: true), Service("h", "a-b"), Service("h", "c d", passive: true),
            Service("g", "e f"), Service("g", "e-f"), Service("x y", "one", passive: true), Service("x-y", "two", passive: true)));
        var hosts = NagiosScene.ReadBack(import).Hosts.ToDictionary(h => h.Key);
        Assert.Equal(["a-b", "c-d"], hosts["h"].Services.Select(s => s.Key));
        Assert.Equal(["e-f", "e-f-2"], hosts["g"].Services.Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["x-y/two"], hosts.Values.SelectMany(h => h.Services.Select(s => $"{h.Key}/{s.Key}")).Where(t => t.StartsWith('x')));
        Assert.Equal(2, import.NotCarried);
        Assert.Equal(
        [
            "`h/a b` is not carried over: its results could not be told from those of `h/a-b`, for both names give the key of `h/a-b`",
            "`x y/one` is not carried over: its results could not be told from those of `x-y`, for both names give the key of `x-y/one`",
        ],
        import.Problems.Where(p => p.Level == ProblemLevel.Warning && p.Wrong.Contains("is not carried over", StringComparison.Ordinal)).Select(p => p.Wrong).Order(StringComparer.Ordinal));

        static string Host(string name) => $"define host {{\n use base\n host_name {name}\n address 192.0.2.1\n}}\n";
        static string Service(string host, string name, bool passive = false) =>
            $"define service {{\n use base\n host_name {host}\n service_description {name}\n{(passive ? " active_checks_enabled 0\n check_freshness 1\n freshness_threshold 90\n" : "")}}}\n";
    }

    [Fact]
    public void What_a_shell_or_Nagios_may_have_done_otherwise_is_noted()
    {
        var settings = new NagiosSettings();
        settings.Say("service_check_timeout", new NagiosField("600", new SpecPlace("nagios.cfg", 7, 1)));
        var import = NagiosScene.Import(NagiosScene.Base + """
            define command {
              command_name c
              command_line /usr/lib/nagios/plugins/check_x drive=* '[a]' "*"
            }
            define host {
              use base
              host_name h
              address 192.0.2.1
            }
            define service {
              use base
              host_name h
              service_description S
              check_command c
            }
            """, settings);
        var notes = import.Problems.Where(p => p.Level == ProblemLevel.Note).Select(p => p.Wrong).ToList();
        Assert.Contains("`service_check_timeout` is out of range; the nearest value was written", notes);
        Assert.Equal(["the unquoted `*` in the command of `h/S` is handed on as it is; a shell may have put names of files there"], notes.Where(n => n.Contains("unquoted", StringComparison.Ordinal)));
        Assert.Equal(TimeSpan.FromMinutes(5), NagiosScene.ReadBack(import).Hosts[0].Services[0].Timeout);
    }

    [Theory]
    [InlineData("import CONFIG --customer acme --out OUT/no/such", 1)]
    [InlineData("import CONFIG --customer Acme", 64)]
    [InlineData("import CONFIG --list nobody", 64)]
    [InlineData("import CONFIG/none", 78)]
    [InlineData("import CONFIG --customer acme --out OUT", 0)]
    public async Task The_verb_writes_a_whole_file_or_none(string arguments, int exit)
    {
        var (config, target) = (NagiosScene.Everything(folder.FullName), Path.Combine(folder.FullName, "acme.yaml"));
        var (ended, said, complained) = await RunAsync("nagios " + arguments.Replace("CONFIG", config, StringComparison.Ordinal).Replace("OUT", target, StringComparison.Ordinal));
        Assert.Equal(exit, ended);
        Assert.Equal(exit == 0, File.Exists(target));
        Assert.NotEqual("", exit == 0 ? said : complained);
        Assert.Empty(Directory.GetFiles(folder.FullName, "*.tmp"));
        if (exit == 0)
        {
            Assert.False(SpecReader.Read(target).HasErrors);
            Assert.Contains("carried over: 7 hosts, 29 items; not carried over: 4 items", said, StringComparison.Ordinal);
            Assert.Equal(1, (await RunAsync($"nagios import {config} --out {target}")).Exit);
        }
    }

    [Fact]
    public async Task A_configuration_with_mistakes_is_not_imported_and_all_are_told()
    {
        var config = NagiosScene.Everything(folder.FullName);
        File.AppendAllText(Path.Combine(folder.FullName, "objects", "base.cfg"), "define host {\n use nobody\n host_name x\n parents y\n}\n");
        var (exit, said, complained) = await RunAsync($"nagios import {config}");
        Assert.Equal((78, ""), (exit, said));
        Assert.Contains("base.cfg:203:1: there is no host template `nobody`", complained, StringComparison.Ordinal);
        Assert.Contains("there is no host `y`", complained, StringComparison.Ordinal);
        Assert.Contains("2 mistakes in the configuration; nothing was written", complained, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<(int Exit, string Said, string Complained)> RunAsync(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var around = new Surroundings(new Dictionary<string, string> { ["LANG"] = "C" }, Path.GetTempPath(), TextReader.Null, output, error, TimeProvider.System);
        return (await CommandTree.RunAsync(line.Split(' '), around), output.ToString(), error.ToString());
    }
}
