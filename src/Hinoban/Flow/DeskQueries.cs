using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What people may see, cut to their scope. Open incidents and items come from the board, history from the database.</summary>
internal sealed class DeskQueries(DeskEngine engine, Db db, DeskStores stores, TimeProvider clock, Reserve? reserve = null) : IDeskQueries
{
    /// <summary>All sites in the order of rank, in which they speak when the desk is away.</summary>
    internal IReadOnlyList<SiteName> Ranks { get; init; } = [];

    internal IReadOnlyDictionary<SiteName, string> Carriers { get; init; } = new Dictionary<SiteName, string>();

    /// <summary>How the data folder stands; null where there is none.</summary>
    internal Func<PlaceView>? Place { get; init; }

    internal Func<HeartbeatView?> Heartbeat { get; init; } = () => null;

    /// <summary>The specification files as they were read last, if they were not taken.</summary>
    internal Func<SpecRefusal?> Refused { get; init; } = () => null;

    private readonly IncidentPages pages = new(engine, db, stores, clock);
    private readonly DeskCharts charts = new(engine, db, stores, clock);
    private readonly SilenceDesk silences = new(engine, db, stores);
    private readonly MaintenanceDesk maintenance = new(engine, db, stores);

    public Text? Ailment(Scope scope) =>
        scope.Customer is not null ? null
        : reserve is { GivenUp: true } ? DeskText.DiskFull
        : db.Trouble is not null ? DeskText.TakesNothing
        : Place?.Invoke() is { } place ? OwnRules.PlaceTrouble(place)
        : null;

    // A file may be about any customer.
    public SpecRefusal? RefusedSpecs(Scope scope) => scope.Customer is null ? Refused() : null;

    public IReadOnlyList<IncidentRow> Incidents(Scope scope, bool closed = false, int limit = 200)
    {
        var found = closed
            ? db.Read(tx => stores.Incidents.List(tx, scope, open: false, limit))
            : engine.Look((board, _, _) => board.OpenIncidents.Where(i => scope.Covers(i.Facts.Customer)).ToList());
        var rows = pages.Rows(found);
        return closed
            ? [.. rows.OrderByDescending(r => r.OpenedUtc)]
            : [.. rows.OrderBy(Urgency).ThenBy(r => r.Slo.DueUtc ?? DateTimeOffset.MaxValue).ThenBy(r => r.OpenedUtc).Take(limit)];
    }

    public IncidentView? Incident(Scope scope, IncidentId id, Actor? viewer = null) => pages.View(scope, id, viewer);

    public string? TitleOf(Scope scope, IncidentId id) => engine.Find(scope, id)?.Facts.Title;

    public IncidentId? IncidentByNumber(Scope scope, string number) => db.Read(tx => stores.Incidents.ByNumber(tx, scope, number));

    public IReadOnlyList<HostRow> Hosts(Scope scope) => engine.Look((board, _, now) =>
    {
        var way = Upstream.Of(board);
        return board.Plan.Customers
            .Where(c => scope.Covers(c.Id) && !c.IsProvider)
            .SelectMany(c => c.Hosts.Select(h => ItemPages.Host(board, way, c, h, now)))
            .ToList();
    });

    public ItemCounts Counts() => engine.Look((board, _, _) => new ItemCounts(
        board.Plan.Customers.Where(c => !c.IsProvider).Sum(c => c.Hosts.Count),
        Enum.GetValues<CheckStatus>().ToDictionary(s => s, board.Count),
        board.LooksWait.Count));

    public HostList HostList(Scope scope, HostWish wish) => engine.Look((board, _, now) => HostLists.Of(board, scope, wish, now));

    public HostRow? Host(Scope scope, CustomerId customer, string host) => !scope.Covers(customer) ? null : engine.Look((board, _, now) =>
        board.Plan.Customer(customer) is { } plan && plan.Host(host) is { } found ? ItemPages.Host(board, plan, found, now) : null);

    public ItemRow? Item(Scope scope, ItemId item) => engine.Look((board, _, now) =>
        board.Item(item) is { } entry && scope.Covers(entry.Plan.Customer) ? ItemPages.Item(board, entry, now) : null);

    public IReadOnlyList<TakenHit> LogHits(Scope scope, ItemId item, int limit) => db.Read(tx => stores.Logs.Latest(tx, scope, item, limit));

    public IReadOnlyList<BoundView> Bounds(Scope scope, ItemId item) => engine.Look((board, _, _) =>
        board.Item(item) is { } entry && scope.Covers(entry.Plan.Customer) ? BoundsOf(entry.Plan) : []);

    internal static IReadOnlyList<BoundView> BoundsOf(ItemPlan item) =>
        [.. DetectionBound.FormsOf(item).Select(fault => new BoundView(fault, DetectionBound.Of(item, fault)) { Alone = DetectionBound.Alone(item, fault) })];

    public IReadOnlyList<SampleSeries> Samples(Scope scope, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc) => Item(scope, item) is not { } found ? [] :
    [
        .. db.Read(tx => stores.Samples.Raw(tx, new SampleWish(scope, found.Customer, [item], fromUtc, toUtc)))
            .OrderBy(s => s.Key.Site.Value, StringComparer.Ordinal)
            .Select(s => new SampleSeries(s.Key.Site, [.. s.Value.Select(v => v.Point)])),
    ];

    public IReadOnlyList<ChartView> Charts(Scope scope, IReadOnlyCollection<ItemId> items, ChartWish wish) => charts.Of(scope, items, wish);

    public IReadOnlyList<TextChange> Texts(Scope scope, ItemId item, ChartRange range) => charts.Texts(scope, item, range);

    public IReadOnlyList<SiteRow> Sites(Scope scope) => engine.Look((board, lines, now) => lines.All
        .OrderBy(l => l.Site.Value, StringComparer.Ordinal)
        .Select(l => ItemPages.Site(board, l, lines.Signal(l.Site, now), scope))
        .Select(row => scope.Customer is null ? WithNetwork(WithPeers(WithCarrier(row), lines.Of(row.Name).Health?.Peers), lines) : row)
        .ToList());

    public OwnView Own(Scope scope) => !scope.Covers(ProviderPlan.Customer) ? OwnView.Nothing : new OwnView(
        engine.Look((board, _, now) => board.Plan.Customer(ProviderPlan.Customer)?.Items
            .Select(i => board.Item(i.Id)).OfType<ItemEntry>().Select(e => ItemPages.Item(board, e, now)).ToList()) ?? [],
        Heartbeat());

    public IReadOnlyList<MailView> Mails(Scope scope, int limit = 100) => db.Read(tx => MailPages.Latest(tx, stores, scope, limit));

    public int MailsWaiting(Scope scope) => db.Read(tx => stores.Outbox.Waiting(tx, scope));

    public IReadOnlyList<InboundView> Received(Scope scope, int limit = 100) => db.Read(tx => MailPages.Received(tx, stores, scope, limit));

    public ArchivedFile? Archived(Scope scope, long mail, int attachment) => db.Read(tx => MailPages.File(tx, stores, scope, mail, attachment));

    public IReadOnlyList<CustomerRow> Customers(Scope scope) => engine.Look((board, _, _) => board.Plan.Customers
        .Where(c => scope.Covers(c.Id) && !c.IsProvider)
        .Select(c => new CustomerRow(
            c.Id, c.Name, c.Contract, c.Edition, c.Hash, c.Hosts.Count, c.Items.Count(), board.OpenIncidents.Count(i => i.Facts.Customer == c.Id)))
        .ToList());

    public IReadOnlyList<SilenceRow> Silences(Scope scope) => silences.Rows(scope);

    public IReadOnlyList<MaintenanceRow> Maintenance(Scope scope) => maintenance.Rows(scope);

    private SiteRow WithPeers(SiteRow row, PeerHealth? peers) => peers is null ? row : row with
    {
        SilentPeers = [.. Ranks.Where((_, rank) => peers.IsSilent(rank))],
        CarriedBy = peers.CarriedBy is { } rank && rank < Ranks.Count ? Ranks[rank] : null,
        SpeaksAs = Ranks.ToList().IndexOf(row.Name) is >= 0 and var place ? place + 1 : null,
    };

    private static SiteRow WithNetwork(SiteRow row, SiteLines lines) => lines.Of(row.Name).From is not { } from ? row : row with
    {
        From = from,
        OfOneNetwork = [.. lines.All.Where(l => l.Site != row.Name && l.From is { } other && SiteNetworks.AreOne(from, other)).Select(l => l.Site).OrderBy(s => s.Value, StringComparer.Ordinal)],
    };

    private SiteRow WithCarrier(SiteRow row) => Carriers.GetValueOrDefault(row.Name) is { } carrier
        ? row with { Carrier = carrier, CarrierShared = Carriers.Any(c => c.Key != row.Name && c.Value == carrier) }
        : row;

    // The queue's order: what waits for a claim, then what is being worked on, then what owes a report.
    private static int Urgency(IncidentRow row) => row.Stage switch
    {
        IncidentStage.Unclaimed => 0,
        IncidentStage.Responding => 1,
        IncidentStage.ReportOwed => 2,
        IncidentStage.Reported => 3,
        IncidentStage.Closed => 4,
    };
}
