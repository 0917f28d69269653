namespace Hinoban.Checks;

/// <summary>How a plugin's run ended. Output is cut at its limit; <see cref="Dropped"/> bytes more were read and thrown away.</summary>
internal sealed record PluginRunEnd(ChildEnd End, bool TimedOut, byte[] Output, long Dropped, byte[] Errors);

/// <summary>One run of a plugin from start to burial: when it returns, nothing that the plugin started is left.</summary>
internal static class PluginRun
{
    /// <summary>Between SIGTERM, which lets a plugin clean up, and SIGKILL.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    // A process in an uninterruptible wait (a dead NFS server) does not die even of SIGKILL: it is left to be reaped later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static async Task<PluginRunEnd> RunAsync(PluginProcess process, string mark, long number, LookLimit limit, TimeProvider clock, CancellationToken cancel)
    {
        var ended = process.Ended;
        await Task.WhenAny(ended, limit.Over);
        var inTime = ended.IsCompleted;
        if (!inTime)
        {
            _ = Libc.kill(-process.Pid, Libc.SigTerm);
            await ended.WaitUpToAsync(Grace, clock);
        }

        await BuryAsync(process.Pid, mark, number, ended, clock);
        await process.ListenAsync().WaitUpToAsync(Grace, clock);

        // Something that escaped may hold the pipe open; what the plugin itself wrote has been read.
        var (kept, dropped) = process.Output.Take();
        var (complaints, _) = process.Errors.Take();
        cancel.ThrowIfCancellationRequested();
        return new PluginRunEnd(inTime ? await ended : default, !inTime, kept, dropped, complaints);
    }

    /// <summary>Kills the process group, then whatever else descends from the plugin until nothing is left, and reaps all of it.</summary>
    private static async Task BuryAsync(int leader, string mark, long number, Task<ChildEnd> ended, TimeProvider clock)
    {
        _ = Libc.kill(-leader, Libc.SigKill);
        if (!await ended.WaitUpToAsync(Patience, clock))
        {
            _ = ended.ContinueWith(_ => ChildWatch.Instance.Reap(leader), TaskScheduler.Default);
            return;
        }

        // Killing one may make its children our children, so look again until none is left, none is dying, and all are reaped.
        HashSet<int> ours = [];
        var pause = TimeSpan.FromMilliseconds(1);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += pause, pause *= 2)
        {
            var (left, leaks, dying) = Descendants.Of(leader, mark, number, ChildWatch.Instance.Knows);
            ours.UnionWith(left);

            // A leak is killed on the way and not waited for: one that cannot die must not hold up every later look. The watch reaps it.
            foreach (var pid in left.Concat(leaks))
            {
                _ = Libc.kill(pid, Libc.SigKill);
            }

            if (ours.Count == 0 && !dying)
            {
                break;
            }

            ours.RemoveWhere(pid => Libc.waitpid(pid, out _, Libc.WaitNoHang) != 0);
            await Task.Delay(pause, clock);
        }

        ChildWatch.Instance.Reap(leader);
    }

    /// <summary>True if it completed within the time.</summary>
    private static async Task<bool> WaitUpToAsync(this Task task, TimeSpan time, TimeProvider clock)
    {
        if (task.IsCompleted)
        {
            return true;
        }

        using var enough = new CancellationTokenSource();
        var first = await Task.WhenAny(task, Task.Delay(time, clock, enough.Token));
        await enough.CancelAsync();
        return first == task;
    }
}
