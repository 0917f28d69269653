using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>A log hit as the desk has it: which site brought it first, and when.</summary>
internal sealed record TakenHit(SiteName Site, DateTimeOffset TakenUtc, LogHit Hit);

/// <summary>The SQL of log hits. Each identity is taken once, in the transaction of the batch that brings it.</summary>
internal sealed class LogStore
{
    /// <summary>Longer than an agent's journal keeps a hit (30 days): whatever a site reads again is known here.</summary>
    internal static readonly TimeSpan Keep = TimeSpan.FromDays(40);

    /// <summary>A hit that was read longer ago was told before, perhaps so long ago that its identity is not known here any more: an agent whose log is quiet may keep it for ever.</summary>
    internal static readonly TimeSpan Tells = TimeSpan.FromDays(35);

    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Takes what is new, and gives that. It is of no incident until <see cref="Assign"/>.</summary>
    internal IReadOnlyList<LogHit> Take(Tx tx, CustomerId customer, ItemId item, SiteName site, IReadOnlyList<LogHit> hits, DateTimeOffset now) => [.. hits.Where(hit => tx.Run(
        """
        insert into log_hits (item, identity, customer, site, read_utc, taken_utc, body) values (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        on conflict (item, identity) do nothing
        """,
        (long)item.Value,
        SqlTypes.Storable(hit.Identity),
        customer.Value,
        site.Value,
        SqlTypes.ToMicros(hit.ReadUtc),
        SqlTypes.ToMicros(now),
        SqlTypes.Storable(JsonSerializer.Serialize(hit, Json))) > 0)];

    /// <summary>What was just taken of the item, and was read before then, is known from now on and of no incident.</summary>
    internal void PassOver(Tx tx, ItemId item, DateTimeOffset before, DateTimeOffset taken) => tx.Run(
        "update log_hits set incident = 0 where item = @p0 and incident is null and read_utc < @p1 and taken_utc = @p2",
        (long)item.Value,
        SqlTypes.ToMicros(before),
        SqlTypes.ToMicros(taken));

    /// <summary>How many of the item were taken, and no incident has recorded them yet.</summary>
    internal int CountWaiting(Tx tx, ItemId item) => tx.Connection.ExecuteScalar<int>(
        "select count(*) from log_hits where item = @item and incident is null", new { item = (long)item.Value }, tx.Transaction);

    /// <summary>These, in the order in which they came.</summary>
    internal IReadOnlyList<TakenHit> Waiting(Tx tx, ItemId item) => Read(tx.Connection.Query<Row>(
        "select site, taken_utc, body from log_hits where item = @item and incident is null order by taken_utc, read_utc, identity",
        new { item = (long)item.Value },
        tx.Transaction));

    /// <summary>What waits of the item belongs to this incident, which has recorded it.</summary>
    internal void Assign(Tx tx, ItemId item, IncidentId incident) =>
        tx.Run("update log_hits set incident = @p1 where item = @p0 and incident is null", (long)item.Value, incident.Value);

    /// <summary>The latest hits of an item.</summary>
    internal IReadOnlyList<TakenHit> Latest(Tx tx, Scope scope, ItemId item, int limit) => Read(tx.Connection.Query<Row>(
        """
        select site, taken_utc, body from log_hits
        where item = @item and (@customer is null or customer = @customer) order by read_utc desc, identity limit @limit
        """,
        new { item = (long)item.Value, customer = scope.Customer?.Value, limit },
        tx.Transaction));

    /// <summary>The latest hits of an incident; with <paramref name="item"/>, whose open incident it is, those too that it has not recorded yet.</summary>
    internal IReadOnlyList<TakenHit> Of(Tx tx, Scope scope, IncidentId incident, ItemId? item, int limit) => Read(tx.Connection.Query<Row>(
        """
        select site, taken_utc, body from log_hits
        where (incident = @incident or (item = @item and incident is null)) and (@customer is null or customer = @customer) order by read_utc desc, identity limit @limit
        """,
        new { incident = incident.Value, item = (long)(item?.Value ?? 0), customer = scope.Customer?.Value, limit },
        tx.Transaction));

    /// <summary>The last of those that an incident was given from then on.</summary>
    internal IReadOnlyList<LogHit> Since(Tx tx, IncidentId incident, DateTimeOffset from, int limit) => [.. Read(tx.Connection.Query<Row>(
        "select site, taken_utc, body from log_hits where incident = @incident and taken_utc >= @from order by taken_utc desc, read_utc limit @limit",
        new { incident = incident.Value, from = SqlTypes.ToMicros(from), limit },
        tx.Transaction)).Select(h => h.Hit)];

    /// <summary>Removes what was taken before; gives how much that was.</summary>
    internal int Prune(Tx tx, DateTimeOffset before) => tx.Run("delete from log_hits where taken_utc < @p0", SqlTypes.ToMicros(before));

    private static IReadOnlyList<TakenHit> Read(IEnumerable<Row> rows) =>
        [.. rows.Select(r => new TakenHit(new SiteName(r.Site), SqlTypes.FromMicros(r.Taken_utc), JsonSerializer.Deserialize<LogHit>(r.Body, Json)!))];

    private sealed record Row(string Site, long Taken_utc, string Body);
}
