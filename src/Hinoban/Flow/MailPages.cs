using System.Globalization;
using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What pages show of mails.</summary>
internal static class MailPages
{
    private const int MostReceived = 100;

    internal static IReadOnlyList<MailView> Latest(Tx tx, DeskStores stores, Scope scope, int limit)
    {
        var mails = stores.Outbox.Latest(tx, scope, limit);
        var numbers = mails.Select(m => m.Mail.Incident).Distinct().ToDictionary(i => i, i => stores.Incidents.NumberOf(tx, scope, i));
        return [.. mails.Select(m => View(m, numbers[m.Mail.Incident], stores.Mail))];
    }

    internal static IReadOnlyList<MailView> Of(Tx tx, DeskStores stores, Scope scope, Incident incident) =>
        [.. stores.Outbox.MailsOf(tx, scope, incident.Id).Select(m => View(m, incident.Facts.Number, stores.Mail))];

    /// <summary>The worst thing about each incident's mails; incidents that lack nothing are left out.</summary>
    internal static IReadOnlyDictionary<IncidentId, MailTrouble> Troubles(Tx tx, DeskStores stores, Scope scope) =>
        stores.Outbox.Troubles(tx, scope).ToDictionary(t => t.Incident, t => t switch
        {
            { Failed: > 0 } => MailTrouble.Failed,
            { Retrying: > 0 } => MailTrouble.Retrying,
            { Fresh: > 0 } => MailTrouble.Sending,
            _ => MailTrouble.None,
        });

    /// <summary>Mails that came in, the latest first.</summary>
    internal static IReadOnlyList<InboundView> Received(Tx tx, DeskStores stores, Scope scope, int limit) => Views(tx, stores, scope, stores.Inbound.Latest(tx, scope, limit));

    internal static IReadOnlyList<InboundView> Received(Tx tx, DeskStores stores, Scope scope, IncidentId incident) =>
        Views(tx, stores, scope, stores.Inbound.Of(tx, scope, incident, MostReceived));

    /// <summary>A mail as it came, or (counted from 1) one of its attachments; null outside the scope, and if there is none.</summary>
    internal static ArchivedFile? File(Tx tx, DeskStores stores, Scope scope, long mail, int attachment)
    {
        if (stores.Inbound.Load(tx, scope, mail) is not { } found || !Shows(scope, found.Mail))
        {
            return null;
        }

        if (attachment == 0)
        {
            return new ArchivedFile(string.Create(CultureInfo.InvariantCulture, $"mail-{mail}.eml"), InboundReading.Unpack(found.Packed));
        }

        var part = PostMail.Attachments(MimeReader.Read(InboundReading.Unpack(found.Packed))).FirstOrDefault(a => a.Number == attachment).Part;
        return part is null ? null : new ArchivedFile(part.FileName, part.Content.ToArray());
    }

    // What strangers and machines write to a list is the desk's to look at, not the customer's.
    private static bool Shows(Scope scope, ArchivedMail mail) => scope.Customer is null || mail.Standing == InboundStanding.Member;

    private static List<InboundView> Views(Tx tx, DeskStores stores, Scope scope, IReadOnlyList<ArchivedMail> all)
    {
        var mails = all.Where(m => Shows(scope, m)).ToList();
        var numbers = mails.Select(m => m.Incident).OfType<IncidentId>().Distinct().ToDictionary(i => i, i => stores.Incidents.NumberOf(tx, scope, i));
        return [.. mails.Select(m => new InboundView(
            m.Id, m.Customer, m.Incident, m.Incident is { } incident ? numbers[incident] : "", m.Standing.ToString(), m.Kind.ToString(), m.FromName, m.FromAddress, m.Subject,
            m.Excerpt, m.ReceivedUtc, m.Size, m.Digest, [.. m.Parts.Select(p => new AttachmentView(p.Number, p.Name, p.MediaType, p.Size))])
        {
            IsWhole = m.Kept != ArchivedAs.Head,
        })];
    }

    private static MailView View(MailRow row, string number, MailOptions options) => new(
        row.Mail.Key,
        row.Mail.Incident,
        number,
        row.Mail.Customer,
        row.Mail.Kind,
        MailNames.MessageId(row.Mail.Key, options.Domain),
        row.Mail.Subject,
        row.Mail.Body,
        row.Mail.DateUtc,
        [.. row.Deliveries.Select(View)]);

    private static DeliveryView View(DeliveryRow row) => new(
        row.Recipient,
        row.Desk,
        row.State.ToString(),
        row.Attempts,
        row.State is DeliveryState.Waiting ? row.NextUtc : null,
        row.QueueId,
        row.LastReply,
        row.SettledUtc,
        row.PossiblyTwice)
    {
        SecondRelay = row.Relay == RelayRank.Second,
        Report = row.Reported is { } report ? new ReportView(report.Action.ToString(), report.Status, report.Words, report.AtUtc) : null,
    };
}
