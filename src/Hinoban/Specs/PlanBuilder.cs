using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What only the desk knows when it turns a specification into a plan.</summary>
/// <param name="Sites">The provider's sites: they look where the customer names none.</param>
/// <param name="Revision">The desk-wide revision at which this customer's edition was accepted.</param>
/// <param name="Ids">Host and service (empty: the host check) to the item's id.</param>
internal sealed record PlanTerms(IReadOnlyList<SiteName> Sites, int Revision, Func<string, string, ItemId> Ids);

/// <summary>Specification → plan: every default filled in, every item with its id. Pure.</summary>
internal static class PlanBuilder
{
    internal static CustomerPlan Build(CustomerSpec spec, PlanTerms terms)
    {
        var sites = spec.Sites ?? terms.Sites;
        var sharing = new ItemSharing();
        return new CustomerPlan(
            spec.Id,
            spec.Name,
            spec.Contract,
            spec.Language,
            spec.TimeZone,
            spec.Edition,
            spec.Hash,
            spec.MailingList,
            spec.Contacts,
            sites,
            [.. spec.Hosts.Select(h => Host(spec, h, sites, terms, sharing))],
            spec.Runbooks,
            spec.StartWithin)
        {
            Silences = spec.Silences,
            Vendors = spec.Vendors,
            Grouped = spec.Grouped,
        };
    }

    /// <summary>A plan to look at, with ids counted from 1: for printing and for tests.</summary>
    internal static CustomerPlan Preview(CustomerSpec spec, IReadOnlyList<SiteName> providerSites)
    {
        var next = 0;
        return Build(spec, new PlanTerms(providerSites, 0, (_, _) => new ItemId(++next)));
    }

    private static HostPlan Host(CustomerSpec spec, HostSpec host, IReadOnlyList<SiteName> sites, PlanTerms terms, ItemSharing sharing) => new(
        host.Key,
        host.Name,
        host.Address,
        host.Machine,
        host.Parents,
        host.Ssh,
        host.Alive is null ? null : sharing.Share(Item(spec, host, host.Alive, sites, terms)),
        [.. host.Services.Select(c => sharing.Share(Item(spec, host, c, sites, terms)))])
    {
        Needed = host.Needed,
        Datacentre = host.Datacentre,
        Doors = host.Doors,
    };

    private static ItemPlan Item(CustomerSpec spec, HostSpec host, CheckSpec check, IReadOnlyList<SiteName> customerSites, PlanTerms terms)
    {
        var sites = check.Look is PassiveLookPlan ? [ProviderPlan.Desk] : check.Sites ?? customerSites;
        var address = check.Address ?? host.Address;
        return new ItemPlan(
            terms.Ids(host.Key, check.Key),
            spec.Id,
            host.Key,
            check.Key,
            address,
            check.Look is InsideLookPlan inside ? InsideRules.Placed(inside, spec, host, check) : TlsPlan.Named(check.Look, address),
            check.Interval,
            check.Timeout,
            check.Attempts ?? SpecDefaults.Attempts(sites.Count),
            check.Retry ?? SpecDefaults.Retry(sites.Count),
            sites,
            spec.Runbooks.Any(r => r.Key == check.Runbook) ? check.Runbook : null,
            spec.Edition,
            terms.Revision)
        {
            Flapping = check.Flapping,
            DependsOn = check.DependsOn?.Plan,
        };
    }
}
