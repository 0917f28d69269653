namespace Hinoban.Responding;

/// <summary>Knows which commands run on customers' hosts, so that a stop lets them end: a command that is cut off has an outcome nobody knows.</summary>
internal sealed class RunningCommands(IShell shell, TimeProvider clock) : IShell, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource cut = new();
    private readonly List<Task> running = [];

    /// <summary>Cancelled when a stop waits no longer.</summary>
    internal CancellationToken Cut => cut.Token;

    public Task<ShellOutcome> RunAsync(ShellTarget target, string command, TimeSpan timeout, CancellationToken cancel)
    {
        var run = shell.RunAsync(target, command, timeout, cancel);
        lock (gate)
        {
            running.RemoveAll(r => r.IsCompleted);
            running.Add(run);
        }

        return run;
    }

    /// <summary>The loop: waits for the stop, then for the commands.</summary>
    internal async Task DrainAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Task[] left;
        lock (gate)
        {
            left = [.. running];
        }

        await Task.WhenAny(Task.WhenAll(left), Task.Delay(Patience, clock, CancellationToken.None));
        cut.Cancel();
    }

    public void Dispose() => cut.Dispose();
}
