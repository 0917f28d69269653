using Hinoban.Flow;
using Hinoban.Server.Options;

namespace Hinoban.Server.Roles;

/// <summary>Runs a role's loops with the host: started once the web server listens, stopped after it has drained.</summary>
internal sealed partial class EngineService(IReadOnlyList<Runner> runners, IHostApplicationLifetime lifetime, ILogger<EngineService> log) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource first = new();
    private Task running = Task.CompletedTask;

    /// <summary>True once a loop ended though nobody stopped it.</summary>
    internal bool Broke { get; private set; }

    /// <summary>A process that cannot listen must not have looked at anything, nor told anybody: so this comes after all starts.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        running = Task.WhenAll(runners.Select(r => Task.Run(() => RunAsync(r), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the web server drains: a request that waits for a command must not use up the time in which the command is cut.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => first.CancelAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await first.CancelAsync();
        await stop.CancelAsync();
        try
        {
            await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            StillRunning(log, ServerApp.Drain);
        }
    }

    public void Dispose()
    {
        first.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync(Runner runner)
    {
        Exception? error = null;
        var told = runner.First ? first : stop;
        try
        {
            await runner.RunAsync(told.Token);
        }
        catch (OperationCanceledException) when (told.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // The last line of defence: whatever ended a loop is told, and ends the process.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            error = wrong;
        }

        if (!told.IsCancellationRequested)
        {
            Broke = true;
            Ended(log, runner.Name, error);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The loop {Runner} ended; the process stops")]
    private static partial void Ended(ILogger log, string runner, Exception? error);

    [LoggerMessage(2, LogLevel.Warning, "Something still ran after {Limit}; it is cut off")]
    private static partial void StillRunning(ILogger log, TimeSpan limit);
}
