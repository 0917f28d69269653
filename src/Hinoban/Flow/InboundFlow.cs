using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Specs;

namespace Hinoban.Flow;

/// <summary>
/// From a mail that came in to what the desk makes of it, in one transaction: the archive, the delivery that it reports on or the incident that it
/// answers, and the post to the other members.
/// </summary>
internal static class InboundFlow
{
    private const int LongestName = 200;
    private const int LongestWords = 500;

    /// <summary>The customer whose list has this address; the provider's own list is the desk's mailbox, which is another server's.</summary>
    internal static CustomerPlan? ListOf(DeskPlan plan, string address) =>
        plan.Customers.FirstOrDefault(c => !c.IsProvider && c.MailingList.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    internal static InboundReply Take(DeskWork work, ReceivedMail mail, MimePart message)
    {
        var key = InboundStore.KeyOf(mail, message);
        if (work.Stores.Inbound.Has(work.Tx, key))
        {
            // Handed over again, since the answer to the first time was lost.
            return InboundReply.Ok;
        }

        var kind = AutomaticRules.KindOf(message, mail.Sender, work.Stores.Mail.Domain);
        if (work.Stores.Mail.Seal is { } seal && MailNames.DeliveryOf(mail.Recipient, work.Stores.Mail.Domain, seal) is { } delivery)
        {
            TakeReport(work, mail, message, key, kind, delivery);
            return InboundReply.Ok;
        }

        if (ListOf(work.Plan, mail.Recipient) is not { } customer)
        {
            return InboundReply.Unknown;
        }

        TakePost(work, mail, message, key, kind, customer);
        return InboundReply.Ok;
    }

    private static void TakeReport(DeskWork work, ReceivedMail mail, MimePart message, string key, InboundKind kind, long delivery)
    {
        // Of the desk's own test mails nothing is kept, and of a delivery that nobody knows any more there is nothing to say.
        if (work.Stores.Outbox.Delivery(work.Tx, Scope.Across("inbound"), delivery) is not { Mail.Kind: not NoticeKind.Arrival } row)
        {
            return;
        }

        var standing = InboundRules.OfReport(kind, mail.Sender);
        var incident = work.Load(Scope.Of(row.Mail.Customer), row.Mail.Incident);
        var archived = Archive(work, mail, message, key, new Filed(row.Mail.Customer, incident?.Id, kind, standing));
        if (standing != InboundStanding.Report)
        {
            return;
        }

        var dsn = DsnReader.ByAddress(message);
        var report = new DeliveryReport(dsn.Action, dsn.Status, dsn.Words, work.Now.Utc);
        var isNews = work.Stores.Outbox.Report(work.Tx, delivery, report);
        if (isNews && incident is not null && (dsn.Action is DsnAction.Failed or DsnAction.Delayed))
        {
            work.Record(incident, new DeliveryReported(
                work.Now.Utc, IncidentRules.Engine, row.Mail.Kind, row.Mail.Key, row.Deliveries[0].Recipient, dsn.Action == DsnAction.Failed, dsn.Permanent,
                dsn.Status, dsn.Words, archived));
        }
    }

    private static void TakePost(DeskWork work, ReceivedMail mail, MimePart message, string key, InboundKind kind, CustomerPlan customer)
    {
        var from = MailAddresses.Read(message.Fields["From"]);
        var standing = InboundRules.OfPost(kind, InboundRules.Writer(from, customer.MailingList) is not null);
        var incident = IncidentOf(work, message, customer.Id) is { } id ? work.Load(Scope.Of(customer.Id), id) : null;
        var archived = Archive(work, mail, message, key, new Filed(customer.Id, incident?.Id, kind, standing));
        if (standing != InboundStanding.Member)
        {
            return;
        }

        var writer = Shown(from[0]);
        if (incident is not null)
        {
            work.Record(incident, new ReplyReceived(
                work.Now.Utc, IncidentRules.Engine, writer.Name, writer.Address, Subject(message), MailWords.Excerpt(MailWords.Of(message)),
                [.. PostMail.Attachments(message).Select(a => Visible.Line(a.Part.FileName, LongestName))], archived));
        }

        Distribute(work, message, customer, incident is null ? null : work.Incident(incident.Id), writer, archived);
    }

    /// <summary>The post goes to all members but its writer, each in an envelope of its own, as every mail of the list does.</summary>
    private static void Distribute(DeskWork work, MimePart message, CustomerPlan customer, Incident? incident, NamedAddress writer, long archived)
    {
        var others = ListRecipients.Of(customer.MailingList, work.Stores.Mail).Where(r => !r.Address.Equals(writer.Address, StringComparison.OrdinalIgnoreCase)).ToList();
        var thread = incident is null ? new MailThread([]) : MailThread.Of(incident.Events);
        var mail = new OutboxMail(
            incident is null ? $"{customer.Id}.post.{archived}" : thread.NextKey(incident.Facts, NoticeKind.Post),
            incident?.Id ?? new IncidentId(0), customer.Id, NoticeKind.Post, Subject(message), MailWords.Excerpt(MailWords.Of(message)), SpecDefaults.Charset,
            customer.MailingList.Address, customer.Name.In(customer.Language), Automatic: false, writer.Name, thread.Keys, work.Now.Utc, others)
        { Archived = archived };
        if (incident is not null)
        {
            NoticeFlow.Decide(
                work,
                incident,
                new NoticeDecision(NoticeKind.Post, others.Count > 0 ? NoticeReason.MemberPosts : NoticeReason.NoMembers, others.Count > 0),
                others.Count > 0 ? mail : null);
        }
        else if (others.Count > 0)
        {
            work.Stores.Outbox.Add(work.Tx, mail);
            work.Mailed = true;
        }
    }

    private static long Archive(DeskWork work, ReceivedMail mail, MimePart message, string key, Filed filed)
    {
        var from = MailAddresses.Read(message.Fields["From"]).Select(a => Shown(a)).FirstOrDefault() ?? new NamedAddress("", "");
        work.Arrived(filed.Customer, filed.Incident);
        return work.Stores.Inbound.Add(
            work.Tx,
            key,
            new ArchivedMail(
                0, filed.Customer, filed.Incident, filed.Kind, filed.Standing, Visible.Line(mail.Sender, LongestWords), mail.Recipient, from.Name, from.Address,
                Subject(message), Visible.Line(message.Fields["Message-ID"] ?? "", LongestWords), MailWords.Excerpt(MailWords.Of(message)), work.Now.Utc, 0, "",
                [.. PostMail.Attachments(message).Select(a => new ArchivedPart(
                    a.Number, Visible.Line(a.Part.FileName, LongestName), Visible.Line(a.Part.MediaType, LongestName), a.Part.Content.Length))]),
            mail.Message);
    }

    private static NamedAddress Shown(NamedAddress from) => new(
        Visible.Line(from.Name.Length > 0 ? from.Name : from.Address.Split('@')[0], LongestName), Visible.Line(from.Address, LongestName));

    private static string Subject(MimePart message) => Visible.Line(message.Fields.Text("Subject"), LongestWords);

    // By the thread, and where a mail program has lost it by the tag that every subject of ours carries.
    private static IncidentId? IncidentOf(DeskWork work, MimePart message, CustomerId customer)
    {
        var scope = Scope.Of(customer);
        foreach (var id in InboundRules.Answers(message.Fields))
        {
            var found = MailNames.KeyOf(id, work.Stores.Mail.Domain) is { } key
                ? work.Stores.Outbox.IncidentOf(work.Tx, scope, key)
                : work.Stores.Inbound.IncidentOf(work.Tx, scope, id);
            if (found is { Value: > 0 })
            {
                return found;
            }
        }

        return InboundRules.NumberIn(Subject(message), customer) is { } number ? work.Stores.Incidents.ByNumber(work.Tx, scope, number) : null;
    }

    private sealed record Filed(CustomerId Customer, IncidentId? Incident, InboundKind Kind, InboundStanding Standing);
}
