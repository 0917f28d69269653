using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>Wakes one sleeper; set while nobody sleeps, it wakes the next sleep at once. Any number of settings are one.</summary>
internal sealed class WakeSignal(TimeProvider clock)
{
    private readonly Lock gate = new();
    private TaskCompletionSource pending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Set()
    {
        lock (gate)
        {
            pending.TrySetResult();
        }
    }

    /// <summary>Returns when set or after <paramref name="longest"/> (null: never by itself).</summary>
    internal async Task WaitAsync(TimeSpan? longest, CancellationToken cancel)
    {
        Task set;
        lock (gate)
        {
            set = pending.Task;
        }

        try
        {
            await set.HereAsync().WaitAsync(longest?.WholeMilliseconds() ?? Timeout.InfiniteTimeSpan, clock, cancel);
        }
        catch (TimeoutException)
        {
            return;
        }

        lock (gate)
        {
            pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
