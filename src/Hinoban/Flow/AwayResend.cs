using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;

namespace Hinoban.Flow;

/// <summary>
/// What a site decided and could not bring to a recipient, the desk sends: under the same key, so that nobody who has it gets it again.
/// </summary>
internal static class AwayResend
{
    /// <summary>The words with which a site ends a delivery that it leaves to the desk.</summary>
    internal const string HandedOver = "handed over to the desk";

    /// <summary>The recipient has the mail, or may have it: an earlier attempt's outcome was never known.</summary>
    internal static bool IsTold(DeliverySettled delivery) => delivery.Outcome == DeliveryOutcome.Accepted || delivery.PossiblyTwice;

    /// <summary>Queues what the site says it could not deliver.</summary>
    internal static void Send(DeskWork work, IncidentId id, string from, IEnumerable<DeliverySettled> settled)
    {
        foreach (var mail in settled.Where(d => !IsTold(d)).GroupBy(d => d.MailKey))
        {
            Send(work, id, from, mail.Key, [.. mail.Select(d => d.Recipient)]);
        }
    }

    /// <summary>Queues a mail of the incident, which <paramref name="from"/> decided, to those of these recipients who have it from nobody.</summary>
    internal static void Send(DeskWork work, IncidentId id, string from, string key, IReadOnlyCollection<string> to)
    {
        var incident = work.Incident(id)!;
        var told = incident.Events.OfType<NoticeDecided>().FirstOrDefault(n => n.Told && n.MailKey == key);
        var missing = to.Where(r => !HasIt(work, incident, from, key, r)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (told is null || missing.Count == 0 || IsStale(work, incident, told) || work.Plan.Customer(incident.Facts.Customer) is null || Compose(work, incident, told) is not { } mail)
        {
            return;
        }

        work.Stores.Outbox.AddMissing(work.Tx, mail with { Recipients = [.. mail.Recipients.Where(r => missing.Contains(r.Address))] });
        work.Mailed = true;
    }

    // As the desk's own outbox would have given it up.
    private static bool IsStale(DeskWork work, Incident incident, NoticeDecided told) => !incident.Failing && work.Now.Utc - told.AtUtc > work.Stores.Mail.GiveUpAfter;

    // Whoever else decided the same mail has it for the recipient too, until that is known to have failed.
    private static bool HasIt(DeskWork work, Incident incident, string from, string key, string recipient)
    {
        var ends = incident.Events.OfType<DeliverySettled>().Where(d => d.MailKey == key && d.Recipient == recipient).ToList();
        var others = incident.Events.OfType<NoticeDecided>().Where(n => n.Told && n.MailKey == key && n.By != from).Select(n => n.By);
        var note = work.Stores.Episodes.Of(incident.Facts.Item);
        return ends.Exists(IsTold)
            || others.Any(by => !ends.Exists(d => d.By == by))
            || (note is not null && note.Episode == incident.Facts.Episode && ends.TrueForAll(d => d.Kind == NoticeKind.Alert) && note.HasReached(recipient));
    }

    // With the incident as it was when it was decided.
    private static OutboxMail? Compose(DeskWork work, Incident incident, NoticeDecided told)
    {
        var before = incident.Events.TakeWhile(e => !ReferenceEquals(e, told)).ToList();
        var facts = NoticeFlow.FactsOf(work, new Incident(incident.Id, before));
        var thread = MailThread.Of(before);
        var mail = told.Kind switch
        {
            NoticeKind.Alert => NoticeMails.Alert(facts, thread, work.Stores.Mail, work.Now.Utc),
            NoticeKind.Recovery => NoticeMails.Recovery(facts, thread, work.Stores.Mail, work.Now.Utc),
            NoticeKind.Flapping => NoticeMails.Flapping(facts, thread, work.Stores.Mail, work.Now.Utc),
            NoticeKind.Update when facts.Storm is not null => StormMail.Build(facts, thread, work.Stores.Mail, work.Now.Utc),
            _ => null,
        };
        return mail is null ? null : mail with { Key = told.MailKey, Subject = told.Subject.Length > 0 ? told.Subject : mail.Subject };
    }
}
