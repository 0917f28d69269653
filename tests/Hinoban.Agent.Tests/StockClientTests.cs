namespace Hinoban.Agent.Tests;

/// <summary>The stock check_nrpe against the real program.</summary>
public sealed class StockClientTests
{
    private const string Commands = """
        {"users":{"kind":"users","warn":"1000","crit":"2000"},
         "dummy":{"kind":"run","command":["/usr/lib/nagios/plugins/check_dummy","1","some text"]},
         "many":{"kind":"run","command":["/usr/bin/seq","1","8000"]},
         "hang":{"kind":"run","command":["/bin/sh","-c","trap '' TERM; sleep 300"],"timeout":1},
         "mend":{"kind":"action","command":["/bin/echo","mended"]}}
        """;

    [Fact]
    public async Task Versions_2_3_and_4_over_TLS_with_a_site_certificate()
    {
        Tool.Plugin("check_nrpe");
        await using var agent = new RunningAgent(Commands);
        foreach (var version in new string[][] { ["-2"], ["-3"], [], ["-S", "TLSv1.2"] })
        {
            Assert.Equal((1, "WARNING: some text"), await agent.CheckNrpeAsync("dummy", [.. version, .. agent.AsSite]));
            var (code, output) = await agent.CheckNrpeAsync("users", [.. version, .. agent.AsSite]);
            Assert.Equal(0, code);
            Assert.Matches(@"^USERS OK - \d+ users currently logged in \|users=\d+;1000;2000;0;", output);
        }

        Assert.Equal((3, "NRPE: the plugin did not end within 1 s and was killed"), await agent.CheckNrpeAsync("hang", agent.AsSite));
        Assert.Equal((0, "mended"), await agent.CheckNrpeAsync("mend", agent.AsSite));

        // Long output whole in version 4, cut in version 2.
        Assert.EndsWith("\n8000", (await agent.CheckNrpeAsync("many", agent.AsSite)).Output, StringComparison.Ordinal);
        Assert.EndsWith("[cut]", (await agent.CheckNrpeAsync("many", ["-2", .. agent.AsSite])).Output, StringComparison.Ordinal);

        // Without the certificate, and without TLS, there is no answer.
        Assert.NotEqual(0, (await agent.CheckNrpeAsync("users")).Code);
        Assert.NotEqual(0, (await agent.CheckNrpeAsync("users", "-n")).Code);
        agent.UntilSaid("TLS refused");
    }

    [Fact]
    public async Task Without_certificates_where_that_is_allowed()
    {
        Tool.Plugin("check_nrpe");
        await using var agent = new RunningAgent(Commands, anybody: true);
        foreach (var version in new string[][] { ["-2"], ["-3"], [] })
        {
            Assert.Equal((1, "WARNING: some text"), await agent.CheckNrpeAsync("dummy", version));
        }

        Assert.Equal(3, (await agent.CheckNrpeAsync("mend")).Code);
        Assert.NotEqual(0, (await agent.CheckNrpeAsync("users", "-n")).Code);
        agent.UntilSaid("tls.clients is \"any\"");
    }

    [Fact]
    public async Task A_foreign_address_is_refused()
    {
        Tool.Plugin("check_nrpe");
        await using var agent = new RunningAgent(Commands, anybody: true, allow: "192.0.2.1");
        Assert.NotEqual(0, (await agent.CheckNrpeAsync("users")).Code);
        agent.UntilSaid("not allowed to ask");
    }

    [Fact]
    public async Task A_changed_configuration_is_read_at_SIGHUP_and_a_broken_one_refused()
    {
        Tool.Plugin("check_nrpe");
        await using var agent = new RunningAgent(Commands, anybody: true);
        var config = agent.Config;
        agent.Write(config.Replace("some text", "other text", StringComparison.Ordinal));
        agent.Signal("HUP");
        agent.UntilSaid("is in force");
        Assert.Equal((1, "WARNING: other text"), await agent.CheckNrpeAsync("dummy"));
        agent.Write(config.Replace("\"users\"", "\"loosers\"", StringComparison.Ordinal));
        agent.Signal("HUP");
        agent.UntilSaid("stays in force");
        agent.UntilSaid("commands.loosers.kind: 'loosers' is not known");
        Assert.Equal((1, "WARNING: other text"), await agent.CheckNrpeAsync("dummy"));
    }

    [Fact]
    public async Task The_program_tells_what_is_wrong_and_ends()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("hinoban-agent-").FullName, "agent.json");
        await File.WriteAllTextAsync(file, """{"v":1,"listen":["127.0.0.1:5666"],"allow":["::1"],"tls":{"certificate":"agent.pem","key":"agent.key","clients":"any"},"commands":{"a":{"kind":"b"}}}""");
        var (code, output) = await Tool.RunAsync(Tool.Agent, "--config", file, "verify");
        Assert.Equal(78, code);
        Assert.Contains("commands.a.kind: 'b' is not known", output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"b\"", "\"users\"", StringComparison.Ordinal));
        Assert.Contains("`hinoban-agent certificate` makes both", (await Tool.RunAsync(Tool.Agent, "--config", file, "serve")).Output, StringComparison.Ordinal);
        var made = await Tool.RunAsync(Tool.Agent, "--config", file, "certificate");
        Assert.Matches("^sha256:[0-9a-f]{64}$", made.Output);
        Assert.Equal(made, await Tool.RunAsync(Tool.Agent, "--config", file, "certificate"));
        Assert.Equal((0, ""), await Tool.RunAsync(Tool.Agent, "--config", file, "verify"));
        Assert.StartsWith("USERS OK", (await Tool.RunAsync(Tool.Agent, "--config", file, "check", "a")).Output, StringComparison.Ordinal);
        Assert.Equal(64, (await Tool.RunAsync(Tool.Agent, "sing")).Code);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
