using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>
/// Collects results that end close together into one commit. A lone result is committed at once; after a commit, what comes within
/// <see cref="SpoolOptions.CommitEvery"/> shares the next one.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private readonly Action<IReadOnlyList<CheckResult>> commit;
    private readonly TimeSpan every;
    private readonly TimeProvider clock;
    private readonly Signal added = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Task loop;
    private Group open = new();

    internal GroupCommit(Action<IReadOnlyList<CheckResult>> commit, TimeSpan every, TimeProvider clock)
    {
        (this.commit, this.every, this.clock) = (commit, every, clock);
        loop = LoopAsync();
    }

    /// <summary>Ends when the result is committed, or fails with what kept it from being.</summary>
    internal Task AddAsync(CheckResult result)
    {
        Task durable;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
            open.Results.Add(result);
            durable = open.Durable.Task;
        }

        added.Set();
        return durable;
    }

    /// <summary>Commits what was added, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopping.Cancel();
        }

        added.Close();
        await loop;
    }

    private async Task LoopAsync()
    {
        long? last = null;
        while (await added.WaitAsync())
        {
            if (last is { } at && every - clock.GetElapsedTime(at) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait.WholeMilliseconds(), clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            Commit();
            last = clock.GetTimestamp();
        }

        Commit();
    }

    // A runner's catch-all: whatever kept the rows from being written is told to those who wait for them, and the loop goes on.
    private void Commit()
    {
        var group = Swap();
        if (group.Results.Count == 0)
        {
            return;
        }

        try
        {
            commit(group.Results);
            group.Durable.SetResult();
        }
        catch (Exception failure)
        {
            group.Durable.SetException(failure);
        }
    }

    private Group Swap()
    {
        lock (gate)
        {
            var closed = open;
            open = new Group();
            return closed;
        }
    }

    private sealed class Group
    {
        internal List<CheckResult> Results { get; } = [];

        internal TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
