using System.Globalization;
using System.Text.Json;
using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Incidents;

/// <summary>The incidents' tables.</summary>
internal sealed class IncidentStore
{
    private static readonly JsonSerializerOptions Json = IncidentJson.Options;

    /// <summary>The next number of a local day: <c>INC-260414-0007</c>.</summary>
    internal string NextNumber(Tx tx, DateOnly day)
    {
        var count = tx.Connection.ExecuteScalar<int>(
            """
            insert into incident_days (day, last_count) values (@day, 1)
            on conflict (day) do update set last_count = incident_days.last_count + 1
            returning last_count
            """,
            new { day = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
            tx.Transaction);
        return IncidentNumber.Of(day, count);
    }

    /// <summary>The episode a new problem of the item begins: one more than the last.</summary>
    internal int NextEpisode(Tx tx, ItemId item) => 1 + tx.Connection.ExecuteScalar<int>(
        "select coalesce(max(episode), 0) from incidents where item = @item and episode > 0", new { item = item.Value }, tx.Transaction);

    /// <summary>The same for log hits, whose episodes count down.</summary>
    internal int NextLogEpisode(Tx tx, ItemId item) => -1 + tx.Connection.ExecuteScalar<int>(
        "select coalesce(min(episode), 0) from incidents where item = @item and episode < 0", new { item = item.Value }, tx.Transaction);

    internal Incident Create(Tx tx, Opened opened)
    {
        var id = tx.Connection.ExecuteScalar<long>(
            """
            insert into incidents (number, customer, item, episode, host, service, opened_utc, failing, is_open)
            values (@Number, @customer, @item, @Episode, @Host, @Service, @opened_utc, 1, 1)
            returning id
            """,
            new
            {
                opened.Problem.Number,
                customer = opened.Problem.Customer.Value,
                item = opened.Problem.Item.Value,
                opened.Problem.Episode,
                opened.Problem.Host,
                opened.Problem.Service,
                opened_utc = opened.AtUtc,
            },
            tx.Transaction);
        var incident = new Incident(new IncidentId(id), [opened]);
        Insert(tx, incident.Id, 1, opened);
        return incident;
    }

    /// <summary>The incident of an episode, if there is one.</summary>
    internal IncidentId? ByEpisode(Tx tx, ItemId item, int episode) => tx.Connection.ExecuteScalar<long?>(
        "select id from incidents where item = @item and episode = @episode", new { item = item.Value, episode }, tx.Transaction) is { } id
        ? new IncidentId(id)
        : null;

    /// <summary>Number and last episode of every item that ever had one, and whether it is over. Log hits are the desk's alone, and no site's to speak of.</summary>
    internal IReadOnlyList<(ItemId Item, int Episode, string Number, bool Over)> LastEpisodes(Tx tx) =>
        [.. tx.Connection.Query<(int Item, int Episode, string Number, int Failing)>(
            """
            select i.item, i.episode, i.number, i.failing from incidents i
            where i.episode > 0 and i.episode = (select max(o.episode) from incidents o where o.item = i.item)
            """,
            null,
            tx.Transaction).Select(r => (new ItemId(r.Item), r.Episode, r.Number, r.Failing == 0))];

    /// <summary>Appends events and gives the incident as it is now.</summary>
    internal Incident Append(Tx tx, Incident incident, IReadOnlyList<IncidentEvent> events)
    {
        if (events.Count == 0)
        {
            return incident;
        }

        var after = incident.With(events);
        var seq = incident.Events.Count;
        foreach (var one in events)
        {
            Insert(tx, incident.Id, ++seq, one);
        }

        if (after.Failing != incident.Failing || after.Open != incident.Open)
        {
            tx.Connection.Execute(
                "update incidents set failing = @failing, is_open = @open where id = @id",
                new { failing = after.Failing ? 1 : 0, open = after.Open ? 1 : 0, id = incident.Id.Value },
                tx.Transaction);
        }

        return after;
    }

    internal Incident? Load(Tx tx, Scope scope, IncidentId id)
    {
        var bodies = tx.Connection.Query<string>(
            """
            select e.body from incident_events e join incidents i on i.id = e.incident
            where e.incident = @id and (@customer is null or i.customer = @customer) order by e.seq
            """,
            new { id = id.Value, customer = scope.Customer?.Value },
            tx.Transaction);
        var events = bodies.Select(Read).ToList();
        return events.Count == 0 ? null : new Incident(id, events);
    }

    internal IncidentId? ByNumber(Tx tx, Scope scope, string number)
    {
        var id = tx.Connection.ExecuteScalar<long?>(
            "select id from incidents where number = @number and (@customer is null or customer = @customer)",
            new { number, customer = scope.Customer?.Value },
            tx.Transaction);
        return id is { } value ? new IncidentId(value) : null;
    }

    /// <summary>What people call it, without reading its events; empty outside the scope, and if there is none.</summary>
    internal string NumberOf(Tx tx, Scope scope, IncidentId id) => tx.Connection.ExecuteScalar<string?>(
        "select number from incidents where id = @id and (@customer is null or customer = @customer)",
        new { id = id.Value, customer = scope.Customer?.Value },
        tx.Transaction) ?? "";

    /// <summary>Open incidents, or the latest closed ones.</summary>
    internal IReadOnlyList<Incident> List(Tx tx, Scope scope, bool open, int limit)
    {
        var rows = tx.Connection.Query<(long Incident, string Body)>(
            """
            select e.incident, e.body from incident_events e
            where e.incident in (
                select id from incidents where is_open = @open and (@customer is null or customer = @customer)
                order by opened_utc desc, id desc limit @limit)
            order by e.incident desc, e.seq
            """,
            new { open = open ? 1 : 0, customer = scope.Customer?.Value, limit },
            tx.Transaction);
        return rows.GroupBy(r => r.Incident)
            .Select(g => new Incident(new IncidentId(g.Key), g.Select(r => Read(r.Body)).ToList()))
            .ToList();
    }

    /// <summary>For the engine's start: what is open, and what was closed while it still failed, for its recovery is owed.</summary>
    internal IReadOnlyList<Incident> Unfinished(Tx tx) =>
        tx.Connection.Query<(long Incident, string Body)>(
            """
            select e.incident, e.body from incident_events e join incidents i on i.id = e.incident
            where i.is_open = 1 or i.failing = 1 order by e.incident, e.seq
            """,
            null,
            tx.Transaction)
            .GroupBy(r => r.Incident)
            .Select(g => new Incident(new IncidentId(g.Key), g.Select(r => Read(r.Body)).ToList()))
            .ToList();

    private static void Insert(Tx tx, IncidentId incident, int seq, IncidentEvent one) => tx.Run(
        "insert into incident_events (incident, seq, at_utc, kind, by_whom, body) values (@p0, @p1, @p2, @p3, @p4, @p5)",
        incident.Value,
        seq,
        SqlTypes.ToMicros(one.AtUtc),
        one.GetType().Name,
        SqlTypes.Storable(one.By),
        SqlTypes.Storable(JsonSerializer.Serialize(one, Json)));

    private static IncidentEvent Read(string body) => JsonSerializer.Deserialize<IncidentEvent>(body, Json)!;
}
