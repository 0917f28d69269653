namespace Hinoban.Specs;

/// <summary>Writes runbooks with all their values.</summary>
internal static class RunbookPrint
{
    internal static void Write(TextWriter to, IReadOnlyList<RunbookPlan> runbooks)
    {
        if (runbooks.Count > 0)
        {
            to.WriteLine("runbooks:");
        }

        foreach (var runbook in runbooks)
        {
            to.WriteLine($"  {SpecPrint.Quoted(runbook.Key)}:");
            to.WriteLine($"    title: {SpecPrint.Both(runbook.Title)}");
            to.WriteLine($"    risk: {runbook.Risk.ToString().ToLowerInvariant()}");
            to.WriteLine("    steps:");
            foreach (var step in runbook.Steps)
            {
                to.WriteLine($"      - {Step(step)}");
            }
        }
    }

    private static string Step(StepPlan step) => step switch
    {
        RecheckStepPlan => $"recheck: {SpecPrint.Map([("still", "failing"), Else(step)])}",
        ReadStepPlan read => "read: " + SpecPrint.Map(
        [
            ("on", SpecPrint.Quoted(read.On)),
            ("run", SpecPrint.Quoted(read.Run)),
            ("expect", read.ExpectExit is { } exit ? Exit(exit) : null),
            ("save", read.Save is null ? null : SpecPrint.Quoted(read.Save)),
            ("timeout", SpecWords.Of(read.Timeout)),
            Else(step),
        ]),
        ChangeStepPlan change => "change: " + SpecPrint.Map(
        [
            ("on", SpecPrint.Quoted(change.On)),
            ("run", SpecPrint.Quoted(change.Run)),
            ("expect", Exit(change.ExpectExit)),
            ("timeout", SpecWords.Of(change.Timeout)),
            Else(step),
        ]),
        VerifyStepPlan verify => "verify: " + SpecPrint.Map(
        [
            ("check", SpecPrint.Quoted(verify.Service.Length == 0 ? verify.Host : $"{verify.Host}/{verify.Service}")),
            ("ok", SpecPrint.Quoted(verify.Times == 1 ? "1 time" : $"{verify.Times} times")),
            ("within", SpecWords.Of(verify.Within)),
            Else(step),
        ]),
        _ => "",
    };

    private static string Exit(int code) => SpecPrint.Map([("exit", SpecPrint.Number(code))]);

    private static (string Key, string? Value) Else(StepPlan step)
    {
        var word = step.Else switch
        {
            StepElse.Stop => "stop",
            StepElse.Call => "call",
            StepElse.Mail => "mail",
            StepElse.Close => "close",
        };
        return ("else", step.ElseReason.Length == 0 ? word : SpecPrint.Map([(word, SpecPrint.Quoted(step.ElseReason))]));
    }
}
