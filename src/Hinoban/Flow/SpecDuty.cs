using Hinoban.Basics;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>There is no specification that could run. <see cref="Problems"/> tells all that is wrong.</summary>
internal sealed class SpecificationsWrongException(IReadOnlyList<Problem> problems) : Exception("The specifications are wrong.")
{
    internal IReadOnlyList<Problem> Problems { get; } = problems;
}

/// <summary>Brings the specifications to the engine: at the start, and whenever a file has changed to something right.</summary>
internal sealed partial class SpecDuty
{
    private readonly EditionDesk editions;
    private readonly SpecWatcher watcher;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private bool started;

    /// <summary>What is wrong with the files as they were read last; null if they were taken.</summary>
    internal SpecRefusal? Refused { get; private set; }

    /// <summary>Told when <see cref="Refused"/> is another.</summary>
    internal Action Noted { get; init; } = () => { };

    internal SpecDuty(EditionDesk editions, IReadOnlyList<string> paths, Action<DeskPlan> swap, TimeProvider clock, ILoggerFactory logs)
    {
        (this.editions, this.clock, log) = (editions, clock, logs.CreateLogger<SpecDuty>());
        watcher = new SpecWatcher(editions, paths, reload => Reloaded(reload, swap), clock, logs.CreateLogger<SpecWatcher>());
    }

    /// <summary>The plan to start with: the files' if all of them are right, else the one that was agreed last.</summary>
    internal DeskPlan Start()
    {
        var read = watcher.ReloadNow();
        if (!read.Accepted)
        {
            var agreed = editions.LoadAgreed(Moment.Of(clock));
            if (agreed.Plan.Customers.Count == 0)
            {
                throw new SpecificationsWrongException(read.Problems);
            }

            StartsWithAgreed(log, agreed.Plan.Revision);
        }

        started = true;
        return editions.Running;
    }

    /// <summary>SIGHUP, or a person's wish.</summary>
    internal void Reload() => watcher.TryReload();

    internal Task RunAsync(CancellationToken cancel) => watcher.RunAsync(cancel);

    private void Reloaded(SpecReload reload, Action<DeskPlan> swap)
    {
        foreach (var problem in reload.Problems)
        {
            Told(log, LevelOf(problem), problem);
        }

        var before = Refused;
        Refused = reload.Accepted ? null : SpecRefusal.Of(reload.Problems, clock.GetUtcNow());
        if (before != Refused)
        {
            Noted();
        }

        if (started && reload is { Accepted: true, Changed: true })
        {
            swap(reload.Plan);
        }
    }

    private static LogLevel LevelOf(Problem problem) => problem.Level switch
    {
        ProblemLevel.Error => LogLevel.Error,
        ProblemLevel.Warning => LogLevel.Warning,
        ProblemLevel.Note => LogLevel.Information,
    };

    [LoggerMessage(5143, LogLevel.Warning, "The specification files are wrong; the desk starts with revision {Revision} as agreed before")]
    private static partial void StartsWithAgreed(ILogger log, int revision);

    [LoggerMessage(EventId = 2, Message = "{Problem}")]
    private static partial void Told(ILogger log, LogLevel level, Problem problem);
}
