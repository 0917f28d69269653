using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab.Servers;

/// <summary>Ports on loopback for daemons that tests start: free ones, and whether somebody listens there.</summary>
internal static class Ports
{
    /// <summary>The port people expect if it is free, else any.</summary>
    internal static int FreeOr(int usual)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, usual);
            probe.Start();
            return usual;
        }
        catch (SocketException)
        {
            return Free();
        }
    }

    /// <summary>This machine has <c>::1</c>.</summary>
    internal static bool Six { get; } = HasSix();

    private static bool HasSix()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Loopback, 0);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Somebody takes connections there.</summary>
    internal static bool Listens(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
