using System.Collections.Immutable;
using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>Which hosts of a customer could fail for one cause, of a whole plan: built once when the plan is taken.</summary>
internal sealed class StormGroups
{
    private readonly Dictionary<ItemId, StormGroup> groups = [];

    internal static StormGroups Empty { get; } = new();

    internal static StormGroups Of(DeskPlan plan)
    {
        var all = new StormGroups();
        foreach (var customer in plan.Customers.Where(c => c is { Grouped: true, IsProvider: false }))
        {
            foreach (var hosts in customer.Hosts.GroupBy(StormRules.CauseOf).Where(g => g.Key is not null && g.Skip(StormRules.Least - 1).Any()))
            {
                var group = new StormGroup(customer.Id, hosts.Key!.Value, [.. hosts.Select(h => h.Alive!.Id)]);
                foreach (var item in group.Hosts)
                {
                    all.groups[item] = group;
                }
            }
        }

        return all;
    }

    /// <summary>The group of a host check; null if it shares no cause with enough others.</summary>
    internal StormGroup? Of(ItemId host) => groups.GetValueOrDefault(host);
}

/// <summary>A customer's watched hosts that share a cause. <see cref="Lead"/>: the incident of its last storm, remembered to be found at once.</summary>
internal sealed class StormGroup(CustomerId customer, StormCause cause, ImmutableArray<ItemId> hosts)
{
    internal CustomerId Customer => customer;

    internal StormCause Cause => cause;

    internal ImmutableArray<ItemId> Hosts => hosts;

    /// <summary>A hint only: whoever uses it asks whether that incident still stands.</summary>
    internal IncidentId? Lead { get; set; }
}
