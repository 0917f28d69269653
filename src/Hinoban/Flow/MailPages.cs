using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What pages show of mails.</summary>
internal static class MailPages
{
    internal static IReadOnlyList<MailView> Latest(Tx tx, DeskStores stores, Scope scope, int limit)
    {
        var mails = stores.Outbox.Latest(tx, scope, limit);
        var numbers = mails.Select(m => m.Mail.Incident).Distinct()
            .ToDictionary(i => i, i => stores.Incidents.Load(tx, scope, i)?.Facts.Number ?? "");
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
        row.PossiblyTwice);
}
