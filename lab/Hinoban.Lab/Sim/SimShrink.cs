namespace Hinoban.Lab.Sim;

/// <summary>Makes a script that breaks a promise as short as it can be while it still breaks the same one.</summary>
internal sealed class SimShrink(string folder, int most)
{
    private int left = most;

    internal (SimScript Script, SimRecord Record, SimViolation Violation) Shrink(SimScript script, SimRecord record, SimViolation violation)
    {
        var best = (Script: script, Record: record, Violation: violation);
        var near = script.Faults.Where(f => f.From <= best.Violation.At && f.Until >= best.Violation.At - TimeSpan.FromHours(4)).ToList();
        Try(ref best, Ending(script with { Faults = near }));
        for (var again = true; again && left > 0;)
        {
            again = false;
            foreach (var fault in best.Script.Faults.ToList())
            {
                again |= Try(ref best, Ending(best.Script with { Faults = [.. best.Script.Faults.Where(f => f.Number != fault.Number)] }));
            }
        }

        foreach (var fault in best.Script.Faults.ToList())
        {
            var half = fault with { Until = fault.From + (fault.Span.Length / 2) };
            Try(ref best, Ending(best.Script with { Faults = [.. best.Script.Faults.Select(f => f.Number == fault.Number ? half : f)] }));
        }

        return best;
    }

    private static SimScript Ending(SimScript script) => script with
    {
        Length = script.Faults.Select(f => f.Until).DefaultIfEmpty(TimeSpan.FromHours(1)).Max() + SimDice.Calm,
    };

    private bool Try(ref (SimScript Script, SimRecord Record, SimViolation Violation) best, SimScript script)
    {
        if (left-- <= 0)
        {
            return false;
        }

        var record = SimRun.Play(script, folder);
        var law = best.Violation.Law;
        if (SimJudge.Judge(record).Violations.FirstOrDefault(v => v.Law == law) is not { } still)
        {
            return false;
        }

        best = (script, record, still);
        return true;
    }
}
