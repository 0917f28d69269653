using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>Takes a whole reading into the desk's database, inside one transaction: revision, editions, item ids, and the plan of it.</summary>
internal sealed class EditionTaking(
    EditionStore store, Tx tx, IReadOnlyList<SiteName> providerSites, DeskPlan before, DateTimeOffset nowUtc)
{
    private static readonly Scope All = Scope.Across("editions");

    private readonly SpecProblems notes = new();
    private readonly List<CustomerReload> changes = [];
    private readonly int lastRevision = store.LatestRevision(tx);
    private int nextId = store.NextItemId(tx);

    /// <summary>The revision this taking has if it changes anything.</summary>
    private int Revision => lastRevision + 1;

    /// <param name="specs">All customers that are right.</param>
    /// <param name="withdrawFrom">Customers not among them are taken out, with a note at this path; null: they stay as they are.</param>
    internal (DeskPlan Plan, IReadOnlyList<Problem> Notes, IReadOnlyList<CustomerReload> Changes) Take(
        IReadOnlyList<CustomerSpec> specs, string? withdrawFrom)
    {
        var editions = store.InForce(tx, All).ToDictionary(e => e.Customer);
        var items = store.Items(tx, All).ToLookup(i => i.Customer);
        var takes = specs.Select(s => Look(s, editions.GetValueOrDefault(s.Id), [.. items[s.Id]])).ToList();
        var gone = withdrawFrom is null ? [] : editions.Keys.Except(specs.Select(s => s.Id)).ToList();
        if (gone.Count > 0 || takes.Exists(t => t.Changed))
        {
            store.AddRevision(tx, Revision, nowUtc, EditionDesk.FileOwner, Summary(takes, gone));
        }

        gone.ForEach(id => Withdraw(id, [.. items[id]], withdrawFrom!));
        takes.Where(t => t.Changed).ToList().ForEach(Write);
        return (Plan(takes), notes.Sorted(), changes);
    }

    private CustomerTake Look(CustomerSpec spec, EditionRow? inForce, IReadOnlyList<ItemIdentity> items)
    {
        var sites = spec.Sites is null ? string.Join(',', providerSites.Select(s => s.Value)) : "";
        var changes = ItemRules.Match(spec, items, () => new ItemId(nextId++));
        var changed = inForce is null || inForce.Hash != spec.Hash || inForce.ProviderSites != sites || changes.Any;
        return new CustomerTake(spec, inForce, sites, changes, changed);
    }

    private void Write(CustomerTake take)
    {
        var spec = take.Spec;
        store.Add(
            tx,
            new EditionRow(spec.Id, store.NextSerial(tx, spec.Id), spec.Edition, Revision, spec.Hash, take.Sites, nowUtc, EditionDesk.FileOwner),
            spec.Sources);

        // Retired names are free before others take them.
        store.Retire(tx, take.Items.Retired, Revision);
        store.Rename(tx, take.Items.Renamed);
        store.AddItems(tx, take.Items.Added, Revision);
        changes.Add(new CustomerReload(
            spec.Id,
            take.InForce is null ? EditionChange.Begun : EditionChange.Changed,
            take.Items.Added.Count,
            take.Items.Renamed.Count,
            take.Items.Retired.Count));
        NoteEdition(take);
    }

    /// <summary>People sign numbers: the same number for two texts, or one going back, needs a person's eye.</summary>
    private void NoteEdition(CustomerTake take)
    {
        if (take.InForce is { } last && last.Hash != take.Spec.Hash && take.Spec.Edition <= last.Edition)
        {
            notes.Note(
                take.Spec.EditionAt,
                take.Spec.Edition == last.Edition
                    ? CustomerText.SameEdition(last.Edition)
                    : CustomerText.EditionBack(take.Spec.Edition, last.Edition),
                CustomerText.TakenAsApproved(Revision, last.Edition + 1));
        }
    }

    private void Withdraw(CustomerId customer, IReadOnlyList<ItemIdentity> items, string path)
    {
        store.Withdraw(tx, customer);
        store.Retire(tx, items, Revision);
        changes.Add(new CustomerReload(customer, EditionChange.Withdrawn, 0, 0, items.Count));
        notes.Note(new SpecPlace(path, 1, 1), CustomerText.Gone(customer.Value), CustomerText.NoLongerWatched(items.Count));
    }

    private DeskPlan Plan(List<CustomerTake> takes)
    {
        var revision = changes.Count > 0 ? Revision : lastRevision;
        var customers = takes.Select(t => Running(t) ?? Build(t)).ToList();
        var same = revision == before.Revision
            && customers.Count == before.Customers.Count
            && customers.TrueForAll(c => ReferenceEquals(before.Customer(c.Id), c));
        return same ? before : new DeskPlan(revision, customers);
    }

    private CustomerPlan? Running(CustomerTake take) => take.Changed ? null : before.Customer(take.Spec.Id);

    private CustomerPlan Build(CustomerTake take) => PlanBuilder.Build(
        take.Spec,
        new PlanTerms(providerSites, take.Changed ? Revision : take.InForce!.Revision, (host, service) => take.Items.Ids[(host, service)]));

    private static string Summary(List<CustomerTake> takes, List<CustomerId> gone) => string.Join(
        ", ",
        takes.Where(t => t.Changed).Select(t => t.Spec.Id.Value).Concat(gone.Select(g => $"-{g.Value}")).Take(20));

    private sealed record CustomerTake(CustomerSpec Spec, EditionRow? InForce, string Sites, ItemChanges Items, bool Changed);
}
