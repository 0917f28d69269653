using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab.Servers;

/// <summary>Free ports on loopback for daemons that tests start.</summary>
internal static class Ports
{
    internal static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
