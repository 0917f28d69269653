using System.Net;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Tests;

/// <summary>The configuration: what it may say, and that everything wrong in it is told at once.</summary>
public sealed class ConfigReaderTests
{
    [Fact]
    public void Everything_that_may_be_written_is_read()
    {
        var (plan, problems) = Reading.Config("""
            {"v":1,"listen":["0.0.0.0:5666","[::]:5666"],"allow":["192.0.2.1","2001:db8::/64"],
             "tls":{"certificate":"agent.pem","key":"/keys/agent.key","sites":["sha256:AB00000000000000000000000000000000000000000000000000000000000000"]},
             "commands":{
              "load":{"kind":"load","per_core":true,"warn":"2,1.5,1","crit":"4"},
              "swap":{"kind":"swap","warn":"30%","crit":"60%"},
              "disk":{"kind":"disk","mounts":["/"],"except":[],"warn":"80%","crit":"90%","inodes_warn":"80%","inodes_crit":"90%"},
              "users":{"kind":"users","warn":"5","crit":"10"},
              "procs":{"kind":"procs","name":"nginx","warn":"1:250","crit":"1:400"},
              "zombies":{"kind":"zombies","warn":"5","crit":"10"},
              "x y":{"kind":"run","command":["/usr/lib/nagios/plugins/check_x","-w","1"],"timeout":10,"user":"nobody"},
              "tcp":{"kind":"tcp","host":"192.0.2.20","port":3306,"warn":"3","crit":"8"},
              "pg":{"kind":"postgres","host":"db","database":"app","user":"mon","password_file":"/etc/hinoban/pg","query":"select 1","warn":"3","crit":"8"},
              "my":{"kind":"mysql","host":"db","user":"mon"},
              "restart":{"kind":"action","command":["/usr/bin/systemctl","restart","nginx"],"timeout":60}}}
            """);
        Assert.Empty(problems);
        Assert.Equal([IPEndPoint.Parse("0.0.0.0:5666"), IPEndPoint.Parse("[::]:5666")], plan!.Listen);
        Assert.Equal([IPNetwork.Parse("192.0.2.1/32"), IPNetwork.Parse("2001:db8::/64")], plan.Allow);
        Assert.Equal(("/etc/hinoban/agent.pem", "/keys/agent.key", false), (plan.Tls.Certificate, plan.Tls.Key, plan.Tls.Anybody));
        Assert.Equal("ab" + new string('0', 62), Assert.Single(plan.Tls.Sites));
        Assert.Equal(11, plan.Commands.Count);
        var load = Assert.IsType<LoadPlan>(plan.Commands["load"]);
        Assert.Equal((1.5, 4.0), (load.Limits[1].Warn!.Value.End, load.Limits[2].Crit!.Value.End));
        Assert.Equal(new DatabasePlan(DatabaseKind.MySql, "db", 3306, "", "mon", null, "select 1", default, TimeSpan.FromSeconds(10)), plan.Commands["my"]);
        Assert.Equal("nobody", Assert.IsType<RunPlan>(plan.Commands["x y"]).User);
    }

    [Theory]
    [InlineData("""{"v":1,"tls":{"certificate":"\ud800"}}""")]
    [InlineData("""{"v":1,"\udfff":1}""")]
    public void Half_a_character_is_a_problem_like_others(string json)
    {
        var (plan, problems) = Reading.Config(json);
        Assert.Null(plan);
        Assert.Contains(problems, p => p.Contains("half of a character", StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_path()
    {
        var (plan, problems) = Reading.Config("""
            {"v":2,"listen":["0.0.0.0"],"allow":["192.0.2.1/33","nobody"],"colour":"red",
             "tls":{"certificate":"a","key":7,"sites":["sha256:12"],"clients":"all"},
             "commands":{
              "a!b":{"kind":"load"},
              "load":{"kind":"load","warn":"1,2,3,4","crit":"x"},
              "disk":{"kind":"disk","mounts":["data"],"warn":"80","warm":"1"},
              "run":{"kind":"run","command":["check_x"],"timeout":0},
              "tcp":{"kind":"tcp","host":"h"},
              "what":{"kind":"loud"},
              "none":{},
              "text":"load",
              "twice":{"kind":"users","warn":"1","warn":"2"}}}
            """);
        Assert.Null(plan);
        string[] expected =
        [
            "v: this agent reads version 1", "listen: '0.0.0.0'", "allow: '192.0.2.1/33'", "allow: 'nobody'", "colour: no such key", "tls.key: is a number", "tls.sites: 'sha256:12'",
            "tls.clients: 'all'", "commands: 'a!b'", "commands.load.warn: '1,2,3,4' has 4 parts", "commands.load.crit: 'x' is no threshold range", "commands.disk.mounts: 'data'",
            "commands.disk.warm: no such key here", "commands.run.command: 'check_x' is no full path", "commands.run.timeout: write a whole number", "commands.tcp.port: is missing", "commands.what.kind: 'loud'",
            "commands.none.kind: is missing", "commands.text: is a text", "commands.twice.warn: written 2 times",
        ];
        Assert.All(expected, e => Assert.Contains(problems, p => p.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, problems.Count);
    }

    [Theory]
    [InlineData("", "line 1, byte 1")]
    [InlineData("{\n  \"v\": 1,\n}", "line 3, byte 1")]
    [InlineData("[]", "not one object")]
    [InlineData("{\"v\":1,\"a\":[[[[[[[[[[1]]]]]]]]]]}", "no JSON")]
    public void What_is_no_configuration_is_told(string json, string said)
    {
        var (plan, problems) = Reading.Config(json);
        Assert.Null(plan);
        Assert.Contains(said, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_configurations_never_throw()
    {
        var random = new Random(4);
        const string good = """{"v":1,"listen":["127.0.0.1:5666"],"allow":["::1"],"tls":{"certificate":"a","key":"b","clients":"any"},"commands":{"x":{"kind":"procs","name":"a","warn":"1:2"}}}""";
        var refused = 0;
        for (var run = 0; run < 5000; run++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(good);
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"{}[]\":,0x\\\0\u00e9"[random.Next(11)];
            }

            var (plan, problems) = ConfigReader.Read(bytes, "/");
            Assert.Equal(plan is null, problems.Count > 0);
            refused += problems.Count > 0 ? 1 : 0;
        }

        Assert.InRange(refused, 1000, 4999);
    }
}
