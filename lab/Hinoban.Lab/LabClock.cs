namespace Hinoban.Lab;

/// <summary>
/// A clock that moves only when told to, with timers that fire in order of their time. One driver calls <see cref="Advance"/>, or a
/// <see cref="LabLoop"/> drives it. The wall clock can be stepped against the monotonic one, as NTP or an administrator does.
/// </summary>
internal sealed class LabClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private LabTimer[] heap = new LabTimer[64];
    private int count;
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
                return count > 0 ? TimeSpan.FromTicks(heap[0].Due) : null;
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
            if (count == 0)
            {
                return false;
            }

            timer = heap[0];
            Remove(timer);
            Interlocked.Exchange(ref elapsed, Math.Max(elapsed, timer.Due));
            timer.Fired(elapsed);
        }

        timer.Call();
        return true;
    }

    private void Put(LabTimer timer)
    {
        if (count == heap.Length)
        {
            Array.Resize(ref heap, count * 2);
        }

        Up(count++, timer);
    }

    private void Remove(LabTimer timer)
    {
        var at = timer.Place;
        timer.Place = -1;
        var last = heap[--count];
        heap[count] = null!;
        if (last != timer)
        {
            Up(at, last);
            Down(last.Place, last);
        }
    }

    private void Up(int at, LabTimer timer)
    {
        for (var above = (at - 1) / 2; at > 0 && timer.IsBefore(heap[above]); (at, above) = (above, (above - 1) / 2))
        {
            (heap[at] = heap[above]).Place = at;
        }

        (heap[at] = timer).Place = at;
    }

    private void Down(int at, LabTimer timer)
    {
        for (var below = (2 * at) + 1; below < count; (at, below) = (below, (2 * below) + 1))
        {
            below += below + 1 < count && heap[below + 1].IsBefore(heap[below]) ? 1 : 0;
            if (!heap[below].IsBefore(timer))
            {
                break;
            }

            (heap[at] = heap[below]).Place = at;
        }

        (heap[at] = timer).Place = at;
    }

    private sealed class LabTimer(LabClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;
        private long order;

        internal long Due { get; private set; }

        /// <summary>Where it is in the heap; -1 while it is not set.</summary>
        internal int Place { get; set; } = -1;

        internal void Call() => callback(state);

        internal bool IsBefore(LabTimer other) => Due < other.Due || (Due == other.Due && order < other.order);

        internal void Fired(long now)
        {
            if (period > TimeSpan.Zero)
            {
                Set(now + period.Ticks);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                period = newPeriod;
                if (Place >= 0)
                {
                    clock.Remove(this);
                }

                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Set(clock.elapsed + dueTime.Ticks);
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

        private void Set(long due)
        {
            (Due, order) = (due, ++clock.order);
            clock.Put(this);
        }
    }
}
