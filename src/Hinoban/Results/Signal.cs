using System.Threading.Tasks.Sources;

namespace Hinoban.Results;

/// <summary>Wakes one waiting loop; being set twice before it looks counts once. The loop awaits each wait once: nothing is made for a wait.</summary>
internal sealed class Signal : IValueTaskSource<bool>
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private bool waiting;
    private bool set;
    private bool closed;

    internal void Set() => Wake(ref set);

    /// <summary>No more; a waiting loop sees false once it has taken what was set.</summary>
    internal void Close() => Wake(ref closed);

    /// <summary>True when set; false when closed.</summary>
    internal ValueTask<bool> WaitAsync()
    {
        lock (gate)
        {
            if (set || closed)
            {
                return ValueTask.FromResult(Take());
            }

            source.Reset();
            waiting = true;
            return new ValueTask<bool>(this, source.Version);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _ = source.GetResult(token);
        lock (gate)
        {
            return Take();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private bool Take()
    {
        var was = set;
        set = false;
        return was;
    }

    private void Wake(ref bool why)
    {
        bool ends;
        lock (gate)
        {
            why = true;
            (ends, waiting) = (waiting, false);
        }

        if (ends)
        {
            source.SetResult(true);
        }
    }
}
