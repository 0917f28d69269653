using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>The silences that the desk knows, by customer: those of the agreed editions and those that people have set.</summary>
internal sealed class SilenceBook
{
    private readonly Dictionary<long, SetSilence> asked = [];
    private readonly Dictionary<CustomerId, IReadOnlyList<Silence>> known = [];
    private readonly Dictionary<CustomerId, IReadOnlyList<Silence>> stops = [];
    private DeskPlan plan = DeskPlan.Empty;

    /// <summary>Items that are not looked at now, as the sites have been told.</summary>
    internal IReadOnlySet<ItemId> Stopped { get; set; } = new HashSet<ItemId>();

    /// <summary>A silence may keep items from being looked at, now or later.</summary>
    internal bool AnyStop => stops.Count > 0 || Stopped.Count > 0;

    /// <summary>Silences that keep items from being looked at while they hold.</summary>
    internal IReadOnlyDictionary<CustomerId, IReadOnlyList<Silence>> Stops => stops;

    internal IReadOnlyList<Silence> Of(CustomerId customer) => known.GetValueOrDefault(customer) ?? [];

    internal void Take(DeskPlan next)
    {
        plan = next;
        known.Clear();
        stops.Clear();
        foreach (var customer in plan.Customers)
        {
            Write(customer.Id);
        }
    }

    /// <summary>At the desk's start: those that may hold, as the database has them, the long ended left out.</summary>
    internal void Restore(IEnumerable<SetSilence> silences)
    {
        foreach (var silence in silences)
        {
            Set(silence);
        }
    }

    internal void Set(SetSilence silence)
    {
        asked[silence.Id] = silence;
        Write(silence.What.Customer);
    }

    private void Write(CustomerId id)
    {
        if (plan.Customer(id) is { } customer)
        {
            var zone = customer.Zone;
            known[id] =
            [
                .. customer.Silences.Select(s => Silence.Of(customer, zone, s)),
                .. asked.Values.Where(a => a.What.Customer == id).OrderBy(a => a.Id).Select(a => a.ToSilence(zone)),
            ];
            stops.Remove(id);
            if (known[id].Where(s => s.Plan.Kind == SilenceKind.Stop).ToList() is { Count: > 0 } some)
            {
                stops[id] = some;
            }
        }
    }
}
