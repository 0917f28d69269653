using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>A desk with rich, hostile and realistic data in memory: claims, notes and calls change it, scopes cut it.</summary>
internal sealed class SampleDesk(TimeProvider clock) : IDeskQueries, IDeskCommands, IDeskChanges
{
    private readonly List<SilenceRow> silences = [];
    private bool retried;

    private readonly ConcurrentDictionary<long, IncidentView> incidents = new(
        new SampleIncidents(clock.GetUtcNow(), SampleHosts.All(clock.GetUtcNow())).All().ToDictionary(v => v.Row.Id.Value));

    private readonly ConcurrentDictionary<Channel<string>, Scope> watchers = new();
    private readonly DateTimeOffset started = clock.GetUtcNow();

    /// <summary>Every command that came through, to assert that none did.</summary>
    internal ConcurrentQueue<string> Carried { get; } = new();

    /// <summary>The scopes of the streams that are open.</summary>
    internal IEnumerable<Scope> Watching => watchers.Values;

    /// <summary>What silences make of incidents.</summary>
    internal Func<IncidentRow, IncidentRow>? Quiet { get; set; }

    /// <summary>Other hosts than the invented ones, made of them.</summary>
    internal Func<IReadOnlyList<HostRow>, IReadOnlyList<HostRow>>? Instead { get; set; }

    /// <summary>Shows no incident at all.</summary>
    internal bool Calm { get; set; }

    /// <summary>Takes out whoever would like to be a page: for pictures that are shown to people.</summary>
    internal void Decent()
    {
        foreach (var id in new long[] { 42, 43 })
        {
            incidents.TryRemove(id, out _);
        }
    }

    internal SpecRefusal? Refused { get; set; }

    public SpecRefusal? RefusedSpecs(Scope scope) => scope.Customer is null ? Refused : null;

    public OwnView Own(Scope scope) => scope.Customer is null ? new OwnView(SampleHosts.Own(), null) : OwnView.Nothing;

    /// <summary>Adds this many unclaimed incidents of one customer.</summary>
    internal void Storm(int count)
    {
        var like = incidents[41];
        for (var i = 0; i < count; i++)
        {
            var id = new IncidentId(1000 + i);
            incidents[id.Value] = like with { Row = like.Row with { Id = id, Host = $"edge{i:000}", Number = $"INC-260414-{1000 + i}" } };
        }

        Tell("incidents");
    }

    /// <summary>One incident, of number 2000, that so many services and a tenth as many hosts have joined; every seventh host is back.</summary>
    internal void Crowd(int services)
    {
        var like = incidents[40];
        var (at, hosts) = (like.Row.OpenedUtc, services / 10);
        string Address(int n) => FormattableString.Invariant($"10.4.{n / 200}.{(n % 200) + 1}");
        List<StormHostView> joined = [.. Enumerable.Range(1, hosts).Select(n => new StormHostView($"app{n:0000}", Address(n), at, n % 7 == 0 ? StormExit.Back : null, n % 7 == 0 ? at.AddMinutes(3) : null, null))];
        List<IncidentEvent> events =
        [
            .. like.Events.Where(e => e is not (ServiceAttached or HostAttached or StormJoined)),
            .. Enumerable.Range(1, services).Select(n => new ServiceAttached(at.AddSeconds(1), "engine", new ItemId(5000 + n), $"queue-{n:00000}", CheckStatus.Critical, "connect to address 10.4.0.1 and port 5672: Connection refused")),
            new NoticeDecided(at.AddSeconds(1), "engine", NoticeKind.Alert, NoticeReason.HostIsDown, false, "", ""),
            .. Enumerable.Range(1, hosts).Select(n => new HostAttached(at.AddSeconds(2), "engine", new ItemId(3000 + n), $"vm{n:0000}", Address(n), "no answer to 5 packets")),
            .. joined.Select((h, n) => new StormJoined(h.JoinedUtc, "engine", new ItemId(1000 + n), h.Host, h.Address, CauseKind.Vendor, "tokyo-idc", "no answer to 5 packets")),
            .. joined.Where(h => h.Left is not null).Select(h => new StormLeft(h.LeftUtc!.Value, "engine", new ItemId(4), h.Host, StormExit.Back)),
        ];
        incidents[2000] = like with
        {
            Row = like.Row with { Id = new IncidentId(2000), Number = "INC-260414-2000", Attached = services, Unreachable = hosts, Joined = hosts, StillFailing = joined.Count(h => h.Left is null) + 1 },
            Events = events,
            Storm = like.Storm! with { Hosts = joined },
        };
        Tell("incidents");
    }

    /// <summary>Takes the storm's incidents away again.</summary>
    internal void EndStorm()
    {
        foreach (var id in incidents.Keys.Where(k => k >= 1000))
        {
            incidents.TryRemove(id, out _);
        }

        Tell("incidents");
    }

    internal void Tell(string change)
    {
        foreach (var channel in watchers.Keys)
        {
            channel.Writer.TryWrite(change);
        }
    }

    public IReadOnlyList<IncidentRow> Incidents(Scope scope, bool closed = false, int limit = 200) => Calm ? [] :
    [
        .. incidents.Values.Select(v => Quiet?.Invoke(v.Row) ?? v.Row)
            .Where(r => scope.Covers(r.Customer) && closed == (r.Stage == IncidentStage.Closed))
            .OrderBy(r => r.Stage).ThenBy(r => r.Slo.DueUtc ?? DateTimeOffset.MaxValue)
            .Take(limit),
    ];

    public IncidentView? Incident(Scope scope, IncidentId id, Actor? viewer = null) =>
        incidents.TryGetValue(id.Value, out var view) && scope.Covers(view.Row.Customer) ? view with { Received = Shown(scope, view.Received) } : null;

    public IncidentId? IncidentByNumber(Scope scope, string number) =>
        incidents.Values.FirstOrDefault(v => v.Row.Number == number && scope.Covers(v.Row.Customer))?.Row.Id;

    public IReadOnlyList<HostRow> Hosts(Scope scope) => [.. (Instead?.Invoke(SampleHosts.All(started)) ?? SampleHosts.All(started)).Where(h => scope.Covers(h.Customer))];

    public ItemCounts Counts() => SampleRows.Count(Hosts(Scope.Across("counts")));

    public HostList HostList(Scope scope, HostWish wish) => SampleRows.Find(Hosts(scope), wish);

    public HostRow? Host(Scope scope, CustomerId customer, string host) => Hosts(scope).FirstOrDefault(h => h.Customer == customer && h.Host == host);

    public ItemRow? Item(Scope scope, ItemId item) => Hosts(scope).SelectMany(h => h.Services.Append(h.Alive!)).FirstOrDefault(i => i.Id == item);

    public IReadOnlyList<TakenHit> LogHits(Scope scope, ItemId item, int limit) => Item(scope, item) is { Kind: "log" } ? SampleIncidents.Hits(started) : [];

    public IReadOnlyList<BoundView> Bounds(Scope scope, ItemId item) =>
        Item(scope, item) is { } row ? DeskQueries.BoundsOf(SampleHosts.Plan(row)) : [];

    public IReadOnlyList<SampleSeries> Samples(Scope scope, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc) =>
        Item(scope, item) is { } row ? SampleHosts.Samples(row, fromUtc, toUtc) : [];

    public IReadOnlyList<ChartView> Charts(Scope scope, IReadOnlyCollection<ItemId> items, ChartWish wish) =>
        [.. items.Select(i => Item(scope, i)).OfType<ItemRow>().Select(row => SampleHosts.Chart(row, wish, clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")))];

    public IReadOnlyList<TextChange> Texts(Scope scope, ItemId item, ChartRange range) => Item(scope, item) is not { } row ? [] :
    [
        .. row.Views.Where(v => v.Known).Select(v => new TextChange(v.Site, v.LookUtc!.Value, v.Status, v.Output)),
        .. row.Views.Where(v => v.Known).Select(v => new TextChange(v.Site, clock.GetUtcNow().AddHours(-7), CheckStatus.Ok, "OK - " + SampleHosts.Script)),
    ];

    public IReadOnlyList<SiteRow> Sites(Scope scope)
    {
        var path = SampleHosts.All(started).SelectMany(h => h.Services).First(s => s.Reach == Reach.PathTrouble);
        IReadOnlyList<PathTroubleView> paths = scope.Covers(path.Customer)
            ? [new(path.Id, path.Customer, path.Host, path.Service, started.AddMinutes(-14), path.Evidence)]
            : [];
        return
        [
            new(SampleHosts.Tokyo, true, started.AddSeconds(-2), 12, 12, 214, 3, 184_233, 0, TimeSpan.FromMilliseconds(38), TimeSpan.FromMilliseconds(212), 0, TimeSpan.FromMilliseconds(12), []) { SilentPeers = [SampleHosts.Osaka], SpeaksAs = 1 },
            new(SampleHosts.Osaka, false, started.AddSeconds(-95), 11, 12, 214, 0, 184_102, 4, TimeSpan.FromMilliseconds(64), TimeSpan.FromSeconds(7.4), 1_284, TimeSpan.FromSeconds(-2.4), paths) { SilentPeers = [SampleHosts.Tokyo], SpeaksAs = 2 },
        ];
    }

    public IReadOnlyList<MailView> Mails(Scope scope, int limit = 100) => Calm ? [] :
        [.. incidents.Values.Where(v => scope.Covers(v.Row.Customer)).SelectMany(v => v.Mails).OrderByDescending(m => m.DateUtc).Take(limit)];

    public int MailsWaiting(Scope scope) => retried ? 0 : Mails(scope).SelectMany(m => m.Deliveries).Count(d => d.NextUtc is not null);

    public Task<CommandOutcome> RetryMailsAsync(Actor by)
    {
        Carried.Enqueue($"{by.Name} retry mails");
        retried = true;
        return Task.FromResult(CommandOutcome.Done);
    }

    public IReadOnlyList<InboundView> Received(Scope scope, int limit = 100) => Calm ? [] :
        [.. incidents.Values.Where(v => scope.Covers(v.Row.Customer)).SelectMany(v => Shown(scope, v.Received)).Take(limit)];

    /// <summary>Each incident has one mail of its own number, with one attachment that would like to be opened.</summary>
    public ArchivedFile? Archived(Scope scope, long mail, int attachment) => attachment <= 1 && incidents.TryGetValue(mail, out var view) && scope.Covers(view.Row.Customer)
        ? new ArchivedFile(attachment == 0 ? $"mail-{mail}.eml" : "../../\"x\r\n.html", "<script>alert(1)</script>"u8.ToArray())
        : null;

    private static IReadOnlyList<InboundView> Shown(Scope scope, IReadOnlyList<InboundView> received) =>
        [.. received.Where(r => scope.Customer is null || r.Standing == "Member")];

    public IReadOnlyList<CustomerRow> Customers(Scope scope) =>
    [
        .. Hosts(scope).GroupBy(h => h.Customer).Select(g => new CustomerRow(
            g.Key, g.First().CustomerName, g.Key == SampleHosts.Trading ? "MC-1023" : g.Key == SampleHosts.Clinic ? "MC-2044" : "MC-3071", 4, "9f2c64e0b1a7", g.Count(), g.Sum(h => h.Services.Count + 1), incidents.Values.Count(v => v.Row.Customer == g.Key && v.Row.Stage < IncidentStage.Reported))),
    ];

    public Task<CommandOutcome> ClaimAsync(Actor by, IncidentId incident) => Change(by, incident, "claim", view => view.Row.ClaimedBy is { } who
        ? new CommandOutcome(Refusal.Conflict, new Text($"{who} が対応中です", $"{who} is responding"))
        : Next(view, new Claimed(clock.GetUtcNow(), by.Name, by.DisplayName), view.Row with
        {
            Stage = IncidentStage.Responding,
            ClaimedBy = by.DisplayName,
            Slo = view.Row.Slo with { ClaimedUtc = clock.GetUtcNow(), Met = true },
        }));

    internal List<MaintenanceRow> Asked { get; } = [.. SampleMaintenance.All(clock.GetUtcNow())];

    internal List<MaintenanceAsk> Asks { get; } = [];

    internal List<string> Decisions { get; } = [];

    public IReadOnlyList<MaintenanceRow> Maintenance(Scope scope) => [.. Asked.Where(r => scope.Covers(r.Request.Ask.Customer))];

    public Task<MaintenanceOutcome> AskMaintenanceAsync(Actor by, MaintenanceAsk wanted)
    {
        Asks.Add(wanted);
        return Task.FromResult(new MaintenanceOutcome(CommandOutcome.Done, 1, []));
    }

    public Task<CommandOutcome> DecideMaintenanceAsync(Actor by, long request, bool approve, string reason)
    {
        Decisions.Add($"{request} {approve} {reason}");
        return Task.FromResult(CommandOutcome.Done);
    }

    public Task<PostOutcome> PostResultsAsync(Actor by, CustomerId customer, IReadOnlyList<System.Text.Json.JsonElement> results) => throw new NotSupportedException();

    public Task<CommandOutcome> ReleaseAsync(Actor by, IncidentId incident, string reason) => Change(by, incident, "release", view =>
        Next(view, new Released(clock.GetUtcNow(), by.Name, reason), view.Row with { Stage = IncidentStage.Unclaimed, ClaimedBy = null, Slo = view.Row.Slo with { ClaimedUtc = null, Met = null } }));

    public Task<CommandOutcome> AddNoteAsync(Actor by, IncidentId incident, string text, bool forReport) => Change(by, incident, "note", view =>
        Next(view, new NoteAdded(clock.GetUtcNow(), by.Name, text, forReport), view.Row));

    public Task<CommandOutcome> RecordCallAsync(Actor by, IncidentId incident, string contact, string numberTail, CallOutcome outcome, string said) =>
        Change(by, incident, "call", view => Next(view, new CallRecorded(clock.GetUtcNow(), by.Name, contact, numberTail, outcome, said), view.Row));

    /// <summary>How steps run instead, told what to call when one has begun.</summary>
    internal Func<Action, Task<CommandOutcome>>? Steps { get; init; }

    public Task<CommandOutcome> RunStepAsync(Actor by, IncidentId incident, int step, string? confirmHost, string? confirmCommand, CancellationToken cancel, Action? begun = null) =>
        Steps is { } steps ? steps(begun!) : Change(by, incident, $"step {step} {confirmHost} {confirmCommand}", view =>
        {
            var plan = view.Steps[step - 1];
            return plan.Kind == "change" && (confirmHost != plan.Host || confirmCommand != plan.Command)
                ? new CommandOutcome(Refusal.ConfirmationNeeded, new Text("ホスト名が違います", "That is not the host's name"), plan.Host, plan.Command)
                : Next(view, new StepStarted(clock.GetUtcNow(), by.Name, "restart-web", step, 1, plan.Kind, plan.Host, plan.Command), view.Row);
        });

    public Task<CommandOutcome> ResolveStepAsync(Actor by, IncidentId incident, int step, bool done, string because) =>
        Change(by, incident, "resolve", view => Next(view, new StepEnded(clock.GetUtcNow(), by.Name, step, 1, done ? StepOutcome.Done : StepOutcome.Failed, null, "", Text.Same(because)), view.Row));

    public Task<CommandOutcome> SendReportAsync(Actor by, IncidentId incident, ReportParts parts, bool interim) => Change(by, incident, "report", view =>
        Next(view, new ReportSent(clock.GetUtcNow(), by.Name, by.DisplayName, interim, parts, "k"), view.Row with { Stage = interim ? view.Row.Stage : IncidentStage.Reported }));

    public Task<CommandOutcome> SeparateAsync(Actor by, IncidentId incident, string host) => Change(by, incident, "separate", view =>
        Next(view, new StormLeft(clock.GetUtcNow(), by.Name, new ItemId(1), host, StormExit.Separated), view.Row));

    public Task<CommandOutcome> CloseAsync(Actor by, IncidentId incident, string reason) => Change(by, incident, "close", view =>
        Next(view, new Closed(clock.GetUtcNow(), by.Name, Text.Same(reason)), view.Row with { Stage = IncidentStage.Closed }));

    public IReadOnlyList<SilenceRow> Silences(Scope scope) => [.. SampleSilences.All(clock.GetUtcNow()).Concat(silences).Where(s => scope.Covers(s.Customer))];

    public Task<SilenceOutcome> SetSilenceAsync(Actor by, SilenceRequest wanted)
    {
        Carried.Enqueue($"{by.Name} silence {wanted.Customer} {wanted.Host}/{wanted.Service}");
        if (!by.MayRespond)
        {
            return Task.FromResult(new SilenceOutcome(new CommandOutcome(Refusal.Forbidden, Text.Same("viewer")), 0));
        }

        if (wanted.Wrong(clock.GetUtcNow()) is { } problem)
        {
            return Task.FromResult(new SilenceOutcome(new CommandOutcome(Refusal.Invalid, problem), 0));
        }

        silences.Add(SampleSilences.Set(90 + silences.Count, wanted, by.DisplayName));
        return Task.FromResult(new SilenceOutcome(CommandOutcome.Done, silences[^1].Id));
    }

    public Task<CommandOutcome> EndSilenceAsync(Actor by, long silence, string reason)
    {
        Carried.Enqueue($"{by.Name} end silence {silence}");
        var at = silences.FindIndex(s => s.Id == silence);
        if (!by.MayRespond || at < 0)
        {
            return Task.FromResult(new CommandOutcome(at < 0 ? Refusal.NotFound : Refusal.Forbidden, SilenceWhy.NoSuchSilence));
        }

        silences[at] = silences[at] with { Stage = SilenceStage.Ended, EndsUtc = clock.GetUtcNow(), EndedBy = by.DisplayName, EndedBecause = reason };
        return Task.FromResult(CommandOutcome.Done);
    }

    public async IAsyncEnumerable<string> WatchAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<string>();
        watchers[channel] = scope;
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancel))
            {
                yield return change;
            }
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }

    private CommandOutcome Next(IncidentView view, IncidentEvent happened, IncidentRow row)
    {
        incidents[view.Row.Id.Value] = view with { Events = [.. view.Events, happened], Row = row };
        Tell("incidents");
        Tell($"incident/{view.Row.Id}");
        return CommandOutcome.Done;
    }

    private Task<CommandOutcome> Change(Actor by, IncidentId incident, string what, Func<IncidentView, CommandOutcome> change)
    {
        Carried.Enqueue($"{by.Name} {what} {incident}");
        return Task.FromResult(Incident(by.Scope, incident) is { } view ? change(view) : new CommandOutcome(Refusal.NotFound, Text.Same("")));
    }
}
