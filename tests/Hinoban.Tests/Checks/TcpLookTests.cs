using System.Net;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

public sealed class TcpLookTests
{
    private readonly TcpLook look = new(new Connector(), TimeProvider.System);

    [Fact]
    public async Task An_open_port_is_an_answer_with_its_time()
    {
        using var host = new BreakableHost();
        var answer = await LookAsync(host.Port);
        Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches($@"^TCP OK - \d\.\d{{3}} second response time on 127.0.0.1 port {host.Port}$", answer.Output);
        Assert.Matches(@"^time=0\.\d{6}s;3;8;0;10$", answer.Perfdata);
    }

    [Fact]
    public async Task A_closed_port_is_refused_transport()
    {
        using var host = new BreakableHost(HostMood.Refuses);
        var answer = await LookAsync(host.Port);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"TCP CRITICAL - connection refused (127.0.0.1:{host.Port})", answer.Output);
    }

    [Fact]
    public async Task A_black_hole_is_a_time_out_at_the_time_out()
    {
        using var host = new BreakableHost(HostMood.Hangs);
        var started = TimeProvider.System.GetTimestamp();
        var answer = await LookAsync(host.Port, CheckItems.Short);
        var took = TimeProvider.System.GetElapsedTime(started);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Contains("within 0.4 seconds", answer.Output);
        Assert.InRange(took.TotalSeconds, 0.39, 3);
    }

    [Fact]
    public async Task Slow_is_an_answer_with_a_severity()
    {
        using var host = new BreakableHost();
        var plan = new TcpLookPlan(host.Port, TimeSpan.Zero, TimeSpan.Zero);
        var answer = await look.LookAsync(CheckItems.Of(plan), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task No_route_is_unreachable()
    {
        using var net = LabNet.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        var answer = await net!.Run(() => look.LookAsync(CheckItems.Of(new TcpLookPlan(80, null, null), "192.0.2.1"), CheckItems.Long, default));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Unreachable), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task An_address_that_never_answers_times_out()
    {
        using var net = LabNet.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        net!.BlackHole("192.0.2.9", "192.0.2.1/24");
        var answer = await net.Run(() => look.LookAsync(CheckItems.Of(new TcpLookPlan(80, null, null), "192.0.2.9"), CheckItems.Short, default));
        Assert.Equal((Reply.Transport, NoValue.TimedOut), (answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_says_so()
    {
        var answer = await look.LookAsync(CheckItems.Of(new TcpLookPlan(80, null, null), "no-such-host.invalid"), CheckItems.Long, default);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.NameUnresolved), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task IPv6_is_looked_at_too()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6 && File.Exists("/proc/net/if_inet6"), "this machine has no IPv6");
        using var host = new BreakableHost(address: IPAddress.IPv6Loopback);
        var answer = await look.LookAsync(CheckItems.Of(new TcpLookPlan(host.Port, null, null), "::1"), CheckItems.Long, default);
        Assert.Equal(CheckStatus.Ok, answer.Status);
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_time_out()
    {
        using var host = new BreakableHost(HostMood.Hangs);
        using var cancel = new CancellationTokenSource();
        var looking = look.LookAsync(CheckItems.Of(new TcpLookPlan(host.Port, null, null)), CheckItems.Long, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    private Task<LookAnswer> LookAsync(int port, TimeSpan? timeout = null) =>
        look.LookAsync(CheckItems.Of(new TcpLookPlan(port, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8))), timeout ?? CheckItems.Long, default);
}
