using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.States;

namespace Hinoban.Flow;

/// <summary>Why a command was not carried out.</summary>
internal enum Refusal
{
    /// <summary>There is no such thing in the caller's scope.</summary>
    NotFound,

    /// <summary>The role does not allow it.</summary>
    Forbidden,

    /// <summary>It does not fit the incident's state (somebody else holds the claim, already closed).</summary>
    Conflict,

    /// <summary>The input lacks something; the text says what would be right.</summary>
    Invalid,

    /// <summary>A change step wants a confirmation of host and exact command.</summary>
    ConfirmationNeeded,
}

/// <summary>The outcome of a command: null refusal means done.</summary>
internal sealed record CommandOutcome(Refusal? Refusal, Text Message, string Host = "", string Command = "")
{
    internal static CommandOutcome Done { get; } = new(null, new Text("完了しました", "Done"));
}

/// <summary>What people can do at the desk; the console and the API call exactly these.</summary>
internal interface IDeskCommands
{
    Task<CommandOutcome> ClaimAsync(Actor by, IncidentId incident);

    Task<CommandOutcome> ReleaseAsync(Actor by, IncidentId incident, string reason);

    Task<CommandOutcome> AddNoteAsync(Actor by, IncidentId incident, string text, bool forReport);

    Task<CommandOutcome> RecordCallAsync(Actor by, IncidentId incident, string contact, string numberTail, CallOutcome outcome, string said);

    /// <summary>
    /// Runs a runbook step (1-based) to its end. A change step needs host and exact command as confirmation. <paramref name="begun"/> is told once its start is recorded: from then on
    /// nobody needs to wait.
    /// </summary>
    Task<CommandOutcome> RunStepAsync(Actor by, IncidentId incident, int step, string? confirmHost, string? confirmCommand, CancellationToken cancel, Action? begun = null);

    /// <summary>Settles a step whose outcome is unknown, by a person's word.</summary>
    Task<CommandOutcome> ResolveStepAsync(Actor by, IncidentId incident, int step, bool done, string because);

    Task<CommandOutcome> SendReportAsync(Actor by, IncidentId incident, ReportParts parts, bool interim);

    Task<CommandOutcome> CloseAsync(Actor by, IncidentId incident, string reason);

    /// <summary>個別に扱う: a host that joined the incident as part of a storm gets an incident of its own.</summary>
    Task<CommandOutcome> SeparateAsync(Actor by, IncidentId incident, string host);

    /// <summary>Maintenance: no alert mail about the scope between two instants.</summary>
    Task<SilenceOutcome> SetSilenceAsync(Actor by, SilenceRequest wanted);

    /// <summary>A customer asks for a maintenance; the desk decides.</summary>
    Task<MaintenanceOutcome> AskMaintenanceAsync(Actor by, MaintenanceAsk wanted);

    /// <summary>Approves what a customer asked for, which silences it, or declines it with a reason; the list is mailed either.</summary>
    Task<CommandOutcome> DecideMaintenanceAsync(Actor by, long request, bool approve, string reason);

    /// <summary>Results that others found, for passive items of one customer.</summary>
    Task<PostOutcome> PostResultsAsync(Actor by, CustomerId customer, IReadOnlyList<JsonElement> results);

    /// <summary>What waits in the outbox for its next try is tried now.</summary>
    Task<CommandOutcome> RetryMailsAsync(Actor by);

    /// <summary>Ends a silence that was set at run time before its time.</summary>
    Task<CommandOutcome> EndSilenceAsync(Actor by, long silence, string reason);
}

/// <summary>What the console and the API show; every method takes the scope it answers for.</summary>
internal interface IDeskQueries
{
    /// <summary>What ails the desk itself, for the people who respond at it; null while it is well.</summary>
    Text? Ailment(Scope scope) => null;

    /// <summary>What is wrong with the specification files, for those who look after all customers; null if they are in force.</summary>
    SpecRefusal? RefusedSpecs(Scope scope) => null;

    /// <summary>The queue: open incidents, SLO time left first. With <paramref name="closed"/> the latest closed ones instead.</summary>
    IReadOnlyList<IncidentRow> Incidents(Scope scope, bool closed = false, int limit = 200);

    /// <summary>One incident whole; steps are enabled as <paramref name="viewer"/> may run them.</summary>
    IncidentView? Incident(Scope scope, IncidentId id, Actor? viewer = null);

    /// <summary>The title of an incident's item; null if there is no such incident in the scope.</summary>
    string? TitleOf(Scope scope, IncidentId id) => Incident(scope, id)?.Facts.Title;

    /// <summary>By what people call it, <c>INC-260414-0007</c>.</summary>
    IncidentId? IncidentByNumber(Scope scope, string number);

    IReadOnlyList<HostRow> Hosts(Scope scope);

    /// <summary>What all customers' items are, in figures: it costs the same whether there are ten or a million.</summary>
    ItemCounts Counts();

    /// <summary>The hosts that somebody looks for: all are counted, the first of them shown.</summary>
    HostList HostList(Scope scope, HostWish wish);

    HostRow? Host(Scope scope, CustomerId customer, string host);

    ItemRow? Item(Scope scope, ItemId item);

    /// <summary>The latest hits in the item's log, the newest first; none of an item that is no log.</summary>
    IReadOnlyList<TakenHit> LogHits(Scope scope, ItemId item, int limit) => [];

    /// <summary>How long a fault of the item takes at most until its alert mail is accepted, by the form of the fault.</summary>
    IReadOnlyList<BoundView> Bounds(Scope scope, ItemId item);

    IReadOnlyList<SampleSeries> Samples(Scope scope, ItemId item, DateTimeOffset fromUtc, DateTimeOffset toUtc);

    /// <summary>Charts of items, read together; those outside the scope are left out.</summary>
    IReadOnlyList<ChartView> Charts(Scope scope, IReadOnlyCollection<ItemId> items, ChartWish wish) => [];

    /// <summary>What the item's looks printed in the range, each where it changed, the latest first.</summary>
    IReadOnlyList<TextChange> Texts(Scope scope, ItemId item, ChartRange range) => [];

    /// <summary>Sites are the provider's own: path troubles are cut to the scope.</summary>
    IReadOnlyList<SiteRow> Sites(Scope scope);

    /// <summary>How the provider's own works stand; empty for a customer.</summary>
    OwnView Own(Scope scope) => OwnView.Nothing;

    IReadOnlyList<MailView> Mails(Scope scope, int limit = 100);

    /// <summary>Deliveries of mails that have met trouble and wait for their next try.</summary>
    int MailsWaiting(Scope scope) => 0;

    /// <summary>Mails that came in, the latest first.</summary>
    IReadOnlyList<InboundView> Received(Scope scope, int limit = 100) => [];

    /// <summary>A mail that came in as it came (attachment 0), or one of its attachments counted from 1; null outside the scope.</summary>
    ArchivedFile? Archived(Scope scope, long mail, int attachment) => null;

    IReadOnlyList<CustomerRow> Customers(Scope scope);

    /// <summary>Silences that hold, are to come, or ended lately.</summary>
    IReadOnlyList<SilenceRow> Silences(Scope scope);

    /// <summary>Maintenance that customers asked for: what is to be decided first.</summary>
    IReadOnlyList<MaintenanceRow> Maintenance(Scope scope) => [];
}

/// <summary>A detection bound with its terms.</summary>
internal sealed record BoundView(FaultForm Fault, IReadOnlyList<BoundTerm> Terms)
{
    /// <summary>While one site is left alone; empty where that makes no difference.</summary>
    internal IReadOnlyList<BoundTerm> Alone { get; init; } = [];
}

/// <summary>A customer with its running edition.</summary>
internal sealed record CustomerRow(CustomerId Id, Text Name, string Contract, int Edition, string Hash, int Hosts, int Items, int OpenIncidents);

/// <summary>What changed at the desk, for pages to fetch anew: <c>incidents</c>, <c>incident/17</c>, <c>hosts</c>, <c>sites</c>, <c>mails</c>, <c>silences</c>, <c>specs</c>.</summary>
internal interface IDeskChanges
{
    /// <summary>Subscribes from now on; collapses what a slow reader has not fetched.</summary>
    IAsyncEnumerable<string> WatchAsync(Scope scope, CancellationToken cancel);
}
