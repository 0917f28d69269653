using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab;

/// <summary>
/// A port that leads to another one: with a delay before each connection's first byte goes over it makes a slow service; one that lets through a few bytes of the answer
/// and then nothing more, a service that stops in the middle of it.
/// </summary>
internal sealed class SlowRelay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly TimeSpan delay;
    private readonly int most;

    internal SlowRelay(int target, TimeSpan delay, int most = int.MaxValue)
    {
        (this.target, this.delay, this.most) = (target, delay, most);
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
                await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), AnswerAsync(to.GetStream(), from.GetStream()));
            }
            catch (Exception gone) when (gone is SocketException or IOException)
            {
                // One end went first.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        if (most == int.MaxValue)
        {
            await from.CopyToAsync(to);
            return;
        }

        var bytes = new byte[most];
        await from.ReadExactlyAsync(bytes);
        await to.WriteAsync(bytes);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
