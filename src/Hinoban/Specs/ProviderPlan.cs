using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What the built-in customer is made of.</summary>
/// <param name="Name">The provider's own name.</param>
/// <param name="Language">Of its mails.</param>
/// <param name="Mailbox">The desk's mailbox; empty: the console alone tells.</param>
/// <param name="Sites">All sites that the provider has.</param>
internal sealed record ProviderTerms(Text Name, Language Language, string Mailbox, IReadOnlyList<SiteName> Sites)
{
    /// <summary>The desk sends itself test mails.</summary>
    internal bool Arrival { get; init; }

    /// <summary>Sites that listen for each other.</summary>
    internal IReadOnlyList<SiteName> Peers { get; init; } = [];

    /// <summary>Another desk node stands by to take over.</summary>
    internal bool Pair { get; init; }
}

/// <summary>
/// The provider as its own customer: what watches is watched through the same chain. Its plan is built and not written; the desk itself is the
/// one site that looks at it, and its list is the desk's mailbox. No specification can name it.
/// </summary>
internal static class ProviderPlan
{
    /// <summary>The vantage point at which the desk itself looks; no site can have its name.</summary>
    internal static readonly SiteName Desk = new("desk");

    /// <summary>The customer's reserved id.</summary>
    internal static readonly CustomerId Customer = new("provider");

    /// <summary>One service per site: whether it is heard, and not isolated.</summary>
    internal const string Sites = "site";

    /// <summary>One service per site: whether it alone cannot reach something.</summary>
    internal const string Paths = "path";

    /// <summary>One service per site: whether it keeps what it has seen until the desk has it.</summary>
    internal const string Spools = "spool";

    /// <summary>One service per customer: whether mail reaches the members of its list.</summary>
    internal const string Lists = "mail";

    /// <summary>One service per pair of sites that listen for each other: whether they hear each other.</summary>
    internal const string Peers = "peer";

    internal const string DeskHost = "desk";
    internal const string Mail = "mail";

    /// <summary>Whether the desk's own mail comes back through the whole chain.</summary>
    internal const string Arrival = "mail-arrival";

    internal const string Engine = "engine";

    /// <summary>Whether another node, and a copy of the database, could go on where this one ends.</summary>
    internal const string Standby = "standby";

    internal static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan PathFor = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan RelayAwayFor = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan LateBy = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan StandbyAwayFor = TimeSpan.FromMinutes(2);

    /// <summary>What a site has given up is told for this long after the last of it.</summary>
    internal static readonly TimeSpan GivenUpStands = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Host and service of all items.</summary>
    internal static IReadOnlyList<(string Host, string Service)> Items(ProviderTerms terms, IReadOnlyList<CustomerId> customers) =>
    [
        .. terms.Sites.Select(s => (Sites, s.Value)), .. terms.Sites.Select(s => (Paths, s.Value)), .. terms.Sites.Select(s => (Spools, s.Value)), (DeskHost, Mail), (DeskHost, Engine),
        .. terms.Arrival ? [(DeskHost, Arrival)] : Array.Empty<(string, string)>(),
        .. terms.Pair ? [(DeskHost, Standby)] : Array.Empty<(string, string)>(),
        .. Pairs(terms.Peers).Select(p => (Peers, PairOf(p.A, p.B))),
        .. customers.Select(c => (Lists, c.Value)),
    ];

    /// <summary>Every two of the sites, once.</summary>
    internal static IEnumerable<(SiteName A, SiteName B)> Pairs(IReadOnlyList<SiteName> sites) => sites.SelectMany((a, i) => sites.Skip(i + 1).Select(b => (a, b)));

    internal static string PairOf(SiteName a, SiteName b) => $"{a}-{b}";

    internal static CustomerPlan Build(ProviderTerms terms, IReadOnlyList<CustomerId> customers, Func<string, string, ItemId> ids) => new(
        Customer,
        terms.Name,
        "",
        terms.Language,
        SpecDefaults.TimeZone,
        0,
        "",
        new MailingListPlan(terms.Mailbox, SpecDefaults.Charset, [new MemberPlan("", "", Instructor: false, Desk: true)]),
        [],
        [Desk],
        [.. Items(terms, customers).GroupBy(i => i.Host, i => i.Service).Select(g => Host(g.Key, [.. g.Select(service => Item(g.Key, service, ids(g.Key, service)))]))],
        [],
        SpecDefaults.StartWithin);

    private static HostPlan Host(string key, IReadOnlyList<ItemPlan> services) => new(key, NameOf(key), "", MachineKind.Virtual, [], null, null, services);

    private static Text NameOf(string host) => host switch
    {
        Sites => new Text("監視拠点", "sites"),
        Paths => new Text("監視経路", "paths"),
        Spools => new Text("監視結果の保管", "spools"),
        Lists => new Text("メーリングリスト", "mailing lists"),
        Peers => new Text("監視拠点間", "peers"),
        _ => new Text("監視センター", "desk"),
    };

    private static ItemPlan Item(string host, string service, ItemId id) => new(
        id, Customer, host, service, "", new OwnLookPlan(Rule(host, service)), Interval, Timeout, 1, Interval, [Desk], null, 0, 0);

    private static string Rule(string host, string service) => (host, service) switch
    {
        (Sites, _) => $"CRIT silent or isolated {SilentFor.TotalSeconds:0} s",
        (Paths, _) => $"CRIT path trouble {PathFor.TotalMinutes:0} min",
        (Spools, _) => $"CRIT results not kept {SilentFor.TotalSeconds:0} s, or given up",
        (Lists, _) => "CRIT a member gets no mail",
        (_, Arrival) => "CRIT test mail late",
        (_, Standby) => $"CRIT no node or no copy {StandbyAwayFor.TotalMinutes:0} min",
        (Peers, _) => $"CRIT apart {SilentFor.TotalSeconds:0} s",
        (_, Mail) => $"CRIT relay away {RelayAwayFor.TotalMinutes:0} min",
        _ => $"CRIT late {LateBy.TotalSeconds:0} s",
    };
}

/// <summary>The desk looks at its own works; nothing goes over the wire.</summary>
internal sealed record OwnLookPlan(string Rule) : LookPlan
{
    internal override string Kind => "own";

    internal override string Thresholds => Rule;
}
