namespace Hinoban.Lab;

/// <summary>
/// A clock that moves only when told to, with timers that fire in order of their time. One driver calls <see cref="Advance"/>, or a
/// <see cref="LabLoop"/> drives it. The wall clock can be stepped against the monotonic one, as NTP or an administrator does.
/// </summary>
internal sealed class LabClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<LabTimer, (long Due, long Order)> timers = new();
    private long elapsed;
    private long step;
    private long order;

    internal LabClock()
        : this(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer fires, on the monotonic clock; null if none is set.</summary>
    internal TimeSpan? NextTimer
    {
        get
        {
            lock (gate)
            {
                DropStale();
                return timers.TryPeek(out _, out var at) ? TimeSpan.FromTicks(at.Due) : null;
            }
        }
    }

    internal TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref elapsed));

    public override long GetTimestamp() => Interlocked.Read(ref elapsed);

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Interlocked.Read(ref elapsed) + Interlocked.Read(ref step));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LabTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock forward or back; the monotonic clock and the timers stay.</summary>
    internal void StepWall(TimeSpan by) => Interlocked.Add(ref step, by.Ticks);

    /// <summary>Moves time on, firing every timer at its own instant; <paramref name="settle"/> runs after each.</summary>
    internal void Advance(TimeSpan by, Action? settle = null)
    {
        var end = Elapsed + by;
        while (NextTimer is { } at && at <= end)
        {
            FireNext();
            settle?.Invoke();
        }

        Interlocked.Exchange(ref elapsed, Math.Max(end.Ticks, elapsed));
        settle?.Invoke();
    }

    /// <summary>Moves time to the next timer and fires it; false if there is none.</summary>
    internal bool FireNext()
    {
        LabTimer timer;
        lock (gate)
        {
            DropStale();
            if (!timers.TryDequeue(out timer!, out var at))
            {
                return false;
            }

            Interlocked.Exchange(ref elapsed, Math.Max(elapsed, at.Due));
            timer.Fired(elapsed);
        }

        timer.Call();
        return true;
    }

    private void DropStale()
    {
        while (timers.TryPeek(out var timer, out var at) && timer.Entry != at)
        {
            timers.Dequeue();
        }
    }

    private sealed class LabTimer(LabClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        /// <summary>Its place in the queue; other entries of this timer are stale.</summary>
        internal (long Due, long Order)? Entry { get; private set; }

        internal void Call() => callback(state);

        internal void Fired(long now)
        {
            Entry = null;
            if (period > TimeSpan.Zero)
            {
                Enqueue(now + period.Ticks);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                period = newPeriod;
                Entry = null;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Enqueue(clock.elapsed + dueTime.Ticks);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enqueue(long due)
        {
            Entry = (due, ++clock.order);
            clock.timers.Enqueue(this, Entry.Value);
        }
    }
}
