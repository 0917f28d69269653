using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab;

/// <summary>A port that leads to another one, with a delay before each connection's first byte goes over: a service that is slow.</summary>
internal sealed class SlowRelay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly TimeSpan delay;

    internal SlowRelay(int target, TimeSpan delay)
    {
        (this.target, this.delay) = (target, delay);
        listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(TcpClient from)
    {
        using (from)
        {
            try
            {
                await Task.Delay(delay, TimeProvider.System);
                using var to = new TcpClient();
                await to.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
            }
            catch (Exception gone) when (gone is SocketException or IOException)
            {
                // One end went first.
            }
        }
    }
}
