using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hinoban.Agent.Setup;

namespace Hinoban.Agent.Serving;

/// <summary>Listens, lets in whom the plan allows, and keeps count. The plan may be swapped while it runs, but not where it listens.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly List<Socket> listeners = [];
    private readonly ConcurrentDictionary<IPAddress, int> inside = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private readonly ConcurrentDictionary<Task, bool> open = new();
    private readonly Connection connection;
    private readonly ServingLimits limits;
    private readonly TimeProvider clock;
    private readonly AgentLog log;
    private volatile Current current;
    private int count;

    internal Server(AgentPlan plan, SiteTls tls, Answers answers, ServingLimits limits, TimeProvider clock, AgentLog log)
    {
        current = new Current(plan, tls);
        connection = new Connection(answers, limits, clock, log);
        (this.limits, this.clock, this.log) = (limits, clock, log);
    }

    /// <summary>Where it listens, with the ports that were really given.</summary>
    internal IReadOnlyList<IPEndPoint> Ends => [.. listeners.Select(l => (IPEndPoint)l.LocalEndPoint!)];

    /// <summary>Listens at every end of the plan; throws <see cref="SocketException"/> if one cannot be had. A machine without IPv6 does with the others.</summary>
    internal void Start()
    {
        foreach (var end in current.Plan.Listen)
        {
            if (end.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6 && current.Plan.Listen.Any(e => e.AddressFamily == AddressFamily.InterNetwork))
            {
                log.Note($"{end}: this machine has no IPv6");
                continue;
            }

            var listener = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listeners.Add(listener);
            if (end.AddressFamily == AddressFamily.InterNetworkV6)
            {
                listener.DualMode = false; // 0.0.0.0 and [::] may stand side by side
            }

            listener.Bind(end);
            listener.Listen(128);
        }

        loops.AddRange(listeners.Select(AcceptAsync));
    }

    internal void Swap(AgentPlan plan, SiteTls tls) => current = new Current(plan, tls);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listeners.ForEach(l => l.Dispose());
        await Task.WhenAll([.. loops, .. open.Keys]);
        stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Welcome(await listener.AcceptAsync(stop.Token));
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException trouble)
            {
                // Out of descriptors, say: it may pass, and must not be asked again at once.
                await PauseAsync($"cannot accept: {trouble.Message}");
            }
            catch (Exception fault)
            {
                await PauseAsync($"cannot accept, a fault of this program: {fault}");
            }
        }
    }

    private async Task PauseAsync(string why)
    {
        try
        {
            log.Warn("accept", why);
        }
        catch (Exception mute) when (mute is IOException or ObjectDisposedException)
        {
            // A journal that is away is no reason to answer nobody.
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100), clock, CancellationToken.None);
    }

    private void Welcome(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint { Address: var from } || !AddressGate.Allows(current.Plan.Allow, from))
        {
            log.Warn("address", $"{socket.RemoteEndPoint}: not allowed to ask");
            Refuse(socket);
            return;
        }

        var (all, here) = (Interlocked.Increment(ref count), inside.AddOrUpdate(from, 1, (_, n) => n + 1));
        if (all > limits.Connections || here > limits.PerAddress)
        {
            log.Warn("many", $"{from}: too many connections");
            Leave(from);
            Refuse(socket);
            return;
        }

        var serving = ServeAsync(socket, from);
        open[serving] = true;
        _ = serving.ContinueWith(t => open.TryRemove(t, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, IPAddress from)
    {
        try
        {
            await connection.ServeAsync(socket, from, () => (current.Plan, current.Tls), stop.Token);
        }
        catch (Exception fault)
        {
            log.Warn("fault", $"{from}: a fault of this program: {fault}");
        }
        finally
        {
            Leave(from);
        }
    }

    private void Leave(IPAddress from)
    {
        Interlocked.Decrement(ref count);
        if (inside.AddOrUpdate(from, 0, (_, n) => n - 1) <= 0)
        {
            inside.TryRemove(KeyValuePair.Create(from, 0));
        }
    }

    // A reset, so that nothing of it stays with us.
    private static void Refuse(Socket socket) => socket.Close(0);

    private sealed record Current(AgentPlan Plan, SiteTls Tls);
}
