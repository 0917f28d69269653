using System.Runtime.CompilerServices;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.States;
using Hinoban.Tests.Checks;

namespace Hinoban.Tests.Server;

/// <summary>A desk with two customers and one incident each, as simple as can be, so that the web server's own behaviour is what a test sees.</summary>
internal sealed class SampleDesk : IDeskQueries, IDeskCommands, IDeskChanges, IResultDoor
{
    internal static readonly CustomerId Ours = new("sample-trading");
    internal static readonly CustomerId Theirs = new("other-works");
    internal static readonly DateTimeOffset Noon = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    /// <summary>What was commanded, in order: <c>claim 1 sato</c>.</summary>
    internal List<string> Done { get; } = [];

    /// <summary>What the next command answers.</summary>
    internal CommandOutcome Outcome { get; set; } = CommandOutcome.Done;

    /// <summary>What is wrong with the results that are posted next.</summary>
    internal List<PostedProblem> Wrong { get; } = [];

    /// <summary>Every posted result as it came, and what is wrong with a batch of them.</summary>
    internal System.Collections.Concurrent.ConcurrentQueue<string> Posted { get; } = new();

    internal Func<IReadOnlyList<System.Text.Json.JsonElement>, IReadOnlyList<PostedProblem>>? Judge { get; set; }

    /// <summary>Completes when the step may end.</summary>
    internal TaskCompletionSource? Hold { get; set; }

    /// <summary>Completes when a held step has begun.</summary>
    internal TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Reset()
    {
        Done.Clear();
        Wrong.Clear();
        Outcome = CommandOutcome.Done;
    }

    public IReadOnlyList<IncidentRow> Incidents(Scope scope, bool closed = false, int limit = 200) =>
        closed ? [] : [.. All.Where(r => scope.Covers(r.Customer)).Take(limit)];

    public IncidentView? Incident(Scope scope, IncidentId id, Actor? viewer = null) => All.FirstOrDefault(r => r.Id == id && scope.Covers(r.Customer)) is { } row
        ? new IncidentView(
            row, Facts(row), new Text("企業サイト", "corporate site"), "Asia/Tokyo", Language.Ja, [Seen], [View], Events(row),
            new RunbookPlan("restart-web", new Text("Webサービスの再起動", "Restart the web service"), RunbookRisk.Change, [Plan]),
            [new StepView(1, Plan, "change", "web01", "sudo systemctl restart nginx", true, new Text("", ""), [])],
            [new ContactPlan("田中 一郎", ["+81 90-0000-4567"], "always", true)],
            [Mail(row)],
            new ReportParts("発生状況", "", "対応内容", "なし"))
        : null;

    public IncidentId? IncidentByNumber(Scope scope, string number) => All.FirstOrDefault(r => r.Number == number && scope.Covers(r.Customer))?.Id;

    public IReadOnlyList<HostRow> Hosts(Scope scope) => [.. new[] { Host(Ours, 11), Host(Theirs, 12) }.Where(h => scope.Covers(h.Customer))];

    public ItemCounts Counts() => SampleRows.Count(Hosts(Scope.Across("counts")));

    public HostList HostList(Scope scope, HostWish wish) => SampleRows.Find(Hosts(scope), wish);

    public HostRow? Host(Scope scope, CustomerId customer, string host) => Hosts(scope).FirstOrDefault(h => h.Customer == customer && h.Host == host);

    public ItemRow? Item(Scope scope, ItemId item) => Hosts(scope).SelectMany(h => h.Services).FirstOrDefault(i => i.Id == item);

    public IReadOnlyList<BoundView> Bounds(Scope scope, ItemId item) =>
        Item(scope, item) is null ? [] : DeskQueries.BoundsOf(CheckItems.Of(CheckItems.Http(80)) with { Sites = [new SiteName("tokyo"), new SiteName("osaka")] });

    public IReadOnlyList<SampleSeries> Samples(Scope scope, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc) =>
        [new SampleSeries(new SiteName("tokyo"), [new SamplePoint(Noon, 0.125, CheckStatus.Ok), new SamplePoint(Noon.AddMinutes(3), null, CheckStatus.Critical)])];

    public IReadOnlyList<SiteRow> Sites(Scope scope) =>
        [new SiteRow(new SiteName("tokyo"), true, Noon, 3, 3, 4, 1, 1000, 2, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(45), 0, TimeSpan.FromMilliseconds(-3), [])];

    public IReadOnlyList<MailView> Mails(Scope scope, int limit = 100) => [.. All.Where(r => scope.Covers(r.Customer)).Select(Mail).Take(limit)];

    public IReadOnlyList<CustomerRow> Customers(Scope scope) =>
        [.. new[] { Customer(Ours), Customer(Theirs) }.Where(c => scope.Covers(c.Id))];

    public Task<CommandOutcome> RetryMailsAsync(Actor by) => Note($"retry mails {by.Name}");

    public Task<CommandOutcome> ClaimAsync(Actor by, IncidentId incident) => Note($"claim {incident} {by.Name}");

    public IReadOnlyList<MaintenanceRow> Maintenance(Scope scope) => [.. new[] { Asked(11, Ours), Asked(12, Theirs) }.Where(r => scope.Covers(r.Request.Ask.Customer))];

    public Task<MaintenanceOutcome> AskMaintenanceAsync(Actor by, MaintenanceAsk wanted)
    {
        if (!by.Scope.Covers(wanted.Customer))
        {
            return Task.FromResult(MaintenanceOutcome.No(Refusal.NotFound, SilenceWhy.NoSuchScope));
        }

        Done.Add($"ask {wanted.Customer} {string.Join(',', wanted.Targets)} {by.Name}");
        return Task.FromResult(Wrong.Count > 0
            ? new MaintenanceOutcome(new CommandOutcome(Refusal.Invalid, MaintenanceText.Past), 0, [new MaintenanceProblem("from_utc", MaintenanceText.Past)])
            : new MaintenanceOutcome(CommandOutcome.Done, 11, []));
    }

    public Task<CommandOutcome> DecideMaintenanceAsync(Actor by, long request, bool approve, string reason) => Note($"decide {request} {approve} {by.Name} {reason}");

    private static MaintenanceRow Asked(long id, CustomerId customer) => new(
        new MaintenanceRequest(id, new MaintenanceAsk(customer, ["web01"], Noon, Noon.AddHours(2), "power", "tanaka"), Noon, "tanaka", null), new Text("x", "x"), MaintenanceStage.Asked);

    public Task<PostOutcome> PostResultsAsync(Actor by, CustomerId customer, IReadOnlyList<System.Text.Json.JsonElement> results)
    {
        Done.Add($"post {customer} {results.Count} {by.Name}");
        if (Judge?.Invoke(results) is { Count: > 0 } wrong)
        {
            return Task.FromResult(new PostOutcome(new CommandOutcome(Refusal.Invalid, PostedText.Refused(wrong.Count)), wrong, []));
        }

        foreach (var result in results)
        {
            Posted.Enqueue(result.GetRawText());
        }

        return Task.FromResult(Wrong.Count > 0
            ? new PostOutcome(new CommandOutcome(Refusal.Invalid, PostedText.Refused(Wrong.Count)), Wrong, [])
            : new PostOutcome(CommandOutcome.Done, [], [new PostedFateOf("web01/backup", PostedFate.Taken), new PostedFateOf("web01/backup", PostedFate.Older)]));
    }

    public Task<CommandOutcome> ReleaseAsync(Actor by, IncidentId incident, string reason) => Note($"release {incident} {by.Name} {reason}");

    public Task<CommandOutcome> AddNoteAsync(Actor by, IncidentId incident, string text, bool forReport) => Note($"note {incident} {by.Name} {text} {forReport}");

    public Task<CommandOutcome> RecordCallAsync(Actor by, IncidentId incident, string contact, string numberTail, CallOutcome outcome, string said) =>
        Note($"call {incident} {by.Name} {contact} {numberTail} {outcome} {said}");

    public async Task<CommandOutcome> RunStepAsync(Actor by, IncidentId incident, int step, string? confirmHost, string? confirmCommand, CancellationToken cancel, Action? begun = null)
    {
        Began.TrySetResult();
        await (Hold?.Task ?? Task.CompletedTask);
        return await Note($"step {incident} {by.Name} {step} {confirmHost} {confirmCommand}");
    }

    public Task<CommandOutcome> ResolveStepAsync(Actor by, IncidentId incident, int step, bool done, string because) =>
        Note($"resolve {incident} {by.Name} {step} {done} {because}");

    public Task<CommandOutcome> SendReportAsync(Actor by, IncidentId incident, ReportParts parts, bool interim) =>
        Note($"report {incident} {by.Name} {parts.Situation}|{parts.Cause}|{parts.Actions}|{parts.Calls} {interim}");

    public Task<CommandOutcome> SeparateAsync(Actor by, IncidentId incident, string host) => Note($"separate {incident} {by.Name} {host}");

    public Task<CommandOutcome> CloseAsync(Actor by, IncidentId incident, string reason) => Note($"close {incident} {by.Name} {reason}");

    public IReadOnlyList<SilenceRow> Silences(Scope scope) => [.. new[] { Silence(21, Ours), Silence(22, Theirs), Silence(11, Ours) }.Where(s => scope.Covers(s.Customer))];

    public async Task<SilenceOutcome> SetSilenceAsync(Actor by, SilenceRequest wanted) =>
        new(await Note($"silence {wanted.Customer} {wanted.Host}/{wanted.Service} {by.Name} {wanted.Reason}"), 21);

    public Task<CommandOutcome> EndSilenceAsync(Actor by, long silence, string reason) => Note($"end silence {silence} {by.Name} {reason}");

    public async IAsyncEnumerable<string> WatchAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return "incidents";
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
    }

    public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel) => Task.FromResult(new BatchReceipt(batch.Epoch, batch.Sequence));

    public async IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new BeatOrder();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
    }

    private static readonly SiteEvidence Seen = new(new SiteName("tokyo"), VoteKind.Transport, CheckStatus.Critical, NoValue.Refused, Noon, "connect: refused <b>");

    private static readonly SiteView View = new(new SiteName("tokyo"))
    {
        Known = true,
        Status = CheckStatus.Critical,
        LastHard = CheckStatus.Critical,
        Attempt = 2,
        Reply = Reply.Transport,
        NoValue = NoValue.Refused,
        LookUtc = Noon,
        ChangedUtc = Noon,
        Took = TimeSpan.FromMilliseconds(1.5),
        Output = "connect: refused <b>",
    };

    private static readonly StepPlan Plan = new ChangeStepPlan("web01", "sudo systemctl restart nginx", 0, TimeSpan.FromSeconds(60), StepElse.Call, "");

    private static readonly IncidentRow[] All = [Row(1, Ours), Row(2, Theirs)];

    private static IncidentRow Row(long id, CustomerId customer) => new(
        new IncidentId(id), $"INC-260414-000{id}", customer, new Text("サンプル商事株式会社", "Sample Trading"), "web01", "http", CheckStatus.Critical, Reach.Down,
        false, true, IncidentStage.Unclaimed, null, Noon, null, new SloView(Noon.AddSeconds(1), Noon.AddSeconds(601), null, null), 0, "connect: refused <b>", MailTrouble.None);

    private static ProblemFacts Facts(IncidentRow row) => new(
        row.Number, row.Customer, new ItemId(10 + (int)row.Id.Value), 1, row.Host, row.Service, "192.0.2.10", "http", "CRIT 8 s", "restart-web", 4, 3, Noon.AddSeconds(-15));

    private static IReadOnlyList<IncidentEvent> Events(IncidentRow row) =>
    [
        new Opened(Noon, "engine", Facts(row), Reach.Down, CheckStatus.Critical, false, [Seen]),
        new Claimed(Noon.AddMinutes(1), "sato", "佐藤 花子"),
        new CallRecorded(Noon.AddMinutes(2), "sato", "田中 一郎", "4567", CallOutcome.NoAnswer, ""),
    ];

    private static MailView Mail(IncidentRow row) => new(
        $"{row.Customer}.11.1.alert.1", row.Id, row.Number, row.Customer, NoticeKind.Alert, "<a@example.jp>", "** PROBLEM **", "body", Noon,
        [new DeliveryView("tanaka@sample.example.jp", false, "accepted", 1, null, "4F3A", "250 2.0.0 Ok", Noon.AddSeconds(1), false)]);

    private static HostRow Host(CustomerId customer, int item) => new(
        customer, Text.Same("x"), "web01", Text.Same("web01"), "192.0.2.10", MachineKind.Cloud, null,
        [
            new ItemRow(
                new ItemId(item), customer, Text.Same("x"), "web01", "http", "http", "CRIT 8 s", Judgement.Failing, Reach.Down, CheckStatus.Critical, true,
                [Seen], [View], null, 4, 3, TimeSpan.FromMinutes(3)),
        ]);

    private static CustomerRow Customer(CustomerId id) => new(id, Text.Same("x"), "MC-1", 4, "hash", 1, 1, 1);

    private Task<CommandOutcome> Note(string what)
    {
        Done.Add(what);
        return Task.FromResult(Outcome);
    }

    private static SilenceRow Silence(long id, CustomerId customer) => new(
        $"#{id}", id, customer, Text.Same(customer.Value), "Asia/Tokyo", "web01", "web01", "", SilenceKind.Mute, "", "kernel update", "sato", SilenceStage.Holds,
        Noon, Noon.AddHours(2), Noon.AddHours(2), TimeSpan.Zero, "", "", "");
}
