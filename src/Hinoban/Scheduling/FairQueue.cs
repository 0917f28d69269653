using System.Threading.Tasks.Sources;
using Hinoban.Basics;

namespace Hinoban.Scheduling;

/// <summary>
/// The in-process queue of due looks. Customers take turns, and none may hold more looks than are still free (dynamic thresholds, Choudhury
/// and Hahne 1998): a customer whose hosts all hang holds half the room at most, two such customers a third each, and there is
/// always room for the others. Requested looks go first and have a reserve of their own.
/// </summary>
internal sealed class FairQueue(int room) : ICheckQueue, IValueTaskSource<DueLook>
{
    /// <summary>Requested looks that may be out beyond the room, so that suspicion is settled when everything hangs.</summary>
    internal const int Reserve = 64;

    private readonly Lock gate = new();
    private readonly Turns urgent = new();
    private readonly Turns normal = new();
    private readonly Dictionary<CustomerId, int> held = [];
    private int out_;
    private ManualResetValueTaskSourceCore<DueLook> source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private bool waiting;

    /// <summary>Looks that wait for room.</summary>
    internal int Waiting
    {
        get
        {
            lock (gate)
            {
                return urgent.Count + normal.Count;
            }
        }
    }

    public void Put(DueLook look)
    {
        lock (gate)
        {
            (look.Cause == DueCause.Request ? urgent : normal).Add(look);
            Hand();
        }
    }

    /// <summary>For one taker, who awaits each look once.</summary>
    public ValueTask<DueLook> TakeAsync(CancellationToken cancel)
    {
        if (cancel != registration.Token)
        {
            registration.Dispose();
            registration = cancel.UnsafeRegister(static queue => ((FairQueue)queue!).GiveUp(), this);
        }

        lock (gate)
        {
            if (TryTake(out var look))
            {
                return ValueTask.FromResult(look);
            }

            source.Reset();
            waiting = true;
            if (cancel.IsCancellationRequested)
            {
                GiveUp();
            }

            return new ValueTask<DueLook>(this, source.Version);
        }
    }

    DueLook IValueTaskSource<DueLook>.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<DueLook>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<DueLook>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    public void Release(CustomerId customer)
    {
        lock (gate)
        {
            out_--;
            held[customer]--;
            Hand();
        }
    }

    private void GiveUp()
    {
        lock (gate)
        {
            if (waiting)
            {
                waiting = false;
                source.SetException(new OperationCanceledException(registration.Token));
            }
        }
    }

    private void Hand()
    {
        if (waiting && TryTake(out var look))
        {
            waiting = false;
            source.SetResult(look);
        }
    }

    private bool TryTake(out DueLook look)
    {
        if (!(out_ < room + Reserve && urgent.TryTake(_ => true, out look)) && !(out_ < room && normal.TryTake(MayHoldMore, out look)))
        {
            look = default;
            return false;
        }

        out_++;
        held[look.Item.Customer] = held.GetValueOrDefault(look.Item.Customer) + 1;
        return true;
    }

    private bool MayHoldMore(CustomerId customer) => held.GetValueOrDefault(customer) < Math.Max(1, room - out_);

    /// <summary>A queue per customer, served in turn.</summary>
    private sealed class Turns
    {
        private readonly Dictionary<CustomerId, Queue<DueLook>> queues = [];
        private readonly LinkedList<CustomerId> order = [];

        internal int Count { get; private set; }

        internal void Add(DueLook look)
        {
            if (!queues.TryGetValue(look.Item.Customer, out var queue))
            {
                queues[look.Item.Customer] = queue = [];
                order.AddLast(look.Item.Customer);
            }

            queue.Enqueue(look);
            Count++;
        }

        internal bool TryTake(Predicate<CustomerId> may, out DueLook look)
        {
            for (var at = order.First; at is not null; at = at.Next)
            {
                if (!may(at.Value))
                {
                    continue;
                }

                var queue = queues[at.Value];
                look = queue.Dequeue();
                Count--;
                order.Remove(at);
                if (queue.Count > 0)
                {
                    order.AddLast(at);
                }
                else
                {
                    queues.Remove(at.Value);
                }

                return true;
            }

            look = default;
            return false;
        }
    }
}
