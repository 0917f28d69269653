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
    private Dictionary<(CustomerId Customer, string Host), ItemId> hostChecks = [];

    internal void Apply(SitePlan plan)
    {
        hostChecks = plan.Items.Where(i => i.Item.IsHostCheck).ToDictionary(i => (i.Item.Customer, i.Item.Host), i => i.Item.Id);
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
        var after = StateMachine.Step(new StateTerms(item.Attempts, item.IsHostCheck), before, seen, HostUp(item)).After;
        views[item.Id] = after;
        return after;
    }

    // As Nagios: a host that fails softly counts as down already.
    private bool HostUp(ItemPlan item) =>
        item.IsHostCheck
        || !hostChecks.TryGetValue((item.Customer, item.Host), out var host)
        || views.GetValueOrDefault(host) is not { Known: true, Status: not CheckStatus.Ok };
}
