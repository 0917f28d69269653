namespace Hinoban.Checks;

/// <summary>
/// Starts children one by one, beside whoever wants them. A start that hangs, because its program lies on a share whose server is away, holds up those of the same program only: the others go on
/// on another thread.
/// </summary>
/// <param name="spawn">Starts one at once, on the thread it is called on.</param>
internal sealed class ChildStarter(Func<ChildOrder, int, int, (int Pid, int Error)> spawn, TimeProvider clock)
{
    /// <summary>A start takes less than a millisecond.</summary>
    internal static readonly TimeSpan Hangs = TimeSpan.FromSeconds(2);

    private const int TooManyOpen = 24; // EMFILE

    private readonly Lock gate = new();
    private readonly Queue<Start> waiting = new();

    // By program: a start that hangs, and those behind it.
    private readonly Dictionary<string, Queue<Start>> hanging = new(StringComparer.Ordinal);
    private Start? current;
    private long began;
    private bool serving;

    /// <summary>Starts it in its turn. Given up by <paramref name="cancel"/>, it is not started, or what comes of it is killed.</summary>
    internal async Task<(int Pid, int Error)> StartAsync(ChildOrder order, int output, int errors, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var start = new Start(order, output, errors);
        lock (gate)
        {
            waiting.Enqueue(start);
            Serve();
        }

        while (true)
        {
            try
            {
                return await start.Done.Task.WaitAsync(Hangs, clock, cancel);
            }
            catch (TimeoutException)
            {
                Relieve();
            }
            catch (OperationCanceledException) when (GiveUp(start))
            {
                throw;
            }
            catch (OperationCanceledException)
            {
                return await start.Done.Task; // it has just come to its end
            }
        }
    }

    // Under the gate.
    private void Serve()
    {
        if (!serving && waiting.Count > 0)
        {
            serving = true;
            ThreadPool.UnsafeQueueUserWorkItem(static starter => starter.Run(), this, preferLocal: false);
        }
    }

    private void Run()
    {
        while (Next() is { } start)
        {
            var child = Spawn(start);
            var relieved = End(start);
            start.Close();
            if (start.GivenUp)
            {
                Bury(child.Pid);
            }
            else
            {
                start.Done.TrySetResult(child);
            }

            if (relieved)
            {
                return;
            }
        }
    }

    private (int Pid, int Error) Spawn(Start start)
    {
        try
        {
            return start.IsWhole ? spawn(start.Order, start.Output, start.Errors) : (0, TooManyOpen);
        }
#pragma warning disable CA1031 // Told to whoever waits for it: this thread serves others too.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            start.Done.TrySetException(fault);
            return default;
        }
    }

    private Start? Next()
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var start))
            {
                if (start.GivenUp)
                {
                    continue;
                }

                if (hanging.TryGetValue(start.Order.Program, out var behind))
                {
                    behind.Enqueue(start);
                    continue;
                }

                start.Begun = true;
                (current, began) = (start, clock.GetTimestamp());
                ChildNumber.Set(start.Order.Number);
                return start;
            }

            serving = false;
            return null;
        }
    }

    /// <summary>True if another serves by now.</summary>
    private bool End(Start start)
    {
        lock (gate)
        {
            start.Ended = true;
            if (current == start)
            {
                current = null;
                ChildNumber.Clear();
                return false;
            }

            if (hanging.Remove(start.Order.Program, out var behind))
            {
                foreach (var one in behind)
                {
                    waiting.Enqueue(one);
                }
            }

            Serve();
            return true;
        }
    }

    // The child has its number since it was forked, long before its program was looked for: ours may be set for others.
    private void Relieve()
    {
        lock (gate)
        {
            if (current is { } hung && clock.GetElapsedTime(began) >= Hangs)
            {
                hanging[hung.Order.Program] = new Queue<Start>();
                ChildNumber.Clear();
                (current, serving) = (null, false);
                Serve();
            }
        }
    }

    /// <summary>False if it has come to its end.</summary>
    private bool GiveUp(Start start)
    {
        lock (gate)
        {
            if (start.Ended)
            {
                return false;
            }

            start.GivenUp = true;
            if (!start.Begun)
            {
                start.Close();
            }

            return true;
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

        internal int Output { get; private set; } = Own(output);

        internal int Errors { get; private set; } = Own(errors);

        /// <summary>No descriptor is missing.</summary>
        internal bool IsWhole => output < 0 == Output < 0 && errors < 0 == Errors < 0;

        internal bool Begun { get; set; }

        internal bool Ended { get; set; }

        internal bool GivenUp { get; set; }

        internal TaskCompletionSource<(int Pid, int Error)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Close()
        {
            foreach (var descriptor in new[] { Output, Errors }.Where(d => d >= 0))
            {
                _ = Libc.close(descriptor);
            }

            (Output, Errors) = (-1, -1);
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
