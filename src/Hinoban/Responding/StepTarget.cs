using Hinoban.Basics;
using Hinoban.Checks.Ssh;
using Hinoban.Specs;

namespace Hinoban.Responding;

/// <summary>What a step acts on: the item to look at, with its time-out, and the host to log in to where it has a command.</summary>
internal sealed record StepTarget(ItemId Item, TimeSpan Timeout, ShellTarget? Shell)
{
    /// <summary>The incident is an event: no look says that it is over.</summary>
    internal bool IsEvent { get; init; }

    /// <summary>A site starts an asked-for look within 3 s; the rest is for the way there and back.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for fresh looks at <see cref="Item"/>.</summary>
    internal TimeSpan Patience => Timeout + Way;

    /// <summary>The target, and whether the specification lacks it.</summary>
    internal static (StepTarget Target, bool Missing) Of(StepRequest request, StepPlan step)
    {
        var own = request.Plan.Items.FirstOrDefault(i => i.Id == request.Facts.Item);
        var item = step is VerifyStepPlan verify
            ? request.Plan.Items.FirstOrDefault(i => i.Host == verify.Host && i.Service == verify.Service)
            : own;
        var on = RunbookRules.HostOf(step);
        var host = on.Length == 0 ? null : request.Plan.Host(on);
        var shell = host is { Ssh: { HostKeys.Count: > 0 } ssh } ? new ShellTarget(request.Plan.Id, host.Key, host.Address, ssh) : null;
        var target = new StepTarget(item?.Id ?? request.Facts.Item, item?.Timeout ?? TimeSpan.FromSeconds(10), shell) { IsEvent = request.Facts.IsLog };

        // A read needs no item: logs are worth reading even after the item has left the edition.
        return (target, (item is null && step is not ReadStepPlan) || (on.Length > 0 && shell is null));
    }
}
