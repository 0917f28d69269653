using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// A site's own views of its items, which choose the pace: interval or retry. The desk's views decide everything else, so texts are not
/// kept here, and nothing of an item that works: what it does next is the same as if it had never been looked at.
/// </summary>
internal sealed class SiteViews(SiteName site)
{
    private readonly Dictionary<ItemId, SiteView> failing = [];

    internal void Apply(SitePlan plan)
    {
        if (failing.Count == 0)
        {
            return;
        }

        var wanted = plan.Items.Select(i => i.Item.Id).ToHashSet();
        foreach (var gone in failing.Keys.Where(id => !wanted.Contains(id)).ToList())
        {
            failing.Remove(gone);
        }
    }

    internal SiteView Step(ItemPlan item, LookAnswer answer, Moment started, TimeSpan took)
    {
        var before = failing.GetValueOrDefault(item.Id) ?? new SiteView(site);
        var seen = new Sighting(answer with { Output = "", LongOutput = "", Perfdata = "" }, started.Utc, started.Mono, took);

        // Whether a host is down is the desk's verdict. A site whose own way to the host is bad must not spare the retry that the desk, which knows better, waits for.
        var after = StateMachine.Step(new StateTerms(item.Attempts, item.IsHostCheck), before, seen, hostUp: true).After;
        if (after.Status == CheckStatus.Ok)
        {
            failing.Remove(item.Id);
        }
        else
        {
            failing[item.Id] = after;
        }

        return after;
    }
}
