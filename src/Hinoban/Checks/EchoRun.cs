using System.Net;

namespace Hinoban.Checks;

/// <summary>The packets of one ping look: sent when, answered when, unreachable or not.</summary>
internal sealed class EchoRun(IPAddress target, int packets, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly long[] sent = new long[packets];
    private readonly TimeSpan?[] trips = new TimeSpan?[packets];
    private readonly bool[] settled = new bool[packets];
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int open = packets;

    internal IPAddress Target => target;

    /// <summary>The sequence numbers that the packets went out under; -1: not sent. The socket's own notes.</summary>
    internal int[] Sequences { get; } = [.. Enumerable.Repeat(-1, packets)];

    /// <summary>Ends with the first reply.</summary>
    internal Task First => first.Task;

    /// <summary>Ends when every packet is answered or known to be unreachable.</summary>
    internal Task All => all.Task;

    internal int Unreachable { get; private set; }

    internal IReadOnlyList<TimeSpan> Trips
    {
        get
        {
            lock (gate)
            {
                return trips.Where(t => t is not null).Select(t => t!.Value).ToList();
            }
        }
    }

    internal void Sent(int packet) => sent[packet] = clock.GetTimestamp();

    internal void Replied(int packet, long at)
    {
        lock (gate)
        {
            if (settled[packet])
            {
                return; // a duplicate
            }

            trips[packet] = clock.GetElapsedTime(sent[packet], at);
            Settle(packet);
        }

        first.TrySetResult();
    }

    internal void NotReached(int packet)
    {
        lock (gate)
        {
            if (!settled[packet])
            {
                Unreachable++;
                Settle(packet);
            }
        }
    }

    private void Settle(int packet)
    {
        settled[packet] = true;
        if (--open == 0)
        {
            all.TrySetResult();
        }
    }
}
