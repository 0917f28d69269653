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
    /// <summary>The customer whose list has this address; the provider's own list is the desk's mailbox, which is another server's.</summary>
    internal static CustomerPlan? ListOf(DeskPlan plan, string address) =>
        plan.Customers.FirstOrDefault(c => !c.IsProvider && c.MailingList.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether more than the head of it may be kept: then it is packed before the transaction.</summary>
    internal static bool MayBeWhole(DeskPlan plan, MailOptions options, InboundReading reading) => ListOf(plan, reading.Mail.Recipient) is { } customer
        ? reading.Kind == InboundKind.Person && InboundRules.Writer(reading.From, customer.MailingList) is not null
        : reading.Report is not null && (DeliveryOf(options, reading) is not null || AwayOf(options, reading) is not null);

    /// <summary>What the desk answers. "Later" also where the plan has changed since the mail was packed: it comes again.</summary>
    internal static InboundReply Take(DeskWork work, InboundReading reading)
    {
        if (work.Stores.Inbound.Has(work.Tx, reading.Key))
        {
            // Handed over again, since the answer to the first time was lost.
            return InboundReply.Ok;
        }

        if (DeliveryOf(work.Stores.Mail, reading) is { } delivery)
        {
            return TakeReport(work, reading, delivery);
        }

        if (AwayOf(work.Stores.Mail, reading) is { } away)
        {
            return TakeReport(work, reading, away);
        }

        return ListOf(work.Plan, reading.Mail.Recipient) is { } customer ? TakePost(work, reading, customer) : InboundReply.Unknown;
    }

    private static long? DeliveryOf(MailOptions options, InboundReading reading) =>
        options.Seal is { } seal ? MailNames.DeliveryOf(reading.Mail.Recipient, options.Domain, seal) : null;

    private static AwayBounce? AwayOf(MailOptions options, InboundReading reading) => MailNames.AwayOf(reading.Mail.Recipient, options.Domain, options.SiteSeals);

    private static InboundReply TakeReport(DeskWork work, InboundReading reading, long delivery)
    {
        // Of the desk's own test mails nothing is kept, and of a delivery that nobody knows any more there is nothing to say.
        if (work.Stores.Outbox.Delivery(work.Tx, Scope.Across("inbound"), delivery) is not { Mail.Kind: not NoticeKind.Arrival } row)
        {
            return InboundReply.Ok;
        }

        var incident = work.Load(Scope.Of(row.Mail.Customer), row.Mail.Incident);
        return TakeReport(
            work, reading, new Reported(row.Mail.Customer, incident, row.Mail.Kind, row.Mail.Key, row.Deliveries[0].Recipient), report => work.Stores.Outbox.Report(work.Tx, delivery, report));
    }

    // Of what a site sent the desk knows from the incident only, and not before the site has handed it over: the MTA keeps the report until then.
    private static InboundReply TakeReport(DeskWork work, InboundReading reading, AwayBounce away)
    {
        if (work.Stores.Incidents.ByEpisode(work.Tx, away.Item, away.Episode) is not { } id || work.Load(Scope.Across("inbound"), id) is not { } incident
            || incident.Events.OfType<DeliverySettled>().FirstOrDefault(d => away.Names(d.MailKey, d.Recipient)) is not { } settled)
        {
            return InboundReply.Later;
        }

        var about = new Reported(incident.Facts.Customer, incident, settled.Kind, settled.MailKey, settled.Recipient);
        return TakeReport(work, reading, about, report => work.Stores.Outbox.ReportAway(work.Tx, about.Customer, about.MailKey, about.Recipient, report));
    }

    private static InboundReply TakeReport(DeskWork work, InboundReading reading, Reported about, Func<DeliveryReport, bool> note)
    {
        var standing = InboundRules.OfReport(reading.Kind, IsMembers(work, reading, about));
        var report = standing == InboundStanding.Report ? reading.Report : null;
        var isNews = report is not null && note(new DeliveryReport(report.Action, report.Status, report.Words, work.Now.Utc));
        if (Archive(work, reading, new Filed(about.Customer, about.Incident?.Id, standing), isNews) is not { } archived)
        {
            return InboundReply.Later;
        }

        if (isNews && about.Incident is { } incident && report is { Action: DsnAction.Failed or DsnAction.Delayed })
        {
            work.Record(incident, new DeliveryReported(
                work.Now.Utc, IncidentRules.Engine, about.Kind, about.MailKey, about.Recipient, report.Action == DsnAction.Failed, report.Permanent,
                report.Status, report.Words, archived));
        }

        return InboundReply.Ok;
    }

    private static bool IsMembers(DeskWork work, InboundReading reading, Reported about) =>
        reading.From.Any(f => f.Address.Equals(about.Recipient, StringComparison.OrdinalIgnoreCase))
        || (work.Plan.Customer(about.Customer) is { } customer && InboundRules.Writer(reading.From, customer.MailingList) is not null);

    private static InboundReply TakePost(DeskWork work, InboundReading reading, CustomerPlan customer)
    {
        var scope = Scope.Of(customer.Id);
        var incident = IncidentOf(work, reading, customer.Id) is { } id ? work.Load(scope, id) : null;
        var passedOn = work.Stores.Inbound.PassedOn(work.Tx, scope, reading.Writer.Address, incident?.Id, work.Now.Utc - InboundRules.PostsWithin, work.Now.Utc);
        var standing = InboundRules.Brake(InboundRules.OfPost(reading.Kind, InboundRules.Writer(reading.From, customer.MailingList) is not null), passedOn);
        if (Archive(work, reading, new Filed(customer.Id, incident?.Id, standing), isNews: true) is not { } archived)
        {
            return InboundReply.Later;
        }

        if (standing == InboundStanding.Braked)
        {
            work.Stores.Outbox.Turned(work.Tx);
        }

        if (standing != InboundStanding.Member)
        {
            return InboundReply.Ok;
        }

        var writer = reading.Writer;
        if (incident is not null)
        {
            work.Record(incident, new ReplyReceived(
                work.Now.Utc, IncidentRules.Engine, writer.Name, writer.Address, reading.Subject, reading.Excerpt, [.. reading.Parts.Select(p => p.Name)], archived));
        }

        Distribute(work, reading, customer, incident is null ? null : work.Incident(incident.Id), archived);
        return InboundReply.Ok;
    }

    /// <summary>The post goes to all members but its writer, each in an envelope of its own, as every mail of the list does.</summary>
    private static void Distribute(DeskWork work, InboundReading reading, CustomerPlan customer, Incident? incident, long archived)
    {
        var writer = reading.Writer;
        var others = ListRecipients.Of(customer.MailingList, work.Stores.Mail).Where(r => !r.Address.Equals(writer.Address, StringComparison.OrdinalIgnoreCase)).ToList();
        var thread = incident is null ? new MailThread([]) : MailThread.Of(incident.Events);
        var mail = new OutboxMail(
            incident is null ? $"{customer.Id}.post.{archived}" : thread.NextKey(incident.Facts, NoticeKind.Post),
            incident?.Id ?? new IncidentId(0), customer.Id, NoticeKind.Post, reading.Subject, reading.Excerpt, SpecDefaults.Charset,
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

    /// <summary>Null where as much of it must be kept as was not packed.</summary>
    private static long? Archive(DeskWork work, InboundReading reading, Filed filed, bool isNews)
    {
        var room = work.Stores.Archive;
        var kept = ArchiveRules.Of(filed.Standing, isNews, room.IsFull);
        if ((kept == ArchivedAs.Head ? reading.Head : reading.Whole) is not { } packed)
        {
            return null;
        }

        work.Arrived(filed.Customer, filed.Incident);
        work.Tx.Committed.Add(() => room.Add(packed.Length));
        return work.Stores.Inbound.Add(
            work.Tx,
            reading.Key,
            new ArchivedMail(
                0, filed.Customer, filed.Incident, reading.Kind, filed.Standing, Visible.Line(reading.Mail.Sender, InboundReading.LongestWords), reading.Mail.Recipient,
                reading.Writer.Name, reading.Writer.Address, reading.Subject, reading.MessageId, reading.Excerpt, work.Now.Utc, reading.Mail.Message.Length, reading.Digest,
                reading.Parts)
            {
                Kept = kept,
            },
            packed);
    }

    // By the thread, and where a mail program has lost it by the tag that every subject of ours carries.
    private static IncidentId? IncidentOf(DeskWork work, InboundReading reading, CustomerId customer)
    {
        var scope = Scope.Of(customer);
        foreach (var id in reading.Answers)
        {
            var found = MailNames.KeyOf(id, work.Stores.Mail.Domain) is { } key
                ? work.Stores.Outbox.IncidentOf(work.Tx, scope, key) ?? TheAwayOnes(work, scope, key)
                : work.Stores.Inbound.IncidentOf(work.Tx, scope, id);
            if (found is { Value: > 0 })
            {
                return found;
            }
        }

        return InboundRules.NumberIn(reading.Subject, customer) is { } number ? work.Stores.Incidents.ByNumber(work.Tx, scope, number) : null;
    }

    // What a site mailed while the desk was away is not in the desk's outbox; its key names the episode all the same.
    private static IncidentId? TheAwayOnes(DeskWork work, Scope scope, string key) =>
        MailKey.Parse(key)?.Episode is { } of && work.Stores.Incidents.ByEpisode(work.Tx, of.Item, of.Episode) is { } id && work.Load(scope, id) is not null ? id : null;

    /// <summary>The delivery that a report is about.</summary>
    private sealed record Reported(CustomerId Customer, Incident? Incident, NoticeKind Kind, string MailKey, string Recipient);

    private sealed record Filed(CustomerId Customer, IncidentId? Incident, InboundStanding Standing);
}
