using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Checks.Via;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Plugins on a host where nothing may be installed, over a real sshd.</summary>
public sealed class SshLookTests(SshLookTests.OneServer shared) : IClassFixture<SshLookTests.OneServer>, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SshServer? server = shared.Server;

    public void Dispose()
    {
        server?.CutConnections();
        folder.Dispose();
    }

    [Fact]
    public async Task The_well_known_plugins_answer_what_the_specification_asks()
    {
        var look = Look();
        var way = Way();
        LookPlan[] plans =
        [
            new LoadLookPlan(way, true, "10000,10000,10000", "20000,20000,20000"),
            new CountLookPlan(way, "users", null, "10000", "20000"),
            new CountLookPlan(way, "procs", "no-such-program", "1:10", "1:20"),
            new DiskLookPlan(way, ["/"], [], "99.9999%", null, null, null),
        ];

        var answers = await Task.WhenAll(plans.Select(p => look.LookAsync(CheckItems.Of(p), CheckItems.Long, default)));

        Assert.All(answers, a => Assert.Equal((Reply.Answer, NoValue.None), (a.Reply, a.NoValue)));
        Assert.Equal([CheckStatus.Ok, CheckStatus.Ok, CheckStatus.Critical], answers[..3].Select(a => a.Status));
        Assert.Contains("load1=", answers[0].Perfdata);
        Assert.Contains("users=", answers[1].Perfdata);
        Assert.StartsWith("PROCS CRITICAL: 0 processes", answers[2].Output);
        Assert.StartsWith("DISK ", answers[3].Output);
    }

    [Fact]
    public async Task Arguments_arrive_as_written_and_what_a_plugin_complains_of_is_not_its_output()
    {
        var plugin = folder.File("check_args");
        File.WriteAllText(plugin, "#!/bin/sh\necho complaint >&2\nfor a in \"$@\"; do echo \"<$a>\"; done\nexit 1\n");
        File.SetUnixFileMode(plugin, (UnixFileMode)0b111_101_101);

        var said = await LookAsync(plugin, "it's $HOME; `id` \"x\"", "$HOSTNAME$", "", "-a b");

        Assert.Equal((CheckStatus.Warning, Reply.Answer), (said.Status, said.Reply));
        Assert.Equal("<it's $HOME; `id` \"x\">\n<web01>\n<>\n<-a b>", $"{said.Output}\n{said.LongOutput}");
    }

    [Theory]
    [InlineData("exit 3", nameof(CheckStatus.Unknown), nameof(NoValue.None))]
    [InlineData("exit 255", nameof(CheckStatus.Critical), nameof(NoValue.PluginFailed))]
    [InlineData("exit 127", nameof(CheckStatus.Critical), nameof(NoValue.PluginMissing))]
    public async Task How_it_ends_is_the_host_s_own_answer(string script, string status, string why)
    {
        var said = await LookAsync("/bin/sh", "-c", script);
        Assert.Equal((status, Reply.Answer, why), (said.Status.ToString(), said.Reply, said.NoValue.ToString()));
    }

    [Fact]
    public async Task The_looks_of_a_round_log_in_once()
    {
        var look = Look();
        var before = Logins();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => look.LookAsync(Item("/bin/true"), CheckItems.Long, default)));
        await look.LookAsync(Item("/bin/true"), CheckItems.Long, default);
        var logins = Logins();

        // Those that start in the same instant may find no connection to share yet; from then on all do.
        Assert.InRange(logins - before, 1, 8);
        await look.LookAsync(Item("/bin/true"), CheckItems.Long, default);
        Assert.Equal(logins, Logins());
    }

    [Fact]
    public async Task No_log_in_is_no_answer_of_the_host()
    {
        var refused = await Look().LookAsync(Item("/bin/true", Way() with { Ssh = server!.Plan with { Port = Ports.Free() } }), CheckItems.Long, default);
        var other = await Look().LookAsync(Item("/bin/true", Way() with { Ssh = server.Plan with { HostKeys = [server.OtherKey()] } }), CheckItems.Long, default);
        var keyless = await new SshLook(null, TimeProvider.System).LookAsync(Item("/bin/true"), CheckItems.Long, default);

        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (refused.Status, refused.Reply, refused.NoValue));
        Assert.StartsWith("SSH CRITICAL - no log-in at sshd of web01", refused.Output);
        Assert.Equal(Reply.Transport, other.Reply);
        Assert.Contains("host key", other.Output);
        Assert.Equal(NoValue.EngineFault, keyless.NoValue);
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_a_time_out()
    {
        var said = await Look().LookAsync(Item("/bin/sleep", null, "60"), TimeSpan.FromSeconds(2), default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (said.Status, said.Reply, said.NoValue));
    }

    private SshLook Look()
    {
        Assert.SkipWhen(server is null, SshServer.Missing);
        return new SshLook(new ShellOptions("ssh", server.IdentityFile, folder.File("ssh"), TimeSpan.FromSeconds(5)), TimeProvider.System);
    }

    private int Logins() => File.ReadLines(Path.Combine(server!.Folder, "log")).Count(l => l.Contains("Accepted publickey", StringComparison.Ordinal));

    private InsideWay Way() => InsideItems.Way(Via.Ssh, server?.Port ?? 0, ssh: server?.Plan);

    private ItemPlan Item(string program, InsideWay? way = null, params string[] arguments) => InsideItems.Plugin(way ?? Way(), [program, .. arguments]);

    /// <summary>One server for all tests of the class.</summary>
    public sealed class OneServer : IDisposable
    {
        internal SshServer? Server { get; } = SshServer.Missing.Length == 0 ? SshServer.Start(TimeProvider.System) : null;

        public void Dispose() => Server?.Dispose();
    }

    private Task<LookAnswer> LookAsync(string program, params string[] arguments) => Look().LookAsync(Item(program, null, arguments), CheckItems.Long, default);
}
