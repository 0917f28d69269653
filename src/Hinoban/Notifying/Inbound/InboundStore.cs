using Dapper;
using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Notifying.Inbound;

/// <summary>A mail of the archive. Everything but <see cref="Id"/>, <see cref="Standing"/> and <see cref="ReceivedUtc"/> is somebody else's words.</summary>
internal sealed record ArchivedMail(
    long Id,
    CustomerId Customer,
    IncidentId? Incident,
    InboundKind Kind,
    InboundStanding Standing,
    string EnvelopeSender,
    string Recipient,
    string FromName,
    string FromAddress,
    string Subject,
    string MessageId,
    string Excerpt,
    DateTimeOffset ReceivedUtc,
    long Size,
    string Digest,
    IReadOnlyList<ArchivedPart> Parts)
{
    /// <summary>How much of it there is.</summary>
    internal ArchivedAs Kept { get; init; }
}

/// <summary>An attachment: its number within the mail, and what its sender says of it.</summary>
internal sealed record ArchivedPart(int Number, string Name, string MediaType, long Size);

/// <summary>The archive of mails that came in: as they came, with what the desk made of them.</summary>
internal sealed class InboundStore
{
    private const string Columns =
        """
        id, customer, incident, kind, standing, envelope_sender, recipient, from_name, from_address, subject, message_id, excerpt, received_utc, size, digest,
        kept
        """;

    internal bool Has(Tx tx, string key) =>
        tx.Connection.ExecuteScalar<long>("select count(*) from inbound_mails where dedup_key = @key", new { key }, tx.Transaction) > 0;

    /// <summary>Keeps a mail and gives its number. <paramref name="packed"/>: as much of it as <see cref="ArchivedMail.Kept"/> says.</summary>
    internal long Add(Tx tx, string key, ArchivedMail mail, byte[] packed)
    {
        var id = tx.Connection.ExecuteScalar<long>(
            """
            insert into inbound_mails (dedup_key, customer, incident, kind, standing, envelope_sender, recipient, from_name, from_address, subject, message_id,
                excerpt, received_utc, size, digest, packed, kept, stored)
            values (@key, @customer, @incident, @kind, @standing, @EnvelopeSender, @Recipient, @FromName, @FromAddress, @Subject, @MessageId, @Excerpt, @ReceivedUtc,
                @Size, @Digest, @packed, @kept, @stored)
            returning id
            """,
            new
            {
                key,
                customer = mail.Customer.Value,
                incident = mail.Incident?.Value,
                kind = mail.Kind.ToString(),
                standing = mail.Standing.ToString(),
                mail.EnvelopeSender,
                mail.Recipient,
                mail.FromName,
                mail.FromAddress,
                mail.Subject,
                mail.MessageId,
                mail.Excerpt,
                mail.ReceivedUtc,
                mail.Size,
                mail.Digest,
                packed,
                kept = mail.Kept.ToString(),
                stored = (long)packed.Length + mail.Excerpt.Length,
            },
            tx.Transaction);
        foreach (var part in mail.Parts)
        {
            tx.Connection.Execute(
                "insert into inbound_parts (mail, number, name, media_type, size) values (@id, @Number, @Name, @MediaType, @Size)",
                new { id, part.Number, part.Name, part.MediaType, part.Size },
                tx.Transaction);
        }

        return id;
    }

    /// <summary>An incident's mails, first to last.</summary>
    internal IReadOnlyList<ArchivedMail> Of(Tx tx, Scope scope, IncidentId incident, int limit) => Read(
        tx,
        $"select {Columns} from inbound_mails where incident = @incident and (@customer is null or customer = @customer) order by id desc limit @limit",
        new { incident = incident.Value, customer = scope.Customer?.Value, limit });

    /// <summary>The latest mails, last one first.</summary>
    internal IReadOnlyList<ArchivedMail> Latest(Tx tx, Scope scope, int limit) => Read(
        tx,
        $"select {Columns} from inbound_mails where (@customer is null or customer = @customer) order by id desc limit @limit",
        new { customer = scope.Customer?.Value, limit });

    /// <summary>One mail with its octets, packed; null outside the scope.</summary>
    internal (ArchivedMail Mail, byte[] Packed)? Load(Tx tx, Scope scope, long id) => Read(
        tx,
        $"select {Columns} from inbound_mails where id = @id and (@customer is null or customer = @customer)",
        new { id, customer = scope.Customer?.Value }) is [var mail]
        ? (mail, tx.Connection.QuerySingle<byte[]>("select packed from inbound_mails where id = @id", new { id }, tx.Transaction))
        : null;

    /// <summary>The incident that a mail of the customer with this Message-ID belongs to.</summary>
    internal IncidentId? IncidentOf(Tx tx, Scope scope, string messageId) => tx.Connection.ExecuteScalar<long?>(
        "select max(incident) from inbound_mails where message_id = @messageId and standing = 'Member' and (@customer is null or customer = @customer)",
        new { messageId, customer = scope.Customer?.Value },
        tx.Transaction) is { } incident
        ? new IncidentId(incident)
        : null;

    /// <summary>A mail's octets, read and unpacked beside the writer; null if the archive has not all of them (any more).</summary>
    internal static byte[]? Content(Db db, long id) =>
        db.Read(tx => tx.Connection.ExecuteScalar<byte[]>("select packed from inbound_mails where id = @id and kept <> 'Head'", new { id }, tx.Transaction)) is { } packed
            ? InboundReading.Unpack(packed)
            : null;

    /// <summary>How many posts of a writer were passed on in that time, in an incident's thread or (null) in none; those that a clock set back left ahead are not of it.</summary>
    internal int PassedOn(Tx tx, Scope scope, string writer, IncidentId? incident, DateTimeOffset sinceUtc, DateTimeOffset untilUtc) => (int)tx.Connection.ExecuteScalar<long>(
        """
        select count(*) from inbound_mails
        where received_utc >= @sinceUtc and received_utc <= @untilUtc and standing = 'Member' and lower(from_address) = lower(@writer) and coalesce(incident, 0) = @incident
            and (@customer is null or customer = @customer)
        """,
        new { sinceUtc, untilUtc, writer, incident = incident?.Value ?? 0, customer = scope.Customer?.Value },
        tx.Transaction);

    /// <summary>Writers whose posts were held back since then.</summary>
    internal IReadOnlyList<(CustomerId Customer, string Writer)> Braked(Tx tx, Scope scope, DateTimeOffset sinceUtc) =>
        [.. tx.Connection.Query<(string Customer, string Writer)>(
            """
            select distinct customer, from_address from inbound_mails
            where received_utc >= @since and standing = 'Braked' and (@customer is null or customer = @customer) order by customer, from_address
            """,
            new { since = sinceUtc, customer = scope.Customer?.Value },
            tx.Transaction).Select(b => (new CustomerId(b.Customer), b.Writer))];

    private static List<ArchivedMail> Read(Tx tx, string sql, object arguments)
    {
        var rows = tx.Connection.Query<InboundRecord>(sql, arguments, tx.Transaction).ToList();
        return rows.ConvertAll(r => r.ToMail(Parts(tx, r.id)));
    }

    // A list of ids in one statement is written differently for each database; few mails are read at a time.
    private static List<ArchivedPart> Parts(Tx tx, long mail) => [.. tx.Connection.Query<(int Number, string Name, string MediaType, long Size)>(
        "select number, name, media_type, size from inbound_parts where mail = @mail order by number", new { mail }, tx.Transaction)
        .Select(p => new ArchivedPart(p.Number, p.Name, p.MediaType, p.Size))];
}

// Named as the columns are, for Dapper.
#pragma warning disable IDE1006

/// <summary>A row of <c>inbound_mails</c> as the database gives it.</summary>
internal sealed class InboundRecord
{
    internal long id { get; set; }

    internal string customer { get; set; } = "";

    internal long? incident { get; set; }

    internal string kind { get; set; } = "";

    internal string standing { get; set; } = "";

    internal string envelope_sender { get; set; } = "";

    internal string recipient { get; set; } = "";

    internal string from_name { get; set; } = "";

    internal string from_address { get; set; } = "";

    internal string subject { get; set; } = "";

    internal string message_id { get; set; } = "";

    internal string excerpt { get; set; } = "";

    internal DateTimeOffset received_utc { get; set; }

    internal long size { get; set; }

    internal string digest { get; set; } = "";

    internal string kept { get; set; } = "";

    internal ArchivedMail ToMail(IReadOnlyList<ArchivedPart> parts) => new(
        id,
        new CustomerId(customer),
        incident is { } known ? new IncidentId(known) : null,
        Enum.Parse<InboundKind>(kind),
        Enum.Parse<InboundStanding>(standing),
        envelope_sender,
        recipient,
        from_name,
        from_address,
        subject,
        message_id,
        excerpt,
        received_utc,
        size,
        digest,
        parts)
    {
        Kept = Enum.Parse<ArchivedAs>(kept),
    };
}
