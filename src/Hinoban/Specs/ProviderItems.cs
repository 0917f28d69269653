using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>Adds the built-in customer to what is agreed. Its items have ids like all others: given once, kept for ever.</summary>
internal sealed class ProviderItems
{
    private readonly CustomerPlan provider;

    internal ProviderItems(Db db, ProviderTerms terms)
    {
        var ids = db.Write(tx => Ids(tx, terms));
        provider = ProviderPlan.Build(terms, (host, service) => ids[(host, service)]);
    }

    internal DeskPlan With(DeskPlan plan) => new(plan.Revision, [.. plan.Customers, provider]);

    private static Dictionary<(string, string), ItemId> Ids(Tx tx, ProviderTerms terms)
    {
        var store = new EditionStore();
        var known = store.Items(tx, Scope.Of(ProviderPlan.Customer)).ToDictionary(i => (i.Host, i.Service), i => i.Id);
        var next = store.NextItemId(tx);
        var missing = ProviderPlan.Items(terms.Sites, terms.Peers).Where(i => !known.ContainsKey(i))
            .Select(i => new ItemIdentity(new ItemId(next++), ProviderPlan.Customer, i.Host, i.Service, Retired: false)).ToList();
        store.AddItems(tx, missing, store.LatestRevision(tx));
        missing.ForEach(i => known[(i.Host, i.Service)] = i.Id);
        return known;
    }
}
