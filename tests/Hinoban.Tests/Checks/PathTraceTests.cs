using Hinoban.Checks;

namespace Hinoban.Tests.Checks;

/// <summary>The way to an address, from what ping prints of each hop; and of the real ping on loopback.</summary>
public sealed class PathTraceTests
{
    private const string Header = "PING 192.0.2.10 (192.0.2.10) 56(84) bytes of data.\n";
    private const string Hop1 = Header + "From 10.0.0.1 icmp_seq=1 Time to live exceeded\n\n--- 192.0.2.10 ping statistics ---\n";
    private const string Hop3 = Header + "From 2001:db8::3: icmp_seq=1 Time to live exceeded\n";
    private const string Nothing = Header + "\n--- 192.0.2.10 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n";
    private const string There = Header + "64 bytes from 192.0.2.10: icmp_seq=1 ttl=61 time=12.3 ms\n";
    private const string NoWay = Header + "From 10.0.0.9 icmp_seq=1 Destination Host Unreachable\n";

    [Fact]
    public void It_ends_at_the_target() =>
        Assert.Equal(" 1  10.0.0.1\n 2  *\n 3  2001:db8::3\n 4  192.0.2.10  12.3 ms", PathTrace.Print([Hop1, Nothing, Hop3, There, There, There]));

    [Fact]
    public void It_ends_where_a_router_knows_no_way() =>
        Assert.Equal(" 1  10.0.0.1\n 2  10.0.0.9  Destination Host Unreachable", PathTrace.Print([Hop1, NoWay, NoWay, Nothing]));

    [Fact]
    public void It_says_from_where_on_nothing_answers()
    {
        Assert.Equal(" 1  10.0.0.1\n 2  * (no answer from here on, up to hop 4)", PathTrace.Print([Hop1, Nothing, Nothing, Nothing]));
        Assert.Equal(" 1  * (no answer from here on, up to hop 2)", PathTrace.Print(["", ""]));
    }

    [Fact]
    public async Task The_real_ping_reaches_loopback_in_one_hop_and_takes_no_options_from_an_address()
    {
        if (!File.Exists("/usr/bin/ping") && !File.Exists("/bin/ping"))
        {
            Assert.Skip("ping is not installed: ./dev test installs it");
        }

        var trace = new PathTrace(TimeProvider.System);
        Assert.Matches(@"\A 1  127\.0\.0\.1  [\d.]+ ms\z", await trace.RunAsync("127.0.0.1", TestContext.Current.CancellationToken));
        Assert.Equal("(not an address)", await trace.RunAsync("-f", TestContext.Current.CancellationToken));
    }
}
