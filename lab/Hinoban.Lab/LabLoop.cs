using System.Collections.Concurrent;

namespace Hinoban.Lab;

/// <summary>
/// Runs asynchronous code on one thread under virtual time: everything that can run now runs in order, then time jumps to the next
/// timer. The same start gives the same run. What awaits something outside (sockets, the thread pool) does not belong here.
/// </summary>
internal sealed class LabLoop(LabClock clock) : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Call, object? State)> ready = new();

    public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

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
        while (ready.TryDequeue(out var next))
        {
            next.Call(next.State);
        }
    }
}
