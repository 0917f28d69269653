using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>
/// A site's own views of its items, which choose the pace: interval or retry. The desk's views decide everything else, so texts are not
/// kept here.
/// </summary>
internal sealed class SiteViews(SiteName site)
{
    private readonly Dictionary<ItemId, SiteView> views = [];

    internal void Apply(SitePlan plan)
    {
        var wanted = plan.Items.Select(i => i.Item.Id).ToHashSet();
        foreach (var gone in views.Keys.Where(id => !wanted.Contains(id)).ToList())
        {
            views.Remove(gone);
        }
    }

    internal SiteView Step(ItemPlan item, LookAnswer answer, Moment started, TimeSpan took)
    {
        var before = views.GetValueOrDefault(item.Id) ?? new SiteView(site);
        var seen = new Sighting(answer with { Output = "", LongOutput = "", Perfdata = "" }, started.Utc, started.Mono, took);

        // Whether a host is down is the desk's verdict. A site whose own way to the host is bad must not spare the retry that the desk, which knows better, waits for.
        var after = StateMachine.Step(new StateTerms(item.Attempts, item.IsHostCheck), before, seen, hostUp: true).After;
        views[item.Id] = after;
        return after;
    }
}
