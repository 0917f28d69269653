using System.Threading.Tasks.Sources;

namespace Hinoban.Basics;

/// <summary>
/// The one timer of a loop: waits until a time that may be moved nearer while it waits, or until it is rung. For one waiter, who awaits each wait
/// once: nothing is made for a wait, for a loop that only beats does it all day.
/// </summary>
internal sealed class Alarm : IValueTaskSource
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private bool waiting;
    private TimeSpan? at;
    private TimeSpan? nearer;
    private bool rung;

    internal Alarm(TimeProvider clock)
    {
        this.clock = clock;
        timer = clock.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it will ring by itself (monotonic).</summary>
    internal TimeSpan? At
    {
        get
        {
            lock (gate)
            {
                return at;
            }
        }
    }

    /// <summary>Waits until <paramref name="due"/> (null: until rung), or less if rung or moved; returns too when cancelled.</summary>
    internal ValueTask WaitAsync(TimeSpan? due, CancellationToken cancel)
    {
        if (cancel != registration.Token)
        {
            registration.Dispose();
            registration = cancel.UnsafeRegister(static alarm => ((Alarm)alarm!).Ring(), this);
        }

        lock (gate)
        {
            if (rung || cancel.IsCancellationRequested)
            {
                rung = false;
                return ValueTask.CompletedTask;
            }

            source.Reset();
            waiting = true;
            SetTimer(nearer is { } known && !(due <= known) ? known : due);
            nearer = null;
            return new ValueTask(this, source.Version);
        }
    }

    /// <summary>Something is due by then: moves the time nearer, never away.</summary>
    internal void NotAfter(TimeSpan? due)
    {
        lock (gate)
        {
            if (waiting)
            {
                if (due is not null && !(at <= due))
                {
                    SetTimer(due);
                }
            }
            else if (due is null)
            {
                // A wait is about to begin on what was known before, and must look again.
                rung = true;
            }
            else if (!(nearer <= due))
            {
                // The next wait knows of it. It is not cut short: what it waits out may be the least time between two.
                nearer = due;
            }
        }
    }

    internal void Ring()
    {
        bool ends;
        lock (gate)
        {
            rung = true;
            (ends, waiting) = (waiting, false);
        }

        if (ends)
        {
            source.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        source.GetResult(token);
        lock (gate)
        {
            rung = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private void SetTimer(TimeSpan? due)
    {
        at = due;
        // Timers count whole milliseconds: rounded up, so that what it rings for is due when it rings.
        var wait = due is { } d ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((d - Moment.MonoOf(clock)).TotalMilliseconds))) : Timeout.InfiniteTimeSpan;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
