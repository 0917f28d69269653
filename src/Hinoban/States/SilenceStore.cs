using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.States;

/// <summary>A silence as it was set at run time, and its early end if it had one.</summary>
internal sealed record SetSilence(
    long Id, SilenceRequest What, DateTimeOffset SetUtc, string SetBy, DateTimeOffset? EndedUtc, string EndedBy, string EndedBecause)
{
    internal Silence ToSilence(TimeZoneInfo zone) => new(
        Silence.KeyOf(Id),
        What.Customer,
        zone,
        new SilencePlan(What.Host, What.Service, SilenceKind.Mute, new SpanTimes(What.FromUtc, EndedUtc ?? What.ToUtc), What.Reason, SetBy),
        Id,
        SetBy);
}

/// <summary>The tables of silences that people set, and of what silences held back. Append-only.</summary>
internal sealed class SilenceStore
{
    private const string Columns = """
        select s.id "Id", s.customer "Customer", s.host "Host", s.service "Service", s.from_utc "FromUtc", s.to_utc "ToUtc", s.reason "Reason",
            s.set_utc "SetUtc", s.set_by "SetBy", e.ended_utc "EndedUtc", e.ended_by "EndedBy", e.reason "EndedBecause"
        from silences s left join silence_ends e on e.silence = s.id
        """;

    internal long Set(Tx tx, SilenceRequest what, string by, DateTimeOffset nowUtc) => tx.Connection.ExecuteScalar<long>(
        """
        insert into silences (customer, host, service, from_utc, to_utc, reason, set_utc, set_by)
        values (@customer, @Host, @Service, @FromUtc, @ToUtc, @Reason, @nowUtc, @by) returning id
        """,
        new { customer = what.Customer.Value, what.Host, what.Service, what.FromUtc, what.ToUtc, what.Reason, nowUtc, by },
        tx.Transaction);

    internal void End(Tx tx, long silence, string by, string because, DateTimeOffset nowUtc) => tx.Connection.Execute(
        "insert into silence_ends (silence, ended_utc, ended_by, reason) values (@silence, @nowUtc, @by, @because)",
        new { silence, nowUtc, by, because },
        tx.Transaction);

    internal void Held(Tx tx, CustomerId customer, string silence, IncidentId incident, DateTimeOffset nowUtc) => tx.Connection.Execute(
        "insert into silence_holds (customer, silence, incident, at_utc) values (@customer, @silence, @incident, @nowUtc)",
        new { customer = customer.Value, silence, incident = incident.Value, nowUtc },
        tx.Transaction);

    internal SetSilence? Load(Tx tx, Scope scope, long id) => tx.Connection.Query<Row>(
        $"{Columns} where s.id = @id and (@customer is null or s.customer = @customer)", new { id, customer = scope.Customer?.Value }, tx.Transaction)
        .SingleOrDefault()?.ToSilence();

    /// <summary>Those that were to last beyond the instant, and the latest others up to the limit; the latest end first.</summary>
    internal IReadOnlyList<SetSilence> List(Tx tx, Scope scope, DateTimeOffset sinceUtc, int limit) =>
        [.. tx.Connection.Query<Row>(
            $"{Columns} where s.to_utc > @sinceUtc and (@customer is null or s.customer = @customer) order by s.to_utc desc, s.id desc limit @limit",
            new { sinceUtc, customer = scope.Customer?.Value, limit },
            tx.Transaction).Select(r => r.ToSilence())];

    /// <summary>How many alerts each silence has held back.</summary>
    internal IReadOnlyDictionary<(CustomerId, string), int> Held(Tx tx, Scope scope) =>
        tx.Connection.Query<(string Customer, string Silence, long Count)>(
            "select customer, silence, count(*) from silence_holds where (@customer is null or customer = @customer) group by customer, silence",
            new { customer = scope.Customer?.Value },
            tx.Transaction).ToDictionary(r => (new CustomerId(r.Customer), r.Silence), r => (int)r.Count);

    private sealed record Row
    {
        public long Id { get; init; }

        public string Customer { get; init; } = "";

        public string Host { get; init; } = "";

        public string Service { get; init; } = "";

        public DateTimeOffset FromUtc { get; init; }

        public DateTimeOffset ToUtc { get; init; }

        public string Reason { get; init; } = "";

        public DateTimeOffset SetUtc { get; init; }

        public string SetBy { get; init; } = "";

        public DateTimeOffset? EndedUtc { get; init; }

        public string? EndedBy { get; init; }

        public string? EndedBecause { get; init; }

        internal SetSilence ToSilence() => new(
            Id, new SilenceRequest(new CustomerId(Customer), Host, Service, FromUtc, ToUtc, Reason), SetUtc, SetBy, EndedUtc, EndedBy ?? "", EndedBecause ?? "");
    }
}
