using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks.Shown;

/// <summary>R61 in both families, on the kernel's own ICMP: delay, loss and being away are three different things.</summary>
public sealed class ShownPingTests : IDisposable
{
    private readonly PingLook look = new(new Connector(), TimeProvider.System);
    private readonly LabNet? net;
    private readonly string whyNot;

    public ShownPingTests() => net = LabNet.Create(out whyNot);

    public static TheoryData<string> Loopback => ["127.0.0.1", "::1"];

    public void Dispose()
    {
        look.Dispose();
        net?.Dispose();
    }

    // The wire takes 1,000 bytes a second: each packet waits behind the one before.
    [Theory]
    [MemberData(nameof(Loopback))]
    public async Task A_slow_wire_is_a_delay_and_no_loss(string address)
    {
        Need("/usr/sbin/tc", "iproute2");
        net!.Command("tc", "qdisc add dev lo root tbf rate 8kbit burst 150 latency 20s");
        var warning = await LookAsync(address, new PingLookPlan(4, TimeSpan.FromMilliseconds(30), 20, TimeSpan.FromSeconds(8), 60));
        var critical = await LookAsync(address, new PingLookPlan(4, TimeSpan.FromMilliseconds(10), 20, TimeSpan.FromMilliseconds(30), 60));
        Assert.Equal((CheckStatus.Warning, Reply.Answer, NoValue.None), (warning.Status, warning.Reply, warning.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Answer, NoValue.None), (critical.Status, critical.Reply, critical.NoValue));
        Assert.Matches(@"^PING WARNING - Packet loss = 0%, RTA = \d+\.\d\d ms$", warning.Output);
        Assert.Matches(@"^PING CRITICAL - Packet loss = 0%, RTA = \d+\.\d\d ms$", critical.Output);
    }

    [Theory]
    [InlineData("127.0.0.1", "icmp", 2, nameof(CheckStatus.Warning), "PING WARNING - Packet loss = 40%, RTA = ")]
    [InlineData("127.0.0.1", "icmp", 4, nameof(CheckStatus.Critical), "PING CRITICAL - Packet loss = 80%, RTA = ")]
    [InlineData("::1", "icmpv6", 2, nameof(CheckStatus.Warning), "PING WARNING - Packet loss = 40%, RTA = ")]
    [InlineData("::1", "icmpv6", 4, nameof(CheckStatus.Critical), "PING CRITICAL - Packet loss = 80%, RTA = ")]
    public async Task Loss_is_an_answer_with_a_severity(string address, string protocol, int lost, string status, string output)
    {
        Need("/usr/sbin/nft", "nftables");
        Rule($"{protocol} type echo-request numgen inc mod 5 < {lost} drop");
        var answer = await LookAsync(address);
        Assert.Equal((status, Reply.Answer, NoValue.None), ($"{answer.Status}", answer.Reply, answer.NoValue));
        Assert.StartsWith(output, answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("2001:db8::9")]
    public async Task A_target_that_never_answers_is_a_time_out(string address)
    {
        Need("/usr/sbin/ip", "iproute2");
        net!.BlackHole("192.0.2.9", "192.0.2.1/24");
        net.Ip("addr add 2001:db8::1/64 dev hole nodad");
        net.Ip("neigh add 2001:db8::9 lladdr 02:00:00:00:00:99 dev hole nud permanent");
        var answer = await LookAsync(address, seconds: 1.2);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"PING CRITICAL - Packet loss = 100%, no answer from {address} within 1.2 seconds", answer.Output);
    }

    [Theory]
    [InlineData("192.0.2.7", "icmp")]
    [InlineData("2001:db8::7", "icmpv6")]
    public async Task A_way_that_says_unreachable_is_believed_at_once(string address, string protocol)
    {
        Need("/usr/sbin/nft", "nftables");
        net!.Ip($"addr add {address} dev lo{(protocol == "icmp" ? "" : " nodad")}");
        Rule($"{protocol} type echo-request reject with icmpx type admin-prohibited");
        var answer = await LookAsync(address);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Unreachable), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal($"PING CRITICAL - host unreachable ({address})", answer.Output);
    }

    private void Rule(string rule)
    {
        net!.Command("nft", "add table inet lab");
        net.Command("nft", "add chain inet lab in { type filter hook input priority 0; }");
        net.Command("nft", $"add rule inet lab in {rule}");
    }

    private Task<LookAnswer> LookAsync(string address, PingLookPlan? plan = null, double seconds = 10) => net!.Run(() => look.LookAsync(
        CheckItems.Of(plan ?? new PingLookPlan(5, TimeSpan.FromMilliseconds(500), 20, TimeSpan.FromSeconds(1), 60), address), TimeSpan.FromSeconds(seconds), default));

    private void Need(string program, string package)
    {
        Assert.SkipWhen(net is null, whyNot);
        Assert.SkipUnless(File.Exists(program) || File.Exists(program.Replace("/usr", "", StringComparison.Ordinal)), $"{package} is not installed: ./dev test installs it");
    }
}
