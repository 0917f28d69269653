using System.Net;
using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Lab;

namespace Hinoban.Tests.Checks;

/// <summary>What the kernel says of a way that is not there is a failure of the way, not of our engine.</summary>
public sealed class LookFailuresTests
{
    [Theory]
    [InlineData("blackhole")]
    [InlineData("unreachable")]
    public void A_route_that_ends_on_this_machine_is_a_way_that_is_not_there(string route)
    {
        using var net = LabNet.Create(out var whyNot);
        Assert.SkipWhen(net is null, whyNot);
        net!.Ip($"route add {route} 192.0.2.9/32");
        var error = net.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Parse("192.0.2.9"), 80)).SocketErrorCode;
        });
        var answer = LookFailures.Of("", error, "192.0.2.9:80");
        Assert.Equal((CheckStatus.Critical, Reply.Transport, NoValue.Unreachable), (answer.Status, answer.Reply, answer.NoValue));
    }
}
