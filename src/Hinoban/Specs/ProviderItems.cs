using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>Adds the built-in customer to what is agreed. Its items have ids like all others: given once, kept for ever.</summary>
internal sealed class ProviderItems
{
    private readonly Db db;
    private readonly ProviderTerms terms;
    private IReadOnlyDictionary<(string, string), ItemId> ids = new Dictionary<(string, string), ItemId>();

    internal ProviderItems(Db db, ProviderTerms terms) => (this.db, this.terms) = (db, terms);

    internal DeskPlan With(DeskPlan plan)
    {
        var customers = plan.Customers.Select(c => c.Id).ToList();
        var items = ProviderPlan.Items(terms, customers);
        if (!items.All(ids.ContainsKey))
        {
            ids = db.Write(tx => Ids(tx, items));
        }

        return new(plan.Revision, [.. plan.Customers, ProviderPlan.Build(terms, customers, (host, service) => ids[(host, service)])]);
    }

    private static Dictionary<(string, string), ItemId> Ids(Tx tx, IReadOnlyList<(string Host, string Service)> items)
    {
        var store = new EditionStore();
        var known = store.Items(tx, Scope.Of(ProviderPlan.Customer)).ToDictionary(i => (i.Host, i.Service), i => i.Id);
        var next = store.NextItemId(tx);
        var missing = items.Where(i => !known.ContainsKey(i))
            .Select(i => new ItemIdentity(new ItemId(next++), ProviderPlan.Customer, i.Host, i.Service, Retired: false)).ToList();
        store.AddItems(tx, missing, store.LatestRevision(tx));
        missing.ForEach(i => known[(i.Host, i.Service)] = i.Id);
        return known;
    }
}
