using System.Globalization;
using System.Text;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>
/// What a site must know to speak when the desk is away: its peers in the order of their rank, for whom it would speak, and the names that mails
/// go by. Kept at the site for a start without a desk. Contacts, logins and the steps of runbooks stay at the desk.
/// </summary>
internal sealed record AwayPlan(SiteName Site, int Revision, IReadOnlyList<PeerPlan> Sites, IReadOnlyList<AwayCustomer> Customers, AwayMail Mail)
{
    /// <summary>The other sites that listen, in the order of rank.</summary>
    internal IEnumerable<PeerPlan> Peers => Sites.Where(s => s.Name != Site && s.Address.Length > 0);

    internal PeerPlan? Of(SiteName site) => Sites.FirstOrDefault(s => s.Name == site);

    /// <summary>0 speaks first; a site that is not listed never.</summary>
    internal int RankOf(SiteName site)
    {
        for (var rank = 0; rank < Sites.Count; rank++)
        {
            if (Sites[rank].Name == site)
            {
                return rank;
            }
        }

        return int.MaxValue;
    }

    internal DeskPlan ToPlan() => new(Revision, [.. Customers.Select(c => c.ToPlan())]);
}

/// <summary>
/// A site as its peers reach it: where it listens (<c>https://host:port</c>; empty: nowhere), its certificate's SHA-256 fingerprint (empty: not told
/// yet), and the public keys it signs with (SubjectPublicKeyInfo, base64).
/// </summary>
internal sealed record PeerPlan(SiteName Name, string Address, string Pin, IReadOnlyList<string> Keys);

/// <summary>The desk's own names in mails: the domain that Message-IDs are made with must be the same whoever speaks.</summary>
internal sealed record AwayMail(string Domain, string DeskMailbox, Text DeskName)
{
    /// <summary>This site's own key for the addresses that bounces of its mails come back to, base64; empty of a desk that gives none. Not printed.</summary>
    public string Seal { get; init; } = "";

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Domain}, {DeskMailbox}, {DeskName}");
        return true;
    }
}

/// <summary>A customer as far as a site needs it to write to its list, with what of the plan does not travel by itself.</summary>
internal sealed record AwayCustomer(CustomerPlan Plan, IReadOnlyList<SilencePlan> Silences, IReadOnlyList<string> NeedAll, IReadOnlyList<AwayFlap> Flaps)
{
    internal static AwayCustomer Of(CustomerPlan plan, IReadOnlyList<SilencePlan> silences) => new(
        plan with { Contacts = [], Hosts = [.. plan.Hosts.Select(Outside)], Runbooks = [.. plan.Runbooks.Select(r => r with { Steps = [] })] },
        silences,
        [.. plan.Hosts.Where(h => h.Needed == ParentsNeeded.All).Select(h => h.Key)],
        [.. plan.Items.Where(i => i.Flapping != FlapPlan.Usual).Select(i => new AwayFlap(i.Id, i.Flapping))])
    {
        Depends = [.. plan.Items.Where(i => i.DependsOn is not null).Select(i => new AwayDepends(i.Id, i.DependsOn!.Needed, i.DependsOn.Titles))],
    };

    public IReadOnlyList<AwayDepends> Depends { get; init; } = [];

    // Passive items' results come to the desk alone: without it nobody can say anything about them.
    private static HostPlan Outside(HostPlan host) => host with { Ssh = null, Services = [.. host.Services.Where(s => !s.IsPassive)] };

    internal CustomerPlan ToPlan()
    {
        var flaps = Flaps.ToDictionary(f => f.Item, f => f.Plan);
        var depends = Depends.ToDictionary(d => d.Item, d => new DependsPlan(d.Needed, d.Titles));
        return Plan with
        {
            Silences = Silences,
            Hosts =
            [
                .. Plan.Hosts.Select(h => h with
                {
                    Needed = NeedAll.Contains(h.Key) ? ParentsNeeded.All : ParentsNeeded.Any,
                    Alive = h.Alive is null ? null : Whole(h.Alive),
                    Services = [.. h.Services.Select(Whole)],
                }),
            ],
        };

        ItemPlan Whole(ItemPlan item) => (flaps.TryGetValue(item.Id, out var plan) ? item with { Flapping = plan } : item) with { DependsOn = depends.GetValueOrDefault(item.Id) };
    }
}

/// <summary>An item that flaps by other limits than usual; null: never.</summary>
internal sealed record AwayFlap(ItemId Item, FlapPlan? Plan);

/// <summary>What an item needs besides its host.</summary>
internal sealed record AwayDepends(ItemId Item, ParentsNeeded Needed, IReadOnlyList<string> Titles);
