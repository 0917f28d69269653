using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.States;

/// <summary>The tables of customers' maintenance requests and the desk's decisions. Append-only.</summary>
internal sealed class MaintenanceStore
{
    private const string Columns = """
        select r.id "Id", r.customer "Customer", r.targets "Targets", r.from_utc "FromUtc", r.to_utc "ToUtc", r.reason "Reason", r.contact "Contact",
            r.asked_utc "AskedUtc", r.asked_by "AskedBy", d.approved "Approved", d.decided_utc "DecidedUtc", d.decided_by "DecidedBy", d.reason "Because"
        from maintenance_requests r left join maintenance_decisions d on d.request = r.id
        """;

    internal long Ask(Tx tx, MaintenanceAsk ask, string by, DateTimeOffset nowUtc) => tx.Connection.ExecuteScalar<long>(
        """
        insert into maintenance_requests (customer, targets, from_utc, to_utc, reason, contact, asked_utc, asked_by)
        values (@customer, @targets, @FromUtc, @ToUtc, @Reason, @Contact, @nowUtc, @by) returning id
        """,
        new { customer = ask.Customer.Value, targets = string.Join(' ', ask.Targets), ask.FromUtc, ask.ToUtc, ask.Reason, ask.Contact, nowUtc, by },
        tx.Transaction);

    internal void Decide(Tx tx, long request, MaintenanceDecision decision) => tx.Connection.Execute(
        "insert into maintenance_decisions (request, approved, decided_utc, decided_by, reason) values (@request, @approved, @AtUtc, @By, @Reason)",
        new { request, approved = decision.Approved ? 1 : 0, decision.AtUtc, decision.By, decision.Reason },
        tx.Transaction);

    internal MaintenanceRequest? Load(Tx tx, Scope scope, long id) => tx.Connection.Query<Row>(
        $"{Columns} where r.id = @id and (@customer is null or r.customer = @customer)", new { id, customer = scope.Customer?.Value }, tx.Transaction)
        .SingleOrDefault()?.ToRequest();

    /// <summary>Those whose end is after the instant, the latest asked first.</summary>
    internal IReadOnlyList<MaintenanceRequest> List(Tx tx, Scope scope, DateTimeOffset sinceUtc, int limit) =>
        [.. tx.Connection.Query<Row>(
            $"{Columns} where r.to_utc > @sinceUtc and (@customer is null or r.customer = @customer) order by r.id desc limit @limit",
            new { sinceUtc, customer = scope.Customer?.Value, limit },
            tx.Transaction).Select(r => r.ToRequest())];

    private sealed record Row
    {
        public long Id { get; init; }

        public string Customer { get; init; } = "";

        public string Targets { get; init; } = "";

        public DateTimeOffset FromUtc { get; init; }

        public DateTimeOffset ToUtc { get; init; }

        public string Reason { get; init; } = "";

        public string Contact { get; init; } = "";

        public DateTimeOffset AskedUtc { get; init; }

        public string AskedBy { get; init; } = "";

        public long? Approved { get; init; }

        public DateTimeOffset? DecidedUtc { get; init; }

        public string? DecidedBy { get; init; }

        public string? Because { get; init; }

        internal MaintenanceRequest ToRequest() => new(
            Id,
            new MaintenanceAsk(new CustomerId(Customer), Targets.Split(' '), FromUtc, ToUtc, Reason, Contact),
            AskedUtc,
            AskedBy,
            Approved is { } approved ? new MaintenanceDecision(approved != 0, DecidedUtc!.Value, DecidedBy!, Because!) : null);
    }
}
