using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Hinoban.Notifying.Inbound;

/// <summary>Listens for the MTA on loopback or a unix socket, and runs a dialogue for each of its connections.</summary>
internal sealed class LmtpServer(InboundOptions options, IInboundDoor door, string name, TimeProvider clock, ILogger<LmtpServer> log)
{
    private static readonly TimeSpan OpenAgain = TimeSpan.FromSeconds(5);

    // A dialogue past its dot wants its answer: a mail that is kept and not answered for comes again.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<EndPoint> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock sync = new();
    private readonly HashSet<Task> sessions = [];
    private int open;

    /// <summary>Where it listens, once it does.</summary>
    internal Task<EndPoint> Listening => listening.Task;

    private string Where => options.Socket ?? $"{options.Host}:{options.Port}";

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var hard = new CancellationTokenSource();
        try
        {
            while (true)
            {
                using var listener = await OpenAsync(cancel);
                while (await AcceptAsync(listener, cancel) is { } client)
                {
                    Start(client, cancel, hard.Token);
                }

                // No file handle is free, perhaps: at once it would be no better, and what waits to be accepted goes on waiting.
                await Task.Delay(OpenAgain, clock, cancel);
            }
        }
        finally
        {
            using var limit = new CancellationTokenSource(DrainTime, clock);
            using var cut = limit.Token.Register(hard.Cancel);
            Task[] left;
            lock (sync)
            {
                left = [.. sessions];
            }

            await Task.WhenAll(left);
            if (options.Socket is { } path)
            {
                File.Delete(path);
            }
        }
    }

    // The port may still be held by the desk before us; the MTA waits meanwhile.
    private async Task<Socket> OpenAsync(CancellationToken cancel)
    {
        while (true)
        {
            Socket? listener = null;
            try
            {
                listener = Bind();
                listener.Listen(options.Connections);
                LmtpLog.Listening(log, Where);
                listening.TrySetResult(listener.LocalEndPoint!);
                return listener;
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
            {
                listener?.Dispose();
                LmtpLog.NotOpened(log, Where, e);
                await Task.Delay(OpenAgain, clock, cancel);
            }
        }
    }

    private Socket Bind()
    {
        if (options.Socket is not { } path)
        {
            var address = IPAddress.Parse(options.Host);
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(new IPEndPoint(address, options.Port));
            return listener;
        }

        // Left behind by a process that was killed; the data folder's lock says that no other one lives.
        File.Delete(path);
        var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        local.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            // Postfix connects as its own user; who may enter the folder is the administrator's choice.
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        }

        return local;
    }

    private async Task<Socket?> AcceptAsync(Socket listener, CancellationToken cancel)
    {
        try
        {
            return await listener.AcceptAsync(cancel);
        }
        catch (SocketException e)
        {
            LmtpLog.NotAccepted(log, Where, e);
            return null;
        }
    }

    private void Start(Socket client, CancellationToken stop, CancellationToken hard)
    {
        var one = Task.Run(() => ServeAsync(client, stop, hard), CancellationToken.None);
        lock (sync)
        {
            sessions.Add(one);
        }

        one.ContinueWith(
            done =>
            {
                lock (sync)
                {
                    sessions.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket client, CancellationToken stop, CancellationToken hard)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            if (Interlocked.Increment(ref open) > options.Connections)
            {
                await stream.WriteAsync("421 4.3.2 too many connections\r\n"u8.ToArray(), hard);
                return;
            }

            await new LmtpSession(stream, door, options, name, clock, log).RunAsync(stop, hard);
        }
        catch (Exception e) when (e is LmtpBreak or IOException or SocketException)
        {
            LmtpLog.Broke(log, e.Message);
        }
        catch (OperationCanceledException)
        {
            // We stop; the MTA has everything that was not answered for.
        }
#pragma warning disable CA1031 // One dialogue must not end the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LmtpLog.Failed(log, e);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}
