namespace Hinoban.Checks;

/// <summary>
/// Listens to programs from a few hundredths of a second after their start. Most have ended by then, and what they said is read at their end: to be told of every word and of
/// the end of both outputs would wake a thread three times more for each. One that says more at once than its pipe holds waits for us that long.
/// </summary>
internal sealed class LateEars
{
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly Queue<(long Since, PluginProcess Process)> young = new();
    private readonly TimeProvider clock = TimeProvider.System;
    private readonly ITimer timer;
    private bool ticking;

    private LateEars() => timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    internal static LateEars Instance { get; } = new();

    internal void Add(PluginProcess process)
    {
        lock (gate)
        {
            young.Enqueue((clock.GetTimestamp(), process));
            if (!ticking)
            {
                ticking = timer.Change(After, After);
            }
        }
    }

    private void Tick()
    {
        while (Grown() is { } process)
        {
            process.Listen(); // of one that has ended: nothing
        }
    }

    private PluginProcess? Grown()
    {
        lock (gate)
        {
            if (young.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Since) >= After)
            {
                return young.Dequeue().Process;
            }

            if (young.Count == 0 && ticking)
            {
                ticking = !timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            return null;
        }
    }
}
