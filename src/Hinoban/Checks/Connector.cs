using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hinoban.Checks;

/// <summary>Finds addresses and opens TCP connections, a new one for every look.</summary>
internal sealed class Connector
{
    private readonly ConcurrentDictionary<string, Task<IPAddress[]>> lookups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The host's addresses; throws <see cref="SocketException"/>. Look-ups of one name under way are joined: getaddrinfo holds a
    /// thread and cannot be cancelled, so a dead name server costs one thread per name, not one per look.
    /// </summary>
    internal async ValueTask<IPAddress[]> FindAsync(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        return await lookups.GetOrAdd(host, Resolve).WaitAsync(cancel);
    }

    /// <summary>Connects to the first address that takes it, in the resolver's order; throws the last <see cref="SocketException"/>.</summary>
    internal async ValueTask<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], port), cancel);
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch (SocketException forbidden) when (LookFailures.IsForbiddenThere(forbidden))
            {
                socket.Dispose();
                throw new SocketException((int)SocketError.HostUnreachable);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private Task<IPAddress[]> Resolve(string host)
    {
        var lookup = Task.Run(() => Dns.GetHostAddressesAsync(host));
        _ = lookup.ContinueWith(
            done => lookups.TryRemove(KeyValuePair.Create(host, done)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        return lookup;
    }
}
