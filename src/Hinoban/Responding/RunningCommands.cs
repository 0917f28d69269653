using Hinoban.Basics;
using Hinoban.Checks.Ssh;

namespace Hinoban.Responding;

/// <summary>
/// Knows which commands run on customers' hosts, so that a stop lets them end: a command that is cut off has an outcome nobody knows.
/// One that comes once the stop has begun, or when another node may have the desk, is not started, and says so.
/// </summary>
internal sealed class RunningCommands(IShell shell, TimeProvider clock, Func<bool>? stillOurs = null) : IShell, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource cut = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int running;
    private bool closing;

    /// <summary>Cancelled when a stop waits no longer.</summary>
    internal CancellationToken Cut => cut.Token;

    public async Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
    {
        lock (gate)
        {
            if (closing || stillOurs?.Invoke() == false)
            {
                return new ShellOutcome(false, null, "", false, TimeSpan.Zero, Stopping: true);
            }

            running++;
        }

        try
        {
            return await shell.RunAsync(target, command, timeout, cancel);
        }
        finally
        {
            lock (gate)
            {
                running--;
                EndIfIdle();
            }
        }
    }

    /// <summary>The loop: waits for the stop, then for the commands.</summary>
    internal async Task DrainAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var closed = stop.Register(() =>
        {
            lock (gate)
            {
                closing = true;
                EndIfIdle();
            }

            stopped.SetResult();
        });
        await stopped.Task;
        await Task.WhenAny(idle.Task.HereAsync(), Task.Delay(Patience, clock, CancellationToken.None));
        cut.Cancel();
    }

    public void Dispose() => cut.Dispose();

    private void EndIfIdle()
    {
        if (closing && running == 0)
        {
            idle.TrySetResult();
        }
    }
}
