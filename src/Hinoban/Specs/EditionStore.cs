using System.Text.Json;
using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Specs;

/// <summary>An edition as it was accepted, without its text. <see cref="ProviderSites"/>: the sites it took from the provider, or empty.</summary>
internal sealed record EditionRow(
    CustomerId Customer, int Serial, int Edition, int Revision, string Hash, string ProviderSites, DateTimeOffset AcceptedUtc, string AcceptedBy);

/// <summary>A watched item's lasting identity.</summary>
internal sealed record ItemIdentity(ItemId Id, CustomerId Customer, string Host, string Service, bool Retired);

/// <summary>Agreed editions and item ids. Editions are only added; an item's id is never given twice.</summary>
internal sealed class EditionStore
{
    private const string EditionColumns =
        "e.customer, e.serial, e.edition, e.revision, e.hash, e.provider_sites, e.accepted_utc, e.accepted_by";

    internal int LatestRevision(Tx tx) =>
        tx.Connection.ExecuteScalar<int>("select coalesce(max(revision), 0) from spec_revisions", null, tx.Transaction);

    internal void AddRevision(Tx tx, int revision, DateTimeOffset acceptedUtc, string acceptedBy, string summary) => tx.Connection.Execute(
        "insert into spec_revisions (revision, accepted_utc, accepted_by, summary) values (@revision, @acceptedUtc, @acceptedBy, @summary)",
        new { revision, acceptedUtc, acceptedBy, summary },
        tx.Transaction);

    /// <summary>The editions in force.</summary>
    internal IReadOnlyList<EditionRow> InForce(Tx tx, Scope scope) => Editions(
        tx,
        $"""
        select {EditionColumns} from editions e
        join editions_in_force f on f.customer = e.customer and f.serial = e.serial
        where (@customer is null or e.customer = @customer) order by e.customer
        """,
        scope);

    /// <summary>Every edition that ever was, oldest first.</summary>
    internal IReadOnlyList<EditionRow> History(Tx tx, Scope scope) => Editions(
        tx,
        $"select {EditionColumns} from editions e where (@customer is null or e.customer = @customer) order by e.customer, e.serial",
        scope);

    /// <summary>The text of an edition, file by file; null if there is none within the scope.</summary>
    internal IReadOnlyList<SpecFile>? Sources(Tx tx, Scope scope, CustomerId customer, int serial)
    {
        var json = scope.Covers(customer)
            ? tx.Connection.QuerySingleOrDefault<string>(
                "select sources from editions where customer = @customer and serial = @serial", new { customer = customer.Value, serial }, tx.Transaction)
            : null;
        return json is null ? null : JsonSerializer.Deserialize<List<SpecFile>>(json);
    }

    /// <summary>Adds an edition and puts it in force.</summary>
    internal void Add(Tx tx, EditionRow row, IReadOnlyList<SpecFile> sources)
    {
        tx.Connection.Execute(
            """
            insert into editions (customer, serial, edition, revision, hash, provider_sites, sources, accepted_utc, accepted_by)
            values (@customer, @Serial, @Edition, @Revision, @Hash, @ProviderSites, @sources, @AcceptedUtc, @AcceptedBy)
            """,
            new
            {
                customer = row.Customer.Value, row.Serial, row.Edition, row.Revision, row.Hash, row.ProviderSites,
                sources = JsonSerializer.Serialize(sources), row.AcceptedUtc, row.AcceptedBy,
            },
            tx.Transaction);
        tx.Connection.Execute(
            """
            insert into editions_in_force (customer, serial) values (@customer, @Serial)
            on conflict (customer) do update set serial = excluded.serial
            """,
            new { customer = row.Customer.Value, row.Serial },
            tx.Transaction);
    }

    internal int NextSerial(Tx tx, CustomerId customer) => 1 + tx.Connection.ExecuteScalar<int>(
        "select coalesce(max(serial), 0) from editions where customer = @customer", new { customer = customer.Value }, tx.Transaction);

    internal void Withdraw(Tx tx, CustomerId customer) => tx.Connection.Execute(
        "delete from editions_in_force where customer = @customer", new { customer = customer.Value }, tx.Transaction);

    /// <summary>The items in force of one customer, or of all.</summary>
    internal IReadOnlyList<ItemIdentity> Items(Tx tx, Scope scope, bool retired = false) =>
        [.. tx.Connection.Query<(int Id, string Customer, string Host, string Service, long Retired)>(
            """
            select id, customer, host, service, retired from items
            where (retired = 0 or @retired = 1) and (@customer is null or customer = @customer) order by id
            """,
            new { retired = retired ? 1 : 0, customer = scope.Customer?.Value },
            tx.Transaction).Select(i => new ItemIdentity(new ItemId(i.Id), new CustomerId(i.Customer), i.Host, i.Service, i.Retired != 0))];

    /// <summary>Greater than any id ever given: retired items stay in the table.</summary>
    internal int NextItemId(Tx tx) => 1 + tx.Connection.ExecuteScalar<int>("select coalesce(max(id), 0) from items", null, tx.Transaction);

    internal void AddItems(Tx tx, IEnumerable<ItemIdentity> items, int revision) => tx.Connection.Execute(
        "insert into items (id, customer, host, service, since_revision, retired) values (@id, @customer, @Host, @Service, @revision, 0)",
        items.Select(i => new { id = i.Id.Value, customer = i.Customer.Value, i.Host, i.Service, revision }),
        tx.Transaction);

    internal void Rename(Tx tx, IEnumerable<ItemIdentity> items) => tx.Connection.Execute(
        "update items set host = @Host, service = @Service where id = @id and customer = @customer",
        items.Select(i => new { id = i.Id.Value, customer = i.Customer.Value, i.Host, i.Service }),
        tx.Transaction);

    internal void Retire(Tx tx, IEnumerable<ItemIdentity> items, int revision) => tx.Connection.Execute(
        "update items set retired = 1, retired_revision = @revision where id = @id and customer = @customer",
        items.Select(i => new { id = i.Id.Value, customer = i.Customer.Value, revision }),
        tx.Transaction);

    private static IReadOnlyList<EditionRow> Editions(Tx tx, string sql, Scope scope) =>
        [.. tx.Connection.Query<(string Customer, int Serial, int Edition, int Revision, string Hash, string Sites, long AcceptedUtc, string AcceptedBy)>(
            sql, new { customer = scope.Customer?.Value }, tx.Transaction)
            .Select(e => new EditionRow(
                new CustomerId(e.Customer), e.Serial, e.Edition, e.Revision, e.Hash, e.Sites, SqlTypes.FromMicros(e.AcceptedUtc), e.AcceptedBy))];
}
