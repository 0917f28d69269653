namespace Hinoban.Lab;

/// <summary>
/// A process of a story: the context its code runs in, and the clock it sees. Killed, nothing of it goes on: no continuation, no timer, no
/// <c>finally</c>. Its clock may differ from the others': by what its monotonic clock counts from, and by what its wall clock is wrong.
/// </summary>
internal sealed class LabNode : SynchronizationContext
{
    private readonly LabLoop loop;
    private readonly NodeClock clock;
    private readonly Queue<(SendOrPostCallback Call, object? State)> held = new();

    internal LabNode(LabLoop loop, LabClock clock, string name, TimeSpan monoOrigin)
    {
        (this.loop, Name) = (loop, name);
        this.clock = new NodeClock(this, clock, monoOrigin);
    }

    internal string Name { get; }

    internal bool Alive { get; private set; } = true;

    /// <summary>It stands still, and goes on with what it had to do when it no longer does.</summary>
    internal bool Stands { get; private set; }

    /// <summary>After so many steps <see cref="Blow"/> is called; none is done beyond.</summary>
    internal int? Fuse { get; set; }

    internal Action Blow { get; set; } = () => { };

    /// <summary>It has come to a stop, or goes on.</summary>
    internal event Action? Turned;

    internal TimeProvider Clock => clock;

    /// <summary>How much its wall clock is ahead of the others'.</summary>
    internal TimeSpan WallAhead
    {
        get => clock.WallAhead;
        set => clock.WallAhead = value;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Alive)
        {
            loop.Post(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Has the node do something, in its own context.</summary>
    internal void Post(Action work) => Post(static state => ((Action)state!)(), work);

    /// <summary>As kill -9: from now on it does nothing.</summary>
    internal void Kill() => Alive = false;

    /// <summary>As SIGSTOP, and as a disk that lets it wait.</summary>
    internal void Stand()
    {
        Stands = true;
        Turned?.Invoke();
    }

    internal void GoOn()
    {
        Stands = false;
        while (held.TryDequeue(out var next))
        {
            loop.Post(this, next.Call, next.State);
        }

        Turned?.Invoke();
    }

    /// <summary>Does it as soon as it no longer stands still.</summary>
    internal void Hold(SendOrPostCallback call, object? state) => held.Enqueue((call, state));

    /// <summary>False if that was one step too many.</summary>
    internal bool Step()
    {
        if (Fuse is null || --Fuse > 0)
        {
            return true;
        }

        Fuse = null;
        Blow();
        return Alive;
    }

    private sealed class NodeClock(LabNode node, LabClock clock, TimeSpan monoOrigin) : TimeProvider
    {
        internal TimeSpan WallAhead { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

        public override long GetTimestamp() => clock.GetTimestamp() + monoOrigin.Ticks;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + WallAhead;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new NodeTimer(node, clock, callback, state, dueTime, period);
    }

    private sealed class NodeTimer : ITimer
    {
        private readonly LabNode node;
        private readonly TimerCallback callback;
        private readonly object? state;
        private readonly ITimer timer;

        internal NodeTimer(LabNode node, LabClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (this.node, this.callback, this.state) = (node, callback, state);
            timer = clock.CreateTimer(static timer => ((NodeTimer)timer!).Fire(), this, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync()
        {
            timer.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            if (!node.Alive)
            {
                timer.Dispose();
                return;
            }

            if (node.Stands)
            {
                node.Hold(static timer => ((NodeTimer)timer!).callback(((NodeTimer)timer).state), this);
                return;
            }

            var before = Current;
            SetSynchronizationContext(node);
            try
            {
                callback(state);
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
