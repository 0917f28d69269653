using System.Net;
using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>One real name server for the class.</summary>
public sealed class DnsFixture : IDisposable
{
    private readonly TempFolder folder = new();

    public DnsFixture() => Server = PlainServers.Missing is null ? PlainServers.StartDns(folder.Path) : null;

    internal LabDaemon? Server { get; }

    public void Dispose()
    {
        Server?.Dispose();
        folder.Dispose();
    }
}

/// <summary>TCP and UDP with something said and something expected, and questions to a name server: right, wrong, away.</summary>
public sealed class TalkLookTests(DnsFixture dns) : IClassFixture<DnsFixture>
{
    private readonly Looks looks = new(PluginOptions.Default, TimeProvider.System);

    [Theory]
    [InlineData("PONG", nameof(CheckStatus.Ok), nameof(NoValue.None))]
    [InlineData("+PO", nameof(CheckStatus.Ok), nameof(NoValue.None))]
    [InlineData("PANG", nameof(CheckStatus.Critical), nameof(NoValue.None))]
    public async Task A_text_is_sent_and_another_expected(string expect, string status, string why)
    {
        using var host = new BreakableHost(HostMood.Answers, "+PONG\r\n");
        var answer = await LookAsync(new TcpLookPlan(host.Port, null, null, new TalkPlan(@"PING\r\n", ["nothing", expect], "", TlsPlan.None)));
        Assert.Equal((status, Reply.Answer, why), ($"{answer.Status}", answer.Reply, $"{answer.NoValue}"));
        Assert.Equal("PING\r\n", host.Heard);
    }

    [Theory]
    [InlineData(1020)]
    [InlineData(1021)]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(9000)]
    public async Task What_is_expected_may_come_in_parts(int before)
    {
        using var host = new BreakableHost(HostMood.Answers, new string('x', before) + "PONG");
        var answer = await LookAsync(new TcpLookPlan(host.Port, null, null, new TalkPlan("PING", ["nothing of that length", "PONG"], "", TlsPlan.None)));
        Assert.Equal(CheckStatus.Ok, answer.Status);
    }

    [Fact]
    public async Task What_is_expected_and_does_not_come_is_slow_or_away()
    {
        using var host = new BreakableHost(HostMood.Stalls, "+PON");
        var plan = new TcpLookPlan(host.Port, null, null, new TalkPlan(@"PING\r\n", ["PONG"], "", TlsPlan.None));
        var half = await LookAsync(plan, CheckItems.Short);
        host.Become(HostMood.Stalls);
        var nothing = await LookAsync(plan, CheckItems.Short);
        host.Become(HostMood.Resets);
        var reset = await LookAsync(plan);
        Assert.Equal((Reply.Answer, NoValue.TimedOut), (half.Reply, half.NoValue));
        Assert.Equal((Reply.Transport, NoValue.TimedOut), (nothing.Reply, nothing.NoValue));
        Assert.Equal((Reply.Transport, NoValue.Refused), (reset.Reply, reset.NoValue));
    }

    [Theory]
    [InlineData("www.example.test", "A", "192.0.2.10", "DNS OK - ")]
    [InlineData("www.example.test", "AAAA", "2001:DB8:0::10", "DNS OK - ")]
    [InlineData("alias.example.test", "A", "192.0.2.10", "DNS OK - ")]
    [InlineData("alias.example.test", "CNAME", "www.example.test.", "DNS OK - ")]
    [InlineData("example.test", "MX", "10 mx1.example.test", "DNS OK - ")]
    [InlineData("example.test", "TXT", "v=spf1 -all", "DNS OK - ")]
    [InlineData("_imap._tcp.example.test", "SRV", "0 5 143 www.example.test", "DNS OK - ")]
    [InlineData("192.0.2.10", "PTR", "www.example.test", "DNS OK - ")]
    [InlineData("www.example.test", "A", "192.0.2.99", "DNS CRITICAL - refused: '192.0.2.99' is not among www.example.test A 192.0.2.10")]
    [InlineData("nothing.example.test", "A", null, "DNS CRITICAL - refused: NXDOMAIN for nothing.example.test A")]
    [InlineData("www.example.test", "MX", null, "DNS CRITICAL - refused: no MX record of www.example.test")]
    [InlineData("www.elsewhere.example", "A", null, "DNS CRITICAL - refused: REFUSED for www.elsewhere.example A")]
    public async Task A_name_server_is_asked(string name, string type, string? expect, string output)
    {
        var answer = await LookAsync(new DnsLookPlan(Dns, name, type, expect is null ? [] : [expect], null, null));
        Assert.StartsWith(output, answer.Output, StringComparison.Ordinal);
        Assert.Equal((Reply.Answer, NoValue.None), (answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_fetched_over_TCP()
    {
        var whole = string.Concat(Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 200)));
        var answer = await LookAsync(new DnsLookPlan(Dns, "long.example.test", "TXT", [whole], null, null));
        Assert.Equal(CheckStatus.Ok, answer.Status);
        Assert.Contains("time_connect=", answer.Perfdata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_does_not_fit_and_TCP_is_closed_the_way_has_failed()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var looking = LookAsync(new DnsLookPlan(((IPEndPoint)server.LocalEndPoint!).Port, "www.example.test", "A", [], null, null));
        var message = new byte[512];
        var heard = await server.ReceiveFromAsync(message, new IPEndPoint(IPAddress.Any, 0));
        message[2] |= 0x82; // an answer, cut short
        await server.SendToAsync(message.AsMemory(0, heard.ReceivedBytes), heard.RemoteEndPoint);
        var answer = await looking;
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (answer.Status, answer.Reply, answer.NoValue));
    }

    [Fact]
    public async Task A_datagram_is_answered_as_expected_or_not()
    {
        var question = Convert.ToHexString(DnsCodec.Question(0x4142, "www.example.test", 1));
        var send = string.Concat(question.Chunk(2).Select(h => $@"\x{h[0]}{h[1]}"));
        var right = await LookAsync(new UdpLookPlan(Dns, send, [@"AB\x85", @"AB\x84"], null, null));
        var wrong = await LookAsync(new UdpLookPlan(Dns, send, ["no such thing"], null, null));
        var any = await LookAsync(new UdpLookPlan(Dns, send, [], null, null));
        Assert.Equal((CheckStatus.Ok, CheckStatus.Critical, CheckStatus.Ok), (right.Status, wrong.Status, any.Status));
        Assert.Equal((Reply.Answer, NoValue.None), (wrong.Reply, wrong.NoValue));
    }

    [Fact]
    public async Task A_closed_port_and_a_silent_one_are_failures_of_the_way()
    {
        var closed = await LookAsync(new UdpLookPlan(Ports.Free(), "x", [], null, null));
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)silent.LocalEndPoint!).Port;
        var black = await LookAsync(new DnsLookPlan(port, "www.example.test", "A", [], null, null), CheckItems.Short);
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Refused), (closed.Status, closed.Reply, closed.NoValue));
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.TimedOut), (black.Status, black.Reply, black.NoValue));
        // Asked three times, for the network may lose one.
        silent.Blocking = false;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(DnsCodec.Question(0, "www.example.test", 1).Length, silent.Receive(new byte[512]));
        }

        Assert.Throws<SocketException>(() => silent.Receive(new byte[512]));
    }

    [Fact]
    public async Task What_is_no_DNS_is_garbage()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var looking = LookAsync(new DnsLookPlan(((IPEndPoint)other.LocalEndPoint!).Port, "www.example.test", "A", [], null, null));
        var heard = await other.ReceiveFromAsync(new byte[512], new IPEndPoint(IPAddress.Any, 0));
        await other.SendToAsync("HTTP/1.1 400 Bad Request\r\n"u8.ToArray(), heard.RemoteEndPoint);
        var answer = await looking;
        Assert.Equal((Reply.Answer, NoValue.Garbage), (answer.Reply, answer.NoValue));
    }

    private int Dns
    {
        get
        {
            Assert.SkipWhen(dns.Server is null, PlainServers.Missing ?? "");
            return dns.Server!.Port;
        }
    }

    private Task<LookAnswer> LookAsync(LookPlan plan, TimeSpan? timeout = null) => looks.LookAsync(CheckItems.Of(plan), timeout ?? CheckItems.Long, default);
}
