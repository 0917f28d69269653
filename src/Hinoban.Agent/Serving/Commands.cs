using System.Globalization;
using Hinoban.Agent.Databases;
using Hinoban.Agent.Logs;
using Hinoban.Agent.Measures;
using Hinoban.Agent.Setup;
using Hinoban.Checks;

namespace Hinoban.Agent.Serving;

/// <summary>Carries out one command of the plan, whatever its kind; a failure of ours is an answer too.</summary>
/// <param name="logs">Null where nothing is served: then a log is only looked at.</param>
internal sealed class Commands(Roots roots, TimeProvider clock, AgentLog log, LogWatch? logs = null)
{
    private readonly DiskMeasure disk = new(roots, clock);
    private readonly ProcessTable processes = new(roots, clock);
    private readonly Programs programs = new(clock);

    /// <summary>This moment, as <see cref="TakeAsync"/> takes it.</summary>
    internal long Now => clock.GetTimestamp();

    /// <param name="asked">When the query came: nothing older than that is answered.</param>
    internal async Task<(Answer Answer, TimeSpan Took)> TakeAsync(string name, CommandPlan plan, long asked, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        Answer answer;
        try
        {
            answer = await DoAsync(name, plan, asked, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            answer = new Answer(CheckStatus.Unknown, $"UNKNOWN - cannot be looked at: {failure.Message}");
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // One command's mishap must not take the whole batch with it.
            log.Warn("command", $"a fault of this program: {fault}");
            answer = new Answer(CheckStatus.Unknown, $"UNKNOWN - cannot be looked at: a fault of the agent ({fault.GetType().Name})");
        }

        return (answer, clock.GetElapsedTime(started));
    }

    private async Task<Answer> DoAsync(string name, CommandPlan plan, long asked, CancellationToken cancel) => plan switch
    {
        LoadPlan load => LoadMeasure.Take(load, roots),
        SwapPlan swap => SwapMeasure.Take(swap, roots),
        DiskPlan space => await disk.TakeAsync(space),
        UsersPlan users => UsersMeasure.Take(users, roots),
        ProcsPlan procs => ProcsMeasure.Procs(procs, processes.Since(asked), roots),
        ZombiesPlan zombies => ProcsMeasure.Zombies(zombies, processes.Since(asked)),
        RunPlan run => await programs.RunAsync(run, cancel),
        ActionPlan action => await programs.ActAsync(action, cancel),
        TcpPlan tcp => await Dial.TakeAsync(tcp, clock, cancel),
        DatabasePlan database => await DatabaseMeasure.TakeAsync(database, clock, cancel),
        LogPlan seen when logs is null => LogSight.Take(seen),
        LogPlan => await LogAsync(name, cancel) is { } follower ? follower.Health : new Answer(CheckStatus.Unknown, "LOG UNKNOWN: has not been read yet"),
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{plan.GetType().Name} is no known command")),
    };

    /// <summary>A log's follower, after it has read what there is; null if it does not follow it yet.</summary>
    internal async Task<LogFollower?> LogAsync(string name, CancellationToken cancel) => logs is null ? null : await logs.LookAsync(name, cancel);
}
