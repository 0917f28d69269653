using System.Net;
using System.Net.Sockets;
using FsCheck.Fluent;
using FsCheck;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Real ICMP, in networks of our own; and the packets as bytes.</summary>
public sealed class PingLookTests : IDisposable
{
    private static readonly PingLookPlan Plan = new(5, TimeSpan.FromMilliseconds(500), 20, TimeSpan.FromSeconds(1), 60);
    private readonly PingLook look = new(new Connector(), TimeProvider.System);
    private readonly LabNet? net;
    private readonly string whyNot;

    public PingLookTests() => net = LabNet.Create(out whyNot);

    public void Dispose()
    {
        look.Dispose();
        net?.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.8.7")]
    [InlineData("::1")]
    public async Task What_answers_is_measured(string address)
    {
        NeedNet();
        var answer = await LookAsync(address);
        Assert.Equal((CheckStatus.Ok, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Matches(@"^PING OK - Packet loss = 0%, RTA = \d+\.\d\d ms$", answer.Output);
        Assert.Matches(@"^rta=\d+\.\d{3}ms;500;1000;0 pl=0%;20;60;0$", answer.Perfdata);
    }

    [Fact]
    public async Task Many_targets_share_the_socket_without_mixing_up()
    {
        NeedNet();
        net!.BlackHole("192.0.2.9", "192.0.2.1/24");
        var answers = await Task.WhenAll(net.Run(() => Enumerable.Range(1, 200).Select(i => LookNowAsync(i % 4 == 0 ? "192.0.2.9" : $"127.1.0.{i}", 1000)).ToList()));
        for (var i = 1; i <= 200; i++)
        {
            Assert.Equal(i % 4 == 0 ? NoValue.TimedOut : NoValue.None, answers[i - 1].NoValue);
        }
    }

    [Fact]
    public async Task All_lost_is_a_time_out()
    {
        NeedNet();
        net!.BlackHole("192.0.2.9", "192.0.2.1/24");
        var answer = await LookAsync("192.0.2.9", 1200);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (answer.Status, answer.Reply, answer.NoValue));
        Assert.Equal(("PING CRITICAL - Packet loss = 100%, no answer from 192.0.2.9 within 1.2 seconds", "pl=100%;20;60;0"), (answer.Output, answer.Perfdata));
    }

    [Fact]
    public async Task No_route_is_unreachable()
    {
        NeedNet();
        var answer = await LookAsync("198.51.100.1");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Unreachable), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task A_router_that_says_unreachable_is_believed_at_once()
    {
        NeedNet();
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "nftables is not installed: ./dev test installs it");
        net!.Ip("addr add 192.0.2.7/32 dev lo");
        net.Command("nft", "add table ip lab");
        net.Command("nft", "add chain ip lab in { type filter hook input priority 0; }");
        net.Command("nft", "add rule ip lab in ip daddr 192.0.2.7 icmp type echo-request reject with icmp type admin-prohibited");
        var answer = await LookAsync("192.0.2.7");
        Assert.Equal((Reply.Transport, NoValue.Unreachable, "PING CRITICAL - host unreachable (192.0.2.7)"), (answer.Reply, answer.NoValue, answer.Output));
    }

    [Fact]
    public async Task Partly_lost_is_an_answer()
    {
        NeedNet();
        Assert.SkipUnless(File.Exists("/usr/sbin/nft"), "nftables is not installed: ./dev test installs it");
        net!.Command("nft", "add table ip lab");
        net.Command("nft", "add chain ip lab in { type filter hook input priority 0; }");
        net.Command("nft", "add rule ip lab in icmp type echo-request numgen inc mod 5 < 2 drop");
        var answer = await LookAsync("127.0.0.1");
        Assert.Equal((CheckStatus.Warning, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith("PING WARNING - Packet loss = 40%, RTA = ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_permission_the_engine_is_at_fault_not_the_target()
    {
        NeedNet();
        net!.ForbidRawSockets();
        var answer = await LookAsync("127.0.0.1");
        Assert.Equal((CheckStatus.Unknown, NoValue.EngineFault), (answer.Status, answer.NoValue));
        Assert.StartsWith("PING UNKNOWN - this program may not send ICMP: give it the capability CAP_NET_RAW", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_datagram_socket_does_where_the_kernel_allows_it(string address)
    {
        NeedNet();
        net!.ForbidRawSockets();
        net.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
            return 0;
        });
        var answer = await LookAsync(address);
        Assert.Equal((CheckStatus.Ok, Reply.Answer), (answer.Status, answer.Reply));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void An_echo_is_recognised_only_with_our_secret(AddressFamily family)
    {
        var packet = new byte[Echo.Size];
        Echo.Write(packet, family, 0x1234, 77, 0xBEEF, 9);
        packet[0] = family == AddressFamily.InterNetwork ? (byte)0 : (byte)129;
        Assert.Equal(EchoSaid.Reply, Echo.Read(packet, family, 0x1234, 0xBEEF, out var sequence, out var token, out _));
        Assert.Equal(((ushort)77, 9L), (sequence, token));
        Assert.Equal(EchoSaid.Reply, Echo.Read(packet, family, null, 0xBEEF, out _, out _, out _));
        Assert.Equal(EchoSaid.Nothing, Echo.Read(packet, family, 0x1234, 0xDEAD, out _, out _, out _));
        Assert.Equal(EchoSaid.Nothing, Echo.Read(packet, family, 0x4321, 0xBEEF, out _, out _, out _));
        Assert.Equal(EchoSaid.Nothing, Echo.Read(packet.AsSpan(0, 8), family, 0x1234, 0xBEEF, out _, out _, out _));
    }

    [Fact]
    public void An_error_is_recognised_by_the_first_eight_bytes_of_our_packet()
    {
        var packet = new byte[Echo.Size];
        Echo.Write(packet, AddressFamily.InterNetwork, 0x1234, 77, 0xBEEF, 9);
        byte[] header = [0x45, 0, 0, 84, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 192, 0, 2, 9];
        byte[] error = [3, 1, 0, 0, 0, 0, 0, 0, .. header, .. packet.AsSpan(0, 8)];
        Assert.Equal(EchoSaid.Unreachable, Echo.Read(error, AddressFamily.InterNetwork, 0x1234, 0xBEEF, out var sequence, out _, out var about));
        Assert.Equal(((ushort)77, IPAddress.Parse("192.0.2.9")), (sequence, about));
        Assert.Equal(EchoSaid.Nothing, Echo.Read(error, AddressFamily.InterNetwork, 0x9999, 0xBEEF, out _, out _, out _));
    }

    [Fact]
    public void The_checksum_closes() => Prop.ForAll<byte[]>(bytes =>
    {
        var even = bytes.Length % 2 == 0 ? bytes : [.. bytes, 0];
        byte[] packet = [0, 0, .. even];
        var sum = Echo.Checksum(packet);
        (packet[0], packet[1]) = ((byte)(sum >> 8), (byte)sum);
        return Echo.Checksum(packet) == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reading_any_bytes_never_fails() => Prop.ForAll<byte[], bool>((bytes, six) =>
        Echo.Read(Echo.AfterIPv4Header(bytes), AddressFamily.InterNetwork, 1, 1, out _, out _, out _) == EchoSaid.Nothing
        && Echo.Read([six ? (byte)1 : (byte)3, .. bytes], six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, 1, 1, out _, out _, out _) == EchoSaid.Nothing)
        .QuickCheckThrowOnFailure();

    private Task<LookAnswer> LookAsync(string address, int milliseconds = 5000) => net!.Run(() => LookNowAsync(address, milliseconds));

    private Task<LookAnswer> LookNowAsync(string address, int milliseconds) => look.LookAsync(CheckItems.Of(Plan, address), TimeSpan.FromMilliseconds(milliseconds), default);

    private void NeedNet() => Assert.SkipWhen(net is null, whyNot);
}
