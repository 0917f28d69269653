using System.Diagnostics;

namespace Hinoban.Lab;

/// <summary>
/// Runs asynchronous code on one thread under virtual time: everything that can run now runs in order, then time jumps to the next
/// timer. The same start gives the same run. What awaits something outside (sockets, the thread pool) does not belong here: work that
/// comes back from another thread fails the run, with the place it came from.
/// </summary>
internal sealed class LabLoop(LabClock clock) : SynchronizationContext
{
    private readonly Queue<(SynchronizationContext Home, SendOrPostCallback Call, object? State)> ready = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private volatile string? stray;

    /// <summary>Called after each moment: nothing can run any more before time moves.</summary>
    internal Action Settled { get; set; } = () => { };

    public override void Post(SendOrPostCallback d, object? state) => Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Queues a call that is to run in the context <paramref name="home"/>.</summary>
    internal void Post(SynchronizationContext home, SendOrPostCallback call, object? state)
    {
        if (Environment.CurrentManagedThreadId == thread)
        {
            ready.Enqueue((home, call, state));
        }
        else
        {
            stray ??= new StackTrace(1, true).ToString();
        }
    }

    /// <summary>Runs the story to its end; fails if everything waits and no timer is set, or after <paramref name="atMost"/> of virtual time.</summary>
    internal void Run(Func<Task> story, TimeSpan? atMost = null)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var end = clock.Elapsed + (atMost ?? TimeSpan.FromDays(1));
            var told = story();
            Settle();
            while (!told.IsCompleted)
            {
                if (clock.Elapsed > end || !clock.FireNext())
                {
                    throw new InvalidOperationException(clock.Elapsed > end ? "The story runs too long." : "Everything waits and no timer is set.");
                }

                Settle();
            }

            told.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void Settle()
    {
        do
        {
            SynchronizationContext home = this;
            while (ready.TryDequeue(out var next))
            {
                if (next.Home is LabNode node)
                {
                    if (!node.Alive)
                    {
                        continue;
                    }

                    if (node.Stands)
                    {
                        node.Hold(next.Call, next.State);
                        continue;
                    }

                    if (!node.Step())
                    {
                        continue;
                    }
                }

                if (next.Home != home)
                {
                    SetSynchronizationContext(home = next.Home);
                }

                next.Call(next.State);
            }

            SetSynchronizationContext(this);
            Settled();
        }
        while (ready.Count > 0);

        if (stray is { } from)
        {
            throw new InvalidOperationException($"Something went over to another thread and came back from there:\n{from}");
        }
    }
}
