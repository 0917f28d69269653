using System.Diagnostics;
using System.Text;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Tests.Specs.Nagios;

/// <summary>Reading: what Nagios' language means, and every mistake at its line.</summary>
public sealed class NagiosReaderTests
{
    [Theory]
    [InlineData("+x", "a", null, "a,x")]
    [InlineData("+x", "+a", "b", "b,a,x")]
    [InlineData("+x", "a", "b", "a,x")]
    [InlineData("x", "+a", "b", "x")]
    [InlineData("null", "a", "b", "")]
    [InlineData(null, "null", "b", "")]
    [InlineData(null, "+a", "b", "b,a")]
    [InlineData("+x", "null", "b", "b,x")]
    [InlineData("+x", null, null, "x")]
    public void Lists_add_up_over_templates(string? own, string? first, string? second, string contacts)
    {
        static string Say(string? value) => value is null ? "" : $"contacts {value}";
        var model = NagiosScene.Read($$"""
            define host {
              name t1
              register 0
              {{Say(first)}}
            }
            define host {
              name t2
              register 0
              {{Say(second)}}
            }
            define host {
              use t1,t2
              host_name h
              {{Say(own)}}
            }
            """).Model;
        Assert.Equal(contacts, string.Join(',', model.Hosts["h"].Names("contacts")));
    }

    [Fact]
    public void Lines_are_joined_and_comments_left_out()
    {
        var model = NagiosScene.Right(NagiosScene.Base + "define host { ; here\n use base\n host_name a\\\n    b\n alias one \\; two ; three\n # no\n address 192.0.2.1\\\\\n check_interval 2\r\n}\r\n");
        var host = model.Hosts["ab"];
        Assert.Equal("one ; two", host.Find("alias"));
        Assert.Equal("192.0.2.1\\", host.Find("address"));
        Assert.Equal(2, host.Number("check_interval", 5));
    }

    [Fact]
    public void A_template_is_no_host_and_register_is_not_inherited()
    {
        var model = NagiosScene.Right(NagiosScene.Base + "define host {\n use base\n host_name a\n}\n");
        Assert.Equal(["a"], model.Hosts.Keys);
    }

    [Fact]
    public void Every_mistake_is_told_at_its_line_and_hides_no_other()
    {
        var (_, problems) = NagiosScene.Read(NagiosScene.Base + """
            stray line
            define hst {
              host_name x
            }
            define host {
              use nobody,base
              host_name a
              parents b
              check_period never
            }
            define service {
              use base
              host_name a,c
              service_description S
              check_command pong!1
            }
            define service {
              use base
              service_description none
            }
            define hostgroup {
              hostgroup_name g
              hostgroup_members g
            }
            define timeperiod {
              timeperiod_name odd
              mondays 09:00-10:00
              monday 9-10
            }
            define host {
              host_name never closed
            """);
        var first = NagiosScene.Base.Count(c => c == '\n') + 1;
        var said = problems.Select(p => (Line: p.Line - first, p.Wrong)).ToList();
        Assert.Equal(
        [
            (0, "`stray line` stands outside of a definition"),
            (1, "there is no definition of type `hst`"),
            (5, "there is no host template `nobody`"),
            (7, "there is no host `b`"),
            (8, "there is no timeperiod `never`"),
            (12, "there is no host `c`"),
            (14, "there is no command `pong`"),
            (16, "the service lacks `service_description`, or `host_name` and `hostgroup_name` both"),
            (22, "the groups `g` and `g` hold each other"),
            (26, "`mondays 09:00-10:00` cannot be read as hours"),
            (27, "`monday 9-10` cannot be read as hours"),
            (30, $"the definition that begins in line {first + 29} is not closed"),
        ],
        said);
    }

    [Fact]
    public void Circles_of_templates_groups_parents_and_dependencies_are_mistakes()
    {
        var (_, problems) = NagiosScene.Read(NagiosScene.Base + """
            define host {
              name l1
              use l2
              register 0
            }
            define host {
              name l2
              use l1
              register 0
            }
            define host {
              use base
              host_name a
              parents b
            }
            define host {
              use base
              host_name b
              parents a
            }
            define hostgroup {
              hostgroup_name g1
              hostgroup_members g2
            }
            define hostgroup {
              hostgroup_name g2
              hostgroup_members g1
            }
            define hostdependency {
              host_name a
              dependent_host_name b
              notification_failure_criteria d
            }
            define hostdependency {
              host_name b
              dependent_host_name a
              notification_failure_criteria d
            }
            """);
        Assert.Equal(
            ["dependencies in a circle", "parents in a circle", "the groups `g2` and `g1` hold each other", "the template `l1` leads back to itself"],
            problems.Select(p => p.Wrong.Split(':')[0]).Order());
    }

    [Fact]
    public void Files_are_found_from_the_main_one_and_a_loop_of_them_is_a_mistake()
    {
        using var folder = new SpecFolderOnDisk();
        var main = folder.Write("nagios.cfg", "# main\nlog_file=x\ncfg_dir=conf\ncfg_file=missing.cfg\nresource_file=res.cfg\ninterval_length=1\n");
        folder.Write("res.cfg", "$USER7$=a=b\n");
        folder.Write("conf/sub/a.cfg", NagiosScene.Base + $"include_file={Path.Combine(folder.Path, "conf", "loop.cfg")}\n");
        folder.Write("conf/loop.cfg", $"include_file={Path.Combine(folder.Path, "conf", "loop.cfg")}\n");
        folder.Write("conf/not.txt", "garbage");
        folder.Write("conf/binary.cfg", "a\0b");
        var problems = new NagiosProblems();
        var written = NagiosSources.Read(main, problems)!;
        Assert.Equal(("a=b", 1.0, 3), (written.Settings.Users[7].Value.Reveal(), written.Settings.IntervalLength, written.Objects.Count));
        Assert.Equal(
            ["binary.cfg:1", "loop.cfg:1", "nagios.cfg:4", "a.cfg:17"],
            problems.Sorted().Select(p => $"{Path.GetFileName(p.File)}:{p.Line}").OrderBy(p => p.StartsWith('a')));
    }

    [Fact]
    public void Hostile_texts_end_soon_with_problems()
    {
        var deep = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"define host {{\n name t{i}\n use t{i + 1}\n register 0\n}}\n"));
        var tower = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"define host {{\n name t{i}\n use t{i - 1}\n register 0\n}}\n")) + "define host {\n use t19999\n host_name h\n}\n";
        var doubling = "define host {\n name t0\n register 0\n}\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"define host {{\n name t{i}\n use t{i - 1},t{i - 1}\n register 0\n contacts +c,d\n}}\n")) + "define host {\n use t60\n host_name h\n}\n";
        var bomb = string.Concat(Enumerable.Range(0, 400).Select(i => $"define command {{\n command_name c{i}\n command_line /p/x $ARG1$\n}}\ndefine service {{\n use base\n host_name a\n service_description s{i}\n check_command c{i}!{string.Concat(Enumerable.Repeat("$ARG1$", 200))}\n}}\n"));
        var random = new Random(4711);
        var garbage = new string([.. Enumerable.Range(0, 2_000_000).Select(_ => (char)random.Next(1, 0x2fff))]);
        var names = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"n{i}"));
        foreach (var text in new[] { new string('x', 30_000_000), "define host {\n alias " + new string('\\', 5_000_001) + "\n}", deep, tower, doubling, garbage, string.Concat(Enumerable.Repeat("define host {\n", 50_000)), $"define hostgroup {{\n hostgroup_name g\n members {names}\n}}\n", new string('\n', 1_000_000) + "}" })
        {
            var start = Process.GetCurrentProcess().TotalProcessorTime;
            var (_, problems) = NagiosScene.Read(text);
            Assert.NotEmpty(problems.Where(p => p.Level == ProblemLevel.Error));
            Assert.True((Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds < 20, text[..60]);
        }

        var import = NagiosScene.Import(NagiosScene.Base + "define host {\n use base\n host_name a\n}\n" + bomb);
        Assert.Equal(400, import.Problems.Count(p => p.Wrong.Contains("is not carried over", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sixty_thousand_services_are_read_and_written_in_seconds()
    {
        var text = new StringBuilder(NagiosScene.Base);
        for (var host = 0; host < 2000; host++)
        {
            text.Append($"define host {{\n use base\n host_name host{host}\n address 10.{host / 250}.{host % 250}.1\n hostgroups all\n}}\n");
            for (var service = 0; service < 25; service++)
            {
                text.Append($"define service {{\n use base\n host_name host{host}\n service_description Service {service}\n check_interval {1 + (service % 5)}\n check_command ping\n}}\n");
            }
        }

        text.Append("define hostgroup {\n hostgroup_name all\n}\n");
        for (var service = 0; service < 5; service++)
        {
            text.Append($"define service {{\n use base\n hostgroup_name all\n service_description Grouped{service}\n}}\n");
        }

        var start = Process.GetCurrentProcess().TotalProcessorTime;
        var import = NagiosScene.Import(text.ToString());
        var used = Process.GetCurrentProcess().TotalProcessorTime - start;
        Assert.Equal((2000, 62_000, 0), (import.Hosts, import.Items, import.NotCarried));
        Assert.Equal(62_000, NagiosScene.ReadBack(import).Hosts.Sum(h => h.All.Count()));
        TestContext.Current.TestOutputHelper!.WriteLine($"60,000 services ({text.Length / 1024 / 1024} MiB): {used.TotalSeconds:0.0} s of CPU (with what else runs here), {import.Text.Length / 1024} KiB written");
    }
}
