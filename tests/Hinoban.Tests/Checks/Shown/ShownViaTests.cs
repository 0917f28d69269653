using Hinoban.Checks;
using Hinoban.Checks.Ssh;
using Hinoban.Checks.Via;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R69 to R75 by the stock NRPE daemon and over a real sshd: slow, wrong and away.</summary>
public sealed class ShownViaTests : IDisposable
{
    private static readonly (string, string)[] Commands =
    [
        ("check_load", "/usr/lib/nagios/plugins/check_load -w 10000,10000,10000 -c 20000,20000,20000"),
        ("busy", "/usr/lib/nagios/plugins/check_load -w 0,0,0 -c 0,0,0"),
        ("odd", "/bin/sh -c 'echo odd; exit 77'"),
        ("late", "/bin/sh -c 'sleep 30'"),
    ];

    private readonly TempFolder folder = new();
    private readonly NrpeLook look = new(new Connector(), new PluginLook(PluginOptions.Default, TimeProvider.System), TimeProvider.System);

    public static TheoryData<string> Families => ["127.0.0.1", "::1"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public async Task The_stock_daemon(string address)
    {
        var six = address == "::1";
        Assert.SkipWhen(NrpeServer.Missing.Length > 0, NrpeServer.Missing);
        Assert.SkipWhen(six && !Ports.Six, "this machine has no ::1");
        using var daemon = NrpeServer.Start(NrpeServer.Tls.Certificate, TimeProvider.System, six, Commands);
        var place = LookFailures.Place(address, daemon.Port);
        var well = await AskAsync(address, daemon.Port, "check_load");
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (well.Status, well.Reply));
        Assert.StartsWith("LOAD OK - total load average: ", well.Output, StringComparison.Ordinal);
        Assert.Equal((CheckStatus.Unknown, Reply.Answer, "NRPE: Command 'none' not defined"), Short(await AskAsync(address, daemon.Port, "none")));
        Assert.Equal(Reply.Answer, (await AskAsync(address, daemon.Port, "odd")).Reply);
        var late = await AskAsync(address, daemon.Port, "late", TimeSpan.FromSeconds(1));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, $"NRPE CRITICAL - the NRPE daemon of web01 ({place}) does not answer within 1 seconds"), Short(late));

        var slow = await Standstill.WhileAsync(daemon.Pid, TimeSpan.FromMilliseconds(300), () => AskAsync(address, daemon.Port, "check_load"));
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (slow.Status, slow.Reply));
        using var still = new Standstill(daemon.Pid);
        Assert.Equal(
            (CheckStatus.Critical, Reply.Transport, $"NRPE CRITICAL - the NRPE daemon of web01 ({place}) does not answer within 0.4 seconds"),
            Short(await AskAsync(address, daemon.Port, "check_load", CheckItems.Short)));
        var dying = AskAsync(address, daemon.Port, "check_load");
        still.Kill();
        var cut = await dying;
        Assert.Equal((CheckStatus.Critical, Reply.Transport), (cut.Status, cut.Reply));
        Assert.Equal(
            (CheckStatus.Critical, Reply.Transport, $"NRPE CRITICAL - the NRPE daemon of web01 ({place}) does not answer: connection refused"), Short(await AskAsync(address, daemon.Port, "check_load")));
    }

    [Fact]
    public async Task An_NRPE_port_where_nobody_answers_or_another_does()
    {
        using var hole = new BreakableHost(HostMood.Hangs);
        using var mail = new BreakableHost(HostMood.Accepts, "220 mail.example.jp ESMTP\r\n");
        Assert.Equal(
            (CheckStatus.Critical, Reply.Transport, $"NRPE CRITICAL - the NRPE daemon of web01 (127.0.0.1:{hole.Port}) does not answer within 0.4 seconds"),
            Short(await AskAsync("127.0.0.1", hole.Port, "check_load", CheckItems.Short)));
        var other = await AskAsync("127.0.0.1", mail.Port, "check_load");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TlsCut), (other.Status, other.Reply, other.NoValue));
        Assert.StartsWith($"NRPE CRITICAL - TLS with the NRPE daemon of web01 (127.0.0.1:{mail.Port}) failed: ", other.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task A_host_over_SSH(string address)
    {
        Assert.SkipWhen(SshServer.Missing.Length > 0, SshServer.Missing);
        Assert.SkipWhen(address == "::1" && !Ports.Six, "this machine has no ::1");
        using var server = SshServer.Start(TimeProvider.System);
        var ssh = new SshLook(new ShellOptions("ssh", server.IdentityFile, folder.File("ssh"), TimeSpan.FromSeconds(8)), TimeProvider.System);
        var item = InsideItems.Plugin(InsideItems.Way(Via.Ssh, server.Port, ssh: server.Plan) with { Address = address }, "check_load", "-w", "10000,10000,10000", "-c", "20000,20000,20000");
        var place = LookFailures.Place(address, server.Port);
        var slow = await Standstill.WhileAsync(server.Pid, TimeSpan.FromMilliseconds(300), () => ssh.LookAsync(item, CheckItems.Long, default));
        Assert.True((slow.Status, slow.Reply) == (CheckStatus.Ok, Reply.Answer), slow.Output);
        Assert.StartsWith("LOAD OK - total load average: ", slow.Output, StringComparison.Ordinal);

        using var still = new Standstill(server.Pid);
        var silent = await ssh.LookAsync(item, TimeSpan.FromSeconds(1), default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (silent.Status, silent.Reply, silent.NoValue));
        Assert.Equal($"SSH CRITICAL - sshd of web01 ({place}) does not answer within 1 seconds", silent.Output);
        still.Kill();
        var away = await ssh.LookAsync(item, CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport), (away.Status, away.Reply));
        Assert.StartsWith($"SSH CRITICAL - ", away.Output, StringComparison.Ordinal);
        Assert.Contains(place, away.Output, StringComparison.Ordinal);
    }

    private static (CheckStatus, Reply, string) Short(LookAnswer answer) => (answer.Status, answer.Reply, answer.Output);

    private Task<LookAnswer> AskAsync(string address, int port, string command, TimeSpan? timeout = null) =>
        look.LookAsync(InsideItems.Load(InsideItems.Way(Via.Nrpe, port, command) with { Address = address }), timeout ?? CheckItems.Long, default);
}
