using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hinoban.Console.Incidents;

/// <summary>
/// Runs runbook steps apart from the request that asked for them: a closed browser must not cut a restart in half, and a
/// verification takes minutes. The page is answered as soon as the start is recorded; the rest arrives as changes.
/// </summary>
internal sealed class StepRuns(IDeskCommands commands, IHostApplicationLifetime life, ILogger<StepRuns> log)
{
    /// <summary>What refused it, or null: it has begun.</summary>
    internal async Task<CommandOutcome?> RunAsync(Actor by, IncidentId incident, int step, string? host, string? command)
    {
        // Elsewhere, for what follows the start may wait for the desk's gate again, and the page need not.
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Task.Run(() => commands.RunStepAsync(by, incident, step, host, command, life.ApplicationStopping, begun.SetResult));
        if (await Task.WhenAny(begun.Task, run) == run)
        {
            return await run;
        }

        _ = WatchAsync(run, incident, step);
        return null;
    }

    private async Task WatchAsync(Task<CommandOutcome> run, IncidentId incident, int step)
    {
        try
        {
            await run;
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            // The desk is stopping: the step's end is unknown, and the incident says so when it is back.
        }
        catch (Exception e)
        {
            ConsoleLog.StepFailed(log, step, incident.Value, e);
        }
    }
}
