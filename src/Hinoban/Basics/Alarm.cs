namespace Hinoban.Basics;

/// <summary>The one timer of a loop: waits until a time that may be moved nearer while it waits, or until it is rung.</summary>
internal sealed class Alarm
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private TaskCompletionSource? waiting;
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
    internal async Task WaitAsync(TimeSpan? due, CancellationToken cancel)
    {
        TaskCompletionSource wait;
        lock (gate)
        {
            if (rung)
            {
                rung = false;
                return;
            }

            wait = waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SetTimer(nearer is { } known && !(due <= known) ? known : due);
            nearer = null;
        }

        using var registration = cancel.UnsafeRegister(static alarm => ((Alarm)alarm!).Ring(), this);
        await wait.Task;
        lock (gate)
        {
            rung = false;
        }
    }

    /// <summary>Something is due by then: moves the time nearer, never away.</summary>
    internal void NotAfter(TimeSpan? due)
    {
        lock (gate)
        {
            if (waiting is not null)
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
        lock (gate)
        {
            rung = true;
            waiting?.TrySetResult();
            waiting = null;
        }
    }

    private void SetTimer(TimeSpan? due)
    {
        at = due;
        // Timers count whole milliseconds: rounded up, so that what it rings for is due when it rings.
        var wait = due is { } d ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((d - Moment.MonoOf(clock)).TotalMilliseconds))) : Timeout.InfiniteTimeSpan;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
