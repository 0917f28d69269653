using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hinoban.Tests.Notifying;

/// <summary>A relay that plays a fixed list of byte strings: the first on connection, the next after each line or message that it gets.</summary>
internal sealed class ScriptedRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task playing;

    internal ScriptedRelay(params string[] replies)
    {
        listener.Start();
        playing = PlayAsync(replies);
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal List<string> Heard { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        try
        {
            await playing;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The client left.
        }

        ending.Dispose();
    }

    private async Task PlayAsync(string[] replies)
    {
        using var client = await listener.AcceptTcpClientAsync(ending.Token);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        for (var at = 0; at < replies.Length; at++)
        {
            if (at > 0)
            {
                var message = replies[at - 1].StartsWith("354", StringComparison.Ordinal);
                string? line;
                do
                {
                    line = await reader.ReadLineAsync(ending.Token);
                    Heard.Add(line ?? "(end)");
                }
                while (message && line is not null and not ".");
            }

            if (replies[at] == "hang")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending.Token);
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(replies[at]), ending.Token);
        }
    }
}
