using System.Net;
using System.Net.Sockets;

namespace Hinoban.Acceptance.Scene;

/// <summary>A port on loopback that is open or refuses; closed it stays taken, so that nobody else gets it meanwhile.</summary>
internal sealed class Plug : IDisposable
{
    private readonly IPAddress address;
    private Socket socket;

    internal Plug()
        : this(IPAddress.Loopback)
    {
    }

    /// <summary>On that address; <see cref="IPAddress.Any"/>: on every one of 127/8.</summary>
    internal Plug(IPAddress address)
    {
        this.address = address;
        socket = Bind(0);
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        socket.Listen();
        _ = AcceptAsync(socket);
    }

    internal int Port { get; }

    internal void Open()
    {
        socket.Listen();
        _ = AcceptAsync(socket);
    }

    internal void Close()
    {
        socket.Dispose();
        socket = Bind(Port);
    }

    public void Dispose() => socket.Dispose();

    private Socket Bind(int port)
    {
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        bound.Bind(new IPEndPoint(address, port));
        return bound;
    }

    private static async Task AcceptAsync(Socket listening)
    {
        try
        {
            while (true)
            {
                (await listening.AcceptAsync()).Dispose();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
