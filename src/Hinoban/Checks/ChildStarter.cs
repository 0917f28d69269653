namespace Hinoban.Checks;

/// <summary>
/// Starts children one by one, on the thread of whoever wants them if it is their turn. A start that hangs, because its program lies on a share whose server is away, keeps that thread, loses its
/// turn, and holds up those of the same program only.
/// </summary>
internal sealed class ChildStarter
{
    /// <summary>A start takes less than a millisecond.</summary>
    internal static readonly TimeSpan Hangs = TimeSpan.FromSeconds(2);

    private const int TooManyOpen = 24; // EMFILE

    private readonly Func<ChildOrder, int, int, (int Pid, int Error)> spawn;
    private readonly TimeProvider clock;
    private readonly ITimer watch;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock gate = new();

    // Starts that hang, by program.
    private readonly Dictionary<string, TaskCompletionSource> hanging = new(StringComparer.Ordinal);
    private Start? current;
    private long began;
    private bool watched;

    /// <param name="spawn">Starts one at once, on the thread it is called on.</param>
    internal ChildStarter(Func<ChildOrder, int, int, (int Pid, int Error)> spawn, TimeProvider clock)
    {
        (this.spawn, this.clock) = (spawn, clock);
        watch = clock.CreateTimer(static starter => ((ChildStarter)starter!).Relieve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts it in its turn. Given up by <paramref name="cancel"/>, it is not started, or what comes of it is killed.</summary>
    internal async Task<(int Pid, int Error)> StartAsync(ChildOrder order, int output, int errors, CancellationToken cancel)
    {
        var start = new Start(order, output, errors);
        var starting = RunAsync(start, cancel);
        try
        {
            return await starting.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (GiveUp(start))
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return await starting; // it has just come to its end
        }
    }

    private async Task<(int Pid, int Error)> RunAsync(Start start, CancellationToken cancel)
    {
        try
        {
            await TurnAsync(start, cancel);
            try
            {
                start.Child = start.IsWhole ? spawn(start.Order, start.Output, start.Errors) : (0, TooManyOpen);
            }
            finally
            {
                End(start);
            }

            if (start.GivenUp)
            {
                Bury(start.Child.Pid);
            }

            return start.Child;
        }
        finally
        {
            start.Close();
        }
    }

    private async Task TurnAsync(Start start, CancellationToken cancel)
    {
        while (true)
        {
            await turn.WaitAsync(cancel);
            if (Begin(start) is not { } hung)
            {
                return;
            }

            turn.Release();
            await hung.WaitAsync(cancel);
        }
    }

    /// <summary>Null if it may start now; else what it has to wait for.</summary>
    private Task? Begin(Start start)
    {
        lock (gate)
        {
            if (start.GivenUp)
            {
                return Task.FromCanceled(new CancellationToken(canceled: true));
            }

            if (hanging.TryGetValue(start.Order.Program, out var before))
            {
                return before.Task;
            }

            (current, began) = (start, clock.GetTimestamp());
            ChildNumber.Set(start.Order.Number);
            if (!watched)
            {
                Watch(Hangs);
            }

            return null;
        }
    }

    private void End(Start start)
    {
        lock (gate)
        {
            start.Ended = true;
            if (current == start)
            {
                Leave();
            }
            else if (hanging.Remove(start.Order.Program, out var behind))
            {
                behind.SetResult();
            }
        }
    }

    // The child has its number since it was forked, long before its program was looked for: ours may be set for others.
    private void Relieve()
    {
        lock (gate)
        {
            watched = false;
            if (current is not { } hung)
            {
                return;
            }

            if (Hangs - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            {
                Watch(left);
                return;
            }

            hanging[hung.Order.Program] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Leave();
        }
    }

    private void Leave()
    {
        current = null;
        ChildNumber.Clear();
        turn.Release();
    }

    private void Watch(TimeSpan time) => watched = watch.Change(time, Timeout.InfiniteTimeSpan);

    /// <summary>False if it has come to its end.</summary>
    private bool GiveUp(Start start)
    {
        lock (gate)
        {
            start.GivenUp = !start.Ended;
            return start.GivenUp;
        }
    }

    private static void Bury(int pid)
    {
        if (pid > 0)
        {
            _ = Libc.kill(-pid, Libc.SigKill);
            _ = ChildWatch.Instance.Watch(pid).ContinueWith(_ => ChildWatch.Instance.Reap(pid), TaskScheduler.Default);
        }
    }

    /// <summary>One start, with descriptors of its own: whoever gave it up closes his.</summary>
    private sealed class Start(ChildOrder order, int output, int errors)
    {
        internal ChildOrder Order => order;

        internal int Output { get; } = Own(output);

        internal int Errors { get; } = Own(errors);

        /// <summary>No descriptor is missing.</summary>
        internal bool IsWhole => (output < 0) == (Output < 0) && (errors < 0) == (Errors < 0);

        internal (int Pid, int Error) Child { get; set; }

        internal bool Ended { get; set; }

        internal bool GivenUp { get; set; }

        internal void Close()
        {
            foreach (var descriptor in new[] { Output, Errors }.Where(d => d >= 0))
            {
                _ = Libc.close(descriptor);
            }
        }

        private static int Own(int descriptor)
        {
            const int duplicate = 1030; // F_DUPFD_CLOEXEC
            return descriptor < 0 ? -1 : Libc.fcntl(descriptor, duplicate, 0);
        }
    }
}

/// <summary>The number that the next child inherits, as the soft limit of a resource that no kernel since 2.4.25 enforces; see <see cref="Descendants"/>.</summary>
internal static class ChildNumber
{
    private static readonly (ulong Soft, ulong Hard)? Ours = Read();

    internal static void Set(long? number)
    {
        if (number is { } given && Ours is var (_, hard))
        {
            Write((ulong)given, hard);
        }
    }

    internal static void Clear()
    {
        if (Ours is var (soft, hard))
        {
            Write(soft, hard);
        }
    }

    private static unsafe (ulong, ulong)? Read()
    {
        ulong* locks = stackalloc ulong[2];
        return Libc.prlimit(0, Libc.LimitLocks, null, locks) == 0 ? (locks[0], locks[1]) : null;
    }

    private static unsafe void Write(ulong soft, ulong hard)
    {
        ulong* locks = stackalloc ulong[2];
        (locks[0], locks[1]) = (soft, hard);
        _ = Libc.prlimit(0, Libc.LimitLocks, locks, null);
    }
}
