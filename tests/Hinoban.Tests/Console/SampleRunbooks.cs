using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Specs;

namespace Hinoban.Tests.Console;

/// <summary>A runbook with one step of each kind, and contacts.</summary>
internal static class SampleRunbooks
{
    private static readonly Text Nothing = Text.Same("");
    private static readonly Text ClaimFirst = new("対応を開始すると実行できます", "Claim it first");
    private static readonly Text ChangedOnce = new("実施済みです", "Done");
    private static readonly Text InOrder = new("前の手順が終わっていません", "The step before has not ended");

    internal static readonly RunbookPlan RestartWeb = new("restart-web", new("Webサービスの再起動", "Restart the web service"), RunbookRisk.Change,
    [
        new RecheckStepPlan(StepElse.Close, "natural recovery"),
        new ReadStepPlan("web02", "systemctl is-active nginx", 0, "state", TimeSpan.FromSeconds(20), StepElse.Stop, ""),
        new ReadStepPlan("web02", "journalctl -u nginx -n 50 --no-pager", null, "log", TimeSpan.FromSeconds(20), StepElse.Stop, ""),
        new ChangeStepPlan("web02", "sudo systemctl restart nginx", 0, TimeSpan.FromSeconds(60), StepElse.Call, "再起動に失敗"),
        new VerifyStepPlan("web02", "https", 2, TimeSpan.FromMinutes(6), StepElse.Call, "still failing after the restart"),
    ]);

    internal static readonly IReadOnlyList<ContactPlan> Contacts =
    [
        new("田中 一郎", ["+81 90-0000-4567"], "always", true),
        new("山本 花子", ["+81 3-0000-8901", "+81 90-0000-1111"], "business", false),
        new("<b>高橋</b> \u202E三郎", ["+81 6-0000-2222"], "business", false),
    ];

    internal static IReadOnlyList<StepView> Untouched(bool unclaimed) =>
        [.. RestartWeb.Steps.Select((_, i) => Step(i + 1, [], enabled: !unclaimed && i == 0, unclaimed ? ClaimFirst : i == 0 ? Nothing : InOrder))];

    internal static IReadOnlyList<StepView> With(params (int Step, StepRunView Run)[] runs) =>
        [.. RestartWeb.Steps.Select((_, i) => Step(i + 1, [.. runs.Where(r => r.Step == i + 1).Select(r => r.Run)], i <= runs.Length, i <= runs.Length ? Nothing : InOrder))];

    /// <summary>The procedure as it is for an incident's own item.</summary>
    internal static StepView On(ItemRow item, StepView step) => step with
    {
        Host = item.Host,
        Looks = step.Looks.Length == 0 ? "" : item.Service.Length == 0 ? item.Host : $"{item.Host}/{item.Service}",
    };

    private static StepView Step(int number, IReadOnlyList<StepRunView> runs, bool enabled, Text whyNot)
    {
        var plan = RestartWeb.Steps[number - 1];
        var (kind, host, command) = plan switch
        {
            ReadStepPlan read => ("read", read.On, read.Run),
            ChangeStepPlan change => ("change", change.On, change.Run),
            VerifyStepPlan verify => ("verify", verify.Host, ""),
            _ => ("recheck", "web02", ""),
        };
        var done = plan is ChangeStepPlan && runs.Any(r => r.Outcome == StepOutcome.Done);
        return new StepView(number, plan, kind, host, command, enabled && !done, done ? ChangedOnce : whyNot, runs, kind is "recheck" or "verify" ? "web02/https" : "");
    }
}
