using Hinoban.Incidents;

namespace Hinoban.Responding;

/// <summary>One run of a runbook step as its events tell it; <see cref="Ended"/> is null while it runs, and the last word where a person settled it.</summary>
internal sealed record StepRun(StepStarted Started, StepEnded? Ended)
{
    internal int Run => Started.Run;

    internal StepOutcome? Outcome => Ended?.Outcome;

    internal bool Running => Ended is null;

    /// <summary>False where the record itself shows that no command was started: not needed, or failed without an exit code.</summary>
    internal bool MayHaveRun => Outcome switch
    {
        StepOutcome.NotNeeded => false,
        StepOutcome.Failed => Ended!.ExitCode is not null,
        _ => true,
    };
}

/// <summary>The runs of an incident's runbook steps, folded from its events.</summary>
internal sealed class StepRuns
{
    private readonly SortedDictionary<(int Step, int Run), StepRun> runs = [];

    private StepRuns()
    {
    }

    internal IEnumerable<StepRun> All => runs.Values;

    /// <summary>The run that is under way; an incident has one at a time.</summary>
    internal StepRun? Running => runs.Values.FirstOrDefault(r => r.Running);

    internal static StepRuns Of(IEnumerable<IncidentEvent> events)
    {
        var fold = new StepRuns();
        foreach (var e in events)
        {
            if (e is StepStarted started)
            {
                // The first record of a token counts: a second one would be a double run, and must not hide the first.
                fold.runs.TryAdd((started.Step, started.Run), new StepRun(started, null));
            }
            else if (e is StepEnded ended && fold.runs.TryGetValue((ended.Step, ended.Run), out var run) && run.Outcome is null or StepOutcome.Unknown)
            {
                fold.runs[(ended.Step, ended.Run)] = run with { Ended = ended };
            }
        }

        return fold;
    }

    /// <summary>A step's runs, oldest first.</summary>
    internal IReadOnlyList<StepRun> OfStep(int step) => [.. runs.Values.Where(r => r.Started.Step == step)];

    internal StepRun? Last(int step) => runs.Values.LastOrDefault(r => r.Started.Step == step);

    internal int NextRun(int step) => (Last(step)?.Run ?? 0) + 1;
}
