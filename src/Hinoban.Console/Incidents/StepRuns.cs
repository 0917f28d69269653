using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hinoban.Console.Incidents;

/// <summary>
/// Runs runbook steps apart from the request that asked for them: a closed browser must not cut a restart in half, and a
/// verification takes minutes. The page is answered soon; the rest arrives as changes.
/// </summary>
internal sealed class StepRuns(IDeskCommands commands, TimeProvider clock, IHostApplicationLifetime life, ILogger<StepRuns> log)
{
    /// <summary>Refusals, and steps so short, are answered with their outcome; nobody waits for the others before a page that does not move.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(50);

    /// <summary>The outcome, or null if the step is still running.</summary>
    internal async Task<CommandOutcome?> RunAsync(Actor by, IncidentId incident, int step, string? host, string? command)
    {
        var run = commands.RunStepAsync(by, incident, step, host, command, life.ApplicationStopping);
        using var answered = new CancellationTokenSource();
        if (await Task.WhenAny(run, Task.Delay(AnswerWithin, clock, answered.Token)) == run)
        {
            await answered.CancelAsync();
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
