using System.Net;
using System.Net.Sockets;
using Hinoban.Lab.Servers;

namespace Hinoban.Acceptance.Scene;

/// <summary>Where in a delivery to the desk the line is held.</summary>
internal enum HoldAt
{
    /// <summary>Nowhere.</summary>
    Nowhere,

    /// <summary>After the first octets of the message: the desk has half of it.</summary>
    Message,

    /// <summary>At the desk's answer to the whole message: it has it, and the MTA does not know.</summary>
    Answer,
}

/// <summary>
/// A line between Postfix and the desk's door for mail, that the test can hold in the middle of a delivery; held, it is cut when the desk dies.
/// </summary>
internal sealed class Mouth : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Task listening;
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile HoldAt hold = HoldAt.Nowhere;
    private string mark = "";

    internal Mouth()
    {
        listener.Start();
        listening = ListenAsync();
    }

    /// <summary>Where Postfix connects to.</summary>
    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where the desk listens.</summary>
    internal int Desk { get; } = Ports.Free();

    /// <summary>Holds the delivery of the message with this in its beginning; the task ends when it is held.</summary>
    internal Task HoldAsync(HoldAt at, string message)
    {
        held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (mark, hold) = (message, at);
        return held.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await listening;
        ending.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync(ending.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient postfix)
    {
        using (postfix)
        {
            try
            {
                using var desk = new TcpClient();
                await desk.ConnectAsync(IPAddress.Loopback, Desk, ending.Token);
                var said = new Said();
                var there = PumpAsync(postfix.GetStream(), desk.GetStream(), said, fromPostfix: true);
                var back = PumpAsync(desk.GetStream(), postfix.GetStream(), said, fromPostfix: false);
                await Task.WhenAny(there, back);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // The desk is away: Postfix sees a line that is cut.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Said said, bool fromPostfix)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, ending.Token) is > 0 and var length)
        {
            var text = System.Text.Encoding.Latin1.GetString(buffer, 0, length);
            if (fromPostfix)
            {
                said.Text += text;
            }

            if (hold == HoldAt.Message && fromPostfix && said.Text.Contains(mark, StringComparison.Ordinal))
            {
                await to.WriteAsync(buffer.AsMemory(0, length / 2), ending.Token);
                Held();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ending.Token);
            }

            if (hold == HoldAt.Answer && !fromPostfix && said.Text.Contains(mark, StringComparison.Ordinal) && text.StartsWith("250 2.1.5", StringComparison.Ordinal) && said.Text.Contains("\r\n.\r\n", StringComparison.Ordinal))
            {
                // The answer is never given.
                Held();
                while (await from.ReadAsync(buffer, ending.Token) > 0)
                {
                    // Until the desk dies.
                }

                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, length), ending.Token);
        }
    }

    private void Held()
    {
        hold = HoldAt.Nowhere;
        held.TrySetResult();
    }

    private sealed class Said
    {
        internal string Text { get; set; } = "";
    }
}
