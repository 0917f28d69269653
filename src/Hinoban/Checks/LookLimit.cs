namespace Hinoban.Checks;

/// <summary>A look's time-out on the given clock, joined with the caller's cancellation; tells the two apart.</summary>
internal sealed class LookLimit : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration caller;
    private readonly CancellationToken callerToken;
    private readonly TimeProvider clock;
    private readonly long started;
    private TaskCompletionSource? over;

    internal LookLimit(TimeSpan timeout, TimeProvider clock, CancellationToken cancel)
    {
        this.clock = clock;
        Timeout = timeout;
        started = clock.GetTimestamp();
        source = new CancellationTokenSource(timeout, clock);
        callerToken = cancel;
        caller = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    internal TimeSpan Timeout { get; }

    internal CancellationToken Token => source.Token;

    /// <summary>Done when the limit or the caller's cancellation has come: for a wait for one of two, which goes on without a further thread as <c>WaitAsync</c> does not.</summary>
    internal Task Over
    {
        get
        {
            if (over is null)
            {
                over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                source.Token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), over);
            }

            return over.Task;
        }
    }

    /// <summary>Since the look began.</summary>
    internal TimeSpan Elapsed => clock.GetElapsedTime(started);

    /// <summary>The time-out has come (and not merely the caller's cancellation).</summary>
    internal bool TimedOut => source.IsCancellationRequested && !callerToken.IsCancellationRequested;

    public void Dispose()
    {
        caller.Dispose();
        source.Dispose();
    }
}
