using System.Collections.Concurrent;
using Hinoban.Agent.Serving;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Logs;

/// <summary>Where the watch keeps its journals, and by what.</summary>
internal sealed record LogSetting(string Data, TimeProvider Clock, AgentLog Log)
{
    internal JournalLimits Limits { get; init; } = JournalLimits.Default;

    internal IReadOnlyList<string> Journalctl { get; init; } = JournalSource.Standard;
}

/// <summary>Reads all logs of the plan, one after the other, every second and when it is asked.</summary>
internal sealed class LogWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly LogSetting setting;
    private readonly LogBuffers buffers = new();
    private readonly ConcurrentDictionary<string, LogFollower> followers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim bell = new(0, 1);
    private readonly Lock gate = new();
    private readonly Task loop;
    private volatile AgentPlan plan;
    private TaskCompletionSource next = NewPass();

    internal LogWatch(AgentPlan plan, LogSetting setting)
    {
        (this.plan, this.setting) = (plan, setting);
        loop = Task.Run(LoopAsync);
    }

    /// <summary>Another plan: logs whose command is as it was are read on as if nothing had been.</summary>
    internal void Swap(AgentPlan other)
    {
        plan = other;
        Wake();
    }

    /// <summary>The command's follower after it has read once more, or as it is if that takes long; null if there is none.</summary>
    internal async Task<LogFollower?> LookAsync(string name, CancellationToken cancel)
    {
        Task pass;
        lock (gate)
        {
            pass = next.Task; // of a pass that has not begun yet
        }

        Wake();
        using var limit = new LookLimit(Patience, setting.Clock, cancel);
        try
        {
            await pass.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            // There is much to read; what is there already is answered.
        }

        return followers.GetValueOrDefault(name);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        foreach (var (name, follower) in followers)
        {
            End(name, follower);
        }

        stop.Dispose();
        bell.Dispose();
    }

    private static TaskCompletionSource NewPass() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        lock (gate)
        {
            if (bell.CurrentCount == 0 && !stop.IsCancellationRequested)
            {
                bell.Release();
            }
        }
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            TaskCompletionSource begun;
            lock (gate)
            {
                (begun, next) = (next, NewPass());
            }

            try
            {
                if (Pass())
                {
                    Wake();
                }
            }
            catch (Exception fault)
            {
                // Whatever it is: nobody would read any log any more.
                setting.Log.Warn("log", $"a fault of this program: {fault}");
            }

            begun.TrySetResult();
            await WaitAsync();
        }
    }

    private async Task WaitAsync()
    {
        using var limit = new LookLimit(Pause, setting.Clock, stop.Token);
        try
        {
            await bell.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The second is over, or the watch.
        }
    }

    private bool Pass()
    {
        var (wanted, more) = (plan, false);
        foreach (var (name, follower) in followers)
        {
            if (!wanted.Commands.TryGetValue(name, out var command) || command is not LogPlan log || log.Written != follower.Plan.Written)
            {
                followers.TryRemove(name, out _);
                End(name, follower);
            }
        }

        foreach (var (name, log) in wanted.Commands.Where(c => c.Value is LogPlan).Select(c => (c.Key, (LogPlan)c.Value)))
        {
            more |= Pass(name, log);

            if (stop.IsCancellationRequested)
            {
                break;
            }
        }

        Pattern.Tidy();
        return more;
    }

    /// <summary>One log's mishap must not keep the others from being read.</summary>
    private bool Pass(string name, LogPlan log)
    {
        try
        {
            if (followers.TryGetValue(name, out var there) && !there.IsBroken)
            {
                return there.Pass();
            }

            // Until it has read, the broken one's health is true.
            var follower = new LogFollower(name, log, setting, buffers, Wake);
            try
            {
                return follower.Pass();
            }
            finally
            {
                followers[name] = follower;
            }
        }
        catch (Exception fault)
        {
            setting.Log.Warn("log", $"{name}: a fault of this program: {fault}");
            if (followers.TryGetValue(name, out var broken))
            {
                broken.Break(fault);
                End(name, broken);
            }

            return false;
        }
    }

    private void End(string name, LogFollower follower)
    {
        try
        {
            follower.Dispose();
        }
        catch (Exception fault)
        {
            setting.Log.Warn("log", $"{name}: a fault of this program: {fault}");
        }
    }
}
