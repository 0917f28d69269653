namespace Hinoban.Tests.Results;

/// <summary>A clock that stands still until it is moved; timers fire while it moves.</summary>
internal sealed class HandClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<HandTimer> timers = [];
    private TimeSpan mono = TimeSpan.FromHours(1);
    private TimeSpan wallStep;

    internal HandClock()
        : this(new DateTimeOffset(2026, 4, 14, 2, 13, 20, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return start + mono + wallStep;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return mono.Ticks;
        }
    }

    /// <summary>Moves the wall clock alone.</summary>
    internal void StepWall(TimeSpan by)
    {
        lock (gate)
        {
            wallStep += by;
        }
    }

    internal void Advance(TimeSpan by)
    {
        List<HandTimer> due;
        lock (gate)
        {
            mono += by;
            due = [.. timers.Where(t => t.Due <= mono).OrderBy(t => t.Due)];
            due.ForEach(t => t.Fired(mono));
        }

        due.ForEach(t => t.Call());
    }

    /// <summary>Moves from timer to timer, letting others run in between, until the condition holds; fails after the given span of this clock.</summary>
    internal async Task UntilAsync(Func<bool> condition, TimeSpan within)
    {
        for (var left = within; left > TimeSpan.Zero;)
        {
            if (await SettledAsync(condition, 12))
            {
                return;
            }

            left -= ToNextTimer(left);
        }

        Assert.True(await SettledAsync(condition, 3000), $"not within {within}");
    }

    /// <summary>Moves on by a span, from timer to timer, letting others run in between.</summary>
    internal async Task PassAsync(TimeSpan span)
    {
        await SettledAsync(() => false, 5);
        for (var left = span; left > TimeSpan.Zero;)
        {
            left -= ToNextTimer(left);
            await SettledAsync(() => false, 5);
        }
    }

    private TimeSpan ToNextTimer(TimeSpan atMost)
    {
        TimeSpan by;
        lock (gate)
        {
            var next = timers.Count == 0 ? TimeSpan.MaxValue : timers.Min(t => t.Due) - mono;
            by = next < atMost ? next : atMost;
        }

        by = by > TimeSpan.Zero ? by : TimeSpan.FromTicks(1);
        Advance(by);
        return by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    // Others' continuations run on the thread pool: give them some turns. This clock does not move meanwhile.
    private static async Task<bool> SettledAsync(Func<bool> condition, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            if (condition())
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), System);
        }

        return condition();
    }

    private sealed class HandTimer(HandClock clock, Action call) : ITimer
    {
        private TimeSpan period;

        internal TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        internal Action Call => call;

        internal void Fired(TimeSpan now)
        {
            Due = period > TimeSpan.Zero ? now + period : TimeSpan.MaxValue;
            if (Due == TimeSpan.MaxValue)
            {
                clock.timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                period = newPeriod;
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : clock.mono + dueTime;
                if (Due != TimeSpan.MaxValue)
                {
                    clock.timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
